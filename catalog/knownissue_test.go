package catalog_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAnIssueIsActiveUntilItIsSolvedOrMitigated(t *testing.T) {
	t.Parallel()
	for status, want := range map[catalog.IssueStatus]bool{
		catalog.StatusReported: true, catalog.StatusInvestigating: true, catalog.StatusConfirmed: true,
		catalog.StatusMitigated: false, catalog.StatusMitigatedExternal: false, catalog.StatusResolved: false, catalog.StatusResolvedExternal: false,
	} {
		require.Equal(t, want, (&catalog.KnownIssue{Status: status}).IsActive(), status)
		require.Equal(t, want, (&catalog.KnownIssue{Status: status, Resolved: day}).IsActive(), status)
	}
	require.True(t, (&catalog.KnownIssue{Status: "strange"}).IsActive())
	require.False(t, (&catalog.KnownIssue{Status: "strange", Resolved: day}).IsActive())
}

func TestTheIssuesOfAnUpdateAreThoseOfItsProductsEachOnce(t *testing.T) {
	t.Parallel()
	service := stub.Answering(
		stub.Answer(200, `{"value":[{"id":"1","knownIssues":[{"id":"b"},{"id":"a"}]},{"id":"2","knownIssues":[]}],
			"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/next"}`),
		stub.Answer(200, `{"value":[{"id":"3","knownIssues":[{"id":"a"},{"id":"c"}]},{"id":"4"}]}`))
	list := service.Client(t).KnownIssues().ListByEntry("9a")
	require.Empty(t, service.Requests(), "nothing is sent before it is asked for")
	issues, err := list.Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []*catalog.KnownIssue{{ID: "b"}, {ID: "a"}, {ID: "c"}}, issues)
	require.Equal(t, "/products/findByCatalogId(catalogID='9a')", service.Requests()[0].Path)
	require.Len(t, service.Requests(), 2)
}

func TestAnUpdateWithoutIssuesIsNotAnUpdateWithoutProducts(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, `{"value":[{"id":"1","knownIssues":[]}]}`)).Client(t)
	issues, err := client.KnownIssues().ListByEntry("9a").Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, issues)

	client = stub.Answering(stub.Answer(200, nothing)).Client(t)
	err = failure(client.KnownIssues().ListByEntry("9a"))
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.EqualError(t, err, `knownIssues.ListByEntry: not found: the service has no product for catalog entry "9a"`)
}

func TestIssuesBehindALinkBelongToTheUpdateToo(t *testing.T) {
	t.Parallel()
	service := stub.Answering(
		stub.Answer(200, `{"value":[{"id":"1","knownIssues":[{"id":"a"}],"knownIssues@odata.nextLink":"`+stub.Root+`/rest?$skiptoken=1"},
			{"id":"2","knownIssues":[{"id":"d"}]}]}`),
		stub.Answer(200, `{"value":[{"id":"b"},{"id":"a"}],"@odata.nextLink":"`+stub.Root+`/rest?$skiptoken=2"}`),
		stub.Answer(200, `{"value":[{"id":"c","originatingKnowledgeBaseArticle":{"id":"KB1"}}]}`))
	issues, err := service.Client(t).KnownIssues().ListByEntry("9a").Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []*catalog.KnownIssue{{ID: "a"}, {ID: "b"}, {ID: "c", Originating: &catalog.Article{ID: "KB1"}}, {ID: "d"}}, issues)
	requireRead(t, service.Requests()[1], "/rest", url.Values{"$skiptoken": {"1"}})
	requireRead(t, service.Requests()[2], "/rest", url.Values{"$skiptoken": {"2"}})
}

func TestIssuesOfAnUpdateAreNeverCutSilently(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		link string
	}{
		{
			"knownIssues.ListByEntry: the next link leads away from https://graph.microsoft.com and was not followed",
			`"https://evil.example/x"`,
		},
		{"knownIssues.ListByEntry: 503", `"https://graph.microsoft.com/x"`},
		{"leads away", `{"link":"https://graph.microsoft.com/x"}`},
	} {
		client := stub.Answering(stub.Answer(200, `{"value":[{"id":"1","knownIssues":[{"id":"a"}],"knownIssues@odata.nextLink":`+c.link+`}]}`),
			stub.Answer(503, "")).Client(t)
		n, err := count(client.KnownIssues().ListByEntry("9a"))
		require.Zero(t, n)
		require.ErrorContains(t, err, c.want)
	}
}

func TestOnlyTheIssuesNeedToBeAllThere(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"1","knownIssues":[{"id":"a"}],"knownIssues@odata.nextLink":null,
		"editions@odata.nextLink":"https://graph.microsoft.com/x","revisions@odata.nextLink":"https://graph.microsoft.com/y"}]}`))
	issues, err := service.Client(t).KnownIssues().ListByEntry("9a").Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []*catalog.KnownIssue{{ID: "a"}}, issues)
	require.Len(t, service.Requests(), 1)
}

func TestIssuesWithoutAnIDAreNotTheSame(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(
		200, `{"value":[{"id":"1","knownIssues":[{"title":"A"},{"id":"a"}]},{"id":"2","knownIssues":[{"title":"B"},{"id":"a"}]}]}`,
	)).Client(t)
	issues, err := client.KnownIssues().ListByEntry("9a").Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []*catalog.KnownIssue{{Title: "A"}, {ID: "a"}, {Title: "B"}}, issues)
}

func TestAFailedSearchForIssuesSaysWhatItWas(t *testing.T) {
	t.Parallel()
	err := failure(stub.Answering(stub.Answer(403, "")).Client(t).KnownIssues().ListByEntry("9a"))
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.ErrorContains(t, err, "knownIssues.ListByEntry: 403")
}

func TestOptionsOfATimeRangeAreCopied(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, nothing))
	opts := &catalog.TimeRangeOptions{IncludeActive: true}
	list := service.Client(t).KnownIssues().ListByTimeRange("1", 7, opts)
	opts.IncludeActive = false
	require.NoError(t, failure(list))
	require.Equal(t, "/products/1/getKnownIssuesByTimeRange(daysInPast=7,includeAllActive=true)", service.Requests()[0].Path)
}

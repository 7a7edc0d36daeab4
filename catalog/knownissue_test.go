package catalog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAnIssueIsActiveUntilItIsSolvedOrMitigated(t *testing.T) {
	t.Parallel()
	for status, want := range map[catalog.IssueStatus]bool{
		catalog.Reported: true, catalog.Investigating: true, catalog.Confirmed: true,
		catalog.Mitigated: false, catalog.MitigatedExternal: false, catalog.Resolved: false, catalog.ResolvedExternal: false,
	} {
		require.Equal(t, want, (&catalog.KnownIssue{Status: status}).IsActive(), status)
		require.Equal(t, want, (&catalog.KnownIssue{Status: status, Resolved: day}).IsActive(), status)
	}
	require.True(t, (&catalog.KnownIssue{Status: "strange"}).IsActive())
	require.False(t, (&catalog.KnownIssue{Status: "strange", Resolved: day}).IsActive())
}

func TestTheIssuesOfAnUpdateAreThoseOfItsProductsEachOnce(t *testing.T) {
	t.Parallel()
	service := answering(
		reply{200, `{"value":[{"id":"1","knownIssues":[{"id":"b"},{"id":"a"}]},{"id":"2","knownIssues":[]}],
			"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/next"}`},
		reply{200, `{"value":[{"id":"3","knownIssues":[{"id":"a"},{"id":"c"}]},{"id":"4"}]}`})
	list := service.client(t).KnownIssues().FindByUpdate("9a")
	require.Empty(t, service.requests(), "nothing is sent before it is asked for")
	issues, err := list.Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []*catalog.KnownIssue{{ID: "b"}, {ID: "a"}, {ID: "c"}}, issues)
	require.Equal(t, "/products/findByCatalogId(catalogID='9a')", service.requests()[0].path)
	require.Len(t, service.requests(), 2)
}

func TestAnUpdateWithoutIssuesIsNotAnUpdateWithoutProducts(t *testing.T) {
	t.Parallel()
	client := answering(reply{200, `{"value":[{"id":"1","knownIssues":[]}]}`}).client(t)
	issues, err := client.KnownIssues().FindByUpdate("9a").Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, issues)

	client = answering(reply{200, nothing}).client(t)
	err = failure(client.KnownIssues().FindByUpdate("9a"))
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.EqualError(t, err, `knownIssues.FindByUpdate: not found: the service knows no product of the catalog entry "9a"`)
}

func TestIssuesOfAnUpdateAreNeverCutSilently(t *testing.T) {
	t.Parallel()
	client := answering(reply{200, `{"value":[{"id":"1","knownIssues":[{"id":"a"}],"knownIssues@odata.nextLink":"x"}]}`}).client(t)
	n, err := count(client.KnownIssues().FindByUpdate("9a"))
	require.Zero(t, n)
	require.EqualError(t, err, `knownIssues.FindByUpdate: the service sent only a part of what it knows of product "1"; Products().ListKnownIssues lists all issues of it`)
}

func TestAFailedSearchForIssuesSaysWhatItWas(t *testing.T) {
	t.Parallel()
	err := failure(answering(reply{403, ""}).client(t).KnownIssues().FindByUpdate("9a"))
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.ErrorContains(t, err, "knownIssues.FindByUpdate: 403")
}

func TestOptionsOfATimeRangeAreCopied(t *testing.T) {
	t.Parallel()
	service := answering(reply{200, nothing})
	opts := &catalog.TimeRangeOptions{IncludeActive: true}
	list := service.client(t).KnownIssues().FindByTimeRange("1", 7, opts)
	opts.IncludeActive = false
	require.NoError(t, failure(list))
	require.Equal(t, "/products/1/getKnownIssuesByTimeRange(daysInPast=7,includeAllActive=true)", service.requests()[0].path)
}

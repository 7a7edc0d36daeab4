package call_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// page replies with deployments of these ids, "null" for null, and a next link
// unless it is empty.
func page(next string, ids ...string) stub.Reply {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = `{"id":"` + id + `"}`
		if id == "null" {
			items[i] = id
		}
	}
	body := `{"value":[` + strings.Join(items, ",") + `]`
	if next != "" {
		body += `,"@odata.nextLink":"` + next + `"`
	}
	return stub.Answer(200, body+"}")
}

func next(n int) string { return fmt.Sprintf("%s/deployments?$skiptoken=%d", stub.Root, n) }

func ids(t *testing.T, list odata.List[*deployments.Deployment]) []string {
	t.Helper()
	var ids []string
	for d, err := range list.All(t.Context()) {
		require.NoError(t, err)
		ids = append(ids, d.ID)
	}
	return ids
}

func TestAListFollowsNextLinksByteForByte(t *testing.T) {
	t.Parallel()
	link := stub.Root + "/deployments?%24skiptoken=X%2B%2f'a%20b'&$top=2&$filter=x%20eq%20%27y%27&weird=~!*();"
	s := stub.Answering(page(link, "1", "2"), page("", "3"))
	require.Equal(t, []string{"1", "2", "3"}, ids(t, stub.NewClient(t, stub.Token{}, s).Deployments().List(&odata.Query{Top: 50, Filter: "a eq 'b'"})))
	require.Equal(t, link, s.Requests()[1].URL.String())
	require.Equal(t, "include-unknown-enum-members", s.Requests()[1].Header.Get("Prefer"))
}

func TestANextLinkToTheSameHostMayNameItsPort(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page("https://GRAPH.microsoft.com:443/beta/admin/windows/updates/deployments?p=2", "1"), page("", "2"))
	require.Equal(t, []string{"1", "2"}, ids(t, stub.NewClient(t, stub.Token{}, s).Deployments().List(nil)))
}

func TestANextLinkThatLeadsAwayIsNotFollowed(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"another host":         "https://evil.example/beta/admin/windows/updates/deployments?p=2",
		"a host that looks so": "https://graph.microsoft.com.evil.example/beta/admin/windows/updates/deployments",
		"another port":         "https://graph.microsoft.com:8443/beta/admin/windows/updates/deployments",
		"without TLS":          "http://graph.microsoft.com/beta/admin/windows/updates/deployments",
		"http on port 443":     "http://graph.microsoft.com:443/beta/admin/windows/updates/deployments",
		"user information":     "https://user@graph.microsoft.com/beta/admin/windows/updates/deployments",
		"user trick":           "https://graph.microsoft.com@evil.example/beta/admin/windows/updates/deployments",
		"relative":             "/beta/admin/windows/updates/deployments?p=2",
		"without scheme":       "//graph.microsoft.com/beta/admin/windows/updates/deployments",
		"no address":           "https://graph.microsoft.com:bad/%zz",
		"another scheme":       "ftp://graph.microsoft.com/x",
		"a fragment":           "#more",
	}
	for name, link := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(page(link, "1"))
			items, err := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil).Collect(t.Context(), 10)
			require.ErrorContains(t, err,
				"deployments.List: the next link leads away from https://graph.microsoft.com and was not followed")
			require.Len(t, items, 1, "what came before is valid")
			require.Len(t, s.Requests(), 1, "the token went elsewhere")
		})
	}
}

func TestARepeatedNextLinkIsAnError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		script []stub.Reply
		sent   int
	}{
		"at once":        {[]stub.Reply{page(next(1), "1"), page(next(1), "2")}, 2},
		"in a circle":    {[]stub.Reply{page(next(1), "1"), page(next(2), "2"), page(next(3), "3"), page(next(1), "4")}, 4},
		"of empty pages": {[]stub.Reply{page(next(1)), page(next(1))}, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(append(tt.script, page(""))...)
			_, err := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil).Collect(t.Context(), 100)
			require.ErrorContains(t, err, "repeated a next link")
			require.Len(t, s.Requests(), tt.sent)
		})
	}
}

func TestEmptyPagesAreFollowedAndNullsCounted(t *testing.T) {
	t.Parallel()
	script := []stub.Reply{page(next(1), "1", "null", "2", "null"), page(next(2)), page(next(3), "null"), page("", "3")}
	list := stub.NewClient(t, stub.Token{}, stub.Answering(append(script, script...)...)).Deployments().List(nil)
	require.Equal(t, []string{"1", "2", "3"}, ids(t, list))
	var skipped []int
	for p, err := range list.Pages(t.Context()) {
		require.NoError(t, err)
		skipped = append(skipped, p.Skipped)
	}
	require.Equal(t, []int{2, 0, 1, 0}, skipped)
}

func TestALimitHoldsWhereTheServiceIgnoresIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		top, sent int
		want      []string
	}{
		{1, 1, []string{"1"}},
		{2, 1, []string{"1", "2"}},
		{3, 2, []string{"1", "2", "3"}},
		{4, 2, []string{"1", "2", "3", "4"}},
		{9, 3, []string{"1", "2", "3", "4", "5"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.top), func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(page(next(1), "1", "2"), page(next(2), "3", "4"), page("", "5"))
			require.Equal(t, tt.want, ids(t, stub.NewClient(t, stub.Token{}, s).Deployments().List(&odata.Query{Top: tt.top})))
			require.Len(t, s.Requests(), tt.sent)
			require.Equal(t, fmt.Sprint(tt.top), s.Requests()[0].URL.Query().Get("$top"))
		})
	}
}

func TestAListSendsNothingBeforeTheFirstPullAndCanBeRangedOverAgain(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page(next(1), "1"), page("", "2"), page(next(1), "1"), page("", "2"))
	list := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil)
	all := list.All(t.Context())
	require.Empty(t, s.Requests())
	for range 2 {
		var seen []string
		for d, err := range all {
			require.NoError(t, err)
			seen = append(seen, d.ID)
		}
		require.Equal(t, []string{"1", "2"}, seen)
	}
	require.Len(t, s.Requests(), 4)
}

func TestStoppingEarlyAsksForNoFurtherPage(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page(next(1), "1", "2"), page("", "3"))
	list := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil)
	for _, err := range list.All(t.Context()) {
		require.NoError(t, err)
		break
	}
	first, err := list.First(t.Context())
	require.NoError(t, err)
	require.NotNil(t, first)
	require.Len(t, s.Requests(), 2)
}

func TestAnErrorIsYieldedOnceAndEndsTheList(t *testing.T) {
	t.Parallel()
	client := stub.NewClient(t, stub.Token{}, stub.Answering(page(next(1), "1"), stub.Answer(403, "{}"), page("", "2")))
	var seen []string
	var failures []error
	for d, err := range client.Deployments().List(nil).All(t.Context()) {
		if err != nil {
			require.Nil(t, d)
			failures = append(failures, err)
			continue
		}
		seen = append(seen, d.ID)
	}
	require.Equal(t, []string{"1"}, seen)
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], apierr.ErrForbidden)
}

func TestCollectSaysWhenThereAreMore(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]error{1: apierr.ErrTooMany, 2: apierr.ErrTooMany, 3: nil, 4: nil} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(page(next(1), "1", "2"), page("", "3")))
		items, err := client.Deployments().List(nil).Collect(t.Context(), limit)
		require.ErrorIs(t, err, want)
		require.Len(t, items, min(limit, 3))
	}
}

func TestTheFirstOfNothingIsNotFound(t *testing.T) {
	t.Parallel()
	d, err := stub.NewClient(t, stub.Token{}, stub.Answering(page(next(1)), page(""))).Deployments().List(nil).First(t.Context())
	require.Nil(t, d)
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestEveryPageIsACallOfItsOwn(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "with its own attempts", func(t *testing.T) {
		busy := stub.Answer(503, "{}")
		s := stub.Answering(busy, page(next(1), "1"), busy, page(next(2), "2"), busy, page("", "3"))
		client := stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.Retry.MaxAttempts = 2 })
		require.Equal(t, []string{"1", "2", "3"}, ids(t, client.Deployments().List(nil)))
		requests := s.Requests()
		require.Equal(t, requests[2].URL, requests[3].URL, "a failed page is asked for again, not the first one")
		require.Equal(t, next(2), requests[5].URL.String())
	})
}

func TestAPageWithoutItemsIsAnErrorAndNoEmptyList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"value":null}`, `{"id":"d1"}`, `{"value":{}}`, `{"value":"x"}`, `{"value":[1]}`} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, body)))
		_, err := client.Deployments().List(nil).Collect(t.Context(), 1)
		require.Equal(t, 200, apierr.StatusOf(err), body)
		require.ErrorContains(t, err, "could not be read")
	}
}

func TestAQueryIsWrittenWithReadableNames(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page(""))
	list := stub.NewClient(t, stub.Token{}, s).Deployments().List(&odata.Query{
		Filter: "audience/id eq 'a+b&c=d %24filter'", OrderBy: []string{"createdDateTime desc", "id"}, Select: []string{"id", "state"},
		Expand: []string{"audience"}, Top: 3, Skip: 2, Count: true,
	})
	require.Empty(t, ids(t, list))
	sent := s.Requests()[0].URL
	for _, name := range []string{"$filter=", "$orderby=", "$select=", "$expand=", "$top=3", "$skip=2", "$count=true"} {
		require.Contains(t, sent.RawQuery, name)
	}
	require.NotContains(t, sent.RawQuery, "%24filter=")
	require.NotContains(t, sent.RawQuery, "+")
	require.Equal(t, "audience/id eq 'a+b&c=d %24filter'", sent.Query().Get("$filter"), "values stay encoded")
	require.Equal(t, "createdDateTime desc,id", sent.Query().Get("$orderby"))
	require.Equal(t, "id,state", sent.Query().Get("$select"))
}

func TestAListKeepsItsQueryWhenTheCallersSlicesChange(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page(""))
	fields := []string{"id"}
	list := stub.NewClient(t, stub.Token{}, s).Deployments().List(&odata.Query{Select: fields})
	fields[0] = "changed"
	require.Empty(t, ids(t, list))
	require.Equal(t, "id", s.Requests()[0].URL.Query().Get("$select"))
}

func TestNumbersThatCannotBeAreRejectedByName(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page(""))
	_, err := stub.NewClient(t, stub.Token{}, s).Deployments().List(&odata.Query{Top: -1, Skip: stub.MoreThanInt32()}).Collect(t.Context(), 1)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "Query.Top")
	require.ErrorContains(t, err, "Query.Skip")
	require.Empty(t, s.Requests())
}

func TestATotalComesWithThePage(t *testing.T) {
	t.Parallel()
	client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, `{"@odata.count":1000,"value":[]}`), page("")))
	for _, want := range []*int64{new(int64(1000)), nil} {
		for p, err := range client.Deployments().List(&odata.Query{Count: true}).Pages(t.Context()) {
			require.NoError(t, err)
			require.Equal(t, want, p.Total)
		}
	}
}

func TestAContextThatEndsBetweenPagesEndsTheList(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := stub.Answering(func(r *http.Request) (*http.Response, error) {
		cancel()
		return page(next(1), "1")(r)
	})
	_, err := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil).Collect(ctx, 10)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, s.Requests(), 1)
}

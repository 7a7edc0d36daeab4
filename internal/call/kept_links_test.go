package call_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestABlankInANextLinkIsEncoded(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		stub.Root + "/deployments?$filter=a eq 'b'&$skiptoken=1": stub.Root + "/deployments?$filter=a%20eq%20'b'&$skiptoken=1",
		stub.Root + "/deployments?$filter=a%20eq 'b+c'":          stub.Root + "/deployments?$filter=a%20eq%20'b+c'",
		stub.Root + "/deployments('a b')/x":                      stub.Root + "/deployments('a%20b')/x",
	} {
		s := stub.Answering(page(link, "1"), page("", "2"))
		require.Equal(t, []string{"1", "2"}, ids(t, stub.NewClient(t, stub.Token{}, s).Deployments().List(nil)))
		require.Equal(t, want, s.Requests()[1].URL.String())
	}
}

func TestCallTakesANextLinkAsItCame(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		stub.Root + "/deployments?%24skiptoken=X%2B%2f'a%20b'&$top=2": "",
		"https://GRAPH.microsoft.com:443/beta/x/$metadata?p=2":        "",
		stub.Root + "/deployments?$filter=a eq 'b'":                   stub.Root + "/deployments?$filter=a%20eq%20'b'",
	} {
		s := stub.Answering(stub.Answer(200, `{"value":[]}`))
		require.NoError(t, stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "GET", link, nil, nil), link)
		if want == "" {
			want = link
		}
		require.Equal(t, want, s.Requests()[0].URL.String())
	}
	for _, link := range []string{
		"https://evil.example/x", "http://graph.microsoft.com/beta/x", "https://me@graph.microsoft.com/beta/x", "https://graph.microsoft.com:8443/x",
	} {
		s := stub.Answering(stub.Answer(200, `{}`))
		require.ErrorIs(t, stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "GET", link, nil, nil), apierr.ErrInvalid, link)
		require.Empty(t, s.Requests())
	}
	s := stub.Answering(stub.Answer(200, `{}`))
	err := stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "DELETE", stub.Root+"/deployments?$skiptoken=1", nil, nil)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Empty(t, s.Requests())
}

func TestAListCanBeginAtAKeptNextLink(t *testing.T) {
	t.Parallel()
	s := stub.Answering(page(next(2), "3", "4"), page("", "5"))
	client := stub.NewClient(t, stub.Token{}, s)
	require.Equal(t, []string{"3", "4", "5"}, ids(t, client.Deployments().List(nil).From(next(1))))
	require.Equal(t, next(1), s.Requests()[0].URL.String())

	s = stub.Answering(page(next(2), "3", "4"))
	limited := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil).From(next(1)).AtMost(1)
	require.Equal(t, []string{"3"}, ids(t, limited))

	for link, want := range map[string]string{
		"": "link must not be empty", "https://evil.example/x": "leads away from https://graph.microsoft.com and was not followed",
		"/deployments": "leads away",
	} {
		s := stub.Answering(page("", "1"))
		_, err := stub.NewClient(t, stub.Token{}, s).Deployments().List(nil).From(link).Collect(t.Context(), 1)
		require.ErrorContains(t, err, want)
		require.Empty(t, s.Requests())
	}
}

func TestARejectedNextLinkSaysToBeginAgain(t *testing.T) {
	t.Parallel()
	const again = "the next link may have expired; begin the list again"
	for _, status := range []int{400, 410} {
		rejected := stub.Answer(status, `{"error":{"code":"Directory_ExpiredPageToken","message":"The page token has expired."}}`)
		client := stub.NewClient(t, stub.Token{}, stub.Answering(page(next(1), "1"), rejected))
		_, err := client.Deployments().List(nil).Collect(t.Context(), 9)
		require.ErrorContains(t, err, again)
		client = stub.NewClient(t, stub.Token{}, stub.Answering(rejected))
		require.ErrorContains(t, client.Call(t.Context(), "GET", next(1), nil, nil), again)
		for _, err := range []error{
			client.Call(t.Context(), "GET", "/deployments?x", nil, nil), stub.List().Run(t.Context(), client), stub.Read().Run(t.Context(), client),
		} {
			require.Error(t, err)
			require.NotContains(t, err.Error(), again)
		}
	}
}

package call_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestCallReachesAnyRouteBelowTheRoot(t *testing.T) {
	t.Parallel()
	type thing struct{ Name string }
	for _, method := range []string{"GET", "POST", "PATCH", "PUT", "DELETE"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(stub.Answer(200, `{"name":"out"}`))
			var out thing
			require.NoError(t, stub.NewClient(t, stub.Token{}, s).Call(t.Context(), method, "/policies/p1", thing{"in"}, &out))
			sent := s.Requests()[0]
			require.Equal(t, method, sent.Method)
			require.Equal(t, stub.Root+"/policies/p1", sent.URL.String())
			require.JSONEq(t, `{"Name":"in"}`, sent.Body)
			require.Equal(t, thing{"out"}, out)
		})
	}
}

func TestCallKeepsPathAndQueryByteForByte(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"/x?$filter=a%20eq%20'b'&%24top=1&y=%2B+;": "",
		"/x('a%2Fb')/microsoft.graph.y":            "",
		"/x?":                                      "",
		"/a%20b?q":                                 "",
		"/x?$filter=a eq 'b'":                      "/x?$filter=a%20eq%20'b'",
	} {
		s := stub.Answering(stub.Answer(204, ""))
		require.NoError(t, stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "GET", sent, nil, nil), sent)
		if want == "" {
			want = sent
		}
		require.Equal(t, stub.Root+want, s.Requests()[0].URL.String())
	}
}

func TestCallRejectsAPathThatLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"", "x", "?x", "/", "//evil.example/x", "///x", "https://evil.example/x", "/x//y", "/x/", "/..", "/../x", "/x/..", "/x/../../y",
		"/%2e%2e/x", "/x/%2E%2e", "/x/.%2e/y", "/./x", "/%2e", "/x%2f..%2f..%2fy", "/x#y", "/x#", "/x\ny", "/%zz",
		"@evil.example/x", ":80/x",
		"/admin/windows/updates/deployments", "/beta/admin/windows/updates/deployments", "/v1.0/me",
	} {
		s := stub.Answering(stub.Answer(200, "{}"))
		err := stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "GET", path, nil, nil)
		require.ErrorIs(t, err, apierr.ErrInvalid, path)
		require.Empty(t, s.Requests(), path)
	}
}

func TestACallWithoutContextIsRejected(t *testing.T) {
	t.Parallel()
	var none context.Context
	for _, op := range []stub.Operation{stub.Read(), stub.List(), stub.Create(), stub.Action(), stub.RawPost()} {
		s := stub.Answering(op.Success)
		err := op.Run(none, stub.NewClient(t, stub.Token{}, s))
		require.ErrorIs(t, err, apierr.ErrInvalid, op.Name)
		require.ErrorContains(t, err, "ctx must not be nil")
		require.Empty(t, s.Requests())
	}
}

func TestCallRejectsWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.Answer(200, "{}"))
	client := stub.NewClient(t, stub.Token{}, s)
	for _, method := range []string{"", "get", "HEAD", "TRACE", "GET /x HTTP/1.1\r\n"} {
		require.ErrorIs(t, client.Call(t.Context(), method, "/x", nil, nil), apierr.ErrInvalid)
	}
	require.ErrorIs(t, client.Call(t.Context(), "POST", "/x", math.NaN(), nil), apierr.ErrInvalid)
	require.Empty(t, s.Requests())
}

func TestCallLeavesTheResultAloneWhenTheResponseIsEmptyOrNotWanted(t *testing.T) {
	t.Parallel()
	out := map[string]int{"kept": 1}
	for _, status := range []int{200, 202, 204} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(status, "")))
		require.NoError(t, client.Call(t.Context(), "POST", "/x", nil, &out))
		require.Equal(t, map[string]int{"kept": 1}, out)
	}
	require.NoError(t, stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, "no JSON"))).Call(t.Context(), "GET", "/x", nil, nil))
}

func TestCallKeepsTheStatusOfAResponseThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for body, out := range map[string]any{
		`{"id":"secret-body"}`: &struct{ ID int }{}, stub.HTML: &struct{}{}, `{"id":`: &map[string]any{},
	} {
		for method, unknown := range map[string]bool{"GET": false, "POST": true, "PATCH": true} {
			err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(201, body, "Request-Id", "r1"))).Call(t.Context(), method, "/x", nil, out)
			var e *apierr.Error
			require.ErrorAs(t, err, &e, body)
			require.Equal(t, 201, e.Status)
			require.Equal(t, "r1", e.RequestID)
			require.Equal(t, unknown, e.OutcomeUnknown)
			requireHarmless(t, err)
		}
	}
}

func TestCallRejectsWhatItCannotSendOrFill(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, out any }{
		"out that is no pointer":  {nil, struct{}{}},
		"out that points nowhere": {nil, (*struct{})(nil)},
		"in that is bytes":        {[]byte(`{}`), nil},
		"in that is a reader":     {strings.NewReader(`{}`), nil},
		"in that is no JSON":      {math.NaN(), nil},
	} {
		s := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		err := stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "POST", "/x", c.in, c.out)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome, name)
		require.Empty(t, s.Requests(), name)
	}
}

func TestCallTellsErrorsLikeEveryOperation(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.Answer(404, `{"error":{"code":"NotFound","message":"No such policy."}}`))
	err := stub.NewClient(t, stub.Token{}, s).Call(t.Context(), "GET", "/policies/p1", nil, nil)
	require.EqualError(t, err, "updates.Call: 404 NotFound: No such policy.")
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

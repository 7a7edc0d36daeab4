package call_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const byteOrderMark = "\ufeff"

func TestAByteOrderMarkBeforeJSONDoesNotMatter(t *testing.T) {
	t.Parallel()
	client := stub.NewClient(t, stub.Token{}, stub.Answering(
		stub.Answer(200, byteOrderMark+stub.Deployment), stub.Answer(200, byteOrderMark+`{"value":[{"id":"d1"}]}`),
		stub.Answer(200, byteOrderMark+`{"id":"p1"}`), stub.Answer(404, byteOrderMark+`{"error":{"code":"NotFound","message":"m"}}`)))
	d, err := client.Deployments().Get(t.Context(), "d1")
	require.NoError(t, err)
	require.Equal(t, "d1", d.ID)
	list, err := client.Deployments().List(nil).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "d1", list[0].ID)
	var out struct{ ID string }
	require.NoError(t, client.Call(t.Context(), "GET", "/policies/p1", nil, &out))
	require.Equal(t, "p1", out.ID)
	require.EqualError(t, stub.Read().Run(t.Context(), client), "deployments.Get: 404 NotFound: m")
}

// A transport that asks for gzip itself gets its answers as they are, as net/http documents it.
func TestAResponseInGzipIsDecoded(t *testing.T) {
	t.Parallel()
	const failure = `{"error":{"code":"NotFound","message":"m"}}`
	for _, encoding := range []string{"gzip", "x-gzip", "GZIP", ""} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(
			stub.Answer(200, packed(t, stub.Deployment), "Content-Encoding", encoding),
			stub.Answer(200, stub.Deployment, "Content-Encoding", encoding),
			stub.Answer(404, packed(t, failure), "Content-Encoding", encoding),
			stub.Answer(404, packed(t, failure)[:40], "Content-Encoding", encoding),
			stub.Answer(200, packed(t, byteOrderMark+stub.Deployment), "Content-Encoding", encoding),
			stub.Answer(200, packed(t, stub.HTML), "Content-Encoding", encoding),
		), stub.Attempts(1))
		require.NoError(t, stub.Read().Run(t.Context(), client), "%q", encoding)
		require.NoError(t, stub.Read().Run(t.Context(), client), "a transport that decodes and keeps the header")
		require.EqualError(t, stub.Read().Run(t.Context(), client), "deployments.Get: 404 NotFound: m")
		require.EqualError(t, stub.Read().Run(t.Context(), client), "deployments.Get: 404")
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.ErrorContains(t, stub.Read().Run(t.Context(), client), "an HTML page")
	}
}

func TestAResponseInGzipThatBreaksOffIsNoSuccess(t *testing.T) {
	t.Parallel()
	whole := packed(t, stub.Deployment)
	for _, size := range []int{2, 9, 12, len(whole) - 8, len(whole) - 1} {
		s := stub.Answering(stub.Answer(200, whole[:size], "Content-Encoding", "gzip"))
		err := stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, stub.Attempts(1)))
		require.ErrorContains(t, err, "the response broke off after ", size)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	}
	wrong := whole[:len(whole)-8] + "\x00\x00\x00\x00\x00\x00\x00\x00"
	s := stub.Answering(stub.Answer(200, wrong, "Content-Encoding", "gzip"))
	require.ErrorContains(t, stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, stub.Attempts(1))), "checksum")
}

func TestAResponseInGzipIsReadUpToTheLimitOfBodies(t *testing.T) {
	t.Parallel()
	bomb := packed(t, strings.Repeat(" ", 1<<20))
	endless := func(status int) stub.Reply {
		return func(r *http.Request) (*http.Response, error) {
			resp, err := stub.Answer(status, "", "Content-Encoding", "gzip")(r)
			resp.Body = io.NopCloser(&again{text: bomb})
			return resp, err
		}
	}
	s := stub.Answering(endless(200))
	require.ErrorContains(t, stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s)), "the response is larger than 67108864 bytes")
	require.Len(t, s.Requests(), 1)
	require.EqualError(t, stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(endless(404)))), "deployments.Get: 404")
}

// again is a reader of one text again and again.
type again struct {
	text string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.text[a.at:])
	a.at = (a.at + n) % len(a.text)
	return n, nil
}

func TestAnotherEncodingIsNamed(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.Answer(200, "\x8b\x02\x80{}\x03", "Content-Encoding", "br"))
	err := stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
	require.ErrorContains(t, err, `the response has the content encoding "br", which the transport has to decode`)
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	s = stub.Answering(stub.Answer(200, "\x8b\x02", "Content-Encoding", "X-"+stub.AccessToken))
	err = stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
	require.ErrorContains(t, err, `the content encoding "X-…"`)
	require.Len(t, s.Requests(), 1, "it would be the same at the next attempt")
}

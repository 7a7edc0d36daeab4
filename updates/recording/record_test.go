package recording

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestWhatAServerAnswersIsReplayedWithoutIt(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"method":%q,"sent":%q}`, r.Method, body)
	}))
	talk := func(rec *Recorder) (answers []string) {
		for _, request := range [][2]string{{"GET", ""}, {"POST", `{"a":1}`}, {"DELETE", ""}} {
			status, body := ask(t, rec, request[0], server.URL+"/deployments?$top=1", request[1])
			var compact bytes.Buffer
			require.NoError(t, json.Compact(&compact, []byte(body)))
			answers = append(answers, fmt.Sprint(status, compact.String()))
		}
		return answers
	}
	var live []string
	file := recordTo(t, http.DefaultTransport, func(rec *Recorder) { live = talk(rec) }, KeepProperty("method"))
	server.Close()

	rec := mustReplay(t, file)
	require.Equal(t, live, talk(rec))
	require.NoError(t, rec.Close())
}

func TestARecordingIsATextOfMessages(t *testing.T) {
	t.Parallel()
	s := &service{answer: func(*http.Request) *http.Response {
		return reply(http.StatusCreated, `{"id":"`+deviceGUID+`","big":12345678901234567890,"html":"<a&b>","count":5}`,
			"request-id", otherGUID, "Set-Cookie", "session=1", "Retry-After", "7", "Location", base+"/deployments/"+deviceGUID)
	}}
	file := recordTo(t, s, func(rec *Recorder) {
		ask(t, rec, "POST", "/deployments?b=2&%24a=x%20y", `{"z":1,"a":[]}`)
	}, WithNote("made\nby hand"))
	first, rest, _ := strings.Cut(contentOf(t, file), "\n")
	require.Regexp(t, `^# recorded 2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ · graph beta · description [0-9a-f]{12} · recorder 1 · made by hand$`,
		first)
	require.Equal(t, `-- 01 request --
POST https://graph.microsoft.com/beta/admin/windows/updates/deployments?$a=x y&b=2
Content-Type: application/json

{
  "a": [],
  "z": 1
}
-- 01 response --
201 Created
Content-Type: application/json
Location: https://graph.microsoft.com/beta/admin/windows/updates/deployments/00000000-0000-4000-8000-000000000002
Request-Id: 00000000-0000-4000-8000-000000000001
Retry-After: 7

{
  "big": 2000000001,
  "count": 5,
  "html": "<p>text-1</p>",
  "id": "00000000-0000-4000-8000-000000000002"
}
-- end --
`, rest)
}

// unruly is a deterministic service that makes ids, tokens and the order of
// members again for each run.
func unruly(t *testing.T) *service {
	t.Helper()
	device, deployment, token := uuid.NewString(), strings.ToUpper(uuid.NewString()), uuid.NewString()+"~="
	next := base + `/deployments?$top=1&$skiptoken=` + strings.ReplaceAll(token, "=", "%3D")
	return &service{answer: func(r *http.Request) *http.Response {
		header := []string{"request-id", uuid.NewString(), "Date", uuid.NewString(), "client-request-id", uuid.NewString()}
		switch {
		case r.Method == "POST":
			return reply(202, "", header...)
		case r.URL.Query().Has("$skiptoken"):
			require.Equal(t, token, r.URL.Query().Get("$skiptoken"))
			return reply(200, `{"value":[]}`, header...)
		}
		members := []string{
			`"value":[{"id":"` + deployment + `","audience":{"members":["` + device + `"]}}]`,
			`"@odata.nextLink":"` + next + `"`,
			`"by":{"mail":"bob.` + device[:4] + `@fabrikam` + device[:3] + `.com"}`,
		}
		if device[0]%2 == 0 {
			members[0], members[2] = members[2], members[0]
		}
		return reply(200, "{"+strings.Join(members, ",")+"}", header...)
	}}
}

func useUnruly(t *testing.T, rec *Recorder) {
	t.Helper()
	_, first := ask(t, rec, "GET", "/deployments?$top=1", "")
	var page struct {
		Next  string `json:"@odata.nextLink"`
		Value []struct {
			ID       string
			Audience struct{ Members []string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(first), &page))
	ask(t, rec, "GET", page.Next, "")
	ask(t, rec, "POST", "/deployments('"+strings.ToLower(page.Value[0].ID)+"')/audience/updateAudience",
		`{"addMembers":[{"id":"`+strings.ToUpper(page.Value[0].Audience.Members[0])+`"}]}`)
}

func TestRecordingTwiceDiffersInTheFirstLineOnly(t *testing.T) {
	t.Parallel()
	var files []string
	for range 8 {
		file := recordTo(t, unruly(t), func(rec *Recorder) { useUnruly(t, rec) })
		files = append(files, afterFirstLine(t, file))
		rec := mustReplay(t, file)
		useUnruly(t, rec)
		require.NoError(t, rec.Close())
	}
	for _, other := range files[1:] {
		require.Equal(t, files[0], other)
	}
	require.Contains(t, files[0], `?$skiptoken=token-1&$top=1"`)
	require.Contains(t, files[0], `"user-1@contoso.example"`)
}

func TestTheCallerGetsWhatTheServiceSent(t *testing.T) {
	t.Parallel()
	const body = `{ "id":"` + deviceGUID + `" }`
	s := &service{answer: func(*http.Request) *http.Response { return reply(200, body, "X-Other", "kept") }}
	recordTo(t, s, func(rec *Recorder) {
		sent := &closing{Reader: strings.NewReader(`{"b":1,"a":2}`)}
		req, err := http.NewRequestWithContext(t.Context(), "POST", base+"/x?b=1&a=2", sent)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer live-token")
		before := req.Clone(t.Context())
		resp, err := rec.Transport().RoundTrip(req)
		require.NoError(t, err)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())

		require.True(t, bytes.Equal([]byte(body), got), "every byte of it, spaces too: %s", got)
		require.Equal(t, "kept", resp.Header.Get("X-Other"))
		require.True(t, sent.closed)
		require.Equal(t, before.Header, req.Header)
		require.Equal(t, before.URL, req.URL)
		require.Same(t, sent, req.Body)
		require.NotSame(t, req, s.requests[0])
		require.Equal(t, "Bearer live-token", s.requests[0].Header.Get("Authorization"))
		require.Equal(t, "b=1&a=2", s.requests[0].URL.RawQuery)
	})
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestAnAttemptWithoutAWholeAnswerIsNotRecorded(t *testing.T) {
	t.Parallel()
	errLost := errors.New("connection lost")
	file, err := tryToRecord(t, failing{errLost}, func(rec *Recorder) {
		_, _, err := try(t, rec, "GET", "/deployments", "")
		require.ErrorIs(t, err, errLost)
	})
	require.ErrorContains(t, err, "there is no exchange to record; requests without a response: 1")
	require.NoFileExists(t, file)

	s := &service{answer: func(r *http.Request) *http.Response {
		resp := ok("")
		if r.Method == "POST" {
			return resp
		}
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader("half"), broken{errLost}))
		return resp
	}}
	file = recordTo(t, s, func(rec *Recorder) {
		_, body, err := try(t, rec, "GET", "/deployments", "")
		require.ErrorIs(t, err, errLost)
		require.Equal(t, "half", body)
		ask(t, rec, "POST", "/deployments", "")
	})
	require.Equal(t, 1, strings.Count(contentOf(t, file), "request --"))
}

func TestCompressedAnswersAreStoredPlain(t *testing.T) {
	t.Parallel()
	const plain = `{"b":1,"a":2}`
	var deflated bytes.Buffer
	w := zlib.NewWriter(&deflated)
	_, err := w.Write([]byte(plain))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for encoding, body := range map[string]string{"gzip": zip(t, plain), "deflate": deflated.String(), "identity": plain} {
		s := &service{answer: func(*http.Request) *http.Response { return reply(200, body, "Content-Encoding", encoding) }}
		file := recordTo(t, s, func(rec *Recorder) {
			_, got := ask(t, rec, "GET", "/x", "")
			require.Equal(t, body, got)
		})
		_, got := ask(t, mustReplay(t, file), "GET", "/x", "")
		require.JSONEq(t, `{"a":2,"b":1}`, got)
	}
}

func zip(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

// trySent sends a body that is said to be gzip.
func trySent(t *testing.T, rec *Recorder, body string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", base+"/x", strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Encoding", "gzip")
	resp, err := rec.Transport().RoundTrip(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func TestCompressedRequestsAreStoredPlain(t *testing.T) {
	t.Parallel()
	s := answering("{}")
	file := recordTo(t, s, func(rec *Recorder) { require.NoError(t, trySent(t, rec, zip(t, `{"b":1,"a":2}`))) })
	require.Contains(t, contentOf(t, file), "  \"a\": 2,\n")
	rec := mustReplay(t, file)
	require.ErrorIs(t, trySent(t, rec, zip(t, `{"a":3}`)), ErrNotRecorded)
	require.NoError(t, trySent(t, rec, zip(t, `{"a":2,"b":1}`)))

	file, err := tryToRecord(t, s, func(rec *Recorder) {
		require.ErrorContains(t, trySent(t, rec, "text"), "cannot be read")
	})
	require.ErrorContains(t, err, "a POST request: its body cannot be read as its Content-Encoding says")
	require.NoFileExists(t, file)
	require.Equal(t, 1, s.count(), "what cannot be recorded is not sent")
}

func TestWhatIsStillPackedIsRejected(t *testing.T) {
	t.Parallel()
	packed := zip(t, `{"a":1}`)
	for name, headers := range map[string][]string{"none": nil, "twice": {"gzip", "gzip"}, "inner": {"gzip"}} {
		body := packed
		if name == "inner" {
			body = zip(t, packed)
		}
		s := &service{answer: func(*http.Request) *http.Response {
			resp := reply(200, body)
			resp.Header["Content-Encoding"] = headers
			return resp
		}}
		file, err := tryToRecord(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
		require.ErrorContains(t, err, "Content-Encoding", name)
		require.NoFileExists(t, file)
	}
	for body, want := range map[string]bool{"x\x9c\xcb\xff": true, "PK\x03\x04": true, "x^2 = 4": false, "x": false, "": false} {
		require.Equal(t, want, isPacked([]byte(body)), body)
	}
}

func TestWhatCannotBeDecompressedIsRejected(t *testing.T) {
	t.Parallel()
	for encoding, want := range map[string]string{"br": "several encodings", "gzip": "cannot be read", "deflate": "cannot be read"} {
		s := &service{answer: func(*http.Request) *http.Response { return reply(200, "text", "Content-Encoding", encoding) }}
		_, err := tryToRecord(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
		require.ErrorContains(t, err, want)
	}
}

func TestBodiesThatAreNoJSONAreText(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no newline": "text", "newline": "text\n", "header of a member": "a\n-- 02 request --\nb\n", "carriage return": "a\r\n",
		"blank start": "\n\na\n", "empty": "", "end": "-- end --\n", "end with return": "-- end --\r\n", "mark inside": "a\ufeffb",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{answer: func(*http.Request) *http.Response { return reply(200, body, "Content-Type", "text/plain") }}
			file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "POST", "/policies", body) }, wrote(body))
			rec := mustReplay(t, file)
			_, got := ask(t, rec, "POST", "/policies", body)
			require.Equal(t, strings.TrimRight(body, "\n"), strings.TrimRight(got, "\n"))
			require.NoError(t, rec.Close())
			require.NotContains(t, contentOf(t, file), "base64")
		})
	}
}

func TestBodiesOfOtherFormsAreRedactedToo(t *testing.T) {
	t.Parallel()
	wide := func(mark string, order binary.ByteOrder) string { return mark + toWide(order)(`{"id":"Alice"}`) }
	deep := strings.Repeat(`{"id":[`, 200) + `"Alice"` + strings.Repeat(`]}`, 200)
	for name, c := range map[string][2]string{
		"byte order mark":        {"\ufeff" + `{"id":"Alice"}`, "{\n  \"id\": \"text-1\"\n}\n"},
		"UTF-16":                 {wide("\xff\xfe", binary.LittleEndian), "{\n  \"id\": \"text-1\"\n}\n"},
		"UTF-16, big":            {wide("\xfe\xff", binary.BigEndian), "{\n  \"id\": \"text-1\"\n}\n"},
		"lines of JSON":          {`{"id":"Alice"}` + "\n" + `{"id":"Bob"}`, `{"id":"text-1"}` + "\n" + `{"id":"text-2"}` + "\n"},
		"JSON after JSON":        {`{}{"id":"Alice"}`, "{}\n" + `{"id":"text-1"}` + "\n"},
		"deep JSON":              {deep, strings.Replace(deep, "Alice", "text-1", 1) + "\n"},
		"groups of digits":       {"4111 1111 1111 1111", "text-1\n"},
		"digits with dashes":     {deviceGUID[:8] + "-4111", "text-1\n"},
		"texts after each other": {`"Alice""Bob"`, "text-1\n"},
		"one text":               {`"Alice"`, "\"text-1\"\n"},
		"one number":             {"42", "42\n"},
		"one long number":        {"5551234567", "2000000001\n"},
		"deeper than JSON goes":  {strings.Repeat("[", 10001) + strings.Repeat("]", 10001), "text-1\n"},
		"broken JSON":            {`{"id":"Alice`, "text-1\n"},
		"not UTF-8":              {"{\"id\":\"\xff\"}", "text-1\n"},
		"binary":                 {"\x00\xff\xfe\n", "text-1\n"},
		"text":                   {"by Alice", "text-1\n"},
		"page":                   {"<html>Alice</html>", "<p>text-1</p>\n"},
		"rows":                   {"id,name\n1,Alice\n", "text-1\n"},
		"white space":            {" \n", "text-1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := recordTo(t, answering(c[0]), func(rec *Recorder) { ask(t, rec, "GET", "/policies", "") }, wrote())
			_, got := ask(t, mustReplay(t, file), "GET", "/policies", "")
			require.Equal(t, c[1], got)
			require.NotContains(t, contentOf(t, file), "Body-Encoding")
		})
	}
}

func TestOnlyWhatIsKnownOfAMediaTypeStays(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"application/json;odata.metadata=minimal;charset=utf-8": "application/json;odata.metadata=minimal;charset=utf-8",
		"Application/JSON; charset=UTF-8; tenant=fabrikam":      "Application/JSON; charset=UTF-8",
		"application/vnd.fabrikam+json":                         "application/json",
		"application/vnd.fabrikam+xml":                          "application/xml",
		"text/vnd.fabrikam":                                     "text/plain",
		"fabrikam/secret":                                       "application/octet-stream",
		"application/vnd.own":                                   "application/vnd.own",
	} {
		s := &service{answer: func(*http.Request) *http.Response { return reply(200, "{}", "Content-Type", kind) }}
		file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/policies", "") }, KeepText("application/vnd.own"))
		require.Contains(t, contentOf(t, file), "200 OK\nContent-Type: "+want+"\n")
	}
}

func TestAMethodOfItsOwnIsALiteral(t *testing.T) {
	t.Parallel()
	use := func(rec *Recorder) { ask(t, rec, "PURGE", "/policies", "") }
	require.Contains(t, contentOf(t, recordTo(t, answering("{}"), use, wrote("PURGE"))), "\nPURGE https")
	_, err := tryToRecord(t, answering("{}"), use, wrote())
	require.ErrorContains(t, err, "the method of the request has a string")
}

func TestRetryAfterIsStoredInSeconds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ after, date, want string }{
		"seconds":   {"120", "", "120"},
		"date":      {"Sun, 22 Nov 2026 08:00:30 GMT", "Sun, 22 Nov 2026 08:00:00 GMT", "30"},
		"past":      {"Sun, 22 Nov 2026 08:00:00 GMT", "Sun, 22 Nov 2026 08:00:30 GMT", "0"},
		"no date":   {"Sun, 22 Nov 2009 08:00:00 GMT", "", "0"},
		"something": {"soon", "", ""},
		"fraction":  {"1.2", "", "2"},
		"nothing":   {"0.0", "", "0"},
		"negative":  {"-1.5", "", ""},
		"no number": {"NaN", "", ""},
		"too long":  {"88766183", "", "99999"},
		"far away":  {"Sun, 22 Nov 2099 08:00:00 GMT", "Sun, 22 Nov 2026 08:00:00 GMT", "99999"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{answer: func(*http.Request) *http.Response { return reply(429, "", "Retry-After", c.after, "Date", c.date) }}
			file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
			require.Equal(t, c.want != "", strings.Contains(contentOf(t, file), "Retry-After: "+c.want+"\n"))
		})
	}
}

func TestLargeRecordingsNeedAnOption(t *testing.T) {
	t.Parallel()
	large := `{"a":"` + strings.Repeat(" ", largestBody) + `"}`
	cases := map[string]struct {
		service *service
		use     func(*Recorder)
	}{
		"the response to a GET request is larger": {answering(large), func(rec *Recorder) {
			_, got := ask(t, rec, "GET", "/x", "")
			require.Equal(t, large, got)
		}},
		"the body of a POST request is larger": {answering("{}"), func(rec *Recorder) {
			_, _, _ = try(t, rec, "POST", "/x", large)
		}},
		"more than 200 exchanges": {answering("{}"), func(rec *Recorder) {
			for range mostExchanges + 1 {
				_, _, _ = try(t, rec, "GET", "/x", "")
			}
		}},
	}
	for want, c := range cases {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			file, err := tryToRecord(t, c.service, c.use)
			require.ErrorContains(t, err, want)
			require.NoFileExists(t, file)
			recordTo(t, c.service, c.use, AllowLarge(), KeepProperty("a"))
		})
	}
}

func TestASmallAnswerThatUnpacksToALargeOneIsRejected(t *testing.T) {
	t.Parallel()
	small := zip(t, strings.Repeat("\x00", largestBody+1))
	s := &service{answer: func(*http.Request) *http.Response { return reply(200, small, "Content-Encoding", "gzip") }}
	_, err := tryToRecord(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
	require.ErrorContains(t, err, "larger than 1 MiB")
}

func TestJSONThatIsTooDeepIsNotIndented(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) + "\n" }
	for levels, indented := range map[int]bool{deepestIndented: true, deepestIndented + 1: false, 9001: false} {
		file := recordTo(t, answering(nested(levels)), func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
		require.Equal(t, indented, strings.Contains(contentOf(t, file), "[\n"), levels)
		require.Less(t, len(contentOf(t, file)), 100_000)
	}
}

func TestABodyThatIsLargeWhenItIsIndentedIsRejected(t *testing.T) {
	t.Parallel()
	body := "[" + strings.Repeat("[1],", largestBody/8) + "1]"
	file, err := tryToRecord(t, answering(body), func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
	require.ErrorContains(t, err, "exchange 01 has a body that is larger than 1 MiB when it is indented")
	require.NoFileExists(t, file)
}

func TestACancelledContextSendsNothing(t *testing.T) {
	t.Parallel()
	s := answering("{}")
	file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, rec := range []*Recorder{Record(file, WithTransport(s)), mustReplay(t, file)} {
		sent := &closing{Reader: strings.NewReader("")}
		req, err := http.NewRequestWithContext(ctx, "GET", base+"/x", sent)
		require.NoError(t, err)
		_, err = rec.Transport().RoundTrip(req)
		require.ErrorIs(t, err, context.Canceled)
		require.True(t, sent.closed)
	}
	require.Equal(t, 1, s.count())
	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/x", "")
	require.NoError(t, rec.Close())
}

func TestAFileIsReplacedInOneStepOrNotAtAll(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
	before := contentOf(t, file)
	reader := filepath.Join(t.TempDir(), "reader")
	require.NoError(t, os.Link(file, reader), "as one who has the file open")

	rec := Record(file, WithTransport(answering(`{"note":"Bearer xxxxxxxxxxxxxxxx"}`)), KeepProperty("note"))
	ask(t, rec, "GET", "/x", "")
	require.Equal(t, before, contentOf(t, file))
	require.ErrorContains(t, rec.Close(), "was not written")
	require.ErrorContains(t, rec.Close(), "was not written")
	require.Equal(t, before, contentOf(t, file))

	rec = Record(file, WithTransport(answering(`{"a":1}`)))
	ask(t, rec, "GET", "/x", "")
	require.NoError(t, rec.Close())
	require.NotEqual(t, before, contentOf(t, file))
	require.Equal(t, before, contentOf(t, reader))
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestAClosedRecorderAnswersNothing(t *testing.T) {
	t.Parallel()
	s := answering("{}")
	rec := Record(filepath.Join(t.TempDir(), "a.txtar"), WithTransport(s))
	ask(t, rec, "GET", "/x", "")
	require.NoError(t, rec.Close())
	_, _, err := try(t, rec, "GET", "/x", "")
	require.ErrorContains(t, err, "closed")
	require.Equal(t, 1, s.count())
}

func TestRecordingNeedsACredential(t *testing.T) {
	t.Parallel()
	_, err := Record("unused").Credential().GetToken(t.Context(), tokenOptions)
	require.ErrorContains(t, err, "recording.WithCredential")
	cred := Record("unused", WithCredential(replayed{})).Credential()
	token, err := cred.GetToken(t.Context(), tokenOptions)
	require.NoError(t, err)
	require.Equal(t, "replayed", token.Token)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = cred.GetToken(ctx, tokenOptions)
	require.ErrorIs(t, err, context.Canceled)
}

package recording

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"
)

// tokenOptions ask for nothing.
var tokenOptions = policy.TokenRequestOptions{}

const base = graph + "/admin/windows/updates"

// Ids as a service makes them. None of them is real.
const (
	deviceGUID = "7d3f7c1a-52f0-4bb1-9d54-0a4c1f0e9b11"
	otherGUID  = "1f0c2d3e-aaaa-4bbb-8ccc-123456789abc"
	entryGUID  = "6a1de2c7-93f0-4c5d-8b1a-5d7e61f2a244"
)

// service is a transport that answers in memory and counts.
type service struct {
	answer func(*http.Request) *http.Response

	mu       sync.Mutex
	requests []*http.Request
}

func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	if req.Body != nil {
		defer req.Body.Close()
	}
	return s.answer(req), nil
}

func (s *service) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// answering answers with one body after the other, the last one again and again.
func answering(bodies ...string) *service {
	return &service{answer: func(*http.Request) *http.Response {
		body := bodies[0]
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
		return ok(body)
	}}
}

func ok(body string) *http.Response { return reply(http.StatusOK, body) }

// reply is an answer; headers are name, value, name, …
func reply(status int, body string, headers ...string) *http.Response {
	header := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return &http.Response{
		Status: fmt.Sprint(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// ask sends a request and returns status and body.
func ask(t testing.TB, rec *Recorder, method, url, body string) (int, string) {
	t.Helper()
	status, got, err := try(t, rec, method, url, body)
	require.NoError(t, err)
	return status, got
}

func try(t testing.TB, rec *Recorder, method, url, body string) (int, string, error) {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	if !strings.HasPrefix(url, "http") {
		url = base + url
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, content)
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer live-token")
	resp, err := (&http.Client{Transport: rec.Transport()}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(got), err
}

// environment has the variables of a test.
type environment map[string]string

func (e environment) option() Option {
	return func(s *settings) { s.getenv = func(name string) string { return e[name] } }
}

// wrote makes these texts the literals of the test, and no others.
func wrote(texts ...string) Option {
	written := &source{texts: map[string]bool{}, names: map[string]bool{}}
	for _, text := range texts {
		written.add(text)
	}
	return func(s *settings) { s.source = written }
}

// recordTo records what use does, and returns the file.
func recordTo(t testing.TB, s http.RoundTripper, use func(*Recorder), opts ...Option) string {
	t.Helper()
	file, err := tryToRecord(t, s, use, opts...)
	require.NoError(t, err)
	return file
}

func tryToRecord(t testing.TB, s http.RoundTripper, use func(*Recorder), opts ...Option) (string, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "recordings", "a.txtar")
	rec := Record(file, append(opts, WithTransport(s))...)
	use(rec)
	return file, rec.Close()
}

func mustReplay(t testing.TB, file string, opts ...Option) *Recorder {
	t.Helper()
	rec, err := Replay(file, opts...)
	require.NoError(t, err)
	return rec
}

func contentOf(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// afterFirstLine is a file without what may differ.
func afterFirstLine(t testing.TB, file string) string {
	t.Helper()
	_, rest, found := strings.Cut(contentOf(t, file), "\n")
	require.True(t, found)
	return rest
}

// watched is a test that is not run, but looked at.
type watched struct {
	testing.TB
	name     string
	failed   bool
	skipped  bool
	errors   []string
	logs     []string
	cleanups []func()
}

func (w *watched) Helper()          {}
func (w *watched) Name() string     { return w.name }
func (w *watched) Failed() bool     { return w.failed }
func (w *watched) Skipped() bool    { return w.skipped }
func (w *watched) Cleanup(f func()) { w.cleanups = append(w.cleanups, f) }
func (w *watched) Log(args ...any)  { w.logs = append(w.logs, fmt.Sprint(args...)) }

func (w *watched) Logf(format string, args ...any) {
	w.logs = append(w.logs, fmt.Sprintf(format, args...))
}

func (w *watched) Errorf(format string, args ...any) {
	w.failed = true
	w.errors = append(w.errors, fmt.Sprintf(format, args...))
}

func (w *watched) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

// run runs a test to its end, cleanups included.
func (w *watched) run(test func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for _, cleanup := range slices.Backward(w.cleanups) {
				cleanup()
			}
		}()
		test()
	}()
	<-done
}

const graph = "https://graph.microsoft.com/beta"

// fakeID is the GUID that stands for the nth one.
func fakeID(n int) string { return fmt.Sprintf(fakeGUID+"%012d", n) }

// full is the name of a type of the service.
func full(name string) string { return "#" + typePrefix + name }

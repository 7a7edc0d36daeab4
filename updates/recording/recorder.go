package recording

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// EnvVar is the environment variable that asks [Open] for recording: a regular
// expression that is compared with the full names of tests. Unset and empty,
// all tests replay.
const EnvVar = "UPDATES_RECORD"

// Recorder records the exchanges of one test or run, or replays them. Make it with [Open], [Record], or
// [Replay]. A Recorder is safe for concurrent use.
type Recorder struct {
	transport transport
	now       time.Time
	secrets   *secrets
	cred      azcore.TokenCredential
	close     func() error
}

// transport is the transport of a recorder, which records or replays.
type transport interface {
	http.RoundTripper
	// close ends the transport. clean is whether nothing else went wrong.
	close(clean bool) error
}

// Open returns the recorder of a test. Its file is in testdata/recordings and has the name of the test, in a
// form that every system accepts, with the extension .txtar. The recorder replays the file. If [EnvVar]
// matches the test's name, the recorder records a new file instead, and saves it when the test has passed.
//
// A missing or unreadable file fails the test immediately. When the test ends, it fails if a request was not
// recorded, even if the code under test has handled the error. It also fails if a recorded exchange was not
// used, or if a recording cannot be saved or has no exchange. If a test is skipped, panics, or ends with
// runtime.Goexit, nothing is saved, and unused exchanges are not an error.
//
// Open one recorder per test. Each subtest can have a recorder with its own file. A second recorder that
// records the same file fails the test.
func Open(t testing.TB, opts ...Option) *Recorder {
	t.Helper()
	return open(t, filepath.Join("testdata", "recordings"), settingsOf(opts))
}

func open(t testing.TB, folder string, s *settings) *Recorder {
	t.Helper()
	wanted, err := regexp.Compile(cmp.Or(s.getenv(EnvVar), `^$`))
	if err != nil {
		t.Fatalf("recording: %s is not a regular expression: %v", EnvVar, err)
	}
	s.advice = commandFor(t.Name())
	file := filepath.Join(folder, fileName(t.Name()))
	if wanted.MatchString(t.Name()) {
		r, c := record(file, s)
		t.Cleanup(func() { saveAfter(t, c, r.Close) })
		return r
	}
	r, p, err := replay(file, s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() { checkAfter(t, p) })
	return r
}

// saveAfter saves what a test has recorded, but not the traces of a failure.
func saveAfter(t testing.TB, c *recordTransport, save func() error) {
	t.Helper()
	if t.Failed() || t.Skipped() || isUnwinding() {
		t.Log("recording: nothing was saved, because the test failed, was skipped or broke off")
		return
	}
	if err := save(); err != nil {
		t.Errorf("%v", err)
		return
	}
	if n := c.unfinished(); n > 0 {
		t.Logf("recording: requests without a response, which are not in %s and fail in a replay: %d",
			shown(c.file), n)
	}
}

// checkAfter lets a skipped test pass. If a test ends early, a request that was not recorded may be the
// reason, so it is logged.
func checkAfter(t testing.TB, p *replayTransport) {
	t.Helper()
	if t.Skipped() {
		return
	}
	if err := p.close(!t.Failed() && !isUnwinding()); err != nil {
		t.Errorf("%v", err)
	}
}

// isUnwinding is whether the function that calls it runs because of a panic or of
// runtime.Goexit. A test that panics has not failed yet when its cleanups run.
func isUnwinding() bool {
	calls := make([]uintptr, 256)
	frames := runtime.CallersFrames(calls[:runtime.Callers(1, calls)])
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" || frame.Function == "runtime.Goexit" {
			return true
		}
		if !more {
			return false
		}
	}
}

// Record returns a recorder that sends requests through its transport, and writes the file when it is
// closed. Use it in programs; in tests, use [Open]. An existing file does not change until then.
func Record(file string, opts ...Option) *Recorder {
	r, _ := record(file, settingsOf(opts))
	return r
}

func record(file string, s *settings) (*Recorder, *recordTransport) {
	now := time.Now().UTC().Truncate(time.Second)
	known := newSecrets(s.getenv)
	s.readSource()
	t := &recordTransport{file: file, before: stateOf(file), made: now, settings: s, secrets: known}
	return newRecorder(t, now, known, s.signIn()), t
}

// Replay returns a recorder that responds from the file and uses no network. Use it in programs; in tests,
// use [Open]. If the file is missing, damaged, or of a newer version, Replay returns an error.
func Replay(file string, opts ...Option) (*Recorder, error) {
	r, _, err := replay(file, settingsOf(opts))
	return r, err
}

func replay(file string, s *settings) (*Recorder, *replayTransport, error) {
	saved, err := load(file, s.advice)
	if err != nil {
		return nil, nil, err
	}
	p := newReplayTransport(file, s, saved)
	return newRecorder(p, saved.made, nil, replayed{}), p, nil
}

// load reads a file, or says what to do.
func load(file, advice string) (*archive, error) {
	other, exact, err := nameInOtherCase(file)
	if err == nil && !exact {
		return nil, missingFile(file, other, advice)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	saved, err := parse(content)
	if errors.Is(err, errNewer) {
		return nil, fmt.Errorf("recording: %s cannot be replayed: %w", shown(file), err)
	}
	if err != nil {
		return nil, fmt.Errorf("recording: %s cannot be replayed: %w; fix the file, or %s", shown(file), err, advice)
	}
	return saved, nil
}

func missingFile(file, other, advice string) error {
	text := fmt.Sprintf("recording: %s is missing; %s", shown(file), advice)
	if other != "" {
		text += fmt.Sprintf("; %s is there, which differs from it in case only", shown(other))
	}
	return &refusal{class: os.ErrNotExist, text: text}
}

func newRecorder(t transport, now time.Time, known *secrets, cred azcore.TokenCredential) *Recorder {
	return &Recorder{
		transport: t, now: now, secrets: known, cred: cred,
		close: sync.OnceValue(func() error { return t.close(true) }),
	}
}

// Transport returns the transport that records or replays, for any [http.Client] or for the Transport of
// updates.Options. A request that was not recorded is an error that is [ErrNotRecorded]; the error lists the
// request and the nearest exchange. If a client retries, each attempt is a separate exchange.
func (r *Recorder) Transport() http.RoundTripper { return r.transport }

// Credential returns the credential for the client: a fake one in a replay, and that of [WithCredential]
// while recording. Its requests for tokens do not pass the recorder and are not recorded.
func (r *Recorder) Credential() azcore.TokenCredential { return r.cred }

// Secret returns a value that the test needs and the recording must not have, such as the ID of a device in
// your tenant. In a replay, Secret returns the name. While recording, Secret returns the value of an
// environment variable: for the name "pilot-device" it is UPDATES_SECRET_PILOT_DEVICE. The recording has the
// name instead of the value: where a string equals the value in any case, and where a string in a request
// contains the value.
//
// A name has lower-case letters, digits, and single "-" between them. A value has 6 characters or more, and
// each name has a different value. If a name or value is invalid, or the variable is not set, Secret returns
// the name, and nothing is sent: every request and [Recorder.Close] return an error. Call Secret before the
// first request that can contain the value.
func (r *Recorder) Secret(name string) string {
	if r.secrets == nil {
		return name
	}
	return r.secrets.value(name)
}

// IsRecording reports whether requests are sent and recorded, and not replayed. Use it to call methods of
// the simulator, such as ReportRollback, only while recording: in a replay the simulator gets no request, so
// it has none of the objects.
func (r *Recorder) IsRecording() bool { return r.secrets != nil }

// Now returns the time of the recording, in UTC and whole seconds; while recording, this is the current
// time. Times that you derive from it match in a replay. They are kept in properties of the service that
// have times, and in properties that [KeepProperty] names.
func (r *Recorder) Now() time.Time { return r.now }

// Close ends the recorder; requests fail from then on. Call it for a recorder of [Record] or [Replay]; that
// of [Open] is closed when the test ends. Further calls return the same error.
//
// While recording, Close writes the file. It writes nothing and returns an error in four cases: a secret
// would be in the file, a request could not be replayed, there is no exchange, or another program has changed
// the file. In a replay, Close returns an error if a request was not recorded or an exchange was not used.
func (r *Recorder) Close() error { return r.close() }

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

// Recorder records the exchanges of one test or run, or replays them. Make it with
// [Open], [Record] or [Replay]. Its methods may be used by many goroutines.
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

// Open returns the recorder of a test. Its file is testdata/recordings/ and the
// name of the test, in a form that every system accepts, with the ending .txtar.
// The recorder replays the file, unless [EnvVar] matches the test's name: then
// it records it, and saves it when the test has passed.
//
// When the test ends, it fails if a request was not recorded, whatever the code under test
// made of the error; if a recorded exchange was not used, unless the test has failed
// already; and if a recording cannot be saved or has no exchange. A file that is missing or
// cannot be read fails the test immediately. Nothing is saved, and unused exchanges are no
// error, if a test is skipped, panics, or ends with runtime.Goexit.
//
// Open one recorder per test. Subtests have names, and so files, of their own. A
// second recorder that records the same file fails the test.
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
		t.Logf("recording: %d requests had no response and are not in %s, so that a replay of them fails",
			n, shown(c.file))
	}
}

// checkAfter lets a skipped test pass. What a test that breaks off asked in vain
// may be the reason, and is shown.
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

// Record returns a recorder that sends requests through its transport and writes
// the file when it is closed; an existing file stays until then. It is for
// programs; tests use [Open].
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

// Replay returns a recorder that responds from the file and uses no network. It is
// for programs; tests use [Open]. A file that is missing, broken or of a newer
// version is an error.
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

// Transport returns the transport that records or replays, for any [http.Client]
// or for the Transport of updates.Options. A request that was not recorded is an
// error that is [ErrNotRecorded]; it says what was asked and what the recording
// has. Each attempt of a client that retries is an exchange of its own.
func (r *Recorder) Transport() http.RoundTripper { return r.transport }

// Credential returns the credential for the client: a fake one when replaying, and
// that of [WithCredential] when recording. Its requests for tokens do not go through
// the recorder, so no recording has them.
func (r *Recorder) Credential() azcore.TokenCredential { return r.cred }

// Secret returns a value that must not be in the recording and that the test needs, such
// as the ID of a device in the tester's tenant. While recording it is the value of the
// environment variable UPDATES_SECRET_ and the name in capitals with "_" for "-". The
// recording has the name instead of the value, in any case: where a text is the value, and
// where a request has it in a text. When replaying Secret returns the name.
//
// Names are lower-case letters, digits and single "-" between them. A name of
// another form, a variable that is not set, a value of fewer than 6 characters and
// a value that another name has are errors of every request and of
// [Recorder.Close], before anything is sent; Secret returns the name then. Call
// it before the first request that the value may be in.
func (r *Recorder) Secret(name string) string {
	if r.secrets == nil {
		return name
	}
	return r.secrets.value(name)
}

// IsRecording reports whether requests are sent and recorded, and not replayed. What
// a test does to the simulator between two requests, such as letting a device fail,
// is needed only then: at replay the simulator was asked nothing, and knows none of
// the ids.
func (r *Recorder) IsRecording() bool { return r.secrets != nil }

// Now returns when the recording was made, in UTC and whole seconds: the current time
// while recording. Times in requests that are built from it match when they are replayed.
// They are recorded in properties of the service that have times, and in members that
// [KeepMember] names.
func (r *Recorder) Now() time.Time { return r.now }

// Close ends the recorder; requests fail from then on. A recorder that records writes its
// file. It writes nothing and returns an error if a secret would be in the file, a request
// could not be replayed, there is no exchange, or another program has changed the file in
// the meantime. A recorder that replays returns an error if a request was not recorded or
// a recorded exchange was not used. Further calls return the same error. [Open] closes its
// recorder itself.
func (r *Recorder) Close() error { return r.close() }

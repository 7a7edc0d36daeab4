package recording

import (
	"net/http"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// Option changes how a recorder works. Options that are only about recording may
// be given always.
type Option func(*settings)

// WithTransport says where requests go while recording: to a proxy, or to the simulator.
// nil, and no such option, is [http.DefaultTransport].
func WithTransport(transport http.RoundTripper) Option {
	return func(s *settings) { s.next = transport }
}

// WithCredential says which credential is used while recording. Without it
// [Recorder.Credential] gives no token while recording.
func WithCredential(cred azcore.TokenCredential) Option {
	return func(s *settings) { s.cred = cred }
}

// WithNote puts a remark at the end of the file's first line, such as where the responses
// come from: "made on the simulator". Line breaks become spaces.
func WithNote(text string) Option {
	return func(s *settings) { s.note = strings.Join(strings.Fields(text), " ") }
}

// IgnoreMember leaves a member of request bodies out of the comparison: one whose
// value differs in each run. The path has "/" between members, as in
// "settings/schedule/startDateTime"; arrays on the way are passed through. The
// recording has "ignored" instead of the value.
func IgnoreMember(path string) Option {
	return func(s *settings) { s.ignored = append(s.ignored, strings.Split(path, "/")) }
}

// KeepText keeps a text wherever requests and responses have it, such as one that a
// program puts together. Give it as a literal, so that whoever reads the test sees it. The
// text must pass the secret check.
func KeepText(text string) Option {
	return func(s *settings) { s.texts = append(s.texts, text) }
}

// KeepMember keeps the values of a member of bodies, of an option of queries, or of a field
// of forms, which must be harmless in every tenant: a state, a version, an error message.
// The path has "/" between members, as in "value/status"; arrays on the way are passed
// through. The first line of the file names it.
func KeepMember(path string) Option {
	return func(s *settings) { s.kept = append(s.kept, strings.Split(path, "/")) }
}

// RequireOrder requires that requests come in the order in which they were recorded.
// Without it only the responses to equal requests are ordered.
func RequireOrder() Option {
	return func(s *settings) { s.inOrder = true }
}

// AllowUnused lets recorded exchanges be left over when the recorder is closed.
func AllowUnused() Option {
	return func(s *settings) { s.unused = true }
}

// AllowLarge lifts the bounds on what is recorded: bodies of 1 MiB, and 200
// exchanges in a file. Reviewing a recording is a person's work.
func AllowLarge() Option {
	return func(s *settings) { s.large = true }
}

// settings are what the options of a recorder say.
type settings struct {
	next      http.RoundTripper
	cred      azcore.TokenCredential
	note      string
	ignored   [][]string
	kept      [][]string
	texts     []string
	inOrder   bool
	unused    bool
	large     bool
	getenv    func(string) string
	directory func() (string, error) // of the source of the test
	source    *source                // nil without one
	sourceErr error
	advice    string // how to record again
}

func settingsOf(opts []Option) *settings {
	s := &settings{getenv: os.Getenv, directory: testDirectory, advice: "record it with recording.Record"}
	for _, opt := range opts {
		opt(s)
	}
	if s.next == nil {
		s.next = http.DefaultTransport
	}
	return s
}

// readSource reads what the author of the test wrote.
func (s *settings) readSource() {
	if s.source != nil {
		return
	}
	directory, err := s.directory()
	if err == nil {
		s.source, err = readSource(directory)
	}
	s.sourceErr = err
}

func (s *settings) keptPaths() []string {
	var paths []string
	for _, path := range s.kept {
		paths = append(paths, strings.Join(path, "/"))
	}
	return paths
}

func (s *settings) signIn() azcore.TokenCredential {
	if s.cred == nil {
		return missing{}
	}
	return s.cred
}

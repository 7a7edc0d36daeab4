package recording

import (
	"net/http"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// Option changes how a recorder works. A replay ignores the options that are only for recording.
type Option func(*settings)

// WithTransport sets the transport for recording, such as one with a proxy, or that of the simulator.
// Without this option, or with nil, it is [http.DefaultTransport].
func WithTransport(transport http.RoundTripper) Option {
	return func(s *settings) { s.next = transport }
}

// WithCredential sets the credential for recording. Without this option, [Recorder.Credential] returns no
// token while recording.
func WithCredential(cred azcore.TokenCredential) Option {
	return func(s *settings) { s.cred = cred }
}

// WithNote adds a note to the end of the file's first line, such as "made on the simulator". Line breaks
// become spaces.
func WithNote(text string) Option {
	return func(s *settings) { s.note = strings.Join(strings.Fields(text), " ") }
}

// IgnoreProperty leaves a property of request bodies out of the comparison. Use it if the value differs in
// each run. The path has "/" between properties, as in "settings/schedule/startDateTime"; it also matches
// the properties of objects in arrays. The recording has "ignored" instead of the value.
func IgnoreProperty(path string) Option {
	return func(s *settings) { s.ignored = append(s.ignored, strings.Split(path, "/")) }
}

// KeepText keeps a string everywhere in requests and responses. Use it for a harmless string that the
// program builds. Write it as a literal, so that it can be reviewed in the test. The string must pass the
// secret check.
func KeepText(text string) Option {
	return func(s *settings) { s.texts = append(s.texts, text) }
}

// KeepProperty keeps the values of a property of bodies, a query option, or a form field. The values must be
// harmless in every tenant: a state, a version, an error message. The path has "/" between properties, as in
// "value/status"; it also matches the properties of objects in arrays. The first line of the file names the
// path.
func KeepProperty(path string) Option {
	return func(s *settings) { s.kept = append(s.kept, strings.Split(path, "/")) }
}

// RequireOrder requires that requests are sent in the recorded order. Without this option, only the
// responses to equal requests are ordered.
func RequireOrder() Option {
	return func(s *settings) { s.inOrder = true }
}

// AllowUnused allows recorded exchanges that are unused when the recorder is closed.
func AllowUnused() Option {
	return func(s *settings) { s.unused = true }
}

// AllowLarge lifts the limits of a recording: 1 MiB for a body, and 200 exchanges for a file. The limits
// exist because you have to review a recording before you commit it.
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

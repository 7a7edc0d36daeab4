package call

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/escape"
)

// secrets are the forms of what must not be repeated.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)[^/@\s"']*(@)`),           // user and password of an address
	regexp.MustCompile(`(?i)(https?://[^?\s"']*\?)[^\s"']+`),                  // query of an address
	regexp.MustCompile(`(?i)(authorization:\s*\S+\s+)\S+`),                    // header
	regexp.MustCompile(`(?i)(bearer )\S*[^a-z\s.,;:]\S*`),                     // token, but not the word after it
	regexp.MustCompile(`\beyJ[\w-]{10,}(?:\.[\w-]*)*`),                        // token by its head
	regexp.MustCompile(`(?i)(` + secretNames + `\s*(?:=|%3d))` + value),       // form
	regexp.MustCompile(`(?i)(\\?"` + secretNames + `\\?"\s*:\s*\\?")[^"\\]*`), // JSON
}

const (
	secretNames = `\b(?:client_secret|client_assertion|assertion|access_token|refresh_token|id_token|device_code|code_verifier|` +
		`password|passwd|pwd|secret|sig)`
	value = `(?:"[^"]*"|'[^']*'|[^\s"'&]+)`
)

// scrub takes secrets out of a text that others wrote, as far as they have a form of their own: the service, or a
// transport or credential of the user's own.
func scrub(text string) string {
	for _, secret := range secrets {
		text = secret.ReplaceAllString(text, "${1}…${2}")
	}
	return text
}

// shortestToken is the length of a token that is searched for. Real ones have hundreds of characters; one of a few
// would be found in words.
const shortestToken = 8

// sends notes a token, which no text about the call may have.
func (r *record) sends(token string) {
	if len(token) >= shortestToken && !slices.Contains(r.sent, token) {
		r.sent = append(r.sent, token)
	}
}

// scrub removes the tokens of the call from a string, and everything else that has the form of
// a secret.
func (r *record) scrub(text string) string {
	for _, token := range r.sent {
		text = strings.ReplaceAll(text, token, "…")
	}
	return scrub(text)
}

// keep is what is kept of a text of the service.
func (r *record) keep(text string) string { return short(r.scrub(text)) }

// requestID is the service's ID of the last request.
func (r *record) requestID() string { return escape.Line(r.keep(r.header.Get("request-id"))) }

// describe is the text of an error of others, for errors, logs, and spans.
func (r *record) describe(err error) string { return r.printable(err.Error()) }

// printable is a text of others, for one line.
func (r *record) printable(text string) string { return escape.Line(r.scrub(text)) }

// scrubbed is an error from elsewhere without secrets. errors.Is and errors.As reach the
// original. errors.Unwrap does not, so that it cannot be printed by accident.
type scrubbed struct {
	text     string
	original error
}

func (e *scrubbed) Error() string        { return e.text }
func (e *scrubbed) Is(target error) bool { return errors.Is(e.original, target) }
func (e *scrubbed) As(target any) bool   { return errors.As(e.original, target) }

package call

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"github.com/winupdates/winupdates-go/internal/httptime"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

var (
	errNoObject   = errors.New("the response has no content that can be read")
	errNoID       = errors.New("the response has no ID")
	errNoItems    = errors.New("it has no list of items")
	errNoResponse = errors.New("the transport returned no status")
	errTooLarge   = finalError(fmt.Sprintf("the response is larger than %d bytes", maxBody))
	errPage       = finalError("the response is an HTML page, not JSON; check for a proxy or sign-in page")
)

// finalError is about a response that would be the same at the next attempt.
type finalError string

func (e finalError) Error() string { return string(e) }
func (finalError) NonRetriable()   {}

// isFinal reports whether an error says, in the way of package azcore, that another
// attempt cannot help.
func isFinal(err error) bool {
	var final interface {
		error
		NonRetriable()
	}
	return errors.As(err, &final)
}

// translate makes the one error of a call, or nil, from what its attempts have recorded. err is what
// the adapter returned; it matters only if nothing was sent, or a successful response could not be
// read.
func translate(ctx context.Context, rec *record, err error) error {
	good := rec.err == nil && isSuccess(rec.status)
	switch {
	case good && rec.hasErrorInBody():
		return rec.errorInBody()
	case good && (err == nil || rec.op.accepts), rec.alreadyDeleted():
		return nil
	case good:
		return rec.unreadable(err)
	}
	e := rec.error()
	switch {
	case rec.err != nil:
		e.Err = cause(ctx, rec)
	case rec.status == 0:
		e.Err = cmp.Or(plain(err), errNoResponse)
	case rec.status < 400 && !isPage(rec.body):
		e.Message = "the response is neither a result nor an error; redirects are not followed"
	}
	e.Advice = advice(rec)
	return addSignIn(e)
}

// error is the service's last response as an error.
func (r *record) error() *apierr.Error {
	e := &apierr.Error{
		Op: r.op.Name, Status: r.status, Attempts: r.attempts, OutcomeUnknown: r.unknown(),
		ClientRequestID: r.clientRequestID, RequestID: r.requestID(), ServerTime: httptime.Date(r.header),
	}
	if r.attempts == 0 {
		e.ClientRequestID = ""
	}
	if e.RetryAfter = r.heldFor; r.heldFor == 0 {
		e.RetryAfter, _ = httptime.RetryAfter(r.header)
	}
	if r.status >= 400 {
		readEnvelope(r.body, e, r.keep)
	}
	return e
}

// hasErrorInBody reports whether a body, also one that is not needed, has an error at its top. A large
// body is parsed for it only if it has the word.
func (r *record) hasErrorInBody() bool {
	if !bytes.Contains(r.body, []byte(`rror"`)) {
		return false
	}
	m := members(r.body)
	for _, name := range errorMembers {
		if said := m[name]; said != nil && string(said) != "null" {
			return true
		}
	}
	return false
}

// errorInBody is about a success whose body says that it is none. What a change has done is unknown.
func (r *record) errorInBody() *apierr.Error {
	e := r.error()
	readEnvelope(r.body, e, r.keep)
	e.OutcomeUnknown, e.Advice = r.op.Kind != Read, "the response has an error although its status is a success"
	return e
}

// unreadable is about a successful response with an unreadable body. It has no text of the body.
func (r *record) unreadable(err error) *apierr.Error {
	if !errors.Is(err, errNoObject) && !errors.Is(err, errNoID) {
		err = errors.New("the response could not be read: " + r.scrub(withoutQuotedText(err)))
	}
	if encoding := encodingLeft(r.header); encoding != "" {
		err = fmt.Errorf("the response has the content encoding %q, which the transport has to decode", r.keep(encoding))
	}
	e := r.error()
	e.Err, e.OutcomeUnknown = err, r.op.Kind != Read
	return e
}

// quoted is the part of a parser's error that has what it read.
var quoted = regexp.MustCompile(`(?s)["'].*["']`)

// withoutQuotedText is the text of a parser's error without what it read.
func withoutQuotedText(err error) string { return quoted.ReplaceAllString(err.Error(), "…") }

// cause is what ended a call locally. A failure of the connection is marked as such; the errors of the
// caller's own context stay as they are. The context distinguishes them from the timeouts of a
// transport, which are equal.
func cause(ctx context.Context, rec *record) error {
	err := plain(rec.err)
	if rec.attempts == 0 || isNamed(err) || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	return &noResponse{&scrubbed{rec.describe(err), err}}
}

// isNamed reports whether an error has a class already.
func isNamed(err error) bool {
	_, named := errors.AsType[*namedError](err)
	_, signIn := errors.AsType[*signInError](err)
	return named || signIn
}

// plain takes the addresses that net/http adds out of an error, since they have
// queries.
func plain(err error) error {
	if signIn, ok := errors.AsType[*signInError](err); ok {
		return signIn // which has none, but its cause may
	}
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err
}

// noResponse is a failure between here and the service.
type noResponse struct{ *scrubbed }

func (e *noResponse) Unwrap() error        { return e.scrubbed }
func (e *noResponse) Is(target error) bool { return target == apierr.ErrUnavailable }

// namedError is a local failure that belongs to a class.
type namedError struct {
	class error
	text  string
}

func (e *namedError) Error() string        { return e.text }
func (e *namedError) Is(target error) bool { return target == e.class }
func (*namedError) NonRetriable()          {}

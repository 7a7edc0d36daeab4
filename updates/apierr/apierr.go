// Package apierr has the errors of the SDK.
//
// Every failed call returns an [*Error]: which operation failed, what the
// service answered, and what is known about the effect. What to do about it is
// asked with errors.Is and one of the classes:
//
//	d, err := client.Deployments().Get(ctx, id)
//	switch {
//	case errors.Is(err, apierr.ErrNotFound):
//		// There is no such deployment.
//	case errors.Is(err, apierr.ErrUnknownOutcome):
//		// A change may or may not have taken effect: look before repeating it.
//	case err != nil:
//		return err
//	}
//
// An error can belong to several classes. A write that was answered with 503 is
// both [ErrUnavailable] and [ErrUnknownOutcome]. The context's errors stay
// visible: errors.Is(err, context.DeadlineExceeded) works on any of them.
//
// Bad input is refused before anything is sent, with one [*FieldError] for each
// thing that is wrong, and of a list of ids for the first wrong one; all of them
// are [ErrInvalid].
//
// Texts are for people and may change; classes, fields and codes are for
// programs. No text contains a token, a header, a query or a body.
package apierr

import "errors"

// Classes of errors, to be compared with errors.Is.
var (
	// ErrInvalid: the request is wrong and will be refused again: a value that
	// was checked before sending, or status 400, 405, 411, 413, 415, 422 or another
	// one below 500 that no other class has.
	ErrInvalid = errors.New("invalid request")
	// ErrUnauthorized: status 401, or the credential gave no token.
	ErrUnauthorized = errors.New("not authenticated")
	// ErrForbidden: status 403 or 402. The error's Advice says whether to look at
	// permission, directory role or licence.
	ErrForbidden = errors.New("not permitted")
	// ErrNotFound: status 404 or 410, or a search without a result.
	ErrNotFound = errors.New("not found")
	// ErrConflict: status 409, 412 or 423: the state of the service does not
	// allow the request now.
	ErrConflict = errors.New("conflict")
	// ErrThrottled: status 429, after the retries that were allowed.
	ErrThrottled = errors.New("throttled")
	// ErrUnavailable: status 408 or 500 and above, or no answer at all, after
	// the retries that were allowed.
	ErrUnavailable = errors.New("service unavailable")
	// ErrUnknownOutcome: a change was sent and may have taken effect, but no
	// answer says so. A create is never repeated in this case; look for its
	// result before trying again.
	ErrUnknownOutcome = errors.New("outcome unknown")
	// ErrTooMany: a list holds more items than the caller allowed.
	ErrTooMany = errors.New("too many items")
	// ErrAmbiguous: a search for one object found several, or one that may not be the
	// right one. The error is an [*AmbiguousError], which lists their IDs.
	ErrAmbiguous = errors.New("ambiguous result")
)

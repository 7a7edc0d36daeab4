package apierr

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/escape"
)

// Error is a failed call: the operation, the response of the service, and what is known about the
// effect. Use errors.As to get it, because other errors of the SDK wrap it.
type Error struct {
	// Op is the operation, such as "deployments.Create".
	Op string
	// Status is the HTTP status of the last response; 0 if there was none.
	Status int
	// Code is the most specific error code of the service, such as "Authorization_RequestDenied".
	Code string
	// Message is the human-readable message of the service.
	Message string
	// RequestID is the service's ID of the last request. Microsoft support asks for it.
	RequestID string
	// ClientRequestID is the ID that the SDK sent; all attempts of a call share it.
	ClientRequestID string
	// RetryAfter is the delay that the service requested, or the one until a call that was held back may be
	// sent; 0 for none.
	RetryAfter time.Duration
	// ServerTime is the service's time of the response; zero if unknown.
	ServerTime time.Time
	// Attempts is the number of requests that were sent, retries included; 0 if none was.
	Attempts int
	// Details are further errors in the response; usually nil.
	Details []Detail
	// Advice says what to check, if that is known.
	Advice string
	// OutcomeUnknown reports whether a change might have taken effect although the call failed. The
	// error is ErrUnknownOutcome then.
	OutcomeUnknown bool
	// Err is the local cause: a [*FieldError], or an error of the context, the connection, or the
	// credential. It is nil if the service rejected the request. If the operation sends several requests,
	// Err can be the Error of one of them; the other fields are copies of its fields. errors.Unwrap returns
	// Err.
	Err error
}

// Detail is one further error in a response.
type Detail struct {
	// Code is the error code.
	Code string
	// Message is the human-readable message.
	Message string
	// Target is the part of the request that the detail is about; often empty.
	Target string
}

// Error returns one line: operation, status and code, message, first detail, and cause, then the
// requested delay, an unknown outcome, advice, and request ID. Unknown parts are left out.
func (e *Error) Error() string {
	if _, ok := errors.AsType[*Error](e.Err); ok { // which has all that e has, and says it
		return oneLine(joined(": ", e.Op, withoutOps(e.Err)))
	}
	text := joined(": ", e.Op, e.statusAndCode(), e.Message, e.firstDetail(), e.cause())
	text = joined("; ", text, e.requestedDelay(), e.outcome(), e.Advice)
	if e.RequestID != "" {
		text += " (request-id " + e.RequestID + ")"
	}
	return oneLine(text)
}

// withoutOps is the text of an error without the operations that it names.
func withoutOps(err error) string {
	text := err.Error()
	for _, op := range opsOf(err) {
		text = strings.ReplaceAll(text, op+": ", "")
	}
	return text
}

// opsOf returns the operations of all Errors in err, perhaps several times.
func opsOf(err error) []string {
	var ops []string
	if e, ok := errors.AsType[*Error](err); ok {
		ops = opsOf(e.Err)
		if e.Op != "" {
			ops = append(ops, e.Op)
		}
	}
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		for _, one := range joined.Unwrap() {
			ops = append(ops, opsOf(one)...)
		}
	}
	return ops
}

// joined leaves out empty parts.
func joined(separator string, parts ...string) string {
	known := slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(known, separator)
}

func (e *Error) firstDetail() string {
	if len(e.Details) == 0 || e.Details[0].Message == e.Message {
		return ""
	}
	return e.Details[0].Message
}

func (e *Error) cause() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

func (e *Error) requestedDelay() string {
	if e.RetryAfter <= 0 {
		return ""
	}
	return fmt.Sprintf("retry after %v", e.RetryAfter)
}

func (e *Error) outcome() string {
	if !e.OutcomeUnknown {
		return ""
	}
	return "the change might have taken effect"
}

func (e *Error) statusAndCode() string {
	if e.Status == 0 {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code))
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the error is the sentinel error target.
func (e *Error) Is(target error) bool {
	if target == ErrUnknownOutcome {
		return e.OutcomeUnknown
	}
	return target == classOf(e.Status)
}

func classOf(status int) error {
	switch status {
	case 0:
		return nil
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden, http.StatusPaymentRequired:
		return ErrForbidden
	case http.StatusNotFound, http.StatusGone:
		return ErrNotFound
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusLocked:
		return ErrConflict
	case http.StatusTooManyRequests:
		return ErrThrottled
	case http.StatusRequestTimeout, http.StatusProxyAuthRequired: // the latter is of a proxy
		return ErrUnavailable
	}
	switch {
	case status >= 500:
		return ErrUnavailable
	case status >= 400:
		return ErrInvalid
	}
	return nil
}

// oneLine keeps messages of the service and joined errors on one line.
func oneLine(s string) string {
	return escape.Line(strings.NewReplacer("\r\n", "; ", "\n", "; ").Replace(s))
}

// FieldError is one invalid value. The SDK sent nothing because of it. It is [ErrInvalid].
type FieldError struct {
	// Field is the path of the value, such as "Settings.Schedule.Rollout".
	Field string
	// Value is the invalid value; empty if there is none to show. It is never a secret.
	Value string
	// Rule says what is allowed, such as "must be 1 to 100".
	Rule string
}

// Error returns field, rule, and value on one line, as in "Days must be 1 to 30 (got 31)".
func (e *FieldError) Error() string {
	if e.Value == "" {
		return oneLine(e.Field + " " + e.Rule)
	}
	return oneLine(fmt.Sprintf("%s %s (got %s)", e.Field, e.Rule, e.Value))
}

// Is reports whether target is ErrInvalid.
func (e *FieldError) Is(target error) bool { return target == ErrInvalid }

// AmbiguousError is the error of a search for one object that found several, or one
// that may not be the right one. It is [ErrAmbiguous]. Compare the candidates before you
// use or delete any of them.
type AmbiguousError struct {
	// IDs are the IDs of the candidates, one or more.
	IDs []string
	// Err is why the search was made or how it ended. For a method such as CreateOnce it
	// is the lost response, which is ErrUnknownOutcome. errors.Unwrap returns it.
	Err error
}

// Error returns Err and the IDs on one line.
func (e *AmbiguousError) Error() string {
	noun := "candidates"
	if len(e.IDs) == 1 {
		noun = "candidate"
	}
	return oneLine(fmt.Sprintf("%v; %d %s: %s", e.Err, len(e.IDs), noun, strings.Join(e.IDs, ", ")))
}

// Unwrap returns Err.
func (e *AmbiguousError) Unwrap() error { return e.Err }

// Is reports whether target is ErrAmbiguous.
func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// LimitError is the error of a call that would reach more devices than updates.Limits allows. It is
// [ErrTooManyDevices]; nothing was sent.
type LimitError struct {
	// Limit is the name of the limit, such as "Limits.Unenrollments".
	Limit string
	// Count is the number of devices that the call would reach.
	Count int
	// Max is the largest number that is allowed.
	Max int
	// Effect is what would happen to the devices, such as "unenrolled".
	Effect string
	// Advice is what else to know, and what to do if the number is right.
	Advice string
}

// Error returns number, effect, limit, and advice on one line.
func (e *LimitError) Error() string {
	text := fmt.Sprintf("%v: %d would be %s, limit %d (%s)", ErrTooManyDevices, e.Count, e.Effect, e.Max, e.Limit)
	return oneLine(joined("; ", text, e.Advice))
}

// Is reports whether target is ErrTooManyDevices.
func (e *LimitError) Is(target error) bool { return target == ErrTooManyDevices }

// ProtectedError is the error of a call that would change a device or group of updates.Limits.Protected.
// It is [ErrProtected]; nothing was sent.
type ProtectedError struct {
	// Field is the path of the value, such as "deviceIDs[3]".
	Field string
	// ID is the protected ID.
	ID string
}

// Error returns field, rule, and ID on one line.
func (e *ProtectedError) Error() string {
	return oneLine(fmt.Sprintf("%s must not be in Limits.Protected (got %q)", e.Field, e.ID))
}

// Is reports whether target is ErrProtected.
func (e *ProtectedError) Is(target error) bool { return target == ErrProtected }

// StatusOf returns the HTTP status of the [*Error] in err, or 0. Use it for logs and metrics; compare errors
// by errors.Is.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

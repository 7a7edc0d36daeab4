package apierr

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Error is a call that failed. It is returned by every operation of the SDK.
type Error struct {
	// Op names the operation, such as "deployments.Create".
	Op string
	// Status is the HTTP status of the last answer; 0 when there was none.
	Status int
	// Code is the most specific code that the service gave, such as
	// "Authorization_RequestDenied"; empty when it gave none.
	Code string
	// Message is the text of the service for people; empty when it gave none.
	Message string
	// RequestID is the service's id of the last request; support asks for it.
	RequestID string
	// ClientRequestID is the id that was sent; all attempts of a call share it.
	ClientRequestID string
	// RetryAfter is how long the service asked to wait; 0 when it did not.
	RetryAfter time.Duration
	// ServerTime is the clock of the service when it answered; zero when unknown.
	ServerTime time.Time
	// Attempts counts the requests that were sent, retries included; 0 when
	// nothing was sent.
	Attempts int
	// Details are further errors that the service listed; usually nil.
	Details []Detail
	// Advice says what to check, where that is known; empty otherwise.
	Advice string
	// OutcomeUnknown is whether a change may have taken effect although the call
	// failed. The error is ErrUnknownOutcome then.
	OutcomeUnknown bool
	// Err is the cause on this side: a [*FieldError], an error of the context,
	// of the connection or of the credential. It is nil when the service
	// refused the request, and is what errors.Unwrap returns.
	Err error
}

// Detail is one further error in an answer of the service.
type Detail struct {
	// Code is the code of the detail.
	Code string
	// Message is its text for people.
	Message string
	// Target is the part of the request that it is about; often empty.
	Target string
}

// Error returns one line: operation, status, code, message, the first detail,
// cause, how long the service asked to wait, advice and request id, as far as they
// are known.
func (e *Error) Error() string {
	known := slices.DeleteFunc(e.parts(), func(part string) bool { return part == "" })
	text := strings.Join(known, ": ")
	if e.Advice != "" {
		text += "; " + e.Advice
	}
	if e.RequestID != "" {
		text += " (request-id " + e.RequestID + ")"
	}
	return oneLine(text)
}

// parts are what the text has before the advice; what is not known is empty.
func (e *Error) parts() []string {
	parts := []string{e.Op, e.statusAndCode(), e.Message}
	if len(e.Details) > 0 && e.Details[0].Message != e.Message {
		parts = append(parts, e.Details[0].Message)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if e.RetryAfter > 0 {
		parts = append(parts, fmt.Sprintf("it asks to wait %v", e.RetryAfter))
	}
	if e.OutcomeUnknown {
		parts = append(parts, "the change may have taken effect")
	}
	return parts
}

func (e *Error) statusAndCode() string {
	if e.Status == 0 {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code))
}

// Unwrap returns the cause on this side, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the error belongs to the class target.
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
	case http.StatusRequestTimeout:
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

// oneLine keeps texts of the service and joined errors on one line.
func oneLine(s string) string {
	s = strings.ReplaceAll(s, "\n", "; ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// FieldError is one value that was refused before anything was sent. It is
// ErrInvalid.
type FieldError struct {
	// Field is the path of the value, such as "Settings.Schedule.Rollout".
	Field string
	// Value is the refused value as text; empty for none. Never a secret.
	Value string
	// Rule says what would be allowed, such as "must be 1 to 100".
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

// StatusOf returns the HTTP status of the answer that made a call fail, or 0.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

package apierr_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAStatusBelongsToAClass(t *testing.T) {
	t.Parallel()
	all := []error{
		apierr.ErrInvalid, apierr.ErrUnauthorized, apierr.ErrForbidden, apierr.ErrNotFound, apierr.ErrConflict,
		apierr.ErrThrottled, apierr.ErrUnavailable, apierr.ErrUnknownOutcome, apierr.ErrTooMany, apierr.ErrAmbiguous,
		apierr.ErrTooManyDevices, apierr.ErrProtected,
	}
	classes := map[int]error{
		0: nil, 200: nil, 302: nil,
		400: apierr.ErrInvalid, 405: apierr.ErrInvalid, 406: apierr.ErrInvalid, 411: apierr.ErrInvalid, 413: apierr.ErrInvalid,
		415: apierr.ErrInvalid, 416: apierr.ErrInvalid, 422: apierr.ErrInvalid,
		401: apierr.ErrUnauthorized, 402: apierr.ErrForbidden, 403: apierr.ErrForbidden, 404: apierr.ErrNotFound, 410: apierr.ErrNotFound,
		409: apierr.ErrConflict, 412: apierr.ErrConflict, 423: apierr.ErrConflict, 429: apierr.ErrThrottled,
		407: apierr.ErrUnavailable, 408: apierr.ErrUnavailable, 500: apierr.ErrUnavailable, 503: apierr.ErrUnavailable, 504: apierr.ErrUnavailable,
		509: apierr.ErrUnavailable,
	}
	for status, want := range classes {
		err := fmt.Errorf("wrapped: %w", &apierr.Error{Op: "x", Status: status})
		for _, class := range all {
			require.Equal(t, errors.Is(want, class), errors.Is(err, class), "%d %v", status, class)
		}
		require.Equal(t, status, apierr.StatusOf(err))
	}
}

func TestAnErrorIsAlsoItsCause(t *testing.T) {
	t.Parallel()
	err := &apierr.Error{Op: "x", Status: 503, OutcomeUnknown: true, Err: context.Canceled}
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, apierr.ErrUnavailable)
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.NotErrorIs(t, &apierr.Error{Op: "x", Status: 503}, apierr.ErrUnknownOutcome)
	require.Zero(t, apierr.StatusOf(context.Canceled))
}

func TestTheErrorSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	tests := map[string]*apierr.Error{
		"deployments.Get":                     {Op: "deployments.Get"},
		"deployments.Get: 404":                {Op: "deployments.Get", Status: 404},
		"deployments.Get: 404 NotFound: gone": {Op: "deployments.Get", Status: 404, Code: "NotFound", Message: "gone"},
		"a: 403 C: m; check the role (request-id r)": {
			Op: "a", Status: 403, Code: "C", Message: "m", Advice: "check the role", RequestID: "r",
		},
		"a: context canceled; the change might have taken effect": {Op: "a", OutcomeUnknown: true, Err: context.Canceled},
		"a: 400 C: m: d": {Op: "a", Status: 400, Code: "C", Message: "m", Details: []apierr.Detail{{Code: "D", Message: "d"}}},
		"a: 409 C: m":    {Op: "a", Status: 409, Code: "C", Message: "m", Details: []apierr.Detail{{Code: "D", Message: "m"}}},
		"a: 400 C: m":    {Op: "a", Status: 400, Code: "C", Message: "m", Details: []apierr.Detail{{Code: "D"}}},
		"not found":      {Err: apierr.ErrNotFound},
		"":               {},
	}
	for want, err := range tests {
		require.EqualError(t, err, want)
	}
}

func TestAnErrorIsOneLineWhateverItsParts(t *testing.T) {
	t.Parallel()
	const nasty = "a\nb\r\nc\td\u2028e\u2029f\u0085g\x1b[31mh\x00i\x7fj\u202ek\u2066l\u200fm\u061cn"
	for _, err := range []error{
		&apierr.Error{
			Op: nasty, Status: 400, Code: nasty, Message: nasty, RequestID: nasty, Advice: nasty,
			Err: errors.Join(errors.New(nasty), errors.New("z")),
		},
		&apierr.FieldError{Field: nasty, Value: nasty, Rule: nasty},
		&apierr.AmbiguousError{IDs: []string{nasty, nasty}, Err: errors.New(nasty)},
		&apierr.LimitError{Limit: nasty, Effect: nasty, Advice: nasty},
		&apierr.ProtectedError{Field: nasty, ID: nasty},
	} {
		require.Equal(t, -1, strings.IndexFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }))
	}
}

func TestWhatCannotBePrintedIsEscaped(t *testing.T) {
	t.Parallel()
	err := &apierr.Error{Op: "a", Message: "one\r\ntwo\nthree\tfour \x1b[31m \u202e \u2028 \x7f \u00a0é\u200d"}
	require.EqualError(t, err, `a: one; two; three four \u001b[31m \u202e \u2028 \u007f `+"\u00a0é\u200d")
}

func TestAFieldErrorNamesFieldValueAndRule(t *testing.T) {
	t.Parallel()
	require.EqualError(t, &apierr.FieldError{Field: "Days", Value: "31", Rule: "must be 1 to 30"}, "Days must be 1 to 30 (got 31)")
	require.EqualError(t, &apierr.FieldError{Field: "id", Rule: "must not be empty"}, "id must not be empty")
	require.ErrorIs(t, fmt.Errorf("x: %w", &apierr.FieldError{}), apierr.ErrInvalid)
	require.NotErrorIs(t, &apierr.FieldError{}, apierr.ErrNotFound)
}

func TestALimitIsReportedWithTheNumberAndTheEffect(t *testing.T) {
	t.Parallel()
	over := &apierr.LimitError{Limit: "Limits.Additions", Count: 11, Max: 10, Effect: "added"}
	require.EqualError(t, over, "too many devices: 11 would be added, limit 10 (Limits.Additions)")
	over.Advice = "set Expecting"
	require.EqualError(t, over, "too many devices: 11 would be added, limit 10 (Limits.Additions); set Expecting")
	require.ErrorIs(t, &apierr.Error{Err: over}, apierr.ErrTooManyDevices)
	require.NotErrorIs(t, over, apierr.ErrInvalid)
	protected := &apierr.ProtectedError{Field: "deviceIDs[3]", ID: "x"}
	require.EqualError(t, protected, `deviceIDs[3] must not be in Limits.Protected (got "x")`)
	require.ErrorIs(t, &apierr.Error{Err: protected}, apierr.ErrProtected)
	require.NotErrorIs(t, protected, apierr.ErrTooManyDevices)
}

func TestCandidatesAreListedAfterTheCause(t *testing.T) {
	t.Parallel()
	lost := &apierr.Error{Op: "deployments.Create", Status: 503, OutcomeUnknown: true}
	err := fmt.Errorf("at night: %w", &apierr.AmbiguousError{IDs: []string{"a", "b"}, Err: lost})
	require.EqualError(t, err, "at night: deployments.Create: 503; the change might have taken effect; 2 candidates: a, b")
	require.EqualError(t, &apierr.AmbiguousError{IDs: []string{"a"}, Err: context.Canceled}, "context canceled; 1 candidate: a")
	require.ErrorIs(t, err, apierr.ErrAmbiguous)
	require.NotErrorIs(t, err, apierr.ErrTooMany)
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.ErrorIs(t, err, apierr.ErrUnavailable)
	require.NotErrorIs(t, err, apierr.ErrNotFound)
}

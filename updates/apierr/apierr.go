// Package apierr defines the errors of the SDK. Use it to decide what to do about a failed call.
//
// Compare an error with a sentinel error by errors.Is. Use errors.As (or errors.AsType) to get an [*Error]
// with the details; many errors, such as audience.EditError, wrap one:
//
//	d, err := client.Deployments().Get(ctx, id)
//	switch {
//	case errors.Is(err, apierr.ErrNotFound):
//		// The deployment does not exist.
//	case errors.Is(err, apierr.ErrUnknownOutcome):
//		// A change might have taken effect: check before you retry.
//	case err != nil:
//		return err
//	}
//
// An error can match several sentinel errors. A write that got status 503 is both [ErrUnavailable] and
// [ErrUnknownOutcome]. Context errors stay visible: errors.Is(err, context.DeadlineExceeded) works on every
// error.
//
// The SDK validates input before it sends anything. It reports every problem as a [*FieldError], and
// for a list of IDs the first invalid one; all of them are [ErrInvalid].
//
// # What to do
//
// When a call returns an error, the SDK has already retried it where that was safe. The end of the context
// ends retries and delays early.
//
//	error              when                          the SDK has                  what to do
//	ErrInvalid         a value that it rejects,      sent nothing, or once        read field or Message, fix the value
//	                   or 400 and other 4xx
//	ErrUnauthorized    no token, or 401              sent nothing, or sent it     read the code AADSTS… or Advice;
//	                                                 again with a new token       sign in again
//	ErrForbidden       403, 402                      sent it once                 read Advice: permission, role, license
//	ErrNotFound        404, 410, an empty search     sent it once; retried 404    check the ID; wait if it is new
//	                                                 for what it has just
//	                                                 created
//	ErrConflict        409, 412, 423                 retried 409 and 423 that     read the object, decide again
//	                                                 have Retry-After, but
//	                                                 no create
//	ErrThrottled       429                           retried it, and made all     wait for RetryAfter; use one client
//	                                                 calls of the client wait
//	ErrUnavailable     408, 5xx, no response; 407    retried it, but no create    call again later; check proxy and
//	                   of a proxy                    that may have succeeded,     network
//	                                                 and no 407
//	ErrUnknownOutcome  a change without a response   retried it, but no create    check whether it happened; create
//	                                                                              with CreateOnce
//	ErrTooMany         more items than Collect may   stopped reading              raise the limit, or range over All
//	ErrAmbiguous       several results of a search   changed nothing further      compare AmbiguousError.IDs
//	ErrTooManyDevices  more devices than             changed nothing              check the list, or set Expecting
//	                   updates.Limits allows
//	ErrProtected       a device that                 changed nothing              take it out of the list
//	                   updates.Limits protects
//
// # Conventions
//
// Error strings are for display and can change. Programs use sentinel errors, fields, and codes. No string
// contains a token, a header, a query, or a body. Control characters in strings are escaped; the fields
// Message and Details have the messages of the service, without tokens, but not escaped.
package apierr

import "errors"

// The sentinel errors, for errors.Is.
var (
	// ErrInvalid: the request is invalid, and a retry fails again. The SDK rejected a value, or the service
	// returned 400, 405, 411, 413, 415, 422, or a 4xx status that is not named below.
	ErrInvalid = errors.New("invalid request")
	// ErrUnauthorized: the service returned 401, also for a new token if the credential has one. Or the
	// credential returned no token, or one for another service or cloud, which is not sent.
	ErrUnauthorized = errors.New("not authenticated")
	// ErrForbidden: the service returned 403 or 402. Error.Advice says whether to check permissions,
	// directory roles, or licenses.
	ErrForbidden = errors.New("not permitted")
	// ErrNotFound: the service returned 404 or 410, or a search found nothing. A 404 for an object that the
	// client has created in the last two minutes has been retried.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the service returned 409, 412, or 423: its state does not allow the request now.
	// If a 409 or 423 has a Retry-After header, the SDK has retried it, except for creates.
	ErrConflict = errors.New("conflict")
	// ErrThrottled: the service returned 429 until the allowed retries ended.
	ErrThrottled = errors.New("throttled")
	// ErrUnavailable: the service returned 408 or a 5xx status, or no response, until the allowed
	// retries ended; or a proxy returned 407.
	ErrUnavailable = errors.New("service unavailable")
	// ErrUnknownOutcome: a change was sent and might have taken effect, but no response confirms it.
	// The SDK never retries a create in this case. Look for the result before you try again.
	ErrUnknownOutcome = errors.New("outcome unknown")
	// ErrTooMany: a list has more items than the caller allowed.
	ErrTooMany = errors.New("too many items")
	// ErrAmbiguous: a search for one object found several, or one that might not be the right one.
	// The error is an [*AmbiguousError], which lists their IDs.
	ErrAmbiguous = errors.New("ambiguous result")
	// ErrTooManyDevices: the call would reach more devices than updates.Limits allows, and nothing was
	// sent. The error is a [*LimitError], with the number, the limit, and what would happen.
	ErrTooManyDevices = errors.New("too many devices")
	// ErrProtected: the call would change a device or group that updates.Limits protects, and nothing was
	// sent. The error is a [*ProtectedError].
	ErrProtected = errors.New("protected")
)

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// advice says what to do about an error.
func advice(err error) string {
	if e, ok := errors.AsType[*audience.MembershipError](err); ok {
		return fmt.Sprintf("%d devices did not arrive", len(e.Remaining.AddMembers))
	}
	if e, ok := errors.AsType[*deployments.WaitError](err); ok && e.Last != nil {
		return fmt.Sprintf("the deployment is still %s", e.Last.State.Effective)
	}
	var field *apierr.FieldError
	switch {
	case errors.As(err, &field):
		return "correct " + field.Field
	case errors.Is(err, apierr.ErrForbidden), errors.Is(err, apierr.ErrUnauthorized):
		return "ask an administrator"
	case errors.Is(err, apierr.ErrNotFound):
		return "check the name"
	case errors.Is(err, apierr.ErrUnknownOutcome):
		return "look whether it happened, and only then try again"
	case errors.Is(err, apierr.ErrThrottled), errors.Is(err, apierr.ErrUnavailable):
		return "try again later"
	}
	return "tell the authors, with request id " + requestID(err)
}

func requestID(err error) string {
	if e, ok := errors.AsType[*apierr.Error](err); ok {
		return e.RequestID
	}
	return "unknown"
}

// count asks a route as the SDK would, for what it has no method for.
func (t *tool) count(ctx context.Context, route string) (int, error) {
	var page struct{ Value []struct{ ID string } }
	err := t.client.Call(ctx, http.MethodGet, route, nil, &page)
	return len(page.Value), err
}

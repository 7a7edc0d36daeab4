package call

import (
	"context"
	"errors"
	"net/http"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Patch sends a change like [Exec]. If the service rejects it after an attempt whose
// response was lost, that attempt may have taken effect: then Patch asks holds until the
// sent values are reported, and returns nil; otherwise, after as many attempts as a call
// has, the rejection.
func Patch(ctx context.Context, c *Client, op Op,
	send func(context.Context, *graph.Client) error, holds func(context.Context) (bool, error),
) (err error) {
	defer c.Span(&ctx, op.Name)(&err)
	return c.settle(ctx, Exec(ctx, c, op, send), holds)
}

func (c *Client) settle(ctx context.Context, err error, holds func(context.Context) (bool, error)) error {
	var refusal *apierr.Error
	if !errors.As(err, &refusal) || !refusal.OutcomeUnknown {
		return err
	}
	if refusal.Status != http.StatusBadRequest && refusal.Status != http.StatusConflict {
		return err
	}
	for attempt := 1; attempt <= c.retry.MaxAttempts; attempt++ {
		ok, readErr := holds(ctx)
		if ok {
			return nil
		}
		if readErr != nil {
			return err
		}
		if attempt < c.retry.MaxAttempts && sleep(ctx, c.retry.backoff(ctx, attempt)) != nil {
			break
		}
	}
	return err
}

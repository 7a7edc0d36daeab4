package call

import (
	"context"
	"errors"
	"net/http"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Settle decides about a PATCH that was refused after an attempt whose answer was
// lost: the refusal can mean that the lost attempt has taken effect. It asks holds
// until the sent values show, and returns nil then; otherwise, after as many
// attempts as a call has, the refusal.
func (c *Client) Settle(ctx context.Context, err error, holds func(context.Context) (bool, error)) error {
	var refusal *apierr.Error
	if !errors.As(err, &refusal) || !refusal.Unknown {
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
		if attempt < c.retry.MaxAttempts && sleep(ctx, c.retry.backoff(attempt)) != nil {
			break
		}
	}
	return err
}

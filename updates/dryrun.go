package updates

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// DryRunRequest is a request that would change something, and was not sent.
type DryRunRequest struct {
	// Op names the operation, such as "deployments.Create".
	Op string `json:"op"`
	// Method is POST, PATCH, PUT or DELETE.
	Method string `json:"method"`
	// Path is where it would go: below the service's root, as [Client.Call] takes
	// it, with the query if there is one.
	Path string `json:"path"`
	// Body is what would be sent, without white space and with sorted members, so
	// that equal requests have equal bodies; nil for none.
	Body json.RawMessage `json:"body,omitempty"`
}

// String returns the request as a person reviews it: like an HTTP message, with an
// indented body, without the headers that every request has.
func (r DryRunRequest) String() string {
	head := r.Method + " " + call.Root + r.Path
	if len(r.Body) == 0 {
		return head
	}
	var body bytes.Buffer
	if json.Indent(&body, r.Body, "", "  ") != nil {
		return head + "\n\n" + string(r.Body)
	}
	return head + "\nContent-Type: application/json\n\n" + body.String()
}

// ErrDryRunIncomplete is in the error of a preview that could not go on, because the
// next step depends on what the service makes of a change that was not sent.
var ErrDryRunIncomplete = call.ErrBeyondPreview

// DryRun runs a function with a client that sends no change, and returns the
// requests that it would have sent instead, in their order. Reads go to the
// service, with the authentication of c, and show it as it is: without the changes
// that were only previewed. While nothing is read no token is needed.
//
// A change is answered with 202 and no body, as the service does. A create is
// answered with what was to be made and an id that is easily known as made up, such
// as "00000000-0000-0000-0000-000000000001"; a deployment without an audience gets
// one of its own. Changes of those can be previewed too.
//
// The preview ends, with [ErrDryRunIncomplete], where it would have to guess: at a read
// of what only exists in the preview, and at a pause of a method that waits for
// something, be it to verify its own change as Sync does. It also ends at a call with
// another client or another context than do was given. Every call after the end
// fails, whatever do makes of the error, so the requests that are returned are those
// that would be sent first.
//
// So it ends at Approve and Suspend of QualityPolicies for a policy that do has
// made: they look first whether the update was decided on, and what is in such a
// policy depends on everything that was to be sent before. It ends at
// [teardown.Client.Run] too, which waits between its steps; what that would do is what
// [teardown.Client.Plan] is for. Likewise, [audience.Client.Plan] shows what a Sync
// would change.
//
// The requests are returned beside an error too. The error is that of do, joined
// with what ended the preview if do has not returned that. What do does without the
// client is done.
//
// What the service would answer is not known: a request can be in the preview and
// be refused later.
//
//   - Graph: none, the function's changes are not sent and its reads are its own
//   - Permission: WindowsUpdates.Read.All
//   - Page: none, it is work of this SDK
func (c *Client) DryRun(ctx context.Context, do func(ctx context.Context, c *Client) error) ([]DryRunRequest, error) {
	const op = "updates.DryRun"
	if do == nil {
		return nil, call.Invalid(op, &apierr.FieldError{Field: "do", Rule: "must not be nil"})
	}
	within, client, preview, err := c.call.Preview(ctx)
	if err != nil {
		return nil, &apierr.Error{Op: op, Err: err}
	}
	defer func() { _, _ = preview.Close() }() // also when do panics
	err = do(within, &Client{call: client})
	kept, ended := preview.Close()
	if ended != nil && !errors.Is(err, ErrDryRunIncomplete) {
		err = errors.Join(err, &apierr.Error{Op: op, Err: ended})
	}
	return previewed(kept), err
}

func previewed(kept []call.HeldRequest) []DryRunRequest {
	requests := make([]DryRunRequest, 0, len(kept))
	for _, k := range kept {
		requests = append(requests, DryRunRequest(k))
	}
	return requests
}

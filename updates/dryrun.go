package updates

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// DryRunRequest is a request of a dry run. It would change something and was not sent.
type DryRunRequest struct {
	// Op is the operation, such as "deployments.Create".
	Op string `json:"op"`
	// Method is POST, PATCH, PUT, or DELETE.
	Method string `json:"method"`
	// Path is the path and query, in the form that [Client.Call] takes.
	Path string `json:"path"`
	// Body is the body, or nil. It has no white space and sorted properties, so equal requests have equal
	// bodies.
	Body json.RawMessage `json:"body,omitempty"`
}

// String returns the request for review: an HTTP message with an indented body, without common headers.
func (r DryRunRequest) String() string {
	head := wire.Line("", r.Method, " ", call.Root, r.Path)
	if len(r.Body) == 0 {
		return head
	}
	var body bytes.Buffer
	if json.Indent(&body, r.Body, "", "  ") != nil {
		return head + "\n\n" + wire.Line("", string(r.Body))
	}
	return head + "\nContent-Type: application/json\n\n" + printable(body.String())
}

// printable escapes characters that could disguise a line.
func printable(lines string) string {
	out := strings.Split(lines, "\n")
	for i, line := range out {
		out[i] = wire.Line("", line)
	}
	return strings.Join(out, "\n")
}

// ErrDryRunIncomplete means that a dry run ended early, because the next step depends on the effect of a
// change that was not sent.
var ErrDryRunIncomplete = call.ErrDryRunIncomplete

// DryRun calls do with a client that sends no changes, and returns the requests that do would have sent, in
// their order. Use it to review a change before you make it.
//
// Reads are sent, with the authentication of c, and do not include changes of the dry run. A dry run without
// reads needs no token. Changes return 202 without a body. Creates return the object with an ID that is
// recognizable as fake, such as "00000000-0000-0000-0000-000000000001"; a deployment without an audience gets
// one.
//
// The dry run ends early, with [ErrDryRunIncomplete], if it would have to guess:
//   - The function reads an object that exists only in the dry run.
//   - A method waits, for example to verify a change as Sync does.
//   - A call has another client or context than those passed to do.
//
// All calls after that fail, so the requests are those that would be sent first.
//
// A policy of package policies that do creates has the rings and approvals that do creates in it. So
// EnsureRing, Approve, and Suspend work. PauseRing and ResumeRing read the ring, so they end a dry run if do
// has created it. For a teardown use [teardown.Client.Plan], and for a Sync use [audience.Client.Plan].
//
// The requests are also returned with an error. The error is that of do, joined with the reason of an early
// end. DryRun cannot hold back what do does without the client. The service can reject a request that a dry
// run returns.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op none, the function's changes are not sent and its reads are its own
//graph:page none, it is work of this SDK
func (c *Client) DryRun(ctx context.Context, do func(ctx context.Context, c *Client) error) ([]DryRunRequest, error) {
	const op = "updates.DryRun"
	if do == nil {
		return nil, call.Invalid(op, &apierr.FieldError{Field: "do", Rule: "must not be nil"})
	}
	within, client, run, err := c.call.DryRun(ctx)
	if err != nil {
		return nil, &apierr.Error{Op: op, Err: err}
	}
	defer func() { _, _ = run.Close() }() // even if do panics
	err = do(within, &Client{call: client})
	kept, ended := run.Close()
	if ended != nil && !errors.Is(err, ErrDryRunIncomplete) {
		err = errors.Join(err, &apierr.Error{Op: op, Err: ended})
	}
	return dryRunRequests(kept), err
}

func dryRunRequests(kept []call.HeldRequest) []DryRunRequest {
	requests := make([]DryRunRequest, 0, len(kept))
	for _, k := range kept {
		requests = append(requests, DryRunRequest(k))
	}
	return requests
}

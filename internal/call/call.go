// Package call is the one place where requests leave the SDK: authentication,
// the adapter, retries, the translation of errors and paging.
//
// An area's method hands [Do] or [Exec] an [Op] and a function that sends it with a fresh
// chain of generated builders. The attempts of the call write into a record in the call's
// context. The one error that the caller gets is made from that record, and not from what the
// generated code made of the response.
package call

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/google/uuid"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Root is the path where the Windows updates part of Microsoft Graph begins.
const Root = "/beta/admin/windows/updates"

// Config is what a Client is made from. All of it has been checked.
type Config struct {
	Credential     azcore.TokenCredential
	Endpoint       *url.URL // scheme, host and port only
	Scope          string
	Transport      http.RoundTripper
	Retry          Retry
	AttemptTimeout time.Duration
	UserAgent      string
	Logger         *slog.Logger
	Limits         Limits

	Version               string               // of the SDK, in spans and metrics
	TracerProvider        trace.TracerProvider // nil: the global one
	MeterProvider         metric.MeterProvider // nil: the global one
	TransportInstrumented bool                 // Transport has spans and metrics of its own
}

// Client sends the operations of all areas. It serves many goroutines.
type Client struct {
	adapter   *adapter
	origin    *url.URL
	retry     Retry
	tokens    *tokens
	created   *created
	config    Config // to make a client for a dry run from
	telemetry *telemetry
	dryRun    *DryRun // whose client this is; nil for one that sends
}

// New returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	tokens := newTokens(cfg.Credential, cfg.Scope)
	return build(cfg, tokens, &authenticator{tokens})
}

func build(cfg Config, tokens *tokens, provider authentication.AuthenticationProvider) (*Client, error) {
	telemetry, err := newTelemetry(cfg)
	if err != nil {
		return nil, err
	}
	adapter, err := newAdapter(cfg, tokens, telemetry, provider)
	if err != nil {
		return nil, err
	}
	return &Client{
		adapter: adapter, origin: cfg.Endpoint, retry: cfg.Retry, tokens: tokens, created: &created{}, config: cfg, telemetry: telemetry,
	}, nil
}

var errNoClient = errors.New("the client was not made by updates.NewClient")

// Do sends an operation that has a result. The result is never nil without an
// error.
func Do[T any](ctx context.Context, c *Client, op Op, send func(context.Context, *graph.Client) (T, error)) (T, error) {
	result, err := c.do(ctx, op, func(ctx context.Context, g *graph.Client) (any, error) { return send(ctx, g) })
	typed, _ := result.(T) // the zero T beside an error
	return typed, err
}

func (c *Client) do(ctx context.Context, op Op, send func(context.Context, *graph.Client) (any, error)) (result any, err error) {
	err = c.run(ctx, op, func(ctx context.Context, g *graph.Client) error {
		var err error
		result, err = send(ctx, g)
		if err == nil {
			err = complete(op, result, recordOf(ctx).body)
		}
		if err == nil {
			c.warnUnread(ctx, recordOf(ctx))
			if op.Kind == Create {
				rec := recordOf(ctx)
				rec.made = idsOf(result, rec.request)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// complete rejects a response that is not an object, or has no ID, which all later calls need.
// What there is only one of needs none.
func complete(op Op, result any, body []byte) error {
	switch {
	case result == nil || !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")):
		return errNoObject
	case !op.Single && !isIdentified(result):
		return errNoID
	}
	return nil
}

// isIdentified reports whether a result has an id, if its kind has ids at all.
func isIdentified(result any) bool {
	switch entity := result.(type) {
	case interface{ GetId() *string }:
		return wire.Value(entity.GetId()) != ""
	case interface{ GetMdmAppId() *string }:
		return wire.Value(entity.GetMdmAppId()) != ""
	}
	return true
}

// Exec sends an operation that the service only accepts: any 2xx is success,
// whatever its body.
func Exec(ctx context.Context, c *Client, op Op, send func(context.Context, *graph.Client) error) error {
	op.accepts = true
	return c.run(ctx, op, send)
}

// run is the life of one call.
func (c *Client) run(ctx context.Context, op Op, send func(context.Context, *graph.Client) error) error {
	switch {
	case c == nil:
		return &apierr.Error{Op: op.Name, Err: errNoClient}
	case ctx == nil:
		return &apierr.Error{Op: op.Name, Err: &apierr.FieldError{Field: "ctx", Rule: "must not be nil"}}
	}
	if err := cmp.Or(c.checkDryRun(ctx), op.check()); err != nil {
		return &apierr.Error{Op: op.Name, Err: err}
	}
	ctx, span := c.telemetry.start(ctx, op.Name)
	err := c.send(ctx, op, send)
	finish(span, err)
	return err
}

func (c *Client) send(ctx context.Context, op Op, send func(context.Context, *graph.Client) error) error {
	rec := &record{op: op, clientRequestID: uuid.NewString(), resource: c.Resource(), created: c.created}
	err := ctx.Err()
	if err == nil {
		rec.ctx = context.WithValue(ctx, recordKey{}, rec)
		err = send(withoutSpans(rec.ctx), graph.NewClient(c.adapter))
		c.remember(rec)
	}
	return translate(ctx, rec, err)
}

package call

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	abstractions "github.com/microsoft/kiota-abstractions-go"
)

// DryRun is the transport of a client whose requests for changes are kept, and get a response
// here. Reads go on to the service. It stands where the user's transport does, below
// everything else, so that nothing can go around it.
//
// It ends at the first thing that it cannot know. From then on its client sends
// nothing and keeps nothing, so that what was kept is the truth as far as it goes.
type DryRun struct {
	next http.RoundTripper

	mu      sync.Mutex
	kept    []HeldRequest
	answers [][]byte // to those that were kept; nil for none
	fakes   []fakeID
	ended   error
}

// HeldRequest is a request that was not sent.
type HeldRequest struct {
	Op     string
	Method string
	Path   string          // below the root of the service, with the query
	Body   json.RawMessage // members are sorted; nil for none
}

// fakeID is an id that exists in the dry run alone.
type fakeID struct{ id, op string }

// ErrDryRunIncomplete is the error of a call that depends on a response that a dry run does
// not have.
var ErrDryRunIncomplete = errors.New("dry run incomplete")

var errDryRunEnded = &namedError{ErrDryRunIncomplete, "the dry run is over"}

func isDryRunIncomplete(err error) bool { return errors.Is(err, ErrDryRunIncomplete) }

type dryRunKey struct{}

func dryRunOf(ctx context.Context) *DryRun {
	p, _ := ctx.Value(dryRunKey{}).(*DryRun)
	return p
}

// DryRun returns a client that keeps its changes, what it keeps them in, and the
// context that all its calls must have. It shares the tokens and the throttle of c, and what c
// has created.
func (c *Client) DryRun(ctx context.Context) (context.Context, *Client, *DryRun, error) {
	if c == nil {
		return nil, nil, nil, errNoClient
	}
	p := &DryRun{next: c.config.Transport}
	cfg := c.config
	cfg.Transport, cfg.Logger = p, cfg.Logger.With("dry_run", true)
	client, err := build(cfg, c.tokens, &readsOnly{authenticator{c.tokens}})
	if err != nil {
		return nil, nil, nil, err
	}
	client.telemetry.off, client.telemetry.attempts = true, false
	client.adapter.retry.throttle, client.adapter.retry.isDryRun = c.adapter.retry.throttle, true
	client.dryRun, client.created = p, c.created
	return context.WithValue(ctx, dryRunKey{}, p), client, p, nil
}

// readsOnly signs in for what is sent, and not for what is kept.
type readsOnly struct{ authenticator }

// AuthenticateRequest leaves a change without a token.
func (a *readsOnly) AuthenticateRequest(ctx context.Context, req *abstractions.RequestInformation, more map[string]any) error {
	if req.Method != abstractions.GET {
		return nil
	}
	return a.authenticator.AuthenticateRequest(ctx, req, more)
}

// RoundTrip sends a GET, and keeps everything else.
func (p *DryRun) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		if list := p.made(req); list != nil {
			return list, nil
		}
		if err := p.readable(req.URL); err != nil {
			return nil, err
		}
		return p.next.RoundTrip(req)
	}
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	return p.keep(req, body)
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// Close ends the dry run for good: its client no longer sends anything. It returns what was
// kept, in the order in which it would have been sent, and what ended the dry run before, or
// nil.
func (p *DryRun) Close() ([]HeldRequest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.ended
	p.ended = errDryRunEnded
	return p.kept, before
}

// readable rejects a read of what was made in the dry run, and any read after its end.
func (p *DryRun) readable(u *url.URL) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return p.ended
	}
	i := slices.IndexFunc(p.fakes, func(m fakeID) bool { return strings.Contains(u.RequestURI(), m.id) })
	if i < 0 {
		return nil
	}
	return p.stop(fmt.Sprintf("at a read of %s, which only %s would make", p.fakes[i].id, p.fakes[i].op))
}

// IsMadeUp reports whether an ID is that of an object that a dry run has made, of which
// nothing can be read.
func (c *Client) IsMadeUp(id string) bool {
	if c == nil || c.dryRun == nil {
		return false
	}
	c.dryRun.mu.Lock()
	defer c.dryRun.mu.Unlock()
	return slices.ContainsFunc(c.dryRun.fakes, func(m fakeID) bool { return m.id == id })
}

func (p *DryRun) keep(req *http.Request, body []byte) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return nil, p.ended
	}
	text, err := canonical(body)
	if err != nil {
		return nil, p.stop("at a body that is no JSON")
	}
	op := recordOf(req.Context()).op
	path := strings.TrimPrefix(req.URL.RequestURI(), Root)
	p.kept = append(p.kept, HeldRequest{Op: op.Name, Method: req.Method, Path: path, Body: text})
	if op.Kind != Create {
		p.answers = append(p.answers, nil)
		return answered(req, http.StatusAccepted, nil), nil
	}
	answer := p.create(op.Name, path, text)
	p.answers = append(p.answers, answer)
	return answered(req, http.StatusCreated, answer), nil
}

// create makes the response to a create from its request. A deployment for no audience gets
// one of its own, as the service does it.
func (p *DryRun) create(op, path string, body json.RawMessage) []byte {
	members := object(body)
	if members == nil {
		members = map[string]json.RawMessage{}
	}
	if _, named := members["id"]; !named {
		members["id"] = p.id(op)
	}
	if _, named := members["audience"]; !named && path == "/deployments" {
		members["audience"] = json.RawMessage(fmt.Sprintf(`{"id":%s}`, p.id(op)))
	}
	text, _ := json.Marshal(members) // members that were JSON before
	return text
}

// id makes an ID that is not taken for one of the service.
func (p *DryRun) id(op string) json.RawMessage {
	id := fmt.Sprintf("00000000-0000-0000-0000-%012d", len(p.fakes)+1)
	p.fakes = append(p.fakes, fakeID{id, op})
	return json.RawMessage(`"` + id + `"`)
}

func answered(req *http.Request, status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: req,
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}

// canonical writes JSON without white space and with sorted members.
func canonical(body []byte) (json.RawMessage, error) {
	if len(body) == 0 {
		return nil, nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // numbers stay as they were written
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(text.Bytes()), err
}

func (p *DryRun) end(at string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stop(at)
}

// stop ends a locked dry run, unless it has ended before, and says why it ended.
func (p *DryRun) stop(at string) error {
	if p.ended == nil {
		p.ended = &namedError{ErrDryRunIncomplete, "the dry run ends " + at}
	}
	return p.ended
}

// checkDryRun rejects the calls that do not belong to a dry run, and all calls
// after its end. A call with the context of a dry run never leaves through another
// client, and one of its client never without that context.
func (c *Client) checkDryRun(ctx context.Context) error {
	p := dryRunOf(ctx)
	switch {
	case p == nil && c.dryRun == nil:
		return nil
	case p == nil:
		return c.dryRun.end("at a call without the context that the function was given")
	case p != c.dryRun:
		return p.end("at a call of another client than the function was given")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

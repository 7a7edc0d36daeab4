package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// The bounds on what is recorded.
const (
	largestBody   = 1 << 20
	mostExchanges = 200
)

// unlessAllowed is how errors about large bodies end.
const unlessAllowed = "which is refused unless recording.AllowLarge allows it"

// liveExchange is one exchange as it was, secrets and all. It never leaves memory.
type liveExchange struct {
	method     string
	url        *url.URL
	sentHeader http.Header
	sent       []byte
	status     int
	gotHeader  http.Header
	got        []byte
}

// recordTransport is the transport that records.
type recordTransport struct {
	file     string
	before   fs.FileInfo // of the file when this began; nil where there was none
	made     time.Time
	settings *settings
	secrets  *secrets

	mu        sync.Mutex
	exchanges []*liveExchange // in the order of the requests; without a status until answered
	errs      []error
	closed    bool
}

// RoundTrip sends the request on and keeps a copy of the exchange. What the caller
// gets is what the service sent. An attempt without a whole answer is not kept.
func (c *recordTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	kept, err := c.begin(req, body)
	if err != nil {
		return nil, err
	}
	resp, err := c.settings.next.RoundTrip(withBody(req, body))
	if err != nil || resp == nil {
		return resp, err
	}
	got, whole := c.peek(resp)
	if whole {
		c.answered(kept, resp, got)
	}
	return resp, nil
}

// begin makes room for an exchange. It refuses to send what could not be recorded.
func (c *recordTransport) begin(req *http.Request, body []byte) (*liveExchange, error) {
	if err := check(req); err != nil {
		return nil, err
	}
	if err := c.secrets.err(); err != nil {
		return nil, &refusal{text: err.Error()}
	}
	plain, err := decompressed(req.Header, body, c.settings.large)
	address := *req.URL
	kept := &liveExchange{method: methodOf(req), url: &address, sentHeader: req.Header.Clone(), sent: plain}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return nil, errClosed
	case !c.settings.large && len(c.exchanges) == mostExchanges:
		return nil, c.refuse("more than %d exchanges are refused unless recording.AllowLarge allows them", mostExchanges)
	case !c.settings.large && len(body) > largestBody:
		return nil, c.refuse("the body of a %s request is larger than 1 MiB, %s", kept.method, unlessAllowed)
	case err != nil:
		return nil, c.refuse("a %s request: %v", kept.method, err)
	}
	c.exchanges = append(c.exchanges, kept)
	return kept, nil
}

// refuse keeps an error for the end, and returns it for the request.
func (c *recordTransport) refuse(format string, args ...any) error {
	err := &refusal{text: fmt.Sprintf("recording: "+format, args...)}
	c.errs = append(c.errs, err)
	return err
}

// peek reads the answer and gives it back to its reader. It stops at the bound, so
// that a stream without an end can be read by its reader as before.
func (c *recordTransport) peek(resp *http.Response) (body []byte, whole bool) {
	if resp.Body == nil {
		return nil, true
	}
	from := io.Reader(resp.Body)
	if !c.settings.large {
		from = io.LimitReader(from, largestBody+1)
	}
	body, err := io.ReadAll(from)
	if err != nil {
		resp.Body = rereadBody{io.MultiReader(bytes.NewReader(body), broken{err}), resp.Body}
		return nil, false
	}
	resp.Body = rereadBody{io.MultiReader(bytes.NewReader(body), resp.Body), resp.Body}
	return body, true
}

// rereadBody is a body that is read once more from the start.
type rereadBody struct {
	io.Reader
	io.Closer
}

// broken is the end of a body that broke off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func (c *recordTransport) answered(kept *liveExchange, resp *http.Response, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.settings.large && len(body) > largestBody {
		_ = c.refuse("the answer to a %s request is larger than 1 MiB, %s", kept.method, unlessAllowed)
		return
	}
	plain, err := decompressed(resp.Header, body, c.settings.large)
	if err != nil {
		_ = c.refuse("the answer to a %s request: %v", kept.method, err)
		return
	}
	kept.status, kept.gotHeader, kept.got = resp.StatusCode, resp.Header.Clone(), plain
}

// close writes the file, unless something is in the way.
func (c *recordTransport) close(bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if err := errors.Join(append(c.errs, c.secrets.err())...); err != nil {
		return err
	}
	text, err := c.develop()
	if err == nil {
		err = save(c.file, c.before, text)
	}
	if err != nil {
		return fmt.Errorf("recording: %s was not written:\n%w", shown(c.file), err)
	}
	return nil
}

// develop makes the text of the file, in which no secret is left, or says why
// there is none.
func (c *recordTransport) develop() ([]byte, error) {
	whole := c.whole()
	if len(whole) == 0 {
		return nil, fmt.Errorf("there is no exchange to record; %d requests stayed without an answer", len(c.exchanges))
	}
	r := newRedactor(c.secrets, c.settings.ignored)
	saved := &archive{made: c.made, note: c.settings.note, secrets: slices.Sorted(maps.Values(r.names))}
	r.survey(whole)
	for _, kept := range whole {
		saved.exchanges = append(saved.exchanges, r.redact(kept))
	}
	if err := c.checkSize(saved); err != nil {
		return nil, err
	}
	text := saved.format()
	return text, errors.Join(append(r.errs, inspect(text, allowedIn(saved), r.originals())...)...)
}

// whole are the exchanges that have an answer.
func (c *recordTransport) whole() []*liveExchange {
	var whole []*liveExchange
	for _, kept := range c.exchanges {
		if kept.status != 0 {
			whole = append(whole, kept)
		}
	}
	return whole
}

// unanswered is how many requests have none.
func (c *recordTransport) unanswered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.exchanges) - len(c.whole())
}

// checkSize looks at bodies as they are written, which are longer than they were.
func (c *recordTransport) checkSize(saved *archive) error {
	for _, e := range saved.exchanges {
		if !c.settings.large && max(len(e.request.body), len(e.response.body)) > largestBody {
			return fmt.Errorf("exchange %02d has a body that is larger than 1 MiB when it is indented, %s", e.number, unlessAllowed)
		}
	}
	return nil
}

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
const unlessAllowed = "which needs recording.AllowLarge"

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
	exchanges []*liveExchange // in the order of the requests; without a status until there is a response
	errs      []error
	closed    bool
}

// RoundTrip sends the request on and keeps a copy of the exchange. The caller gets the response of the
// service. An attempt without a whole response is not kept.
func (t *recordTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	kept, err := t.begin(req, body)
	if err != nil {
		return nil, err
	}
	resp, err := t.settings.next.RoundTrip(withBody(req, body))
	if err != nil || resp == nil {
		return resp, err
	}
	got, whole := t.peek(resp)
	if whole {
		t.complete(kept, resp, got)
	}
	return resp, nil
}

// begin makes room for an exchange. It does not send a request that could not be recorded.
func (t *recordTransport) begin(req *http.Request, body []byte) (*liveExchange, error) {
	if err := check(req); err != nil {
		return nil, err
	}
	if err := t.secrets.err(); err != nil {
		return nil, &refusal{text: err.Error()}
	}
	plain, err := decompressed(req.Header, body, t.settings.large)
	address := *req.URL
	kept := &liveExchange{method: methodOf(req), url: &address, sentHeader: req.Header.Clone(), sent: plain}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return nil, errClosed
	case !t.settings.large && len(t.exchanges) == mostExchanges:
		return nil, t.refuse("more than %d exchanges need recording.AllowLarge",
			mostExchanges)
	case !t.settings.large && len(body) > largestBody:
		return nil, t.refuse("the body of a %s request is larger than 1 MiB, %s", kept.method, unlessAllowed)
	case err != nil:
		return nil, t.refuse("a %s request: %v", kept.method, err)
	}
	t.exchanges = append(t.exchanges, kept)
	return kept, nil
}

// refuse keeps an error for the end, and returns it for the request.
func (t *recordTransport) refuse(format string, args ...any) error {
	err := &refusal{text: fmt.Sprintf("recording: "+format, args...)}
	t.errs = append(t.errs, err)
	return err
}

// peek reads the response and gives it back to its reader. It stops at the bound, so
// that a stream without an end can be read by its reader as before.
func (t *recordTransport) peek(resp *http.Response) (body []byte, whole bool) {
	if resp.Body == nil {
		return nil, true
	}
	from := io.Reader(resp.Body)
	if !t.settings.large {
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

func (t *recordTransport) complete(kept *liveExchange, resp *http.Response, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.settings.large && len(body) > largestBody {
		_ = t.refuse("the response to a %s request is larger than 1 MiB, %s", kept.method, unlessAllowed)
		return
	}
	plain, err := decompressed(resp.Header, body, t.settings.large)
	if err != nil {
		_ = t.refuse("the response to a %s request: %v", kept.method, err)
		return
	}
	kept.status, kept.gotHeader, kept.got = resp.StatusCode, resp.Header.Clone(), plain
}

// close writes the file, unless something is in the way.
func (t *recordTransport) close(bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	if err := errors.Join(append(t.errs, t.secrets.err())...); err != nil {
		return err
	}
	text, err := t.redacted()
	if err == nil {
		err = save(t.file, t.before, text)
	}
	if err != nil {
		return fmt.Errorf("recording: %s was not written:\n%w", shown(t.file), err)
	}
	return nil
}

// redacted makes the text of the file, in which no secret is left, or says why there is
// none.
func (t *recordTransport) redacted() ([]byte, error) {
	whole := t.whole()
	if len(whole) == 0 {
		return nil, fmt.Errorf("there is no exchange to record; requests without a response: %d",
			len(t.exchanges))
	}
	r := newRedactor(t.settings, t.secrets)
	saved := &archive{
		made: t.made, note: t.settings.note,
		secrets: slices.Sorted(maps.Values(r.secretNames)), kept: t.settings.keptPaths(),
	}
	saved.exchanges = r.redactAll(whole)
	if err := t.checkSize(saved); err != nil {
		return nil, err
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(append(r.errs, t.settings.sourceErr)...)
	}
	text := saved.format()
	check := &secretCheck{catalog: r.catalog, names: saved.secrets, values: r.originals()}
	return text, errors.Join(check.check(text)...)
}

// whole are the exchanges that have a response.
func (t *recordTransport) whole() []*liveExchange {
	var whole []*liveExchange
	for _, kept := range t.exchanges {
		if kept.status != 0 {
			whole = append(whole, kept)
		}
	}
	return whole
}

// unfinished is how many requests have none.
func (t *recordTransport) unfinished() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.exchanges) - len(t.whole())
}

// checkSize looks at bodies as they are written, which are longer than they were.
func (t *recordTransport) checkSize(saved *archive) error {
	for _, e := range saved.exchanges {
		if !t.settings.large && max(len(e.request.body), len(e.response.body)) > largestBody {
			return fmt.Errorf("exchange %02d has a body that is larger than 1 MiB when it is indented, %s",
				e.number, unlessAllowed)
		}
	}
	return nil
}

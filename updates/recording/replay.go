package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// replayTransport is the transport that replays.
type replayTransport struct {
	file      string
	settings  *settings
	exchanges []*recordedExchange

	mu         sync.Mutex
	mismatches []error
	closed     bool
}

// recordedExchange is one recorded exchange, ready to be compared.
type recordedExchange struct {
	*exchange
	asked request
	used  bool
}

// request is what requests are compared by.
type request struct{ method, url, body string }

func newReplayTransport(file string, s *settings, saved *archive) *replayTransport {
	p := &replayTransport{file: file, settings: s}
	for _, e := range saved.exchanges {
		asked := request{e.method, e.url, string(canonicalBody(e.request.header, e.request.body, s.ignored))}
		p.exchanges = append(p.exchanges, &recordedExchange{exchange: e, asked: asked})
	}
	return p
}

// RoundTrip responds to a request from the recording. Nothing is ever sent.
func (p *replayTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	if err := check(req); err != nil {
		return nil, err
	}
	if plain, err := decompressed(req.Header, body, p.settings.large); err == nil {
		body = plain
	}
	found, err := p.find(request{
		method: methodOf(req),
		url:    canonicalURL(req.URL, unchanged{}),
		body:   string(canonicalBody(req.Header, body, p.settings.ignored)),
	})
	if err != nil {
		return nil, err
	}
	return found.reply(req), nil
}

// find returns the exchange of a request, which is used up then.
func (p *replayTransport) find(asked request) (*recordedExchange, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	for _, t := range p.left() {
		if t.asked == asked {
			t.used = true
			return t, nil
		}
		if p.settings.inOrder {
			break
		}
	}
	err := &refusal{class: ErrNotRecorded, text: p.explain(asked)}
	p.mismatches = append(p.mismatches, err)
	return nil, err
}

// left are the exchanges that have not been used, in their order.
func (p *replayTransport) left() []*recordedExchange {
	var left []*recordedExchange
	for _, t := range p.exchanges {
		if !t.used {
			left = append(left, t)
		}
	}
	return left
}

// reply is the recorded response with a body and headers of its own.
func (t *recordedExchange) reply(req *http.Request) *http.Response {
	header := t.response.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		Status:        strings.TrimSpace(strconv.Itoa(t.status) + " " + http.StatusText(t.status)),
		StatusCode:    t.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(t.response.body)),
		ContentLength: int64(len(t.response.body)),
		Request:       req,
	}
}

// close reports what was asked in vain or, where there is nothing of that and all
// else went well, what was not asked for.
func (p *replayTransport) close(clean bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	switch left := p.left(); {
	case len(p.mismatches) == 1:
		return p.mismatches[0]
	case len(p.mismatches) > 1:
		return fmt.Errorf("%w\nand %d more that were not recorded", p.mismatches[0], len(p.mismatches)-1)
	case clean && len(left) > 0 && !p.settings.unused:
		return errors.New(p.explainUnused(left))
	}
	return nil
}

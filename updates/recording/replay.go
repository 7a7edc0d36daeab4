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

// player is the tape that replays.
type player struct {
	file     string
	settings *settings
	tracks   []*track

	mu         sync.Mutex
	mismatches []error
	closed     bool
}

// track is one recorded exchange, ready to be compared.
type track struct {
	*exchange
	asked question
	used  bool
}

// question is what requests are compared by.
type question struct{ method, url, body string }

func newPlayer(file string, s *settings, saved *archive) *player {
	p := &player{file: file, settings: s}
	for _, e := range saved.exchanges {
		asked := question{e.method, e.url, string(canonicalBody(e.request.body, s.ignored))}
		p.tracks = append(p.tracks, &track{exchange: e, asked: asked})
	}
	return p
}

// RoundTrip answers a request from the recording. Nothing is ever sent.
func (p *player) RoundTrip(req *http.Request) (*http.Response, error) {
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
	found, err := p.find(question{
		method: methodOf(req),
		url:    canonicalURL(req.URL, unchanged),
		body:   string(canonicalBody(body, p.settings.ignored)),
	})
	if err != nil {
		return nil, err
	}
	return found.answer(req), nil
}

// find returns the exchange that answers a question, which is used up then.
func (p *player) find(asked question) (*track, error) {
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
func (p *player) left() []*track {
	var left []*track
	for _, t := range p.tracks {
		if !t.used {
			left = append(left, t)
		}
	}
	return left
}

// answer is the recorded answer with a body and headers of its own.
func (t *track) answer(req *http.Request) *http.Response {
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
func (p *player) close(clean bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	switch left := p.left(); {
	case len(p.mismatches) == 1:
		return p.mismatches[0]
	case len(p.mismatches) > 1:
		return fmt.Errorf("%w\n%d more requests were not recorded", p.mismatches[0], len(p.mismatches)-1)
	case clean && len(left) > 0 && !p.settings.unused:
		return errors.New(p.explainUnused(left))
	}
	return nil
}

package recording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// explain says why a request has no response: the request, what is left, the nearest
// exchange, and how to record again.
func (p *replayTransport) explain(asked request) string {
	var out strings.Builder
	fmt.Fprintf(&out, "recording: %s has no response to this request\n", shown(p.file))
	fmt.Fprintf(&out, "  request:  %s\n", asked)
	fmt.Fprintf(&out, "  unused:   %d of %d exchanges\n", len(p.left()), len(p.exchanges))
	out.WriteString(p.explainNearest(asked))
	fmt.Fprintf(&out, "  If the new request is right, %s", p.settings.advice)
	return out.String()
}

// String is a request as one line. The scheme is left out, since it says nothing
// and others who print the text may cut addresses short.
func (q request) String() string { return q.method + " " + strings.TrimPrefix(q.url, "https://") }

func (p *replayTransport) explainNearest(asked request) string {
	near := p.nearest(asked)
	if near == nil {
		return ""
	}
	text := fmt.Sprintf("  nearest:  %02d %s\n", near.number, near.asked)
	if p.settings.inOrder {
		text = fmt.Sprintf("  next:     %02d %s\n", near.number, near.asked)
	}
	switch {
	case near.asked == asked:
		return text + "            is equal, but is used already: there is one request more than was recorded\n"
	case near.asked.method == asked.method && near.asked.url == asked.url:
		text += "            has another body (- recorded, + requested):\n" + difference(near.asked.body, asked.body)
	}
	return text + p.explainFakes(near, asked)
}

// mostFakes bounds how many fakes are explained.
const mostFakes = 3

// explainFakes says in words what the fakes are that the recorded request has and the
// new one does not.
func (p *replayTransport) explainFakes(near *recordedExchange, asked request) string {
	var out strings.Builder
	explained := fakeForm.FindAllString(asked.url+"\n"+asked.body, -1)
	for _, fake := range fakeForm.FindAllString(near.asked.url+"\n"+near.asked.body, mostFakes) {
		from := p.firstWith(fake)
		if from == 0 || from >= near.number || slices.Contains(explained, fake) {
			continue
		}
		explained = append(explained, fake)
		fmt.Fprintf(&out, "            %s replaces a value that the response of exchange %02d had: "+
			"the request must take it from there, or from Recorder.Secret\n", fake, from)
	}
	return out.String()
}

// firstWith is the number of the first exchange whose response has a fake, or 0.
func (p *replayTransport) firstWith(fake string) int {
	for _, e := range p.exchanges {
		text := e.response.header.Get("Location") + "\n" + string(e.response.body)
		if slices.Contains(fakeForm.FindAllString(text, -1), fake) {
			return e.number
		}
	}
	return 0
}

// nearest is the exchange that a request was probably meant for; nil only where
// there is none at all. Those that are left come first.
func (p *replayTransport) nearest(asked request) *recordedExchange {
	left := p.left()
	if p.settings.inOrder && len(left) > 0 {
		return left[0]
	}
	for _, t := range p.exchanges {
		if t.asked == asked {
			return t
		}
	}
	if len(left) == 0 {
		left = p.exchanges
	}
	if len(left) == 0 {
		return nil
	}
	return slices.MaxFunc(left, func(a, b *recordedExchange) int {
		return cmp.Compare(likeness(a.asked, asked), likeness(b.asked, asked))
	})
}

// likeness grows with what two requests share: method and URL first, then the
// method, then parts of both.
func likeness(a, b request) float64 {
	like := 0.0
	if a.method == b.method {
		like += 2
	}
	if a.url == b.url {
		return like + 2 + shared(strings.Split(a.body, "\n"), strings.Split(b.body, "\n"))
	}
	return like + shared(words(a.url), words(b.url))
}

func words(url string) []string {
	return strings.FieldsFunc(url, func(c rune) bool { return strings.ContainsRune("/?&= ", c) })
}

// shared is the part of two lists that they have in common, from 0 to 1.
func shared(a, b []string) float64 {
	count := map[string]int{}
	for _, text := range a {
		count[text]++
	}
	same := 0
	for _, text := range b {
		if count[text] > 0 {
			count[text]--
			same++
		}
	}
	return 2 * float64(same) / float64(max(1, len(a)+len(b)))
}

// explainUnused says which exchanges were not asked for.
func (p *replayTransport) explainUnused(left []*recordedExchange) string {
	var out strings.Builder
	fmt.Fprintf(&out, "recording: these exchanges of %s were not used:\n", shown(p.file))
	for _, t := range left {
		fmt.Fprintf(&out, "  %02d %s\n", t.number, t.asked)
	}
	fmt.Fprintf(&out, "  If they are no longer needed, %s", p.settings.advice)
	return out.String()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/updates"
)

// wide is the number of goroutines of the goal.
const wide = 64

// part is the part of the plain way's throughput that the SDK must reach with them.
const part = 0.70

// growth is a program whose goroutines send GETs with one client over loopback.
type growth struct {
	name        string
	server      *httptest.Server
	ours, plain way
}

// newGrowth starts the server. Both ways use transports with the same limits of connections; the SDK
// has its own.
func newGrowth(name string, http2 bool) (*growth, error) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(serveEntry))
	server.EnableHTTP2 = http2
	if http2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	transport, err := trusting(server)
	if err != nil {
		return nil, err
	}
	client, err := updates.NewClient(credential{}, &updates.Options{Endpoint: server.URL})
	hand := newPlainClient(transport)
	return &growth{name: name, server: server, ours: way{name: ours, once: func() error {
		_, err := client.Catalog().Get(context.Background(), entryID)
		return err
	}}, plain: way{name: plain, once: func() error {
		return hand.send(http.MethodGet, server.URL+"/beta/admin/windows/updates/catalog/entries/"+entryID, nil, &flatEntry{})
	}}}, err
}

func serveEntry(w http.ResponseWriter, r *http.Request) {
	want := "HTTP/1.1"
	if r.TLS != nil {
		want = "HTTP/2.0"
	}
	if r.Proto != want {
		http.Error(w, r.Proto, http.StatusHTTPVersionNotSupported)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(entryText)
}

var entryText = []byte(qualityUpdate(1))

// trusting makes the standard transport, which the SDK copies, trust the server. It returns a copy for
// the plain way that keeps as many connections as the SDK's.
func trusting(server *httptest.Server) (*http.Transport, error) {
	standard, ok := http.DefaultTransport.(*http.Transport)
	client, ok2 := server.Client().Transport.(*http.Transport)
	if !ok || !ok2 {
		return nil, errors.New("the standard transport is another one")
	}
	if client.TLSClientConfig != nil {
		standard.TLSClientConfig = client.TLSClientConfig.Clone()
	}
	transport := standard.Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return transport, nil
}

const (
	// inRound are the requests of each way in a round.
	inRound = 4_096
	// turns is how often the two take turns in it, so that both have their share of a
	// busy machine.
	turns = 8
)

// together returns how long goroutines take for the requests of a turn.
func (w way) together(goroutines int) (time.Duration, error) {
	errs := make([]error, goroutines)
	var group sync.WaitGroup
	start := time.Now()
	for i := range errs {
		group.Go(func() { errs[i] = w.repeat(inRound / turns / goroutines) })
	}
	group.Wait()
	return time.Since(start), errors.Join(errs...)
}

// grown are the seconds that each way took in each round.
type grown struct {
	*growth
	goroutines int
	rounds     []struct{ ours, plain float64 }
}

func (g *growth) measure(goroutines, rounds int) (grown, error) {
	m := grown{g, goroutines, make([]struct{ ours, plain float64 }, rounds+1)}
	for i := range m.rounds {
		for range turns {
			ours, err := g.ours.together(goroutines)
			plain, plainErr := g.plain.together(goroutines)
			if err := errors.Join(err, plainErr); err != nil {
				return m, fmt.Errorf("%s: %w", g.name, err)
			}
			m.rounds[i].ours += ours.Seconds()
			m.rounds[i].plain += plain.Seconds()
		}
	}
	m.rounds = m.rounds[1:] // the first one made the connections
	return m, nil
}

// growthHead is the head of the table of goroutines.
const growthHead = `
GETs over loopback with one client:

| | goroutines | this SDK, a second | plain, a second | part of plain | goal |
|---|---|---|---|---|---|
`

func (m grown) part() spread {
	return spreadOf(m.rounds, func(i int) float64 { return m.rounds[i].plain / m.rounds[i].ours })
}

func (m grown) row() string {
	fast := spreadOf(m.rounds, func(i int) float64 { return inRound / m.rounds[i].ours })
	base := spreadOf(m.rounds, func(i int) float64 { return inRound / m.rounds[i].plain })
	return fmt.Sprintf("| %s | %d | %.0f | %.0f | %v | %s |\n",
		m.name, m.goroutines, fast.median, base.median, m.part(), goal(m.goal()))
}

func (m grown) goal() float64 {
	if m.goroutines == wide {
		return part
	}
	return 0
}

// missed names the goal if it was not reached.
func (m grown) missed() []string {
	if m.part().median >= m.goal() {
		return nil
	}
	return []string{fmt.Sprintf("%s, %d goroutines", m.name, m.goroutines)}
}

// grow prints the table, and returns the goals that were missed.
func grow(rounds int) (missed []string, err error) {
	fmt.Print(growthHead)
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2"} {
		g, err := newGrowth(protocol, protocol == "HTTP/2")
		if err != nil {
			return nil, err
		}
		defer g.server.Close()
		for _, goroutines := range []int{1, 8, wide} {
			m, err := g.measure(goroutines, rounds)
			if err != nil {
				return nil, err
			}
			fmt.Print(m.row())
			missed = append(missed, m.missed()...)
		}
	}
	return missed, nil
}

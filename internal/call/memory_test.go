package call_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// dense are bodies that are small for what is in them.
func dense(size int) map[string][]byte {
	repeat := func(before, item, after string) []byte {
		return []byte(before + strings.TrimSuffix(strings.Repeat(item+",", size/(len(item)+1)), ",") + after)
	}
	var names strings.Builder
	for i := 0; names.Len() < size; i++ {
		fmt.Fprintf(&names, `"%x":0,`, i)
	}
	return map[string][]byte{
		"empty items":        repeat(`{"value":[`, `{}`, `]}`),
		"items with an ID":   repeat(`{"value":[`, `{"id":"1"}`, `]}`),
		"nulls":              repeat(`{"value":[`, `null`, `]}`),
		"nested objects":     repeat(`{"value":[`, `{"settings":{"schedule":{},"expedite":{},"monitoring":{}},"content":{"catalogEntry":{}}}`, `]}`),
		"unknown properties": repeat(`{"value":[`, `{"a":0,"b":1,"c":2}`, `]}`),
		"unknown numbers":    repeat(`{"value":[],"x":[`, `0`, `]}`),
		"unknown lists":      repeat(`{"value":[],"x":[`, `[]`, `]}`),
		"many names":         []byte(`{"value":[{` + names.String() + `"id":"1"}]}`),
		"one name again":     repeat(`{"value":[{`, `"":0`, `}]}`),
		"wrong types":        repeat(`{"value":[{"id":"1","settings":{"monitoring":{"monitoringRules":[`, `{"threshold":""}`, `]}}}]}`),
		"one long text":      []byte(`{"value":[{"id":"1","x":"` + strings.Repeat(",", size) + `"}]}`),
	}
}

// What a body becomes in memory is bounded by its size, which a few kilobytes compressed
// can have. It is measured, so nothing runs beside it.
func TestAPageTakesNoMoreMemoryThanItsSizeAllows(t *testing.T) {
	lists := map[string]func(*updates.Client) error{
		"deployments": func(c *updates.Client) error {
			_, err := c.Deployments().List(nil).Collect(t.Context(), 10_000_000)
			return err
		},
		"entries": func(c *updates.Client) error {
			_, err := c.Catalog().List(nil).Collect(t.Context(), 10_000_000)
			return err
		},
		"devices": func(c *updates.Client) error {
			_, err := c.Devices().List(nil).Collect(t.Context(), 10_000_000)
			return err
		},
	}
	for _, size := range []int{3 << 20, 24 << 20} {
		for kind, body := range dense(size) {
			for name, list := range lists {
				var err error
				peak := stub.PeakHeap(func() { err = list(stub.NewClient(t, stub.Token{}, sends(body), stub.Attempts(1))) })
				require.LessOrEqual(t, peak>>20, stub.HeapFor(len(body))>>20, "MiB for %d MiB of %s, %s: %v", len(body)>>20, kind, name, err)
			}
		}
	}
}

// sends is a transport that answers with a body.
type sends []byte

func (s sends) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(bytes.NewReader(s))}, nil
}

// longLinks is a transport that answers with pages until that many were requested, and keeps
// nothing of the requests.
type longLinks struct{ left, length int }

func (l *longLinks) RoundTrip(req *http.Request) (*http.Response, error) {
	body := `{"value":[{"id":"1"}]}`
	if l.left--; l.left > 0 {
		link := fmt.Sprintf("https://graph.microsoft.com/beta/x?%d%s", l.left, strings.Repeat("a", l.length))
		body = `{"value":[{"id":"1"}],"@odata.nextLink":"` + link + `"}`
	}
	return sends(body).RoundTrip(req)
}

func TestLongNextLinksAreNotKept(t *testing.T) {
	const pages, length = 1_000, 60 << 10
	client := stub.NewClient(t, stub.Token{}, &longLinks{pages, length}, stub.Attempts(1))
	items := 0
	peak := stub.PeakHeap(func() {
		for _, err := range client.Deployments().List(nil).All(t.Context()) {
			require.NoError(t, err)
			items++
		}
	})
	require.Equal(t, pages, items)
	require.Less(t, peak>>20, stub.HeapFor(length)>>20, "MiB")
}

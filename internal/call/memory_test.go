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
	for _, size := range []int{150 << 10, 600 << 10, 3 << 20} {
		for kind, body := range dense(size) {
			client := stub.NewClient(t, stub.Token{}, sends(body), stub.Attempts(1))
			var err error
			peak := stub.PeakHeap(func() { _, err = client.Deployments().List(nil).Collect(t.Context(), 10_000_000) })
			require.LessOrEqual(t, peak>>10, stub.HeapFor(len(body))>>10, "KiB for %d KiB of %s: %v", len(body)>>10, kind, err)
		}
	}
}

func TestALargePageOfWhatTheServiceSendsIsRead(t *testing.T) {
	t.Parallel()
	const items = 20_000
	page := `{"value":[` + strings.Repeat(stub.Deployment+",", items-1) + stub.Deployment + `]}`
	client := stub.NewClient(t, stub.Token{}, sends(page), stub.Attempts(1))
	all, err := client.Deployments().List(nil).Collect(t.Context(), items)
	require.NoError(t, err)
	require.Len(t, all, items)
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
	require.Less(t, peak>>20, uint64(pages*length*3/4)>>20, "MiB")
}

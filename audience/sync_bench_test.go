package audience_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// BenchmarkSync brings audiences of some sizes, of which one member in a hundred is to
// be replaced, in sync with what is wanted, against a service that computes its
// answers. It fails above 96 MiB of heap. Custom metrics are nanoseconds for each
// member, the largest heap in MiB that was seen at a request, and the requests of each
// kind.
func BenchmarkSync(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var service *computed
			for b.Loop() {
				service = synced(b, n)
			}
			require.Less(b, service.heap, uint64(96<<20))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/member")
			b.ReportMetric(float64(service.heap)/(1<<20), "MiB-heap")
			b.ReportMetric(float64(service.gets), "GETs")
			b.ReportMetric(float64(service.posts), "POSTs")
		})
	}
}

// synced runs one Sync of n devices.
func synced(t testing.TB, n int) *computed {
	t.Helper()
	service := &computed{n: n}
	runtime.GC()
	client := stub.NewClient(t, stub.Token{}, service)
	report, err := client.Audiences().SyncSeq(t.Context(), audience.ByID(audienceID), service.wanted(), &audience.SyncOptions{
		Poll: audience.PollOptions{InitialInterval: time.Nanosecond},
	})
	require.NoError(t, err)
	require.True(t, report.Verified)
	require.Len(t, report.Sent.AddMembers, n/100)
	require.Len(t, report.Sent.RemoveMembers, n/100)
	return service
}

func TestASyncReadsTheAudienceTwiceAndSendsEachChunkOnce(t *testing.T) {
	t.Parallel()
	service := synced(t, 10_000)
	require.EqualValues(t, 2*10_000/pageOfComputed, service.gets)
	require.EqualValues(t, 1, service.posts, "200 changes are one chunk")
}

const pageOfComputed = 100

// computed is an audience of n devices, of which each hundredth is one that is not
// wanted until something was sent, and one that is wanted from then on.
type computed struct {
	n           int
	gets, posts int64
	asked       atomic.Int64
	heap        uint64
	buffer      bytes.Buffer
}

// wanted are the devices of the audience as it is later.
func (c *computed) wanted() iter.Seq2[audience.Member, error] {
	return func(yield func(audience.Member, error) bool) {
		for i := range c.n {
			if !yield(audience.Member{Kind: audience.KindDevice, ID: computedID(i, true)}, nil) {
				return
			}
		}
	}
}

func computedID(i int, later bool) string {
	family := 0x8000
	if i%100 == 0 && later {
		family = 0x9000
	}
	mixed := uint64(i) * 0x9e3779b97f4a7c15 // the service has an order of its own
	return fmt.Sprintf("%08x-0000-4000-%04x-%012x", mixed>>32, family, i)
}

func (c *computed) RoundTrip(req *http.Request) (*http.Response, error) {
	if c.asked.Add(1)%50 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		c.heap = max(c.heap, m.HeapInuse)
	}
	if req.Method == http.MethodPost {
		return c.accept(req)
	}
	c.gets++
	from, _ := strconv.Atoi(req.URL.Query().Get("$skiptoken"))
	return stub.Answer(http.StatusOK, c.page(from, req))(req)
}

func (c *computed) accept(req *http.Request) (*http.Response, error) {
	c.posts++
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return nil, err
	}
	return stub.Answer(http.StatusAccepted, "")(req)
}

func (c *computed) page(from int, req *http.Request) string {
	c.buffer.Reset()
	c.buffer.WriteString(`{"value":[`)
	for i := from; i < from+pageOfComputed; i++ {
		if i > from {
			c.buffer.WriteByte(',')
		}
		fmt.Fprintf(&c.buffer, `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":%q}`, computedID(i, c.posts > 0))
	}
	c.buffer.WriteByte(']')
	if next := from + pageOfComputed; next < c.n {
		link, _ := json.Marshal(fmt.Sprintf("https://%s%s?$select=id&$skiptoken=%d", req.URL.Host, req.URL.Path, next))
		fmt.Fprintf(&c.buffer, `,"@odata.nextLink":%s`, link)
	}
	c.buffer.WriteByte('}')
	return c.buffer.String()
}

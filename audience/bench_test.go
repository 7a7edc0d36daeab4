package audience_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
)

// BenchmarkAddDevices adds members in one chunk, over a transport that only takes
// the body, and compares with a program that marshals a struct of its own and
// posts it. Custom metrics are nanoseconds for each member.
func BenchmarkAddDevices(b *testing.B) {
	for _, n := range []int{200, 1_000, 50_000} {
		ids, of := devices(n), audience.ByID(audienceID)
		opts := &audience.EditOptions{ChunkSize: n}
		client, err := updates.NewClient(token{}, &updates.Options{Transport: sink{}})
		require.NoError(b, err)
		b.Run(fmt.Sprintf("%d/client", n), func(b *testing.B) {
			perMember(b, n, func() error { return client.Audiences().AddDevices(b.Context(), of, ids, opts) })
		})
		b.Run(fmt.Sprintf("%d/encoding-json", n), func(b *testing.B) {
			perMember(b, n, func() error { return postFlat(b, ids) })
		})
	}
}

func perMember(b *testing.B, n int, send func() error) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, send())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/member")
}

// sink accepts everything.
type sink struct{}

func (sink) RoundTrip(req *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, req.Body)
	return &http.Response{StatusCode: http.StatusAccepted, Request: req, Body: http.NoBody, Header: http.Header{}}, err
}

// flat is what a program would write that needs nothing but this request.
type flat struct {
	AddMembers []asset `json:"addMembers"`
}

func postFlat(b *testing.B, ids []string) error {
	b.Helper()
	body, err := json.Marshal(flat{AddMembers: assets("azureADDevice", ids...)})
	if err != nil {
		return err
	}
	client := &http.Client{Transport: sink{}}
	resp, err := client.Post("https://graph.microsoft.com/beta/admin/windows/updates/deploymentAudiences/"+audienceID+"/updateAudience", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

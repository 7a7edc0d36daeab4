package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func BenchmarkJobs(b *testing.B) {
	for _, j := range jobs(many) {
		b.Run(j.name, func(b *testing.B) {
			ways, err := j.prepare()
			require.NoError(b, err)
			for _, w := range ways {
				b.Run(w.name, func(b *testing.B) { repeat(b, w) })
			}
		})
	}
}

func repeat(b *testing.B, w way) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if w.before != nil {
			b.StopTimer()
			require.NoError(b, w.before())
			b.StartTimer()
		}
		if err := w.once(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestEveryWayDoesItsJob(t *testing.T) {
	t.Parallel()
	for _, j := range jobs(1_000) {
		ways, err := j.try()
		require.NoError(t, err)
		require.Equal(t, ours, ways[0].name)
		require.Equal(t, plain, ways[1].name)
	}
}

func TestBothProtocolsAreSpokenInBothWays(t *testing.T) {
	t.Parallel()
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		g, err := newGrowth(name, http2)
		require.NoError(t, err)
		t.Cleanup(g.server.Close)
		require.NoError(t, g.ours.once(), name)
		require.NoError(t, g.plain.once(), name)
	}
}

func TestTheSDKReadsTheWholePage(t *testing.T) {
	t.Parallel()
	client, err := newOurs(answering{http.StatusOK, qualityPage(1)})
	require.NoError(t, err)
	entry, err := client.Catalog().List(nil).First(t.Context())
	require.NoError(t, err)
	update, ok := entry.(*catalog.QualityUpdate)
	require.True(t, ok)
	require.Nil(t, update.Extra)
	require.Equal(t, catalog.Build{Major: 10, Number: 26100, Revision: 0}, update.Revisions[0].Build)
	require.Equal(t, "KB5044284", update.Revisions[0].Article.ID)
}

// A page of 100 members is 20 kB of text. All members together would be 20 MB of it.
func TestAListHoldsOnePageAtATime(t *testing.T) {
	client, err := newOurs(newMembers(many))
	require.NoError(t, err)
	before, most, n := stub.LiveHeap(), uint64(0), 0
	count, err := countOurs(client, func() {
		if n++; n%(many/10) == 0 {
			most = max(most, stub.LiveHeap())
		}
	})
	require.NoError(t, err)
	require.Equal(t, many, count)
	require.Less(t, most, before+4<<20)
}

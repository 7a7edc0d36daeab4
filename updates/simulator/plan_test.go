package simulator_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// statuses sends a request several times.
func (n *tenant) statuses(times int, method, path string) []int {
	found := []int{}
	for range times {
		found = append(found, n.send(method, path, "").status)
	}
	return found
}

func TestTheNextRequestsFailInTurn(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.FailNext(2, simulator.Status(503))
	n.FailNext(1, simulator.Throttle())
	n.FailNext(0, simulator.Status(500))
	n.FailNext(-1, simulator.Status(500))
	require.Equal(t, []int{503, 503, 429, 200, 200}, n.statuses(5, http.MethodGet, "/deployments"))
}

func TestAFailureWaitsForTheRequestsThatItIsFor(t *testing.T) {
	t.Parallel()
	key, action := "/deployments/x/audience", "/updatableAssets/enrollAssets"
	for _, c := range []struct {
		match        simulator.Match
		method, path string
		fails        bool
	}{
		{simulator.Match{}, "GET", "/deployments", true},
		{simulator.Match{Method: "GET"}, "GET", "/deployments", true},
		{simulator.Match{Method: "POST"}, "GET", "/deployments", false},
		{simulator.Match{Path: "/deployments"}, "GET", "/deployments?$top=1", true},
		{simulator.Match{Path: "/deployments"}, "GET", "/deployments/x", true},
		{simulator.Match{Path: "/deployments"}, "GET", "/deploymentAudiences", false},
		{simulator.Match{Path: "/deployment"}, "GET", "/deployments", false},
		{simulator.Match{Path: "/deployments/x"}, "GET", "/deployments", false},
		{simulator.Match{Path: "/deployments/x"}, "GET", "/deployments('x')", true},
		{simulator.Match{Path: "/deployments('x')"}, "GET", "/deployments/x", true},
		{simulator.Match{Path: "/deployments/y"}, "GET", "/deployments/x", false},
		{simulator.Match{Path: "deployments/{}/audience/"}, "GET", key, true},
		{simulator.Match{Path: "/deployments/{}/audience"}, "GET", "/deployments/x", false},
		{simulator.Match{Method: "POST", Path: action}, "POST", "/updatableAssets/" + namespace + "enrollAssets", true},
		{simulator.Match{Path: "/updatableAssets/" + namespace + "enrollAssets"}, "POST", action, true},
		{simulator.Match{Path: action}, "POST", action + "ById", false},
	} {
		n := newTenant(t, nil)
		n.FailNext(1, simulator.Status(503), c.match)
		require.Equal(t, c.fails, n.send(c.method, c.path, "").status == 503, "%+v", c)
	}
}

func TestOneOfSeveralMatchesIsEnough(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	only := []simulator.Match{{Path: "/deployments"}, {Path: "/catalog"}}
	n.FailNext(3, simulator.Status(503), only...)
	only[0] = simulator.Match{Path: "/updatableAssets"}
	require.Equal(t, 503, n.get("/catalog/entries").status)
	require.Equal(t, 200, n.get("/updatableAssets").status)
	require.Equal(t, 503, n.get("/deployments").status)
}

func TestAFailureHitsARequestWithoutATokenToo(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.FailNext(1, simulator.Status(503))
	r := n.request(http.MethodGet, "/deployments", "")
	r.Header.Del("Authorization")
	require.Equal(t, 503, n.do(r).status)
}

func TestAShareOfRequestsFailsInTheSamePlaces(t *testing.T) {
	t.Parallel()
	failing := func(share float64, seed uint64) []int {
		n := newTenant(t, nil)
		n.FailOften(share, simulator.Status(503), seed)
		return n.statuses(400, http.MethodGet, "/nothing")
	}
	first := failing(0.25, 1)
	require.Equal(t, first, failing(0.25, 1))
	require.NotEqual(t, first, failing(0.25, 2))
	require.InDelta(t, 100, unavailable(first), 40)
	require.Equal(t, 400, unavailable(failing(1, 1)))
	require.Equal(t, 400, unavailable(failing(7, 1)))
	require.Zero(t, unavailable(failing(0, 1)))
	require.Zero(t, unavailable(failing(-1, 1)))
}

func TestAShareIsOfTheRequestsThatAreMeant(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.FailOften(1, simulator.Status(503), 1, simulator.Match{Path: "/deployments"})
	require.Equal(t, []int{503, 503}, n.statuses(2, http.MethodGet, "/deployments"))
	require.Equal(t, 200, n.get("/updatableAssets").status)
	n.FailNext(1, simulator.Throttle(), simulator.Match{Path: "/updatableAssets"})
	n.StopFailing()
	require.Equal(t, 200, n.get("/deployments").status)
	require.Equal(t, 200, n.get("/updatableAssets").status)
}

func TestFailuresAndVicesMayBeChangedByManyGoroutines(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.audience()
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			n.FailNext(1, simulator.Status(503))
			n.FailOften(0.5, simulator.Throttle(), uint64(i))
			n.Behave(everyVice())
			n.get("/catalog/entries")
			if err := n.OwnedByIntune(id); err != nil {
				t.Error(err)
			}
			n.StopFailing()
		})
	}
	all.Wait()
	require.Equal(t, http.StatusOK, n.get("/catalog/entries").status)
}

// unavailable counts the requests that failed.
func unavailable(statuses []int) int {
	n := 0
	for _, status := range statuses {
		if status == http.StatusServiceUnavailable {
			n++
		}
	}
	return n
}

package simulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestThrottlingHasTheBodyOfGraph(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			failure simulator.Failure
			want    []string
		}{
			"without":      {simulator.Throttle(), nil},
			"in seconds":   {simulator.Throttle().RetryAfter(90 * time.Second), []string{"90"}},
			"rounded up":   {simulator.Throttle().RetryAfter(time.Second + 1), []string{"2"}},
			"as a date":    {simulator.Throttle().RetryAfterDate(time.Hour - 1), []string{"Sat, 01 Jan 2000 01:00:00 GMT"}},
			"taken back":   {simulator.Throttle().RetryAfter(time.Second).RetryAfter(0), nil},
			"less than no": {simulator.Throttle().RetryAfterDate(-time.Second), nil},
		} {
			n := newTenant(t, nil)
			n.FailNext(1, c.failure)
			r := n.get("/deployments")
			require.Equal(t, http.StatusTooManyRequests, r.status, name)
			require.Equal(t, c.want, r.header.Values("Retry-After"), name)
			require.JSONEq(t, `{"error":{"code":"TooManyRequests","innerError":{"code":"429","date":"2000-01-01T00:00:00",
				"message":"Please retry after","request-id":"`+r.header.Get("Request-Id")+`","status":"429"},
				"message":"Please retry again later."}}`, r.text, name)
			require.Equal(t, http.StatusOK, n.get("/deployments").status, name)
		}
	})
}

func TestAnErrorOfTheServiceHasItsEnvelope(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for status, want := range map[int]struct {
		status int
		code   string
	}{
		401: {401, "Unauthorized"},
		423: {423, "Locked"},
		503: {503, "ServiceUnavailable"},
		509: {509, "UnknownError"},
		200: {500, "InternalServerError"},
		700: {500, "InternalServerError"},
	} {
		n.FailNext(1, simulator.Status(status).RetryAfter(time.Minute))
		r := n.get("/deployments")
		require.Equal(t, want.status, r.status)
		require.Equal(t, want.code, r.code())
		require.NotEmpty(t, r.message())
		require.Equal(t, "60", r.header.Get("Retry-After"))
	}
}

func TestAGatewayAnswersInHTML(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.FailNext(1, simulator.HTML(http.StatusBadGateway).RetryAfter(time.Second))
	answer, err := n.Transport().RoundTrip(n.request(http.MethodGet, "/deployments", ""))
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusBadGateway, answer.StatusCode)
	require.Equal(t, "text/html; charset=utf-8", answer.Header.Get("Content-Type"))
	require.NotContains(t, answer.Header, "Odata-Version", "a gateway knows no OData")
	require.Equal(t, "1", answer.Header.Get("Retry-After"))
	require.EqualValues(t, len(body), answer.ContentLength)
	require.Contains(t, string(body), "<title>502 Bad Gateway</title>")
}

func TestAFailureComesBeforeTheEffectUnlessItSaysOtherwise(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		failure simulator.Failure
		effects int
	}{
		"none":                {simulator.Failure{}, 1},
		"status":              {simulator.Status(503), 0},
		"status afterwards":   {simulator.Status(503).AfterEffect(), 1},
		"throttled":           {simulator.Throttle().RetryAfter(time.Second), 0},
		"page":                {simulator.HTML(502), 0},
		"page afterwards":     {simulator.HTML(504).AfterEffect(), 1},
		"break":               {simulator.Break(), 0},
		"break afterwards":    {simulator.Break().AfterEffect(), 1},
		"break within a body": {simulator.BreakBody(), 1},
	} {
		n := newTenant(t, nil)
		n.FailNext(1, c.failure)
		if answer, err := n.Transport().RoundTrip(n.request(http.MethodPost, "/deploymentAudiences", "")); err == nil {
			require.NoError(t, answer.Body.Close())
		}
		require.Len(t, n.list("/deploymentAudiences"), c.effects, name)
	}
	n := newTenant(t, nil)
	n.FailNext(1, simulator.Break())
	_, err := n.Transport().RoundTrip(n.request(http.MethodGet, "/deployments", "").WithContext(canceled))
	require.ErrorIs(t, err, context.Canceled)
	_, err = n.Transport().RoundTrip(n.request(http.MethodGet, "/deployments", ""))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "a request that was never sent uses up no failure")
}

func TestABrokenConnectionIsAnErrorWithoutAResponse(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, f := range []simulator.Failure{simulator.Break(), simulator.Break().AfterEffect()} {
		n.FailNext(1, f)
		answer, err := n.Transport().RoundTrip(n.request(http.MethodGet, "/deployments", ""))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.ErrorContains(t, err, "the connection broke")
		require.Nil(t, answer)
	}
	for _, r := range n.Requests() {
		require.Zero(t, r.Status)
	}
}

func TestABodyBreaksOffHalfWay(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	right := n.get("/deployments").text
	n.FailNext(1, simulator.BreakBody())
	answer, err := n.Transport().RoundTrip(n.request(http.MethodGet, "/deployments", ""))
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, right[:len(right)/2], string(body))
	require.EqualValues(t, len(right), answer.ContentLength)
	require.Equal(t, http.StatusOK, n.Requests()[1].Status)
}

func TestWhatHasNoBodyBreaksBeforeItsFirstByte(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.audience()
	n.FailNext(2, simulator.BreakBody())
	for _, method := range []string{http.MethodHead, http.MethodDelete} {
		_, err := n.Transport().RoundTrip(n.request(method, "/deploymentAudiences/"+id, ""))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, method)
	}
	require.Empty(t, n.list("/deploymentAudiences"))
}

func TestACallThatHangsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.FailNext(2, simulator.Hang())
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		start := time.Now()
		_, err := n.Transport().RoundTrip(n.request(http.MethodGet, "/deployments", "").WithContext(ctx))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(start))

		client := http.Client{Transport: n.Transport(), Timeout: time.Minute}
		_, err = client.Do(n.request(http.MethodGet, "/deployments", ""))
		var timeout interface{ Timeout() bool }
		require.ErrorAs(t, err, &timeout)
		require.True(t, timeout.Timeout())
		require.Equal(t, http.StatusOK, n.get("/deployments").status)
	})
}

func TestAPortBreaksItsConnections(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	server := httptest.NewServer(n)
	defer server.Close()
	client := server.Client()
	send := func(ctx context.Context) error {
		r := n.request(http.MethodGet, "/deployments", "").WithContext(ctx)
		r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(server.URL, "http://")
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if len(body) == 0 {
			return errors.New("there is nothing of the body")
		}
		return err
	}
	require.NoError(t, send(t.Context()))
	n.FailNext(1, simulator.BreakBody())
	require.ErrorIs(t, send(t.Context()), io.ErrUnexpectedEOF)

	everyAttempt := 10 // net/http repeats a GET whose connection was used before
	n.FailNext(everyAttempt, simulator.Break())
	require.ErrorIs(t, send(t.Context()), io.EOF)

	n.ClearFailures()
	n.FailNext(1, simulator.Hang())
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, send(ctx), context.DeadlineExceeded)
}

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
		n.FailRandomly(share, simulator.Status(503), seed)
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
	n.FailRandomly(1, simulator.Status(503), 1, simulator.Match{Path: "/deployments"})
	require.Equal(t, []int{503, 503}, n.statuses(2, http.MethodGet, "/deployments"))
	require.Equal(t, 200, n.get("/updatableAssets").status)
	n.FailNext(1, simulator.Throttle(), simulator.Match{Path: "/updatableAssets"})
	n.ClearFailures()
	require.Equal(t, 200, n.get("/deployments").status)
	require.Equal(t, 200, n.get("/updatableAssets").status)
}

func TestFailuresAndQuirksMayBeChangedByManyGoroutines(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.audience()
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			n.FailNext(1, simulator.Status(503))
			n.FailRandomly(0.5, simulator.Throttle(), uint64(i))
			n.SetQuirks(everyQuirk())
			n.get("/catalog/entries")
			if err := n.SetOwnedByIntune(id); err != nil {
				t.Error(err)
			}
			n.ClearFailures()
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

package simulator_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"
)

// closing remembers that it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestTheTransportClosesTheBodyAlsoOfARequestThatFails(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for _, ctx := range []context.Context{context.Background(), done} {
		body := &closing{Reader: strings.NewReader(`{}`)}
		r := n.request(http.MethodPost, "/deploymentAudiences", "").WithContext(ctx)
		r.Body, r.ContentLength = body, 2
		if answer, err := n.Transport().RoundTrip(r); err == nil {
			require.NoError(t, answer.Body.Close())
		}
		require.True(t, body.closed)
	}
}

func TestACancelledContextEndsTheCallBeforeItHasAnEffect(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	answer, err := n.Transport().RoundTrip(n.request(http.MethodPost, "/deploymentAudiences", "").WithContext(ctx))
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, answer)
	require.Empty(t, n.Requests())
}

func TestABodyThatCannotBeReadIsAnErrorOfTheTransport(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	broken := errors.New("broken")
	r := n.request(http.MethodPost, "/deploymentAudiences", "")
	r.Body, r.ContentLength = io.NopCloser(iotest.ErrReader(broken)), 2
	_, err := n.Transport().RoundTrip(r)
	require.ErrorIs(t, err, broken)
	require.Empty(t, n.Requests())
}

func TestTheTransportLeavesTheRequestAlone(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.request(http.MethodPost, "/deploymentAudiences", `{}`)
	before := r.Clone(context.Background())
	answer, err := n.Transport().RoundTrip(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Same(t, r, answer.Request)
	require.Equal(t, before.Header, r.Header)
	require.Equal(t, before.URL, r.URL)
	require.Equal(t, before.ContentLength, r.ContentLength)
	require.Equal(t, "201 Created", answer.Status)
}

func TestRequestsThatLackPartsAreAnswered(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	_, err := n.Transport().RoundTrip(&http.Request{})
	require.ErrorContains(t, err, "no URL")
	r := n.request(http.MethodGet, "/deployments", "")
	r.Header, r.Body, r.Host = nil, nil, ""
	require.Equal(t, http.StatusUnauthorized, n.do(r).status)
	r = n.request(http.MethodGet, "/deployments", "")
	r.Method = ""
	require.Equal(t, http.StatusOK, n.do(r).status)
}

func TestAPostOfUnknownLengthIsRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, length := range []int64{-1, 0} {
		r := n.request(http.MethodPost, "/deploymentAudiences", `{}`)
		r.ContentLength = length
		got := n.do(r)
		require.Equal(t, http.StatusLengthRequired, got.status)
		require.Equal(t, "LengthRequired", got.code())
	}
	r := n.request(http.MethodPost, "/deploymentAudiences", "")
	r.Body = nil
	require.Equal(t, http.StatusCreated, n.do(r).status)
}

func TestABodyThatIsTooLargeIsRejected(t *testing.T) {
	t.Parallel()
	r := newTenant(t, nil).post("/deploymentAudiences", `{"x":"`+strings.Repeat("x", 4<<20)+`"}`)
	require.Equal(t, http.StatusRequestEntityTooLarge, r.status)
}

func TestTheSimulatorServesAPort(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	server := httptest.NewTLSServer(n)
	defer server.Close()
	send := func(method, path string, body io.Reader) *http.Response {
		r, err := http.NewRequest(method, server.URL+"/beta/admin/windows/updates"+path, body)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+n.token())
		answer, err := server.Client().Do(r)
		require.NoError(t, err)
		return answer
	}
	page := send(http.MethodGet, "/catalog/entries?$top=1&$count=true", nil)
	var list struct {
		Context string `json:"@odata.context"`
	}
	require.NoError(t, json.NewDecoder(page.Body).Decode(&list))
	require.NoError(t, page.Body.Close())
	require.Equal(t, server.URL+"/beta/$metadata#admin/windows/updates/catalog/entries", list.Context)

	created := send(http.MethodPost, "/deploymentAudiences", strings.NewReader(`{}`))
	require.NoError(t, created.Body.Close())
	require.Equal(t, http.StatusCreated, created.StatusCode)

	chunked := send(http.MethodPost, "/deploymentAudiences", io.MultiReader(bytes.NewReader([]byte(`{}`))))
	require.NoError(t, chunked.Body.Close())
	require.Equal(t, http.StatusLengthRequired, chunked.StatusCode)
}

func TestTheTokenNamesItsApplicationAndTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		token, err := n.Credential().GetToken(context.Background(), policy.TokenRequestOptions{})
		require.NoError(t, err)
		require.Equal(t, time.Now().Add(time.Hour).UTC(), token.ExpiresOn)
		parts := strings.Split(token.Token, ".")
		require.Len(t, parts, 3)
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		require.NoError(t, err)
		var claims struct {
			AppID, TID string
			Roles      []string
			Ends       int64 `json:"exp"`
		}
		require.NoError(t, json.Unmarshal(text, &claims))
		require.NotEmpty(t, claims.AppID)
		require.NotEmpty(t, claims.TID)
		require.Equal(t, []string{"WindowsUpdates.ReadWrite.All"}, claims.Roles)
		require.Equal(t, time.Now().Add(time.Hour).Unix(), claims.Ends)

		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err = n.Credential().GetToken(ctx, policy.TokenRequestOptions{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestATokenOutlivesAMovedClock(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.request(http.MethodGet, "/deployments", "")
	n.Advance(365 * day)
	require.Equal(t, http.StatusOK, n.do(r).status)
}

func TestTheClockMovesForwardOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		start := time.Now().UTC().Round(0)
		require.Equal(t, start, n.Now())
		n.Advance(time.Hour)
		n.Advance(-time.Hour)
		<-time.After(time.Minute)
		require.Equal(t, start.Add(time.Hour+time.Minute), n.Now())
		require.Equal(t, time.UTC, n.Now().Location())
	})
}

func TestTheLogHasWhatWasSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		r := n.request(http.MethodPost, "/deployments/a%20b?$top=1", `{"x":1}`)
		r.Header.Set("Prefer", "x")
		require.Equal(t, http.StatusMethodNotAllowed, n.do(r).status)
		n.get("/nothing?%zz")
		refused := n.request(http.MethodGet, "/deployments", "")
		refused.Header.Del("Authorization")
		refused.URL.Path = "/elsewhere"
		n.do(refused)

		log := n.Requests()
		require.Len(t, log, 3)
		require.Equal(t, http.MethodPost, log[0].Method)
		require.Equal(t, "/deployments/a b", log[0].Path)
		require.Equal(t, "1", log[0].Query.Get("$top"))
		require.Equal(t, `{"x":1}`, string(log[0].Body))
		require.Equal(t, http.StatusMethodNotAllowed, log[0].Status)
		require.Equal(t, http.Header{"Prefer": {"x"}}, log[0].Header)
		require.Equal(t, n.Now(), log[0].Time)
		require.Nil(t, log[1].Query)
		require.Equal(t, "/elsewhere", log[2].Path)
		require.Equal(t, http.StatusUnauthorized, log[2].Status)
	})
}

func TestTheLogIsACopyAndCanBeCleared(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.post("/deploymentAudiences?$x=1", `{}`)
	log := n.Requests()
	log[0].Header.Set("X", "y")
	log[0].Query.Set("x", "y")
	log[0].Body[0] = 'x'
	again := n.Requests()
	require.NotContains(t, again[0].Header, "X")
	require.NotContains(t, again[0].Query, "x")
	require.Equal(t, `{}`, string(again[0].Body))
	n.ClearRequests()
	require.Empty(t, n.Requests())
}

func TestASimulatorIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(monitored(alertAt5))
	together := func(change func(device string)) {
		var all sync.WaitGroup
		for _, device := range devices(64) {
			all.Go(func() {
				change(device)
				n.list("/deployments/" + id + "/audience/members?$filter=id%20eq%20'" + device + "'")
				n.Advance(time.Second)
				n.Offers(id)
				n.Requests()
				n.Alerts()
				n.Now()
			})
		}
		all.Wait()
	}
	together(func(device string) {
		n.enroll("feature", device)
		n.add(id, device)
	})
	// Beside additions the share of rollbacks can fall, and a second alert would be right.
	together(func(device string) {
		if err := n.ReportRollback(id, device); err != nil {
			t.Error(err)
		}
	})
	require.Len(t, n.Offers(id), 64)
	require.Len(t, n.Alerts(), 1)
}

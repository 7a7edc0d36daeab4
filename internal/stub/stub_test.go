package stub_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestRepliesComeInTheirOrderAndTheLastOneAgainAndAgain(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Fail(stub.ErrReset), stub.Answer(204, ""), stub.Answer(200, "{}"))
	client := service.Client(t)
	body := map[string]int{"a": 1}
	require.ErrorIs(t, client.Call(t.Context(), "PATCH", "/policies/1", body, nil), stub.ErrReset)
	require.NoError(t, client.Call(t.Context(), "PATCH", "/policies/2?$top=5", body, nil))
	for range 2 {
		require.NoError(t, client.Call(t.Context(), "DELETE", "/policies/3", nil, nil))
	}
	require.Equal(t, []string{
		`PATCH /policies/1 {"a":1}`, `PATCH /policies/2?$top=5 {"a":1}`, "DELETE /policies/3", "DELETE /policies/3",
	}, service.Log())
	require.Equal(t, "Bearer "+stub.AccessToken, service.Last(t).Header.Get("Authorization"))
	require.Len(t, service.Waits(), 3)
}

func TestABodyIsLeftOpenUntilItIsClosed(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, "{}"))
	resp, err := service.RoundTrip(httptest.NewRequest("GET", "https://graph.microsoft.com/", nil))
	require.NoError(t, err)
	require.Equal(t, 1, service.BodiesLeftOpen())
	require.NoError(t, resp.Body.Close())
	require.Zero(t, service.BodiesLeftOpen())
}

func TestDeviceIDsAreGUIDsAndAllDifferent(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range stub.DeviceIDs(1000) {
		require.NoError(t, uuid.Validate(id))
		require.Equal(t, strings.ToLower(id), id)
		require.False(t, seen[id], id)
		seen[id] = true
	}
	require.Equal(t, stub.DeviceIDs(3)[2], stub.DeviceID(2))
}

func TestNumbersStayAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	require.Equal(t, stub.Exact(t, `{"a": 1.50}`), stub.Exact(t, `{"a":1.50}`))
	require.NotEqual(t, stub.Exact(t, `{"a":1.5}`), stub.Exact(t, `{"a":1.50}`))
}

func TestASiteAnswersATargetOfTheServiceAndNothingElse(t *testing.T) {
	t.Parallel()
	site := stub.Site(map[string]string{"/a?$filter=b eq 'c'": stub.Page("")})
	for url, status := range map[string]int{
		stub.Root + "/a?$filter=b%20eq+%27c%27":        200,
		stub.Root + "/a":                               404,
		"https://example.com/a?$filter=b%20eq+%27c%27": 404,
	} {
		resp, err := site.RoundTrip(httptest.NewRequest("GET", url, nil))
		require.NoError(t, err)
		require.Equal(t, status, resp.StatusCode, url)
		require.NoError(t, resp.Body.Close())
	}
	require.Contains(t, site.Log(), "GET /a?$filter=b eq 'c'")
	require.Contains(t, site.Log(), "GET https://example.com/a?$filter=b eq 'c'")
}

func TestAnUnknownPropertyIsPutIntoEachObject(t *testing.T) {
	t.Parallel()
	require.Equal(t, map[string]string{
		"lunarProperty":     `{"a":[{"b":1.50}],"extra":{"c":{}},"lunarProperty":false,"out":{}}`,
		"a.0.lunarProperty": `{"a":[{"b":1.50,"lunarProperty":false}],"extra":{"c":{}},"out":{}}`,
	}, stub.WithUnknown(t, `{"a":[{"b":1.50}],"extra":{"c":{}},"out":{}}`, "out"))
}

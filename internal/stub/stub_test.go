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
	call := func(path string) error {
		return client.Call(t.Context(), "PATCH", path, map[string]int{"a": 1}, nil)
	}
	require.ErrorIs(t, call("/policies/1"), stub.ErrReset)
	for range 3 {
		require.NoError(t, call("/policies/2?$top=5"))
	}
	require.Equal(t, []string{
		"PATCH /policies/1", "PATCH /policies/2?$top=5", "PATCH /policies/2?$top=5", "PATCH /policies/2?$top=5",
	}, service.Routes())
	require.JSONEq(t, `{"a":1}`, service.Last(t).Body)
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

package updatepolicies_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestWhatWasListedBeforeIsNoCandidateWhenTheListSaysLess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		creates, lists := 0, 0
		service := stub.Serving(func(req *http.Request) (int, string) {
			if req.Method == http.MethodPost {
				if creates++; creates == 1 {
					return http.StatusServiceUnavailable, `{}`
				}
				return http.StatusCreated, `{"id":"new"}`
			}
			if lists++; lists == 1 {
				return http.StatusOK, stub.Page("", `{"id":"old","audience":{"id":"other"}}`)
			}
			return http.StatusOK, stub.Page("", `{"id":"old"}`)
		})
		made, err := service.Client(t).UpdatePolicies().CreateOnce(t.Context(), updatepolicies.ForAudience("a1"), nil)
		require.NoError(t, err)
		require.Equal(t, "new", made.ID)
	})
}

package call

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"
)

// counting is a credential that issues token-1, token-2, …
type counting struct{ asked atomic.Int32 }

func (c *counting) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token := fmt.Sprintf("token-%d", c.asked.Add(1))
	return azcore.AccessToken{Token: token, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// The second call finds the token that the first one got for the same challenge.
func TestCallsThatAreChallengedForTheSameTokenAskOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const callers = 8
		var challenged sync.WaitGroup // until all calls have sent the first token
		challenged.Add(callers)
		issuer := &counting{}
		client, err := New(configWith(issuer, func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") != "Bearer token-1" {
				return answer(200, `{"id":"d1"}`, nil)(r)
			}
			challenged.Done()
			challenged.Wait()
			return answer(401, "{}", challenge(`{"access_token":{}}`))(r)
		}))
		require.NoError(t, err)
		var calls sync.WaitGroup
		for range callers {
			calls.Go(func() {
				if _, err := getDeployment(t.Context(), client); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
		require.EqualValues(t, 2, issuer.asked.Load())
	})
}

// challenge is the header of a 401 that asks for a token with claims.
func challenge(claims string) http.Header {
	encoded := base64.StdEncoding.EncodeToString([]byte(claims))
	return http.Header{"Www-Authenticate": {`Bearer error="insufficient_claims", claims="` + encoded + `"`}}
}

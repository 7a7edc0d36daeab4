package call_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const claims = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`

// challenge is a 401 that asks for another token.
func challenge(header string) stub.Reply {
	return stub.Answer(401,
		`{"error":{"code":"InvalidAuthenticationToken","message":"Continuous access evaluation resulted in challenge."}}`,
		"WWW-Authenticate", header)
}

func wellFormed() stub.Reply {
	return challenge(`Bearer realm="",` +
		` authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="` +
		base64.StdEncoding.EncodeToString([]byte(claims)) + `"`)
}

func TestATokenIsAskedForOnceAndSentWithEachCall(t *testing.T) {
	t.Parallel()
	i := &stub.Issuer{}
	s := stub.Answering(stub.Read().Success)
	client := stub.NewClient(t, i, s)
	require.Zero(t, i.Times(), "making a client signs in")
	for range 20 {
		require.NoError(t, stub.Read().Run(t.Context(), client))
	}
	require.Equal(t, []policy.TokenRequestOptions{{Scopes: []string{"https://graph.microsoft.com/.default"}, EnableCAE: true}}, i.Asked)
	for _, r := range s.Requests() {
		require.Equal(t, []string{"Bearer token-1"}, r.Header.Values("Authorization"))
	}
}

func TestATokenIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "an hour", func(t *testing.T) {
		i := &stub.Issuer{}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		for _, step := range []struct {
			after time.Duration
			times int
		}{{0, 1}, {54 * time.Minute, 1}, {2 * time.Minute, 2}, {54 * time.Minute, 2}, {24 * time.Hour, 3}} {
			wait(step.after)
			require.NoError(t, stub.Read().Run(t.Context(), client))
			require.Equal(t, step.times, i.Times())
		}
	})
}

func TestAShortTokenIsUsedMoreThanOnce(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "two minutes", func(t *testing.T) {
		i := &stub.Issuer{Lifetime: 2 * time.Minute}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		for range 5 {
			require.NoError(t, stub.Read().Run(t.Context(), client))
		}
		require.Equal(t, 1, i.Times())
	})
}

func TestATokenThatCannotBeReplacedServesUntilItsEnd(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "an hour", func(t *testing.T) {
		i := &stub.Issuer{}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		require.NoError(t, stub.Read().Run(t.Context(), client))
		i.Fail(errors.New("sign-in is down"))
		wait(58 * time.Minute)
		require.NoError(t, stub.Read().Run(t.Context(), client))
		wait(3 * time.Minute)
		require.ErrorIs(t, stub.Read().Run(t.Context(), client), apierr.ErrUnauthorized)
	})
}

func TestManyCallsShareOneRefresh(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "64 goroutines", func(t *testing.T) {
		i := &stub.Issuer{Takes: time.Second}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		var calls sync.WaitGroup
		failed := make(chan error, 64)
		for range 64 {
			calls.Go(func() { failed <- stub.Read().Run(t.Context(), client) })
		}
		calls.Wait()
		close(failed)
		for err := range failed {
			require.NoError(t, err)
		}
		require.Equal(t, 1, i.Times())
	})
}

func TestACallThatIsCancelledDoesNotSpoilTheRefreshForOthers(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "the first of three", func(t *testing.T) {
		i := &stub.Issuer{Takes: 10 * time.Second}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		ctx, cancel := context.WithCancel(t.Context())
		results := make(chan error, 3)
		go func() { results <- stub.Read().Run(ctx, client) }()
		synctest.Wait()
		go func() { results <- stub.Read().Run(t.Context(), client) }()
		waiting, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		require.ErrorIs(t, stub.Read().Run(waiting, client), context.DeadlineExceeded, "waiting for another's refresh ends with the context")
		cancel()
		require.ErrorIs(t, <-results, context.Canceled)
		require.NoError(t, <-results)
	})
}

func TestAChallengeIsAnsweredWithAnotherTokenOnce(t *testing.T) {
	t.Parallel()
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			i := &stub.Issuer{}
			s := stub.Answering(wellFormed(), op.Success)
			client := stub.NewClient(t, i, s)
			require.NoError(t, op.Run(t.Context(), client))
			requests := s.Requests()
			require.Len(t, requests, 2)
			require.Equal(t, []string{"Bearer token-1"}, requests[0].Header.Values("Authorization"))
			require.Equal(t, []string{"Bearer token-2"}, requests[1].Header.Values("Authorization"))
			require.Equal(t, requests[0].Body, requests[1].Body)
			require.Equal(t, requests[0].Header.Get("Client-Request-Id"), requests[1].Header.Get("Client-Request-Id"))
			require.Equal(t,
				policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}, Claims: claims, EnableCAE: true},
				i.Asked[1])
			require.Zero(t, s.BodiesLeftOpen())

			require.NoError(t, op.Run(t.Context(), client))
			require.Equal(t, 2, i.Times(), "the new token is kept")
		})
	}
}

func TestAChallengeIsNotAnsweredTwiceInACall(t *testing.T) {
	t.Parallel()
	i := &stub.Issuer{}
	s := stub.Answering(wellFormed())
	client := stub.NewClient(t, i, s)
	err := stub.Create().Run(t.Context(), client)
	require.Len(t, s.Requests(), 2)
	require.ErrorIs(t, err, apierr.ErrUnauthorized)
	require.Equal(t, 401, apierr.StatusOf(err))
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)

	require.Error(t, stub.Create().Run(t.Context(), client))
	require.Equal(t, 3, i.Times(), "the same challenge to a newer token asks for another one")
}

func TestAChallengeThatIsBadlyFormedCountsAsNone(t *testing.T) {
	t.Parallel()
	encoded := base64.StdEncoding.EncodeToString([]byte(claims))
	tests := map[string]string{
		"nothing":          "",
		"only the scheme":  "Bearer",
		"no claims":        `Bearer realm="", error="invalid_token"`,
		"no value":         `Bearer claims`,
		"no value after =": `Bearer claims=`,
		"no quotes":        `Bearer claims=` + encoded,
		"an open quote":    `Bearer claims="` + encoded,
		"empty":            `Bearer claims=""`,
		"no base64":        `Bearer claims="{\"access_token\":{}}"`,
		"broken base64":    `Bearer claims="abc=def"`,
		"no JSON":          `Bearer claims="` + base64.StdEncoding.EncodeToString([]byte("hello")) + `"`,
		"no object":        `Bearer claims="` + base64.StdEncoding.EncodeToString([]byte("17")) + `"`,
		"another scheme":   `Negotiate claims="` + encoded + `"`,
		"claims in realm":  `Bearer realm="claims"`,
	}
	for name, header := range tests {
		for _, op := range []stub.Operation{stub.Read(), stub.Create()} {
			t.Run(name+", "+op.Name, func(t *testing.T) {
				t.Parallel()
				s, i := stub.Answering(challenge(header)), &stub.Issuer{}
				err := op.Run(t.Context(), stub.NewClient(t, i, s))
				require.ErrorIs(t, err, apierr.ErrUnauthorized)
				require.Equal(t, 401, apierr.StatusOf(err))
				require.Len(t, s.Requests(), 2, "once with another token")
				require.Equal(t, 2, i.Times())
				require.Empty(t, i.Asked[1].Claims)
			})
		}
	}
}

func TestAChallengeIsReadInItsOtherForms(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"URL-safe and unpadded": `Bearer claims="` + base64.RawURLEncoding.EncodeToString([]byte(claims)) + `"`,
		"in lower case":         `bearer claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `"`,
		"before others":         `Bearer claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `", realm="x"`,
	}
	for name, header := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := &stub.Issuer{}
			require.NoError(t, stub.Read().Run(t.Context(), stub.NewClient(t, i, stub.Answering(challenge(header), stub.Read().Success))))
			require.JSONEq(t, claims, i.Asked[1].Claims)
		})
	}
	t.Run("in a second header", func(t *testing.T) {
		t.Parallel()
		i := &stub.Issuer{}
		second := func(r *http.Request) (*http.Response, error) {
			resp, err := wellFormed()(r)
			resp.Header["Www-Authenticate"] = append([]string{"Negotiate"}, resp.Header["Www-Authenticate"]...)
			return resp, err
		}
		require.NoError(t, stub.Read().Run(t.Context(), stub.NewClient(t, i, stub.Answering(second, stub.Read().Success))))
	})
}

func TestACredentialThatCannotAnswerAChallengeLeavesTheStatus(t *testing.T) {
	t.Parallel()
	i := &stub.Issuer{}
	s := stub.Answering(func(r *http.Request) (*http.Response, error) {
		i.Fail(errors.New("no interaction is possible"))
		return wellFormed()(r)
	})
	err := stub.Read().Run(t.Context(), stub.NewClient(t, i, s))
	require.ErrorIs(t, err, apierr.ErrUnauthorized)
	require.Equal(t, 401, apierr.StatusOf(err))
	require.ErrorContains(t, err, "no interaction is possible")
}

func TestAFailedCredentialIsExplainedWithoutItsAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"as of package azidentity": {
			"ClientSecretCredential authentication failed. \nPOST " +
				"https://login.microsoftonline.com/t/oauth2/v2.0/token\n---\nRESPONSE 401 Unauthorized\n---\n" +
				`{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. secret-body"}`,
			"deployments.Get: no token: ClientSecretCredential authentication failed: AADSTS7000215: Invalid client secret provided",
		},
		"a sentence with dots": {
			"ClientSecretCredential authentication failed. \n---\nRESPONSE 400: Bad Request\n---\n{\n" +
				`  "error_description": "AADSTS700016: Application \u0027\u0031.2\u0027 was not found in the directory \u0027contoso.com\u0027.\r\nTrace ID: secret-body",` +
				"\n}\n---\nTo troubleshoot, visit https://aka.ms/x#client-secret",
			"deployments.Get: no token: ClientSecretCredential authentication failed: " +
				"AADSTS700016: Application '1.2' was not found in the directory 'contoso.com'",
		},
		"a secret in the sentence": {
			"failed.\nRESPONSE 400\n" + `{"error_description": "AADSTS50027: client_assertion=secret-body is malformed. secret-body"}`,
			"deployments.Get: no token: failed: AADSTS50027: client_assertion=… is malformed",
		},
		"a line that goes on": {
			"ClientSecretCredential: unable to resolve an endpoint: server response error:\n Get " +
				"\"https://login.example/t?secret-query\": " +
				"dial tcp: lookup login.example: no such host\nsecret-body",
			"deployments.Get: no token: ClientSecretCredential: unable to resolve an endpoint: server response error: " +
				`Get "https://login.example/t?…": dial tcp: lookup login.example: no such host`,
		},
		"with JSON in the line": {`failed: {"error":"secret-body"}`, "deployments.Get: no token: failed:"},
		"nothing but JSON":      {`{"error":"secret-body"}`, "deployments.Get: no token: the credential failed"},
		"nothing":               {"", "deployments.Get: no token: the credential failed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(stub.Read().Success)
			err := stub.Read().Run(t.Context(), stub.NewClient(t, &stub.Issuer{Err: errors.New(tt.text)}, s))
			require.EqualError(t, err, tt.want)
			require.ErrorIs(t, err, apierr.ErrUnauthorized)
			require.Empty(t, s.Requests())
		})
	}
}

func TestADeadlineBeforeThereIsATokenSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := stub.Read().Run(ctx, stub.NewClient(t, slowIssuer{}, stub.Answering(stub.Read().Success)))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualError(t, err, "deployments.Get: no token yet: context deadline exceeded")
	})
}

// slowIssuer never comes to a token.
type slowIssuer struct{}

func (slowIssuer) GetToken(ctx context.Context, _ policy.TokenRequestOptions) (azcore.AccessToken, error) {
	<-ctx.Done()
	return azcore.AccessToken{}, ctx.Err()
}

func TestACredentialThatFailsDoesNotMakeTheOutcomeOfAWriteUnknown(t *testing.T) {
	t.Parallel()
	err := stub.Create().Run(t.Context(), stub.NewClient(t, &stub.Issuer{Err: errors.New("down")}, stub.Answering(stub.Create().Success)))
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
}

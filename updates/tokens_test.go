package updates_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
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

// issuer is a credential that issues token-1, token-2, … and keeps what it was
// asked.
type issuer struct {
	mu       sync.Mutex
	asked    []policy.TokenRequestOptions
	lifetime time.Duration // 0 is an hour
	takes    time.Duration // until it answers
	busy     int
	err      error
}

func (i *issuer) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	n, err := i.begin(options)
	defer i.end()
	if i.takes > 0 {
		select {
		case <-time.After(i.takes):
		case <-ctx.Done():
			return azcore.AccessToken{}, ctx.Err()
		}
	}
	lifetime := max(i.lifetime, time.Minute)
	if i.lifetime == 0 {
		lifetime = time.Hour
	}
	return azcore.AccessToken{Token: fmt.Sprintf("token-%d", n), ExpiresOn: time.Now().Add(lifetime)}, err
}

func (i *issuer) begin(options policy.TokenRequestOptions) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.busy++; i.busy > 1 {
		return 0, errors.New("asked twice at once")
	}
	i.asked = append(i.asked, options)
	return len(i.asked), i.err
}

func (i *issuer) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.busy--
}

func (i *issuer) fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.err = err
}

func (i *issuer) times() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.asked)
}

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
	i := &issuer{}
	s := stub.Answering(read().success)
	client := stub.NewClient(t, i, s)
	require.Zero(t, i.times(), "making a client signs in")
	for range 20 {
		require.NoError(t, read().run(t.Context(), client))
	}
	require.Equal(t, []policy.TokenRequestOptions{{Scopes: []string{"https://graph.microsoft.com/.default"}, EnableCAE: true}}, i.asked)
	for _, r := range s.Requests() {
		require.Equal(t, []string{"Bearer token-1"}, r.Header.Values("Authorization"))
	}
}

func TestATokenIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	inBubble(t, "an hour", func(t *testing.T) {
		i := &issuer{}
		client := stub.NewClient(t, i, stub.Answering(read().success))
		for _, step := range []struct {
			after time.Duration
			times int
		}{{0, 1}, {54 * time.Minute, 1}, {2 * time.Minute, 2}, {54 * time.Minute, 2}, {24 * time.Hour, 3}} {
			wait(step.after)
			require.NoError(t, read().run(t.Context(), client))
			require.Equal(t, step.times, i.times())
		}
	})
}

func TestAShortTokenIsUsedMoreThanOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, "two minutes", func(t *testing.T) {
		i := &issuer{lifetime: 2 * time.Minute}
		client := stub.NewClient(t, i, stub.Answering(read().success))
		for range 5 {
			require.NoError(t, read().run(t.Context(), client))
		}
		require.Equal(t, 1, i.times())
	})
}

func TestATokenThatCannotBeReplacedServesUntilItsEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, "an hour", func(t *testing.T) {
		i := &issuer{}
		client := stub.NewClient(t, i, stub.Answering(read().success))
		require.NoError(t, read().run(t.Context(), client))
		i.fail(errors.New("sign-in is down"))
		wait(58 * time.Minute)
		require.NoError(t, read().run(t.Context(), client))
		wait(3 * time.Minute)
		require.ErrorIs(t, read().run(t.Context(), client), apierr.ErrUnauthorized)
	})
}

func TestManyCallsShareOneRefresh(t *testing.T) {
	t.Parallel()
	inBubble(t, "64 goroutines", func(t *testing.T) {
		i := &issuer{takes: time.Second}
		client := stub.NewClient(t, i, stub.Answering(read().success))
		var calls sync.WaitGroup
		failed := make(chan error, 64)
		for range 64 {
			calls.Go(func() { failed <- read().run(t.Context(), client) })
		}
		calls.Wait()
		close(failed)
		for err := range failed {
			require.NoError(t, err)
		}
		require.Equal(t, 1, i.times())
	})
}

func TestACallThatIsCancelledDoesNotSpoilTheRefreshForOthers(t *testing.T) {
	t.Parallel()
	inBubble(t, "the first of three", func(t *testing.T) {
		i := &issuer{takes: 10 * time.Second}
		client := stub.NewClient(t, i, stub.Answering(read().success))
		ctx, cancel := context.WithCancel(t.Context())
		results := make(chan error, 3)
		go func() { results <- read().run(ctx, client) }()
		synctest.Wait()
		go func() { results <- read().run(t.Context(), client) }()
		waiting, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		require.ErrorIs(t, read().run(waiting, client), context.DeadlineExceeded, "waiting for another's refresh ends with the context")
		cancel()
		require.ErrorIs(t, <-results, context.Canceled)
		require.NoError(t, <-results)
	})
}

func TestAChallengeIsAnsweredWithAnotherTokenOnce(t *testing.T) {
	t.Parallel()
	for _, op := range append(repeatable(), creates()...) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			i := &issuer{}
			s := stub.Answering(wellFormed(), op.success)
			client := stub.NewClient(t, i, s)
			require.NoError(t, op.run(t.Context(), client))
			requests := s.Requests()
			require.Len(t, requests, 2)
			require.Equal(t, []string{"Bearer token-1"}, requests[0].Header.Values("Authorization"))
			require.Equal(t, []string{"Bearer token-2"}, requests[1].Header.Values("Authorization"))
			require.Equal(t, requests[0].Body, requests[1].Body)
			require.Equal(t, requests[0].Header.Get("Client-Request-Id"), requests[1].Header.Get("Client-Request-Id"))
			require.Equal(t,
				policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}, Claims: claims, EnableCAE: true},
				i.asked[1])
			require.Zero(t, s.BodiesLeftOpen())

			require.NoError(t, op.run(t.Context(), client))
			require.Equal(t, 2, i.times(), "the new token is kept")
		})
	}
}

func TestAChallengeIsNotAnsweredTwiceInACall(t *testing.T) {
	t.Parallel()
	i := &issuer{}
	s := stub.Answering(wellFormed())
	client := stub.NewClient(t, i, s)
	err := create().run(t.Context(), client)
	require.Len(t, s.Requests(), 2)
	require.ErrorIs(t, err, apierr.ErrUnauthorized)
	require.Equal(t, 401, apierr.StatusOf(err))
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)

	require.Error(t, create().run(t.Context(), client))
	require.Equal(t, 3, i.times(), "the same challenge to a newer token asks for another one")
}

func TestAChallengeThatIsBadlyFormedIsARefusal(t *testing.T) {
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
		for _, op := range []operation{read(), create()} {
			t.Run(name+", "+op.name, func(t *testing.T) {
				t.Parallel()
				s, i := stub.Answering(challenge(header)), &issuer{}
				err := op.run(t.Context(), stub.NewClient(t, i, s))
				require.ErrorIs(t, err, apierr.ErrUnauthorized)
				require.Equal(t, 401, apierr.StatusOf(err))
				require.Len(t, s.Requests(), 1)
				require.Equal(t, 1, i.times())
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
			i := &issuer{}
			require.NoError(t, read().run(t.Context(), stub.NewClient(t, i, stub.Answering(challenge(header), read().success))))
			require.JSONEq(t, claims, i.asked[1].Claims)
		})
	}
	t.Run("in a second header", func(t *testing.T) {
		t.Parallel()
		i := &issuer{}
		second := func(r *http.Request) (*http.Response, error) {
			resp, err := wellFormed()(r)
			resp.Header["Www-Authenticate"] = append([]string{"Negotiate"}, resp.Header["Www-Authenticate"]...)
			return resp, err
		}
		require.NoError(t, read().run(t.Context(), stub.NewClient(t, i, stub.Answering(second, read().success))))
	})
}

func TestACredentialThatCannotAnswerAChallengeLeavesTheStatus(t *testing.T) {
	t.Parallel()
	i := &issuer{}
	s := stub.Answering(func(r *http.Request) (*http.Response, error) {
		i.fail(errors.New("no interaction is possible"))
		return wellFormed()(r)
	})
	err := read().run(t.Context(), stub.NewClient(t, i, s))
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
			"deployments.Get: no token: ClientSecretCredential authentication failed. (AADSTS7000215)",
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
			s := stub.Answering(read().success)
			err := read().run(t.Context(), stub.NewClient(t, &issuer{err: errors.New(tt.text)}, s))
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
		err := read().run(ctx, stub.NewClient(t, slowIssuer{}, stub.Answering(read().success)))
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
	err := create().run(t.Context(), stub.NewClient(t, &issuer{err: errors.New("down")}, stub.Answering(create().success)))
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
}

package call_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

var errSignInIsDown = errors.New("sign-in is down")

// durations runs that many reads simultaneously and returns how long each took.
func durations(t *testing.T, client *updates.Client, calls int) (took []time.Duration, failed []error) {
	t.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	for range calls {
		group.Go(func() {
			began := time.Now()
			ctx, cancel := context.WithCancel(t.Context())
			err := stub.Read().Run(ctx, client)
			cancel() // as callers do, which says nothing about the call
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(began))
			if err != nil {
				failed = append(failed, err)
			}
		})
	}
	group.Wait()
	return took, failed
}

func TestARenewalThatFailsDelaysNoCallWhileTheTokenIsGood(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "20 calls, 29 minutes before the end", func(t *testing.T) {
		i := &stub.Issuer{RefreshAfter: 30 * time.Minute}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		require.NoError(t, stub.Read().Run(t.Context(), client))
		wait(31 * time.Minute)
		i.Takes = 10 * time.Second
		i.Fail(errSignInIsDown)

		began := time.Now()
		took, failed := durations(t, client, 20)
		require.Empty(t, failed)
		require.Equal(t, 10*time.Second, time.Since(began), "all 20 together")
		held := 0
		for _, d := range took {
			if d > 0 {
				held++
			}
		}
		require.Equal(t, 1, held, "the call that asks waits, and no other")

		wait(29 * time.Second)
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.Equal(t, 2, i.Times(), "the credential is left alone for 30 seconds")
		wait(time.Second)
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.Equal(t, 3, i.Times())
	})
}

func TestCallsThatWaitForACredentialShareItsFailure(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "20 calls", func(t *testing.T) {
		i := &stub.Issuer{Takes: 10 * time.Second, Err: errSignInIsDown}
		began := time.Now()
		_, failed := durations(t, stub.NewClient(t, i, stub.Answering(stub.Read().Success)), 20)
		require.Len(t, failed, 20)
		for _, err := range failed {
			require.ErrorIs(t, err, apierr.ErrUnauthorized)
		}
		require.Equal(t, 10*time.Second, time.Since(began))
		require.Equal(t, 1, i.Times())
	})
}

// deaf is a credential that ignores its context. It answers when it is released.
type deaf struct {
	release chan struct{}
	asked   atomic.Int32
}

func (d *deaf) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	d.asked.Add(1)
	<-d.release
	return azcore.AccessToken{Token: "late-token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func TestACredentialThatIgnoresItsContextDoesNotHoldItsCallers(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "three callers", func(t *testing.T) {
		cred, s := &deaf{release: make(chan struct{})}, stub.Answering(stub.Read().Success)
		client := stub.NewClient(t, cred, s)
		time.AfterFunc(time.Hour, func() { close(cred.release) })
		for range 3 {
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			err := stub.Read().Run(ctx, client)
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, time.Second, time.Since(began))
		}
		require.EqualValues(t, 1, cred.asked.Load(), "nothing piles up behind it")
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.Equal(t, "Bearer late-token", s.Last(t).Header.Get("Authorization"))
		require.EqualValues(t, 1, cred.asked.Load(), "its answer serves")
	})
}

type panicking struct{}

func (panicking) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	panic("a defect of the credential")
}

func TestAPanicOfACredentialReachesItsCaller(t *testing.T) {
	t.Parallel()
	client := stub.NewClient(t, panicking{}, stub.Answering(stub.Read().Success))
	for range 2 {
		require.PanicsWithValue(t, "a defect of the credential", func() { _ = stub.Read().Run(t.Context(), client) })
	}
}

// slowPanic panics after a second.
type slowPanic struct{}

func (slowPanic) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	wait(time.Second)
	return panicking{}.GetToken(ctx, o)
}

func TestCallsThatWaitedForACredentialThatPanickedSaySo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := stub.NewClient(t, slowPanic{}, stub.Answering(stub.Read().Success))
		go func() {
			defer func() { _ = recover() }()
			_ = stub.Read().Run(t.Context(), client)
		}()
		synctest.Wait()
		err := stub.Read().Run(t.Context(), client)
		require.EqualError(t, err, "deployments.Get: no token: the credential panicked in another call")
		require.ErrorIs(t, err, apierr.ErrUnauthorized)
	})
}

// odd is the token of a credential.
type odd string

func (o odd) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(o), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func TestATokenThatCannotBeSentSaysWhy(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{
		"":             "the credential returned an empty token",
		"Bearer token": "the credential returned a token with characters that cannot be sent, such as Bearer and a space, or a line break",
		"token\n":      "the credential returned a token with characters that cannot be sent, such as Bearer and a space, or a line break",
	} {
		s := stub.Answering(stub.Read().Success)
		err := stub.Read().Run(t.Context(), stub.NewClient(t, odd(token), s))
		require.EqualError(t, err, "deployments.Get: no token: "+want)
		require.Empty(t, s.Requests())
	}
}

func TestATokenIsNotUsedAfterItsEndWhateverItSaysOfItsRenewal(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "renewal after the end", func(t *testing.T) {
		i := &stub.Issuer{Lifetime: time.Hour, RefreshAfter: 24 * time.Hour}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		for _, step := range []struct {
			after time.Duration
			times int
		}{{0, 1}, {54 * time.Minute, 1}, {2 * time.Minute, 2}, {2 * time.Hour, 3}} {
			wait(step.after)
			require.NoError(t, stub.Read().Run(t.Context(), client))
			require.Equal(t, step.times, i.Times())
		}
	})
	stub.InBubble(t, "renewal in the past", func(t *testing.T) {
		i := &stub.Issuer{RefreshAfter: -time.Minute}
		client := stub.NewClient(t, i, stub.Answering(stub.Read().Success))
		for range 10 {
			require.NoError(t, stub.Read().Run(t.Context(), client))
		}
		require.Equal(t, 1, i.Times(), "not with each call")
		wait(30 * time.Second)
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.Equal(t, 2, i.Times())
	})
}

func TestAClientThatDropsItsTokenAsksForANewOne(t *testing.T) {
	t.Parallel()
	i, s := &stub.Issuer{}, stub.Answering(stub.Read().Success)
	client := stub.NewClient(t, i, s)
	client.DropToken()
	require.Zero(t, i.Times(), "dropping alone asks for nothing")
	for range 2 {
		require.NoError(t, stub.Read().Run(t.Context(), client))
	}
	client.DropToken()
	_, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		if err := stub.Read().Run(ctx, c); err != nil {
			return err
		}
		c.DropToken()
		return stub.Read().Run(ctx, c)
	})
	require.NoError(t, err)
	var sent []string
	for _, r := range s.Requests() {
		sent = append(sent, r.Header.Get("Authorization"))
	}
	require.Equal(t, []string{"Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-3"}, sent)
	(&updates.Client{}).DropToken()
}

func TestATokenThatWasRequestedBeforeADropIsNotKept(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "a slow credential", func(t *testing.T) {
		i, s := &stub.Issuer{Takes: 10 * time.Second}, stub.Answering(stub.Read().Success)
		client := stub.NewClient(t, i, s)
		early := make(chan error, 1)
		go func() { early <- stub.Read().Run(t.Context(), client) }()
		synctest.Wait()
		client.DropToken()
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.NoError(t, <-early)
		require.Equal(t, "Bearer token-2", s.Last(t).Header.Get("Authorization"))
		require.Equal(t, 2, i.Times())
	})
}

func TestATokenForAnotherResourceIsNotSent(t *testing.T) {
	t.Parallel()
	for _, audience := range []string{"https://management.azure.com/", "https://graph.microsoft.us", "api://other"} {
		for _, op := range append(stub.Repeatable(), stub.Creates()...) {
			s := stub.Answering(op.Success)
			client := stub.NewClient(t, stub.Saying(`{"aud":"`+audience+`"}`), s)
			err := op.Run(t.Context(), client)
			require.ErrorIs(t, err, apierr.ErrUnauthorized)
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.ErrorContains(t, err, "not for https://graph.microsoft.com; request it with the scope https://graph.microsoft.com/.default, "+
				"from a credential for the same cloud")
			require.Empty(t, s.Requests())
		}
		s := stub.Answering(stub.Read().Success)
		_, err := stub.NewClient(t, stub.Saying(`{"aud":"`+audience+`"}`), s).DryRun(t.Context(), stub.Read().Run)
		require.ErrorIs(t, err, apierr.ErrUnauthorized)
		require.Empty(t, s.Requests(), "nor in a dry run")
	}
}

func TestARejectedTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			i, s := &stub.Issuer{}, stub.Answering(stub.Answer(401, "{}"), op.Success)
			client := stub.NewClient(t, i, s)
			require.NoError(t, op.Run(t.Context(), client))
			requests := s.Requests()
			require.Len(t, requests, 2)
			require.Equal(t, "Bearer token-1", requests[0].Header.Get("Authorization"))
			require.Equal(t, "Bearer token-2", requests[1].Header.Get("Authorization"))
			require.Equal(t, requests[0].Body, requests[1].Body)
			require.Equal(t, policy.TokenRequestOptions{Scopes: i.Asked[0].Scopes, EnableCAE: true}, i.Asked[1])
			require.Zero(t, s.BodiesLeftOpen())
			require.NoError(t, op.Run(t.Context(), client))
			require.Equal(t, 2, i.Times(), "the new token is kept")
		})
	}
	t.Run("in a dry run", func(t *testing.T) {
		t.Parallel()
		i, s := &stub.Issuer{}, stub.Answering(stub.Answer(401, "{}"), stub.Read().Success)
		_, err := stub.NewClient(t, i, s).DryRun(t.Context(), stub.Read().Run)
		require.NoError(t, err)
		require.Len(t, s.Requests(), 2)
	})
}

func TestASecondRejectionSaysWhatToDo(t *testing.T) {
	t.Parallel()
	rejected := stub.Answer(401, `{"error":{"code":"InvalidAuthenticationToken","message":"No."}}`)
	const (
		again      = "the service rejected a new token too"
		policies   = "Conditional Access"
		credential = "the credential returned the rejected token again; create a new credential and client, or sign in again"
	)
	issuer := func() azcore.TokenCredential { return &stub.Issuer{} }
	static := func() azcore.TokenCredential { return stub.Token{} }
	for name, test := range map[string]struct {
		cred    func() azcore.TokenCredential
		replies []stub.Reply
		sent    int
		advice  []string
	}{
		"without a challenge":         {issuer, []stub.Reply{rejected}, 2, []string{again, "sign in again", "location", policies}},
		"a challenge":                 {issuer, []stub.Reply{wellFormed()}, 2, []string{again, "sign in again", "location", policies}},
		"a challenge, then without":   {issuer, []stub.Reply{wellFormed(), rejected}, 2, []string{again, policies}},
		"without, then a challenge":   {issuer, []stub.Reply{rejected, wellFormed()}, 3, []string{again, policies}},
		"the credential has no other": {static, []stub.Reply{rejected}, 1, []string{credential}},
	} {
		for _, op := range []stub.Operation{stub.Read(), stub.Create()} {
			t.Run(name+", "+op.Name, func(t *testing.T) {
				t.Parallel()
				s := stub.Answering(test.replies...)
				err := op.Run(t.Context(), stub.NewClient(t, test.cred(), s))
				require.Len(t, s.Requests(), test.sent)
				require.ErrorIs(t, err, apierr.ErrUnauthorized)
				require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
				require.Equal(t, 401, apierr.StatusOf(err))
				for _, advice := range test.advice {
					require.ErrorContains(t, err, advice)
				}
			})
		}
	}
}

func TestRejectionsDoNotMakeACredentialAskForEachCall(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "a service that takes no token", func(t *testing.T) {
		i, s := &stub.Issuer{}, stub.Answering(stub.Answer(401, "{}"))
		client := stub.NewClient(t, i, s)
		for range 10 {
			require.ErrorIs(t, stub.Read().Run(t.Context(), client), apierr.ErrUnauthorized)
		}
		require.Equal(t, 2, i.Times())
		require.Len(t, s.Requests(), 11)
		wait(30 * time.Second)
		require.ErrorIs(t, stub.Read().Run(t.Context(), client), apierr.ErrUnauthorized)
		require.Equal(t, 3, i.Times())
	})
}

func TestCallsWhoseTokenIsRejectedTogetherAskOnce(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "20 calls", func(t *testing.T) {
		i := &stub.Issuer{}
		s := stub.Answering(stub.After(time.Second, func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") == "Bearer token-1" {
				return stub.Answer(401, "{}")(r)
			}
			return stub.Read().Success(r)
		}))
		_, failed := durations(t, stub.NewClient(t, i, s), 20)
		require.Empty(t, failed)
		require.Equal(t, 2, i.Times())
		require.Len(t, s.Requests(), 40)
	})
}

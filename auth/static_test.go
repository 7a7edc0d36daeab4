package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAStaticTokenIsGivenUntilItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		end := time.Now().Add(time.Hour)
		cred, err := StaticToken("opaque", end)
		require.NoError(t, err)

		<-time.After(time.Hour - 1)
		token, err := cred.GetToken(t.Context(), policy.TokenRequestOptions{})
		require.NoError(t, err)
		require.Equal(t, "opaque", token.Token)
		require.Equal(t, end, token.ExpiresOn)

		<-time.After(1)
		token, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{})
		require.EqualError(t, err, "the static token expired at 2000-01-01T01:00:00Z")
		require.Zero(t, token)
	})
}

func TestAStaticTokenSaysItselfWhenItEndsUnlessTold(t *testing.T) {
	t.Parallel()
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"aud":"a","exp":4102444800}`))
	cred, err := StaticToken("e30."+payload+".s", time.Time{})
	require.NoError(t, err)
	token, err := cred.GetToken(t.Context(), policy.TokenRequestOptions{})
	require.NoError(t, err)
	require.Equal(t, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), token.ExpiresOn)

	told := time.Now().Add(time.Hour)
	cred, err = StaticToken("e30."+payload+".s", told)
	require.NoError(t, err)
	token, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{})
	require.NoError(t, err)
	require.Equal(t, told, token.ExpiresOn)
}

func TestAStaticTokenCannotBeRenewed(t *testing.T) {
	t.Parallel()
	cred, err := StaticToken("opaque", time.Now().Add(time.Hour))
	require.NoError(t, err)
	_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Claims: `{"access_token":{}}`})
	require.EqualError(t, err, "the service requests a new token, but a static token cannot be renewed")
}

func TestAStaticTokenIsNotGivenToACallThatHasEnded(t *testing.T) {
	t.Parallel()
	cred, err := StaticToken("opaque", time.Now().Add(time.Hour))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = cred.GetToken(ctx, policy.TokenRequestOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAStaticTokenMustBeATokenThatHasNotEnded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, token string
		expires     time.Time
		problem     string
	}{
		{
			"with its scheme", "Bearer " + secret, time.Now().Add(time.Hour),
			"token must be the token alone, without Bearer, white space, or line breaks",
		},
		{
			"with a line break", secret + "\n", time.Now().Add(time.Hour),
			"token must be the token alone, without Bearer, white space, or line breaks",
		},
		{
			"with letters that no header may have", secret + "é", time.Now().Add(time.Hour),
			"token must be the token alone, without Bearer, white space, or line breaks",
		},
		{"ended", secret, time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), "expires must be in the future (got 2020-01-02T03:04:05Z)"},
		{"opaque, without a time", secret, time.Time{}, "expires must be set, because the token has no expiration time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cred, err := StaticToken(tt.token, tt.expires)
			require.EqualError(t, err, "auth.StaticToken: "+tt.problem)
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.Nil(t, cred)
		})
	}
}

func TestPrintingACredentialShowsNoSecret(t *testing.T) {
	t.Parallel()
	cred, err := StaticToken(secret, time.Now().Add(time.Hour))
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		require.NotContains(t, fmt.Sprintf(verb, cred), secret, verb)
		require.NotContains(t, fmt.Sprintf(verb, struct{ C any }{cred}), secret, verb)
	}
}

package call_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// An object without an id would fail in a later call, far from its cause.
func TestAnObjectWithoutAnIDIsNoResult(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"id":null}`, `{"id":""}`} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(201, body)))
		d, err := client.Deployments().Create(t.Context(), deployments.ForFeature("e"))
		require.Nil(t, d)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome, body)
		require.Equal(t, 201, apierr.StatusOf(err))
		_, err = client.Audiences().Get(t.Context(), audience.ByID("a"))
		require.ErrorContains(t, err, "the response has no ID")
	}
}

func TestAnEnrollmentInAnUnknownCategoryIsKept(t *testing.T) {
	t.Parallel()
	body := `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"d",
		"enrollment":{"feature":{"enrollmentState":"enrolled"},"hotpatch":{"enrollmentState":"enrolled"}}}`
	device, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, body))).Devices().Get(t.Context(), "d")
	require.NoError(t, err)
	require.True(t, device.Feature.IsEnrolled())
	require.JSONEq(t, `{"hotpatch":{"enrollmentState":"enrolled"}}`, string(device.Extra["enrollment"]))
}

func TestAVersionThatIsNotThereNamesTheOthers(t *testing.T) {
	t.Parallel()
	_, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, `{"value":[]}`))).Catalog().FindFeatureUpdate(t.Context(), "24H2")
	require.EqualError(t, err, `catalog.FindFeatureUpdate: not found: no feature update has version "24H2"; the catalog has none`)
}

// failing is a credential that has one answer.
type failing struct {
	token string
	err   error
}

func (f failing) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: f.token, ExpiresOn: time.Now().Add(time.Hour)}, f.err
}

func TestATokenThatCannotBeSentIsNotSent(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "a\n", "a b", "ä"} {
		s := stub.Answering(stub.Answer(200, stub.Deployment))
		client := stub.NewClient(t, failing{token: token}, s)
		_, err := client.Audiences().Create(t.Context())
		require.ErrorIs(t, err, apierr.ErrUnauthorized)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Empty(t, s.Requests())
	}
}

func TestSecretsInTextsOfOthersAreNotRepeated(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"POST https://login.example/token?client_secret=hunter2&x=y failed",
		"dial https://me:hunter2@proxy.example: refused",
		"header was Bearer hunter2",
	} {
		_, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Fail(errors.New(text)))).Audiences().Create(t.Context())
		require.Error(t, err)
		require.NotContains(t, err.Error(), "hunter2")
		client := stub.NewClient(t, failing{err: errors.New(text)}, stub.Answering(stub.Answer(200, stub.Deployment)))
		_, err = client.Audiences().Create(t.Context())
		require.ErrorIs(t, err, apierr.ErrUnauthorized)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestTheLargestWaitBoundsTheFirstOneToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := stub.Answering(stub.Answer(503, ""), stub.Answer(503, ""), stub.Answer(200, stub.Deployment))
		client := stub.NewClient(t, failing{token: "t"}, s, func(o *updates.Options) { o.Retry.MaxDelay = time.Millisecond })
		start := time.Now()
		_, err := client.Deployments().Get(t.Context(), "d")
		require.NoError(t, err)
		require.LessOrEqual(t, time.Since(start), 2*time.Millisecond)
	})
}

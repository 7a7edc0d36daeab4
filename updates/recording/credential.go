package recording

import (
	"context"
	"errors"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// replayed is the credential of a replay. Its token says nothing.
type replayed struct{}

func (replayed) GetToken(ctx context.Context, _ policy.TokenRequestOptions) (azcore.AccessToken, error) {
	if err := ctx.Err(); err != nil {
		return azcore.AccessToken{}, err
	}
	return azcore.AccessToken{Token: "replayed", ExpiresOn: time.Now().Add(24 * time.Hour)}, nil
}

// missing is the credential of a recorder that has none to record with.
type missing struct{}

func (missing) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{}, errors.New("recording: there is no credential to record with; give one with recording.WithCredential")
}

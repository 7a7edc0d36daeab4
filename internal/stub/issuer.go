package stub

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// Issuer is a credential that issues token-1, token-2, … and records the requests for them.
type Issuer struct {
	mu       sync.Mutex
	Asked    []policy.TokenRequestOptions
	Prefix   string        // of its tokens, "token-" if it is empty
	Lifetime time.Duration // 0 is an hour
	Takes    time.Duration // until it answers
	// RefreshAfter is the time from the issue of a token to its renewal; 0 leaves it open.
	RefreshAfter time.Duration
	busy         int
	Err          error
}

// GetToken issues the next token.
func (i *Issuer) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	n, err := i.begin(options)
	defer i.end()
	if i.Takes > 0 {
		select {
		case <-time.After(i.Takes):
		case <-ctx.Done():
			return azcore.AccessToken{}, ctx.Err()
		}
	}
	lifetime := max(i.Lifetime, time.Minute)
	if i.Lifetime == 0 {
		lifetime = time.Hour
	}
	token := azcore.AccessToken{
		Token: fmt.Sprintf("%s%d", cmp.Or(i.Prefix, "token-"), n), ExpiresOn: time.Now().Add(lifetime),
	}
	if i.RefreshAfter != 0 {
		token.RefreshOn = time.Now().Add(i.RefreshAfter)
	}
	return token, err
}

func (i *Issuer) begin(options policy.TokenRequestOptions) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.busy++; i.busy > 1 {
		return 0, errors.New("asked twice at once")
	}
	i.Asked = append(i.Asked, options)
	return len(i.Asked), i.Err
}

func (i *Issuer) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.busy--
}

// Fail makes the next calls fail, or succeed again with a nil error.
func (i *Issuer) Fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.Err = err
}

// Times returns how often a token was asked for.
func (i *Issuer) Times() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.Asked)
}

// Saying is a credential whose token has claims.
type Saying string

// GetToken returns the token.
func (s Saying) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: s.Token(), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// Token returns the token as a string.
func (s Saying) Token() string {
	return "secret-head." + base64.RawURLEncoding.EncodeToString([]byte(s)) + ".secret-signature"
}

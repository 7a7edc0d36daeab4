package call

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/winupdates/winupdates-go/auth/claims"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// authenticator gets the token for a request of the adapter, which puts it on requests to
// the service only.
type authenticator struct {
	tokens *tokens
}

// errSameToken is a credential that has no other token than the one that the service rejected.
var errSameToken = errors.New("the credential returned the rejected token again")

// AuthenticateRequest notes the token in the record. A token that is surely for another service is an
// error, and is not sent.
func (a *authenticator) AuthenticateRequest(
	ctx context.Context, _ *abstractions.RequestInformation, _ map[string]any,
) error {
	rec := recordOf(ctx)
	token, err := a.tokens.get(rec.ctx, rec.claims, rec.token)
	switch {
	case err != nil:
		return credentialError(rec.ctx, err)
	case token.misdirected != "":
		return &namedError{apierr.ErrUnauthorized, "no token was sent: " + token.misdirected}
	case rec.token != "" && token.Token == rec.token:
		rec.isTokenSame = true
		return errSameToken
	}
	rec.token = token.Token
	return nil
}

const (
	// renewBefore is how long before its end a token is replaced. One that lives less than
	// twice as long is replaced after half of its life.
	renewBefore = 5 * time.Minute
	// leaveAlone is how long a credential is not asked again while there is a token to use.
	leaveAlone = 30 * time.Second
)

// tokens caches the credential's token. At most one request to the credential is under way. While
// the token is good, only the call that asks for a newer one waits for the credential.
type tokens struct {
	credential azcore.TokenCredential
	scope      string

	mu         sync.Mutex
	held       issued
	ask        *ask      // under way, or nil
	askedAt    time.Time // when the credential answered last
	rejectedAt time.Time // when a token was dropped because the service rejected it
}

// issued is a token of the credential.
type issued struct {
	azcore.AccessToken
	renewAt     time.Time
	misdirected string // why it is not for the service; empty if it is, or if it does not say
}

func (t issued) isGood() bool { return time.Now().Before(t.ExpiresOn) }

func newTokens(credential azcore.TokenCredential, scope string) *tokens {
	return &tokens{credential: credential, scope: scope}
}

// get returns a token that is good for a while. rejected is the token that the service has
// rejected, or ""; claims are those of its challenge. Both ask for another one, unless another
// call has already got it.
func (t *tokens) get(ctx context.Context, claims, rejected string) (issued, error) {
	for {
		held, ask, isOwn := t.holdOrAsk(ctx, claims, rejected)
		if ask == nil {
			return held, nil
		}
		select {
		case <-ctx.Done():
			return issued{}, ctx.Err()
		case <-ask.done:
		}
		switch {
		case isOwn:
			return ask.resultOr(held)
		case ask.isFor(claims, rejected):
			return ask.token, ask.err
		}
	}
}

// holdOrAsk returns the token to use, or the request to the credential to wait for and whether
// that is the caller's own. Beside an own one it returns the token that serves if it fails.
func (t *tokens) holdOrAsk(ctx context.Context, claims, rejected string) (held issued, wait *ask, isOwn bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	isUsable := now.Before(t.held.ExpiresOn) && t.held.Token != rejected
	switch {
	case isUsable && (now.Before(t.held.renewAt) || t.ask != nil || now.Sub(t.askedAt) < leaveAlone):
		return t.held, nil, false
	case t.ask != nil:
		return issued{}, t.ask, false
	case isUsable:
		held = t.held
	}
	t.ask = &ask{ctx: ctx, claims: claims, done: make(chan struct{})}
	go t.run(t.ask)
	return held, t.ask, true
}

// drop makes the next call ask for a token. A request to the credential that is under way serves
// only the call that made it.
func (t *tokens) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = issued{}
	if t.ask != nil {
		t.ask.isStale = true
	}
}

// reject drops a token that the service rejected, and reports whether to ask for another one: not
// again and again, if the service takes none.
func (t *tokens) reject(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held.Token != token {
		return true // it is being replaced
	}
	if time.Since(t.rejectedAt) < leaveAlone {
		return false
	}
	t.held, t.rejectedAt = issued{}, time.Now()
	return true
}

func (t *tokens) issued(token azcore.AccessToken) issued {
	said, _ := claims.Parse(token.Token)
	return issued{token, renewal(token), WrongAudience(said, resourceOf(t.scope))}
}

// renewal returns when to replace a token. What it says of that itself counts if it is before its end.
func renewal(token azcore.AccessToken) time.Time {
	if !token.RefreshOn.IsZero() && token.RefreshOn.Before(token.ExpiresOn) {
		return token.RefreshOn
	}
	return token.ExpiresOn.Add(-min(renewBefore, time.Until(token.ExpiresOn)/2))
}

package call

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// ask is one request to the credential. It has a goroutine, since only that can leave a
// credential that ignores its context. A call ends with its own context; what is left then is at most
// this one goroutine, and the next call waits for its result and starts no other.
type ask struct {
	ctx     context.Context // of the call that asks
	claims  string
	isStale bool // the client has dropped its token since

	done     chan struct{} // closed when all below is set
	token    issued
	err      error
	isEnded  bool // the context of the call that asks, which explains the error
	panicked any
}

var (
	errNoToken    = errors.New("the credential returned neither a token nor an error")
	errPanicked   = errors.New("the credential panicked in another call")
	errEmpty      = errors.New("the credential returned an empty token")
	errUnsendable = errors.New("the credential returned a token with characters that cannot be sent, such as Bearer and a space, or a line break")
	sendable      = regexp.MustCompile(`^[!-~]+$`)
)

// checkToken accepts what a header can hold.
func checkToken(token string) error {
	switch {
	case token == "":
		return errEmpty
	case !sendable.MatchString(token):
		return errUnsendable
	}
	return nil
}

// run asks the credential with the context of the call.
func (t *tokens) run(a *ask) {
	defer t.finish(a)
	a.err = errNoToken // if the credential ends the goroutine
	token, err := t.credential.GetToken(a.ctx, policy.TokenRequestOptions{
		Scopes: []string{t.scope}, Claims: a.claims, EnableCAE: true,
	})
	if err == nil {
		err = checkToken(token.Token)
	}
	if a.err = err; err == nil {
		a.token = t.issued(token)
	}
}

// finish keeps the token and lets the waiting calls go on.
func (t *tokens) finish(a *ask) {
	if a.panicked, a.isEnded = recover(), a.ctx.Err() != nil; a.panicked != nil {
		a.err = errPanicked
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	defer close(a.done)
	t.ask, t.askedAt = nil, time.Now()
	if a.err == nil && !a.isStale {
		t.held = a.token
	}
}

// resultOr is what the call that asked gets: the token held before, if it still serves. A panic of
// the credential goes on in the call's goroutine, whose program may expect it there.
func (a *ask) resultOr(held issued) (issued, error) {
	switch {
	case a.panicked != nil:
		panic(a.panicked)
	case a.err != nil && held.isGood() && !a.isStale:
		return held, nil
	}
	return a.token, a.err
}

// isFor reports whether the result is one for another call that waited for it: not if the token was
// requested before a drop, or is the rejected one. If the request failed, not if it ended with its
// own call, or was for another challenge.
func (a *ask) isFor(claims, rejected string) bool {
	if a.err != nil {
		return !a.isEnded && a.claims == claims
	}
	return !a.isStale && a.token.Token != rejected
}

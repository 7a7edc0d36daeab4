package call

import (
	"context"
	"math/rand/v2"
	"time"
)

type randomKey struct{}

// WithRandom makes below draw the delays of calls and polls: a duration from 0 up to, and not
// including, n. Tests repeat a run with it.
func WithRandom(ctx context.Context, below func(n time.Duration) time.Duration) context.Context {
	return context.WithValue(ctx, randomKey{}, below)
}

// random spreads the requests of several callers, so that they do not come all together.
func random(ctx context.Context, n time.Duration) time.Duration {
	if below, ok := ctx.Value(randomKey{}).(func(time.Duration) time.Duration); ok {
		return below(n)
	}
	return rand.N(n)
}

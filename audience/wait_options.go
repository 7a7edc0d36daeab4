package audience

import (
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
)

// PollOptions say how often the service is looked at while something is waited for.
// The zero options and nil are the defaults. Pauses vary at random by a quarter, so
// that many programs do not ask at the same moment; where the service asks for a
// longer one, it gets it.
type PollOptions struct {
	// InitialInterval is the pause after the first look and after each change; 0 is 5 seconds,
	// because enrolments were seen to take 2 to 10 seconds. It must not be negative.
	InitialInterval time.Duration
	// MaxInterval is what pauses grow to, doubling, while nothing changes; 0 is 5 minutes,
	// because members were seen to take from half a minute to two hours. Below First it
	// has no effect. It must not be negative.
	MaxInterval time.Duration
}

func (o *PollOptions) pauses() (call.Intervals, error) {
	if o == nil {
		o = &PollOptions{}
	}
	return call.IntervalsOf("PollOptions", call.Intervals(*o), call.Intervals{InitialInterval: 5 * time.Second, MaxInterval: 5 * time.Minute})
}

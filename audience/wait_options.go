package audience

import (
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
)

// PollOptions set the intervals between polls. An interval varies at random, down by up
// to a quarter, so that programs do not poll simultaneously. If the service requests a
// longer delay, it gets it.
type PollOptions struct {
	// InitialInterval is the interval after the first poll and after each change; 0 is 5 seconds. Enrollment
	// was observed to take 2 to 10 seconds. It must not be negative.
	InitialInterval time.Duration
	// MaxInterval is the limit to which the interval doubles while nothing changes; 0 is 5 minutes.
	// Membership changes were observed to take half a minute to two hours. Below InitialInterval it has no
	// effect. It must not be negative.
	MaxInterval time.Duration
}

func (o *PollOptions) pauses() (call.Intervals, error) {
	if o == nil {
		o = &PollOptions{}
	}
	return call.IntervalsOf("PollOptions", call.Intervals(*o),
		call.Intervals{InitialInterval: 5 * time.Second, MaxInterval: 5 * time.Minute})
}

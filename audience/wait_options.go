package audience

import (
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
)

// WaitOptions say how often the service is looked at while something is waited for.
// The zero options and nil are the defaults. Pauses vary at random by a quarter, so
// that many programs do not ask at the same moment; where the service asks for a
// longer one, it gets it.
type WaitOptions struct {
	// First is the pause after the first look and after each change; 0 is 5 seconds,
	// because enrolments were seen to take 2 to 10 seconds. It must not be negative.
	First time.Duration
	// Longest is what pauses grow to, doubling, while nothing changes; 0 is 5 minutes,
	// because members were seen to take from half a minute to two hours. Below First it
	// has no effect. It must not be negative.
	Longest time.Duration
}

func (o *WaitOptions) pauses() (call.Pauses, error) {
	if o == nil {
		o = &WaitOptions{}
	}
	return call.PausesOf("WaitOptions", call.Pauses(*o), call.Pauses{First: 5 * time.Second, Longest: 5 * time.Minute})
}

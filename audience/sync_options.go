package audience

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// RemoveAny as [SyncOptions].RemoveAtMost lets all members be removed, and lets no
// member be wanted.
const RemoveAny = -1

// SyncOptions change how an audience is kept in step. nil and the zero SyncOptions are
// the defaults.
type SyncOptions struct {
	// RemoveAtMost is the largest number of devices that may be removed; more are
	// refused with [ErrGuard], and nothing is changed. 0 is a tenth of the listed
	// members, or 10 where that is more, but never more than half of them. [RemoveAny] is
	// no limit; it alone lets an empty set be wanted.
	// Other negative numbers are refused.
	RemoveAtMost int
	// RemoveGroups are the ids of groups that are removed from the audience. Groups that
	// are not named stay. Where the service lists a group as its devices these count
	// for RemoveAtMost. None of them may be wanted.
	RemoveGroups []string
	// ChunkSize is the largest number of assets in a request; 0 is [DefaultChunk]. It
	// must not be negative.
	ChunkSize int
	// Parallel is how many requests that change something may be on their way at once; 0
	// is 1. It must not be negative.
	Parallel int
	// Unverified leaves out the reading back: what was accepted is taken for done.
	Unverified bool
	// Timeout is how long to read back for at most, after everything was sent; 0 is two
	// hours, which is what Microsoft's own sample tells people to wait. The context can
	// end it sooner. It must not be negative.
	Timeout time.Duration
	// Wait says how often the audience is read back.
	Wait WaitOptions
	// Progress is called after each request and each look, by one goroutine at a time;
	// nil is not called. It must not take long.
	Progress func(SyncProgress)
}

// SyncProgress is how far it has come.
type SyncProgress struct {
	// Sent is the number of assets that the service has accepted.
	Sent int
	// Total is the number of assets that are to be sent; it can grow where the audience
	// changes meanwhile.
	Total int
	// Looks is how often the audience was read back.
	Looks int
	// Left is the number of assets that were not there yet, or still there, at the last
	// look; before the first one it is Total.
	Left int
}

// Validate returns all problems of the options, or nil. Nil options are valid.
func (o *SyncOptions) Validate() error {
	if o == nil {
		return nil
	}
	_, sizeErr := checkChunk("SyncOptions.ChunkSize", o.ChunkSize)
	_, waitErr := o.Wait.pauses()
	errs := []error{sizeErr, waitErr, call.CheckDuration("SyncOptions.Timeout", o.Timeout)}
	if o.RemoveAtMost < RemoveAny {
		const rule = "must be a number of devices, 0 for the default, or RemoveAny"
		errs = append(errs, &apierr.FieldError{Field: "SyncOptions.RemoveAtMost", Value: strconv.Itoa(o.RemoveAtMost), Rule: rule})
	}
	if o.Parallel < 0 {
		value := strconv.Itoa(o.Parallel)
		errs = append(errs, &apierr.FieldError{Field: "SyncOptions.Parallel", Value: value, Rule: "must not be negative"})
	}
	for i, id := range o.RemoveGroups {
		errs = append(errs, call.CheckID(fmt.Sprintf("SyncOptions.RemoveGroups[%d]", i), id))
	}
	return errors.Join(errs...)
}

func (o *SyncOptions) removeGroups() []string {
	if o == nil {
		return nil
	}
	return newWish(Groups(o.RemoveGroups...), nothing).groups
}

// filled returns the options with the defaults in place of zeros. They were validated.
func (o *SyncOptions) filled() *SyncOptions {
	var f SyncOptions
	if o != nil {
		f = *o
	}
	f.ChunkSize = cmp.Or(f.ChunkSize, DefaultChunk)
	f.Parallel = cmp.Or(f.Parallel, 1)
	f.Timeout = cmp.Or(f.Timeout, 2*time.Hour)
	if f.Progress == nil {
		f.Progress = func(SyncProgress) {}
	}
	return &f
}

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

// SyncOptions change how an audience is kept in step. nil and the zero SyncOptions are
// the defaults.
type SyncOptions struct {
	// RemovalLimit is the largest number of devices that may be removed; more are
	// refused with [ErrTooManyRemovals], and nothing is changed. nil is a tenth of the
	// listed members, or 10 if that is more, but never more than half of them, rounded up.
	RemovalLimit RemovalLimit
	// RemoveGroups are the ids of groups that are removed from the audience. Groups that
	// are not named stay. Where the service lists a group as its devices these count
	// for RemovalLimit. None of them may be wanted.
	RemoveGroups []string
	// ChunkSize is the largest number of assets in a request; 0 is [DefaultChunk]. It
	// must not be negative.
	ChunkSize int
	// Concurrency is how many requests that change something may be on their way at once; 0
	// is 1. It must not be negative.
	Concurrency int
	// SkipVerification leaves out the reading back: what was accepted is taken for done.
	SkipVerification bool
	// VerifyTimeout is how long to read back for at most, after everything was sent; 0 is two
	// hours, which is what Microsoft's own sample tells people to wait. The context can
	// end it sooner. It must not be negative.
	VerifyTimeout time.Duration
	// Poll says how often the audience is read back.
	Poll PollOptions
	// OnProgress is called after each request and each look, by one goroutine at a time;
	// nil is not called. It must not take long.
	OnProgress func(SyncProgress)
}

// SyncProgress is how far it has come.
type SyncProgress struct {
	// Sent is the number of assets that the service has accepted.
	Sent int
	// Total is the number of assets that are to be sent; it can grow where the audience
	// changes meanwhile.
	Total int
	// Polls is how often the audience was read back.
	Polls int
	// Remaining is the number of assets that were not there yet, or still there, at the last
	// look; before the first one it is Total.
	Remaining int
}

// Validate returns all problems of the options, or nil. Nil options are valid.
func (o *SyncOptions) Validate() error {
	if o == nil {
		return nil
	}
	_, sizeErr := checkChunk("SyncOptions.ChunkSize", o.ChunkSize)
	_, waitErr := o.Poll.pauses()
	errs := []error{sizeErr, waitErr, call.CheckDuration("SyncOptions.VerifyTimeout", o.VerifyTimeout)}
	errs = append(errs, o.checkRemovals())
	if o.Concurrency < 0 {
		value := strconv.Itoa(o.Concurrency)
		errs = append(errs, &apierr.FieldError{Field: "SyncOptions.Concurrency", Value: value, Rule: "must not be negative"})
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
	return newTarget(Groups(o.RemoveGroups...), never).groups
}

// filled returns the options with the defaults in place of zeros. They were validated.
func (o *SyncOptions) filled() *SyncOptions {
	var f SyncOptions
	if o != nil {
		f = *o
	}
	f.ChunkSize = cmp.Or(f.ChunkSize, DefaultChunk)
	f.Concurrency = cmp.Or(f.Concurrency, 1)
	if f.RemovalLimit == nil {
		f.RemovalLimit = defaultLimit{}
	}
	f.VerifyTimeout = cmp.Or(f.VerifyTimeout, 2*time.Hour)
	if f.OnProgress == nil {
		f.OnProgress = func(SyncProgress) {}
	}
	return &f
}

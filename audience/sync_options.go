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

// SyncOptions change how an audience is synced.
type SyncOptions struct {
	// RemovalLimit is the largest number of devices to remove: [RemoveNone], [RemoveAll], or [RemoveUpTo].
	// If more would be removed, nothing is sent, and the error is [ErrTooManyRemovals]. The default, nil, is
	// a tenth of the members, or 10 if that is more, but at most half of them, rounded up.
	RemovalLimit RemovalLimit
	// RemoveGroups are the IDs of groups to remove from the audience; other groups stay.
	// None of them may be in the list. If the service lists a group as its devices, the
	// devices count for RemovalLimit.
	RemoveGroups []string
	// Expecting is the number of devices that you intend to add, or to offer an update immediately. Set it
	// if the number is more than updates.Limits allows; 0 sets none. It must not be negative.
	Expecting int
	// ChunkSize is the largest number of assets in a request; 0 is [DefaultChunk]. It must
	// not be negative.
	ChunkSize int
	// Concurrency is the number of change requests that are sent at the same time; 0 is 1.
	// It must not be negative.
	Concurrency int
	// SkipVerification returns when all changes are accepted, without waiting until they
	// take effect.
	SkipVerification bool
	// VerifyTimeout limits how long Sync waits after all changes were sent; 0 is two hours,
	// as Microsoft's sample recommends. It must not be negative.
	VerifyTimeout time.Duration
	// Poll sets how often the audience is read.
	Poll PollOptions
	// OnProgress is called after each change request and each poll, from one goroutine at a
	// time, unless it is nil. It must not take long.
	OnProgress func(SyncProgress)
}

// SyncProgress is the progress of a sync.
type SyncProgress struct {
	// Sent is the number of assets that the service has accepted.
	Sent int
	// Total is the number of assets to send. It can grow if the audience changes in the
	// meantime.
	Total int
	// Polls is how often the audience was read after changes were sent.
	Polls int
	// Remaining is the number of changes that the last poll did not find. Before the first poll it is the
	// number of changes in the plan.
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
	errs = append(errs, o.checkRemovals(), call.CheckExpecting("SyncOptions.Expecting", o.Expecting))
	if o.Concurrency < 0 {
		value := strconv.Itoa(o.Concurrency)
		errs = append(errs, &apierr.FieldError{
			Field: "SyncOptions.Concurrency", Value: value, Rule: "must not be negative",
		})
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

// filled returns the options with the defaults. They were validated.
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

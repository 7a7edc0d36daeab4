package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/httptime"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Once creates an object once, although the response of a create can be lost. Three signs
// identify the object: it matches what was requested, it was not listed before the first
// attempt, and it was created since then by the service's clock. Without the third sign it is
// a candidate, and nothing is created again.
type Once[T any] struct {
	// Create sends the create.
	Create func(context.Context) (T, error)
	// List yields the listed objects, and sets clock to the time of the service; see [Dated].
	// It may leave out what never matches.
	List func(ctx context.Context, clock *time.Time) iter.Seq2[T, error]
	// Matches reports whether an object matches. A list that omits properties can make more
	// objects match, so what was listed before is remembered in any case.
	Matches func(T) bool
	// IsOther reports whether an object that was not listed before is a different one after
	// all, which takes more requests; nil if none can show it.
	IsOther func(context.Context, T) bool
	// Identify returns the identity of an object, after IsOther.
	Identify func(T) Identity
	// Rule says what FindOrRun searches by, and what to do if that leads to several.
	Rule string
}

// Identity is what Once identifies objects by.
type Identity struct {
	ID      string
	Created time.Time // zero if the service did not send it
	Doubt   string    // why it may be a different object; empty if it matches
}

// tries is the largest number of creates whose responses are lost and that created nothing.
const tries = 3

// Run notes what there is, and creates. After a lost response it searches for the created
// object until the window is over, even if it has found one: only then is it known whether it
// is the only one. Then it returns that, or creates again. A window of 0 is [SettleTime].
// Errors name op.
func (o Once[T]) Run(ctx context.Context, op string, window time.Duration) (T, error) {
	made, err := o.run(ctx, window)
	if err != nil {
		err = Named(op, err)
	}
	return made, err
}

func (o Once[T]) run(ctx context.Context, window time.Duration) (T, error) {
	before, err := o.note(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return o.create(ctx, before, cmp.Or(window, SettleTime))
}

func (o Once[T]) create(ctx context.Context, before snapshot, window time.Duration) (T, error) {
	for try := 1; ; try++ {
		made, lost := o.Create(ctx)
		if !errors.Is(lost, apierr.ErrUnknownOutcome) {
			return made, lost
		}
		found, err := o.waitForMatch(ctx, before, window, lost)
		if err != nil || len(found) == 1 {
			return first(found), err
		}
		if try == tries {
			return made, lost
		}
	}
}

// FindOrRun returns the one object that matches, or creates it as Run does: made reports which. It
// takes nothing that is in doubt. Two lists have to lack the object before it is created, because a
// copy of the service can be behind. Errors name op.
func (o Once[T]) FindOrRun(ctx context.Context, op string) (one T, made bool, err error) {
	before := snapshot{ids: map[string]bool{}}
	there, err := o.find(ctx, op, &before)
	if err == nil && len(there) == 0 && dryRunOf(ctx) == nil {
		there, err = o.find(ctx, op, &before)
	}
	if err == nil && len(there) == 0 {
		one, err = o.create(ctx, before, SettleTime)
		made = err == nil
	}
	if err != nil {
		return one, false, Named(op, err)
	}
	if !made {
		one = first(there)
	}
	return one, made, nil
}

// find returns the one object that matches, or nothing, and notes the listed objects.
func (o Once[T]) find(ctx context.Context, op string, before *snapshot) ([]T, error) {
	var found candidates[T]
	for item, err := range o.List(ctx, &before.clock) {
		if err != nil {
			return nil, err
		}
		identity := o.Identify(item)
		before.ids[identity.ID] = true
		if o.Matches(item) {
			found.add(item, identity, time.Time{})
		}
	}
	return found.single(&apierr.Error{Op: op, Err: fmt.Errorf("%w: %s", apierr.ErrAmbiguous, o.Rule)})
}

// Find searches once for what was created since a time of the service, for callers that have
// kept nothing else. What the service gives no time of may be older.
func (o Once[T]) Find(ctx context.Context, op string, since time.Time) (T, error) {
	var found candidates[T]
	var clock time.Time
	for item, err := range o.List(ctx, &clock) {
		if err != nil {
			var none T
			return none, err
		}
		if !o.Matches(item) || o.isOther(ctx, item) {
			continue
		}
		switch identity := o.Identify(item); {
		case identity.Created.IsZero() && !since.IsZero():
			found.doubt(identity.ID, "has no time")
		case !identity.Created.Before(since):
			found.add(item, identity, since)
		}
	}
	one, err := found.single(&apierr.Error{Op: op, Err: apierr.ErrAmbiguous})
	if err == nil && len(one) == 0 {
		err = &apierr.Error{Op: op, Err: apierr.ErrNotFound}
	}
	return first(one), err
}

// snapshot is what was there before the first try, and when that was.
type snapshot struct {
	ids   map[string]bool
	clock time.Time // of the service; zero when it told none
}

func (o Once[T]) note(ctx context.Context) (snapshot, error) {
	before := snapshot{ids: map[string]bool{}}
	for item, err := range o.List(ctx, &before.clock) {
		if err != nil {
			return snapshot{}, err
		}
		before.ids[o.Identify(item).ID] = true
	}
	return before, nil
}

// waitForMatch polls until the window is over, and returns the one thing that was made, or
// none. Everything else is an error.
func (o Once[T]) waitForMatch(ctx context.Context, before snapshot, window time.Duration, lost error) ([]T, error) {
	ctx = Polling(ctx)
	began, poll := time.Now(), NewPoll(within(window))
	var last candidates[T]
	for {
		seen, err := o.look(ctx, before)
		if err == nil {
			seen.remember(last)
			last = seen
			if time.Since(began) >= window {
				return last.single(lost)
			}
		}
		if err := poll.Next(ctx, err); err != nil {
			return nil, last.ambiguous(fmt.Errorf("%w; searching for the created object failed: %w", lost, err))
		}
	}
}

// within are intervals that let several polls into a window.
func within(window time.Duration) Intervals {
	return Intervals{InitialInterval: min(window/8, 2*time.Second), MaxInterval: window / 8}
}

// candidates are the things that a create may have made.
type candidates[T any] struct {
	since  []T // created since the first try
	ids    []string
	doubts []string // why the others may be different objects
	others []string // IDs of different objects
}

// look collects objects that were not listed before. An object without a time is new if it was
// not listed.
func (o Once[T]) look(ctx context.Context, before snapshot) (candidates[T], error) {
	var seen candidates[T]
	var now time.Time
	for item, err := range o.List(ctx, &now) {
		if err != nil {
			return candidates[T]{}, err
		}
		switch id := o.Identify(item).ID; {
		case before.ids[id]:
		case !o.Matches(item) || o.isOther(ctx, item):
			seen.others = append(seen.others, id)
		default:
			seen.add(item, o.Identify(item), before.clock)
		}
	}
	return seen, nil
}

// remember keeps the candidates of an earlier poll: what is no longer listed was made all
// the same, or the list is an old copy.
func (s *candidates[T]) remember(earlier candidates[T]) {
	for _, id := range earlier.ids {
		if !slices.Contains(s.ids, id) && !slices.Contains(s.others, id) {
			s.doubt(id, "was listed and no longer is")
		}
	}
}

func (o Once[T]) isOther(ctx context.Context, item T) bool {
	return o.IsOther != nil && o.IsOther(ctx, item)
}

// add keeps every item as a candidate. A time before since does not show that it existed then:
// the clocks of the service's machines differ.
func (s *candidates[T]) add(item T, identity Identity, since time.Time) {
	switch {
	case identity.Doubt != "":
		s.doubt(identity.ID, identity.Doubt)
	case !identity.Created.IsZero() && identity.Created.Before(since):
		s.doubt(identity.ID, "may be older by the service's clock")
	default:
		s.since = append(s.since, item)
		s.ids = append(s.ids, identity.ID)
	}
}

func (s *candidates[T]) doubt(id, why string) {
	s.ids = append(s.ids, id)
	s.doubts = append(s.doubts, id+" "+why)
}

// single is the only candidate, or nothing. What may have been there before is not taken.
func (s *candidates[T]) single(lost error) ([]T, error) {
	if len(s.ids) > len(s.since) || len(s.since) > 1 {
		return nil, s.ambiguous(lost)
	}
	return s.since, nil
}

// ambiguous lists the candidates, if there are any, with the error that ended the search.
func (s *candidates[T]) ambiguous(err error) error {
	if len(s.ids) == 0 {
		return err
	}
	if len(s.doubts) > 0 {
		err = fmt.Errorf("%w; %s", err, strings.Join(s.doubts, ", "))
	}
	return &apierr.AmbiguousError{IDs: s.ids, Err: err}
}

// first is the zero value where there are no items.
func first[T any](items []T) T {
	if len(items) == 0 {
		var none T
		return none
	}
	return items[0]
}

// Dated returns a Fetch that works like fetch, and sets clock to the service's time of the
// last response that had one.
func Dated[P any](clock *time.Time, fetch Fetch[P]) Fetch[P] {
	return func(ctx context.Context, g *graph.Client, link string, p *Parameters) (P, error) {
		page, err := fetch(ctx, g, link, p)
		if at := httptime.Date(recordOf(ctx).header); !at.IsZero() {
			*clock = at
		}
		return page, err
	}
}

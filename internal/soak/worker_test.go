package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// worker makes one call after another, and records what it was told about the objects that it created.
// No other worker changes them.
type worker struct {
	number int
	client *updates.Client
	random *rand.Rand
	kinds  []kind

	entry    string              // a feature update
	audience string              // for policies; it stays
	owned    []map[string]string // by kind: values by id
	creates  map[string]int      // those whose outcome is unknown, by kind
	tally    tally
	wrong    []string
}

// tally counts outcomes by the name of the kind.
type tally map[string]outcomes

type outcomes struct{ done, failed, unknown int }

func (t tally) add(other tally) {
	for name, o := range other {
		sum := t[name]
		t[name] = outcomes{sum.done + o.done, sum.failed + o.failed, sum.unknown + o.unknown}
	}
}

func (t tally) calls() (sum int) {
	for _, o := range t {
		sum += o.done + o.failed + o.unknown
	}
	return sum
}

func newWorker(number int, client *updates.Client) *worker {
	w := &worker{
		number: number, client: client, random: rand.New(rand.NewPCG(uint64(number), 0)), kinds: kinds(),
		creates: map[string]int{}, tally: tally{},
	}
	for range w.kinds {
		w.owned = append(w.owned, map[string]string{})
	}
	return w
}

// settle creates one object of each kind.
func (w *worker) settle(ctx context.Context) (err error) {
	if w.entry, err = entries().create(ctx, w); err != nil {
		return err
	}
	if w.audience, err = newAudience(ctx, w.client); err != nil {
		return err
	}
	for i, k := range w.kinds {
		id, err := k.create(ctx, w)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		w.owned[i][id] = k.values[0]
	}
	return nil
}

// mostOwned is the number of objects of a kind that a worker has at most.
const mostOwned = 4

// step makes one call, and polls if its outcome is unknown.
func (w *worker) step(ctx context.Context) {
	i := w.random.IntN(len(w.kinds))
	k, owned := w.kinds[i], w.owned[i]
	id := w.one(owned)
	switch n := w.random.IntN(10); {
	case id == "" || n == 0 && len(owned) < mostOwned && k.remove != nil:
		w.create(ctx, k, owned)
	case n == 1 && k.remove != nil && len(owned) > 1:
		w.remove(ctx, k, owned, id)
	case n == 2 && k.list != nil:
		_, err := k.list(ctx, w.client)
		w.told(k, "list", err)
	case n < 7 && len(k.values) > 1:
		w.change(ctx, k, owned, id)
	default:
		w.read(ctx, k, owned, id)
	}
}

// one picks one of the objects of a worker, or "".
func (w *worker) one(owned map[string]string) (picked string) {
	left := w.random.IntN(max(len(owned), 1))
	for id := range owned {
		if picked = id; left == 0 {
			break
		}
		left--
	}
	return picked
}

func (w *worker) create(ctx context.Context, k kind, owned map[string]string) {
	id, err := k.create(ctx, w)
	switch w.told(k, "create", err) {
	case done:
		owned[id] = k.values[0]
	case unknown:
		w.creates[k.name]++
	}
}

func (w *worker) remove(ctx context.Context, k kind, owned map[string]string, id string) {
	switch w.told(k, "delete", k.remove(ctx, w.client, id)) {
	case done:
		delete(owned, id)
	case unknown:
		if value := w.poll(ctx, k, id); value == "" {
			delete(owned, id)
		}
	}
}

func (w *worker) change(ctx context.Context, k kind, owned map[string]string, id string) {
	value := k.values[w.random.IntN(len(k.values))]
	switch w.told(k, "change", k.change(ctx, w.client, id, value)) {
	case done:
		owned[id] = value
	case unknown:
		seen := w.poll(ctx, k, id)
		if seen != value && seen != owned[id] {
			w.complain(k, "it became %q, from %q to %q", seen, owned[id], value)
		}
		owned[id] = seen
	}
}

func (w *worker) read(ctx context.Context, k kind, owned map[string]string, id string) {
	value, err := k.read(ctx, w.client, id)
	if w.told(k, "read", err) == done && value != owned[id] {
		w.complain(k, "it is %q, and was told to be %q", value, owned[id])
	}
}

// poll reads until the value is known; "" means that the object does not exist.
func (w *worker) poll(ctx context.Context, k kind, id string) string {
	for {
		value, err := k.read(ctx, w.client, id)
		if errors.Is(err, apierr.ErrNotFound) {
			return ""
		}
		if outcome := w.told(k, "look", err); outcome == done || outcome == astray {
			return value
		}
	}
}

// outcome is what a caller knows after a call.
type outcome int

const (
	done    outcome = iota
	failed          // and nothing has changed
	unknown         // the change may have taken effect
	astray          // something that must not be
)

func (w *worker) told(k kind, what string, err error) outcome {
	o := w.tally[k.name]
	defer func() { w.tally[k.name] = o }()
	switch {
	case err == nil:
		o.done++
		return done
	case errors.Is(err, apierr.ErrUnknownOutcome):
		o.unknown++
		return unknown
	case errors.Is(err, apierr.ErrThrottled), errors.Is(err, apierr.ErrUnavailable):
		o.failed++
		return failed
	}
	w.complain(k, "%s: %v", what, err)
	return astray
}

func (w *worker) complain(k kind, format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf("worker %d, %s: ", w.number, k.name)+fmt.Sprintf(format, args...))
}

package deployments

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/odata"
)

// shows reports whether a deployment has what the update sets. It compares what
// this version knows.
func (u Update) shows(d *Deployment) bool {
	return (u.State == "" || u.State == d.State.Requested) &&
		has(u.Schedule, d.Settings.Schedule, sameSchedule) &&
		has(u.Monitoring, d.Settings.Monitoring, sameMonitoring) &&
		has(u.UserExperience, d.Settings.UserExperience, sameExperience)
}

// has compares one part. Null is the zero part.
func has[T any](want odata.Change[T], have T, same func(a, b T) bool) bool {
	value, _ := want.Value()
	return want.IsKeep() || same(value, have)
}

func sameSchedule(a, b Schedule) bool {
	return second(a.Start).Equal(second(b.Start)) && reflect.DeepEqual(known(a.Rollout), known(b.Rollout))
}

// second leaves out what may get lost on the way to the service and back.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// known is what can be compared of a rollout, with the step that the service fills
// in.
func known(r Rollout) Rollout {
	r = copyRollout(r)
	if r == nil {
		return nil
	}
	steps := r.Common()
	steps.BetweenOffers, steps.Extra = cmp.Or(steps.BetweenOffers, 1), nil
	if d, ok := r.(*DateDriven); ok {
		d.End = second(d.End)
	}
	return r
}

func sameMonitoring(a, b Monitoring) bool {
	return slices.EqualFunc(a.Rules, b.Rules, func(a, b MonitoringRule) bool {
		return a.Signal == b.Signal && a.Threshold == b.Threshold && a.Action == b.Action
	})
}

func sameExperience(a, b UserExperience) bool {
	a.Extra, b.Extra = nil, nil
	return reflect.DeepEqual(a, b)
}

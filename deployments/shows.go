package deployments

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// shows reports whether a deployment certainly has what the update sets. Of members
// in Extra nobody can tell.
func (u Update) shows(d *Deployment) bool {
	return len(u.Extra) == 0 && (u.State == "" || u.State == d.State.Requested) &&
		has(u.Schedule, d.Settings.Schedule, sameSchedule) &&
		has(u.Monitoring, d.Settings.Monitoring, sameMonitoring) &&
		has(u.Applicability, d.Settings.Applicability, sameApplicability) &&
		has(u.UserExperience, d.Settings.UserExperience, sameExperience) &&
		has(u.Expedite, d.Settings.Expedite, sameExpedite)
}

// has compares one part. Where null was sent there must be nothing.
func has[T interface{ isZero() bool }](want odata.Change[T], have T, same func(a, b T) bool) bool {
	return want.IsNull() && have.isZero() || wire.Holds(want, func(value T) bool { return same(value, have) })
}

func sameSchedule(a, b Schedule) bool {
	return len(a.Extra) == 0 && second(a.Start).Equal(second(b.Start)) && reflect.DeepEqual(known(a.Rollout), known(b.Rollout))
}

// second leaves out what may get lost on the way to the service and back.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// known is what can be compared of a rollout, with the step that the service fills
// in.
func known(r Rollout) Rollout {
	if wire.IsNil(r) {
		return nil
	}
	r = copyRollout(r)
	steps := r.Common()
	steps.BetweenOffers, steps.Extra = cmp.Or(steps.BetweenOffers, 1), nil
	if d, ok := r.(*DateDriven); ok {
		d.End = second(d.End)
	}
	return r
}

func sameMonitoring(a, b Monitoring) bool {
	return len(a.Extra) == 0 && slices.EqualFunc(a.Rules, b.Rules, func(a, b MonitoringRule) bool {
		return len(a.Extra) == 0 && a.Signal == b.Signal && a.Threshold == b.Threshold && a.Action == b.Action
	})
}

// sameApplicability takes the names of vendors in any case, as the service's own
// texts do.
func sameApplicability(a, b Applicability) bool {
	return len(a.Extra) == 0 && len(a.Safeguard.Extra) == 0 &&
		slices.EqualFunc(a.OfferWhileRecommendedBy, b.OfferWhileRecommendedBy, strings.EqualFold) &&
		slices.EqualFunc(a.Safeguard.DisabledProfiles, b.Safeguard.DisabledProfiles, func(a, b SafeguardProfile) bool {
			return len(a.Extra) == 0 && a.Category == b.Category
		})
}

func sameExpedite(a, b Expedite) bool {
	return len(a.Extra) == 0 && a.Expedited == b.Expedited && a.ReadinessTest == b.ReadinessTest
}

// sameExperience compares what was set; the service fills in the rest.
func sameExperience(a, b UserExperience) bool {
	return len(a.Extra) == 0 &&
		samePointee(a.OfferAsOptional, b.OfferAsOptional) &&
		samePointee(a.DaysUntilForcedReboot, b.DaysUntilForcedReboot) &&
		samePointee(a.Hotpatch, b.Hotpatch)
}

func samePointee[T comparable](set, have *T) bool {
	return set == nil || have != nil && *set == *have
}

func isUnknown(r Rollout) bool {
	_, unknown := r.(*UnknownRollout)
	return unknown
}

// withoutExtra leaves out the members that nobody can compare.
func (s Settings) withoutExtra() Settings {
	s = s.copied()
	s.Schedule.Extra, s.Monitoring.Extra, s.UserExperience.Extra, s.Expedite.Extra = nil, nil, nil, nil
	s.Applicability.Extra, s.Applicability.Safeguard.Extra = nil, nil
	for i := range s.Monitoring.Rules {
		s.Monitoring.Rules[i].Extra = nil
	}
	for i := range s.Applicability.Safeguard.DisabledProfiles {
		s.Applicability.Safeguard.DisabledProfiles[i].Extra = nil
	}
	return s
}

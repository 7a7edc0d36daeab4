package deployments

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. What is only unwise, or not documented, passes.
func (s Settings) Validate() error {
	return errors.Join(
		s.Schedule.check("Settings.Schedule"),
		s.Monitoring.check("Settings.Monitoring"),
		s.Applicability.check("Settings.Applicability"),
		s.UserExperience.check("Settings.UserExperience"),
		s.Expedite.check("Settings.Expedite"),
		wire.CheckExtra("Settings", s.Extra, map[string]bool{
			"schedule": !s.Schedule.isZero(), "monitoring": !s.Monitoring.isZero(), "contentApplicability": !s.Applicability.isZero(),
			"userExperience": !s.UserExperience.isZero(), "expedite": !s.Expedite.isZero(),
		}),
	)
}

func (s Schedule) check(field string) error {
	extra := wire.CheckExtra(field, s.Extra, map[string]bool{
		"startDateTime": !s.Start.IsZero(), "gradualRollout": s.Rollout != nil,
	})
	start := checkTime(field+".Start", s.Start)
	if s.Rollout == nil {
		return errors.Join(start, extra)
	}
	return errors.Join(start, extra, checkRollout(field+".Rollout", s.Rollout))
}

func checkRollout(field string, r Rollout) error {
	if wire.IsNil(r) {
		return &apierr.FieldError{Field: field, Rule: "must not be a nil pointer; leave the field nil instead"}
	}
	var own error
	sent := map[string]bool{"@odata.type": true, "durationBetweenOffers": r.Common().BetweenOffers != 0}
	switch r := r.(type) {
	case *RateDriven:
		own, sent["devicesPerOffer"] = r.check(field), true
	case *DateDriven:
		own, sent["endDateTime"] = r.check(field), true
	case *DurationDriven:
		own, sent[untilEnd] = r.check(field), r.Length != 0
	case *UnknownRollout:
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("a %T", r), Rule: "must be a rollout of this package"}
	}
	return errors.Join(r.Common().check(field), own, wire.CheckExtra(field, r.Common().Extra, sent))
}

func (b *RolloutBase) check(field string) error {
	if b.BetweenOffers < 0 || b.BetweenOffers > 30 {
		return wire.OutOfRange(field+".BetweenOffers", int(b.BetweenOffers), "must be 1 to 30 days, or 0 for the service's own choice")
	}
	return nil
}

func (r *RateDriven) check(field string) error {
	if r.DevicesPerOffer < 1 || r.DevicesPerOffer > math.MaxInt32 {
		const rule = "must be 1 to 2147483647; no Rollout offers the update to all at once"
		return wire.OutOfRange(field+".DevicesPerOffer", r.DevicesPerOffer, rule)
	}
	return nil
}

func (r *DateDriven) check(field string) error {
	if r.End.IsZero() {
		return &apierr.FieldError{Field: field + ".End", Rule: "must not be zero"}
	}
	return checkTime(field+".End", r.End)
}

// checkTime refuses what cannot be written.
func checkTime(field string, t time.Time) error {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return wire.OutOfRange(field, t.UTC(), "must be in the years 1 to 9999")
	}
	return nil
}

func (r *DurationDriven) check(field string) error {
	if _, unread := r.Extra[untilEnd]; r.Length < 1 && !unread {
		return wire.OutOfRange(field+".Length", int(r.Length), "must be 1 day or more")
	}
	return nil
}

func (m Monitoring) check(field string) error {
	errs := []error{wire.CheckExtra(field, m.Extra, map[string]bool{"monitoringRules": m.Rules != nil})}
	for i, rule := range m.Rules {
		errs = append(errs, rule.check(fmt.Sprintf("%s.Rules[%d]", field, i)))
	}
	return errors.Join(errs...)
}

// check refuses wrong pairs of what this version knows; what it does not know is
// for the service to judge.
func (r MonitoringRule) check(field string) error {
	return errors.Join(r.checkPair(field), wire.CheckExtra(field, r.Extra, map[string]bool{
		"signal": true, "action": true, "threshold": r.Threshold != 0,
	}))
}

func (r MonitoringRule) checkPair(field string) error {
	falls, ineligible := r.Action == OfferFallback, r.Signal == Ineligible
	switch {
	case r.Signal == "":
		return &apierr.FieldError{Field: field + ".Signal", Rule: "must not be empty"}
	case r.Action == "":
		return &apierr.FieldError{Field: field + ".Action", Rule: "must not be empty"}
	case ineligible && (r.Action == AlertError || r.Action == PauseDeployment):
		return wire.OutOfRange(field+".Action", r.Action, "must be OfferFallback with the signal Ineligible")
	case falls && r.Signal == Rollback:
		return wire.OutOfRange(field+".Action", r.Action, "must be PauseDeployment or AlertError with the signal Rollback")
	case ineligible && r.Threshold != 0:
		return wire.OutOfRange(field+".Threshold", r.Threshold, "must be 0 with the signal Ineligible")
	case r.Signal == Rollback && (r.Threshold < 1 || r.Threshold > 100):
		return wire.OutOfRange(field+".Threshold", r.Threshold, "must be 1 to 100 percent")
	case r.Threshold < 0 || r.Threshold > math.MaxInt32:
		return wire.OutOfRange(field+".Threshold", r.Threshold, "must be 0 to 2147483647")
	}
	return nil
}

func (e UserExperience) check(field string) error {
	if days := e.DaysUntilForcedReboot; days != nil && (*days < 0 || *days > math.MaxInt32) {
		return wire.OutOfRange(field+".DaysUntilForcedReboot", *days, "must be 0 to 2147483647")
	}
	return wire.CheckExtra(field, e.Extra, map[string]bool{
		"offerAsOptional":       e.OfferAsOptional != nil,
		"daysUntilForcedReboot": e.DaysUntilForcedReboot != nil,
		"isHotpatchEnabled":     e.Hotpatch != nil,
	})
}

func (a Applicability) check(field string) error {
	return errors.Join(
		a.Safeguard.check(field+".Safeguard"),
		wire.CheckExtra(field, a.Extra, map[string]bool{
			"offerWhileRecommendedBy": a.OfferWhileRecommendedBy != nil, "safeguard": !a.Safeguard.isZero(),
		}),
	)
}

func (s Safeguard) check(field string) error {
	errs := []error{wire.CheckExtra(field, s.Extra, map[string]bool{"disabledSafeguardProfiles": s.DisabledProfiles != nil})}
	for i, profile := range s.DisabledProfiles {
		errs = append(errs, profile.check(fmt.Sprintf("%s.DisabledProfiles[%d]", field, i)))
	}
	return errors.Join(errs...)
}

func (p SafeguardProfile) check(field string) error {
	return errors.Join(
		wire.CheckNamed(field+".Category", string(p.Category)),
		wire.CheckExtra(field, p.Extra, map[string]bool{"category": true}),
	)
}

func (e Expedite) check(field string) error {
	var alone error
	if e.ReadinessTest && !e.Expedited {
		alone = &apierr.FieldError{Field: field + ".ReadinessTest", Value: "true", Rule: "must be false unless Expedited is true"}
	}
	return errors.Join(alone, wire.CheckExtra(field, e.Extra, map[string]bool{
		"isExpedited": true, "isReadinessTest": e.ReadinessTest,
	}))
}

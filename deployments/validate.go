package deployments

import (
	"errors"
	"fmt"
	"math"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. What is only unwise, or not documented, passes.
func (s Settings) Validate() error {
	return errors.Join(
		s.Schedule.check("Settings.Schedule"),
		s.Monitoring.check("Settings.Monitoring"),
		s.UserExperience.check("Settings.UserExperience"),
	)
}

func (s Schedule) check(field string) error {
	field += ".Rollout"
	switch r := s.Rollout.(type) {
	case nil:
		return nil
	case *RateDriven:
		return checkSteps(field, r, func() error {
			if r.DevicesPerOffer < 1 || r.DevicesPerOffer > math.MaxInt32 {
				return outOfRange(field+".DevicesPerOffer", r.DevicesPerOffer, "must be 1 to 2147483647; no Rollout offers the update to all at once")
			}
			return nil
		})
	case *DateDriven:
		return checkSteps(field, r, func() error {
			if r.End.IsZero() {
				return &apierr.FieldError{Field: field + ".End", Rule: "must not be zero"}
			}
			return nil
		})
	case *DurationDriven:
		return checkSteps(field, r, func() error {
			if _, unread := r.Extra[untilEnd]; r.Length < 1 && !unread {
				return outOfRange(field+".Length", int(r.Length), "must be 1 day or more")
			}
			return nil
		})
	case *UnknownRollout:
		return checkSteps(field, r, func() error { return nil })
	}
	return &apierr.FieldError{Field: field, Value: fmt.Sprintf("a %T", s.Rollout), Rule: "must be a rollout of this package"}
}

// checkSteps checks what all rollouts have, then the rest.
func checkSteps[R interface {
	comparable
	Rollout
}](field string, r R, rest func() error) error {
	var none R
	if r == none {
		return &apierr.FieldError{Field: field, Rule: "must not be a nil pointer; leave the field nil instead"}
	}
	var err error
	if every := r.Common().BetweenOffers; every < 0 || every > 30 {
		err = outOfRange(field+".BetweenOffers", int(every), "must be 1 to 30 days, or 0 for the service's own choice")
	}
	return errors.Join(err, rest())
}

func (m Monitoring) check(field string) error {
	var errs []error
	for i, rule := range m.Rules {
		errs = append(errs, rule.check(fmt.Sprintf("%s.Rules[%d]", field, i)))
	}
	return errors.Join(errs...)
}

// check refuses wrong pairs of what this version knows; what it does not know is
// for the service to judge.
func (r MonitoringRule) check(field string) error {
	falls, ineligible := r.Action == OfferFallback, r.Signal == Ineligible
	switch {
	case r.Signal == "":
		return &apierr.FieldError{Field: field + ".Signal", Rule: "must not be empty"}
	case r.Action == "":
		return &apierr.FieldError{Field: field + ".Action", Rule: "must not be empty"}
	case ineligible && (r.Action == AlertError || r.Action == PauseDeployment):
		return outOfRange(field+".Action", r.Action, "must be OfferFallback with the signal Ineligible")
	case falls && r.Signal == Rollback:
		return outOfRange(field+".Action", r.Action, "must be PauseDeployment or AlertError with the signal Rollback")
	case ineligible && r.Threshold != 0:
		return outOfRange(field+".Threshold", r.Threshold, "must be 0 with the signal Ineligible")
	case r.Signal == Rollback && (r.Threshold < 1 || r.Threshold > 100):
		return outOfRange(field+".Threshold", r.Threshold, "must be 1 to 100 percent")
	}
	return nil
}

func (e UserExperience) check(field string) error {
	if days := e.DaysUntilForcedReboot; days != nil && (*days < 0 || *days > math.MaxInt32) {
		return outOfRange(field+".DaysUntilForcedReboot", *days, "must be 0 to 2147483647")
	}
	return nil
}

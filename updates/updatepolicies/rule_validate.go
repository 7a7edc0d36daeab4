package updatepolicies

import (
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func (r Rules) check() error {
	var errs []error
	for i, rule := range r {
		errs = append(errs, checkRule(fmt.Sprintf("Rules[%d]", i), rule))
	}
	return errors.Join(errs...)
}

func checkRule(field string, r Rule) error {
	if wire.IsNil(r) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	switch r := r.(type) {
	case *ApprovalRule:
		return r.check(field)
	case *UnknownRule:
		return wire.CheckExtra(field, r.Extra, map[string]bool{"@odata.type": true})
	}
	return &apierr.FieldError{Field: field, Value: fmt.Sprintf("a %T", r), Rule: "must be a rule of this package"}
}

func (r *ApprovalRule) check(field string) error {
	return errors.Join(
		checkFilter(field+".Filter", r.Filter),
		r.checkDays(field+".DaysBeforeStart"),
		wire.CheckExtra(field, r.Extra, map[string]bool{
			"@odata.type": true, "contentFilter": true, daysBeforeStart: r.DaysBeforeStart != 0,
		}),
	)
}

func (r *ApprovalRule) checkDays(field string) error {
	if r.DaysBeforeStart < 0 || r.DaysBeforeStart > 30 {
		return wire.OutOfRange(field, int(r.DaysBeforeStart), "must be 1 to 30 days, or 0 for the service's own choice")
	}
	return nil
}

func checkFilter(field string, f Filter) error {
	if wire.IsNil(f) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	var own error
	sent := map[string]bool{"@odata.type": true}
	switch f := f.(type) {
	case *DriverFilter:
	case *QualityFilter:
		sent["classification"], sent["cadence"] = f.Classification != "", f.Cadence != ""
	case *RemediationFilter:
		own, sent["remediationType"] = wire.CheckNamed(field+".Type", string(f.Type)), true
	case *UnknownFilter:
		own = f.check(field)
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("a %T", f), Rule: "must be a filter of this package"}
	}
	return errors.Join(own, wire.CheckExtra(field, f.Common().Extra, sent))
}

// check refuses the one kind that is known to be refused, though older pages of the
// service offer it.
func (f *UnknownFilter) check(field string) error {
	if f.Type == abstractFilter {
		return &apierr.FieldError{
			Field: field + ".Type", Value: f.Type, Rule: "must be a kind that is not abstract, such as a DriverFilter's",
		}
	}
	return nil
}

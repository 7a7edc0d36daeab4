package updatepolicies

import (
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// mayHaveMade compares audience, settings, rules and categories. What the service did
// not send cannot be compared.
func (s Spec) mayHaveMade(p *Policy) bool {
	return wire.SameID(s.AudienceID, p.Audience.ID) && s.Settings.MayBe(p.Settings) &&
		(p.Rules == nil || sameSet(s.Rules, p.Rules, mayBeRule)) &&
		(p.AutoEnroll == nil || sameSet(s.AutoEnroll, p.AutoEnroll, func(a, b audience.Category) bool { return a == b }))
}

// mayHaveMade compares content and settings. An entry is what its id says, whatever
// kind is told of it.
func (s ApprovalSpec) mayHaveMade(a *Approval) bool {
	told := a.Content.EntryID
	return (told == "" || wire.SameID(s.EntryID, told)) && s.Settings.MayBe(a.Settings)
}

// mayBeRule compares what the rule that is wanted does not leave to the service, of
// kinds that are known.
func mayBeRule(want, have Rule) bool {
	w, known := want.(*ApprovalRule)
	h, alsoKnown := have.(*ApprovalRule)
	if !known || !alsoKnown {
		return true
	}
	return mayBe(w.DaysBeforeStart, h.DaysBeforeStart) && mayBeFilter(w.Filter, h.Filter)
}

func mayBeFilter(want, have Filter) bool {
	if _, unknown := have.(*UnknownFilter); unknown || have == nil {
		return true
	}
	switch want := want.(type) {
	case *DriverFilter:
		_, ok := have.(*DriverFilter)
		return ok
	case *QualityFilter:
		have, ok := have.(*QualityFilter)
		return ok && mayBe(want.Classification, have.Classification) && mayBe(want.Cadence, have.Cadence)
	case *RemediationFilter:
		have, ok := have.(*RemediationFilter)
		return ok && want.Type == have.Type
	}
	return true
}

// mayBe takes anything for what was left to the service.
func mayBe[T comparable](want, have T) bool {
	var left T
	return want == left || want == have
}

// sameSet reports whether each of a is among b, and each of b among a. The service
// promises no order.
func sameSet[T any](a, b []T, same func(a, b T) bool) bool {
	return !slices.ContainsFunc(a, func(x T) bool {
		return !slices.ContainsFunc(b, func(y T) bool { return same(x, y) })
	}) && !slices.ContainsFunc(b, func(y T) bool {
		return !slices.ContainsFunc(a, func(x T) bool { return same(x, y) })
	})
}

package updatepolicies

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Rule approves updates of an update policy as they are published: an
// *[ApprovalRule] or *[UnknownRule].
type Rule interface {
	// Common returns what all rules have.
	Common() *RuleBase
	rule()
}

// Rules is a list of rules that can be read back from JSON.
type Rules []Rule

// RuleBase is what all rules have. Its times come from the service and are not
// sent.
type RuleBase struct {
	// Created is when the rule was created, in UTC; zero before it exists.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Evaluated is when the rule last looked for updates, in UTC; zero when it
	// never did.
	Evaluated time.Time `json:"lastEvaluatedDateTime,omitzero"`
	// Modified is when the rule was last changed, in UTC; zero before it exists.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns the RuleBase itself.
func (b *RuleBase) Common() *RuleBase { return b }

func (b *RuleBase) rule() {}

// ApprovalRule approves the updates that a filter matches.
type ApprovalRule struct {
	RuleBase
	// Filter is which updates are approved. It must not be nil when it is sent.
	Filter Filter `json:"contentFilter,omitempty"`
	// DaysBeforeStart is the time from the approval to the start of the deployment,
	// 1 to 30 days; 0 leaves it to the service. A time that is not whole days is in
	// Extra.
	DaysBeforeStart deployments.Days `json:"durationBeforeDeploymentStart,omitempty"`
}

// UnknownRule is a kind of rule that this version does not know. Its members are in
// Extra. It can be sent back as it came.
type UnknownRule struct {
	RuleBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates"; another namespace stays. It is empty when the
	// service named none.
	Kind string `json:"type"`
}

// approvalRule is the service's name of the kind, without its namespace.
const approvalRule = "contentApprovalRule"

// DriversStartingAfter is the rule of an update policy that approves the drivers that
// Microsoft recommends for devices of the audience. They are offered so many days
// after the approval, 1 to 30; 0 leaves it to the service.
func DriversStartingAfter(days int) *ApprovalRule {
	return startingAfter(days, &DriverFilter{})
}

// QualityStartingAfter is the rule of an update policy that approves the quality updates of a
// classification and a cadence. They are offered so many days after the approval, 1 to
// 30; 0 leaves it to the service. The rule of a quality update policy, which counts
// from the release, is policies.QualityDeferredBy.
func QualityStartingAfter(days int, classification catalog.Classification, cadence catalog.Cadence) *ApprovalRule {
	return startingAfter(days, &QualityFilter{Classification: classification, Cadence: cadence})
}

// RemediationsStartingAfter is the rule of an update policy that approves remediations of a
// type. They are offered so many days after the approval, 1 to 30; 0 leaves it to the
// service.
func RemediationsStartingAfter(days int, kind RemediationType) *ApprovalRule {
	return startingAfter(days, &RemediationFilter{Type: kind})
}

func startingAfter(days int, filter Filter) *ApprovalRule {
	return &ApprovalRule{Filter: filter, DaysBeforeStart: deployments.Days(days)}
}

// copied keeps a caller's later changes out of a spec.
func (r Rules) copied() Rules {
	if r == nil {
		return nil
	}
	list := make(Rules, len(r))
	for i, rule := range r {
		list[i] = copyRule(rule)
	}
	return list
}

// copyRule leaves a rule of a type that is none of this package's as it is, so that
// Validate can refuse it.
func copyRule(r Rule) Rule {
	switch r := r.(type) {
	case *ApprovalRule:
		if r != nil {
			c := *r
			c.Filter, c.Extra = copyFilter(r.Filter), maps.Clone(r.Extra)
			return &c
		}
	case *UnknownRule:
		if r != nil {
			c := *r
			c.Extra = maps.Clone(r.Extra)
			return &c
		}
	}
	return r
}

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

// ruleIsAppliedTo compares what was sent of a rule with what is there.
func ruleIsAppliedTo(sent, there Rule) bool {
	a, ok := sent.(*ApprovalRule)
	b, known := there.(*ApprovalRule)
	return ok && known && len(a.Extra) == 0 && a.DaysBeforeStart == b.DaysBeforeStart &&
		filterIsAppliedTo(a.Filter, b.Filter)
}

// ruleMatches compares what the rule that is wanted does not leave to the service, of
// kinds that are known.
func ruleMatches(want, have Rule) bool {
	w, known := want.(*ApprovalRule)
	h, alsoKnown := have.(*ApprovalRule)
	if !known || !alsoKnown {
		return true
	}
	return matchesUnlessZero(w.DaysBeforeStart, h.DaysBeforeStart) && filterMatches(w.Filter, h.Filter)
}

// mayBe takes anything for what was left to the service.
func matchesUnlessZero[T comparable](want, have T) bool {
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

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

// Rule approves updates of an update policy when they are published: an *[ApprovalRule]
// or *[UnknownRule].
type Rule interface {
	// Common returns the fields that all rules have.
	Common() *RuleBase
	rule()
}

// Rules is a list of rules that can be unmarshaled from JSON.
type Rules []Rule

// RuleBase has the fields of all rules. The service sets its times; they are not sent.
type RuleBase struct {
	// Created is when the rule was created; zero for a new rule.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Evaluated is when the rule was last evaluated; zero if it never was.
	Evaluated time.Time `json:"lastEvaluatedDateTime,omitzero"`
	// Modified is when the rule was last changed; zero for a new rule.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties. They are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns b.
func (b *RuleBase) Common() *RuleBase { return b }

func (b *RuleBase) rule() {}

// ApprovalRule approves the updates that a filter selects.
type ApprovalRule struct {
	RuleBase
	// Filter selects the updates. It must not be nil when it is sent.
	Filter Filter `json:"contentFilter,omitempty"`
	// DaysBeforeStart is the number of days from the approval to the start of the
	// deployment, 1 to 30; 0 leaves it to the service. A duration that is not in whole
	// days is in Extra.
	DaysBeforeStart deployments.Days `json:"durationBeforeDeploymentStart,omitempty"`
}

// UnknownRule is a rule of a kind that the SDK does not recognize. It can be sent back
// unchanged.
type UnknownRule struct {
	RuleBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates". It is empty if the service omitted it. When it is
	// sent, it must not be empty or a kind that has a type of its own.
	Kind string `json:"type,omitempty"`
}

// approvalRule is the service's name of the kind, without the namespace.
const approvalRule = "contentApprovalRule"

// DriversStartingAfter returns a rule that approves the drivers that Microsoft recommends
// for devices of the audience. Their deployment starts a number of days after the
// approval, 1 to 30; 0 leaves it to the service.
func DriversStartingAfter(days int) *ApprovalRule {
	return startingAfter(days, &DriverFilter{})
}

// QualityStartingAfter returns a rule that approves the quality updates of a
// classification and a cadence. Their deployment starts a number of days after the
// approval, 1 to 30; 0 leaves it to the service. The rules of package policies count from
// the release; see policies.QualityDeferredBy.
func QualityStartingAfter(days int, classification catalog.Classification, cadence catalog.Cadence) *ApprovalRule {
	return startingAfter(days, &QualityFilter{Classification: classification, Cadence: cadence})
}

// RemediationsStartingAfter returns a rule that approves remediations of a type. Their
// deployment starts a number of days after the approval, 1 to 30; 0 leaves it to the
// service.
func RemediationsStartingAfter(days int, kind RemediationType) *ApprovalRule {
	return startingAfter(days, &RemediationFilter{Type: kind})
}

func startingAfter(days int, filter Filter) *ApprovalRule {
	return &ApprovalRule{Filter: filter, DaysBeforeStart: deployments.Days(days)}
}

// copied detaches rules from the caller's.
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

// copyRule leaves a rule of a foreign type as it is, so that Validate can report it.
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
		return errors.Join(
			wire.CheckUnknownKind(field+".Kind", r.Kind, approvalRule),
			wire.CheckExtra(field, r.Extra, map[string]bool{"@odata.type": true}),
		)
	}
	return &apierr.FieldError{Field: field, Value: fmt.Sprintf("%T", r), Rule: "must be a rule of this package"}
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
		return wire.OutOfRange(field, int(r.DaysBeforeStart), "must be 0 to 30 days")
	}
	return nil
}

// ruleIsAppliedTo compares a rule that was sent with one that was read.
func ruleIsAppliedTo(sent, there Rule) bool {
	a, ok := sent.(*ApprovalRule)
	b, known := there.(*ApprovalRule)
	return ok && known && len(a.Extra) == 0 && len(unread(b)) == 0 && a.DaysBeforeStart == b.DaysBeforeStart &&
		filterIsAppliedTo(a.Filter, b.Filter)
}

// ruleMatches compares rules of known kinds, except what want leaves to the service.
func ruleMatches(want, have Rule) bool {
	w, known := want.(*ApprovalRule)
	h, alsoKnown := have.(*ApprovalRule)
	if !known || !alsoKnown || len(unread(h)) > 0 {
		return true
	}
	return matchesUnlessZero(w.DaysBeforeStart, h.DaysBeforeStart) && filterMatches(w.Filter, h.Filter)
}

// matchesUnlessZero accepts every value if the choice was left to the service.
func matchesUnlessZero[T comparable](want, have T) bool {
	var left T
	return want == left || want == have
}

// sameSet reports whether a and b have the same items in any order, because the service
// promises no order.
func sameSet[T any](a, b []T, same func(a, b T) bool) bool {
	return !slices.ContainsFunc(a, func(x T) bool {
		return !slices.ContainsFunc(b, func(y T) bool { return same(x, y) })
	}) && !slices.ContainsFunc(b, func(y T) bool {
		return !slices.ContainsFunc(a, func(x T) bool { return same(x, y) })
	})
}

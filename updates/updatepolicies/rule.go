package updatepolicies

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
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
	// Type is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates"; another namespace stays. It is empty when the
	// service named none.
	Type string `json:"type"`
}

// approvalRule is the service's name of the kind, without its namespace.
const approvalRule = "contentApprovalRule"

// DriversAfter is the rule of an update policy that approves the drivers that
// Microsoft recommends for devices of the audience. They are offered so many days
// after the approval, 1 to 30; 0 leaves it to the service.
func DriversAfter(days deployments.Days) *ApprovalRule {
	return &ApprovalRule{Filter: &DriverFilter{}, DaysBeforeStart: days}
}

// QualityAfter is the rule of an update policy that approves the quality updates of a
// classification and a cadence. They are offered so many days after the approval, 1 to
// 30; 0 leaves it to the service. The rule of a quality update policy, which counts
// from the release, is [QualityAfterRelease].
func QualityAfter(days deployments.Days, classification catalog.Classification, cadence catalog.Cadence) *ApprovalRule {
	return &ApprovalRule{Filter: &QualityFilter{Classification: classification, Cadence: cadence}, DaysBeforeStart: days}
}

// RemediationsAfter is the rule of an update policy that approves remediations of a
// type. They are offered so many days after the approval, 1 to 30; 0 leaves it to the
// service.
func RemediationsAfter(days deployments.Days, kind RemediationType) *ApprovalRule {
	return &ApprovalRule{Filter: &RemediationFilter{Type: kind}, DaysBeforeStart: days}
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

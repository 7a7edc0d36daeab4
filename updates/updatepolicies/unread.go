package updatepolicies

import (
	"encoding/json"
	"slices"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (p Policy) Unread() []string {
	return wire.Unread(p.Extra, "id", "audience", "deploymentSettings", "complianceChangeRules",
		"autoEnrollmentUpdateCategories", "complianceChanges", "createdDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (a Approval) Unread() []string {
	return wire.Unread(a.Extra, "id", "content", "deploymentSettings", "isRevoked", "revokedDateTime", "createdDateTime",
		"deployments")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (b RuleBase) Unread() []string {
	return wire.Unread(b.Extra, "createdDateTime", "lastEvaluatedDateTime", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r ApprovalRule) Unread() []string {
	return wire.Unread(r.Extra, "createdDateTime", "lastEvaluatedDateTime", "lastModifiedDateTime", "contentFilter", daysBeforeStart)
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (f QualityFilter) Unread() []string { return wire.Unread(f.Extra, "classification", "cadence") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (f RemediationFilter) Unread() []string { return wire.Unread(f.Extra, "remediationType") }

// hasUnread reports whether a policy or one of its rules and filters has a property that
// could not be read.
func (p Policy) hasUnread() bool {
	return unread(p) || slices.ContainsFunc(p.Rules, func(r Rule) bool {
		approval, ok := r.(*ApprovalRule)
		return unread(r) || ok && unread(approval.Filter)
	})
}

// mayEqual compares settings, unless those of the service could not be read.
func mayEqual(want, have deployments.Settings, extra map[string]json.RawMessage) bool {
	return extra["deploymentSettings"] != nil || want.EquivalentTo(have)
}

// startUnread reports whether settings may have a start that could not be read.
func startUnread(s deployments.Settings, extra map[string]json.RawMessage) bool {
	return extra["deploymentSettings"] != nil || s.Extra["schedule"] != nil || s.Schedule.Extra["startDateTime"] != nil
}

// unread reports whether a value has a property that could not be read.
func unread(value any) bool {
	reader, ok := value.(interface{ Unread() []string })
	return ok && len(reader.Unread()) > 0
}

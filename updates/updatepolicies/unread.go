package updatepolicies

import (
	"encoding/json"

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
	return wire.Unread(r.Extra, "createdDateTime", "lastEvaluatedDateTime", "lastModifiedDateTime",
		"contentFilter", daysBeforeStart)
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (f QualityFilter) Unread() []string { return wire.Unread(f.Extra, "classification", "cadence") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (f RemediationFilter) Unread() []string { return wire.Unread(f.Extra, "remediationType") }

// allUnread names the properties that could not be read of a policy and all in it, by their
// paths.
func (p Policy) allUnread() []string {
	names := append(p.Unread(), settingsUnread(p.Settings)...)
	for _, rule := range p.Rules {
		names = append(names, under("complianceChangeRules.", unread(rule))...)
		if approval, ok := rule.(*ApprovalRule); ok {
			names = append(names, under("complianceChangeRules.contentFilter.", unread(approval.Filter))...)
		}
	}
	return names
}

// allUnread names the properties that could not be read of an approval and its settings, by
// their paths.
func (a Approval) allUnread() []string { return append(a.Unread(), settingsUnread(a.Settings)...) }

func settingsUnread(s deployments.Settings) []string {
	return under(settingsProperty+".", deployments.Internal.Unread(s))
}

func under(path string, names []string) []string {
	for i := range names {
		names[i] = path + names[i]
	}
	return names
}

// mayEqual compares settings, unless those of the service could not be read.
func mayEqual(want, have deployments.Settings, extra map[string]json.RawMessage) bool {
	return !areRead(extra) || want.EquivalentTo(have)
}

// settingsProperty is the name of the settings of a policy or an approval.
const settingsProperty = "deploymentSettings"

// areRead reports whether the settings of a policy or an approval with extra could be read.
func areRead(extra map[string]json.RawMessage) bool { return extra[settingsProperty] == nil }

// startUnread reports whether settings may have a start that could not be read.
func startUnread(s deployments.Settings, extra map[string]json.RawMessage) bool {
	return !areRead(extra) || s.Extra["schedule"] != nil || s.Schedule.Extra["startDateTime"] != nil
}

// unread names the properties of a rule or filter that could not be read.
func unread(value any) []string {
	if reader, ok := value.(interface{ Unread() []string }); ok {
		return reader.Unread()
	}
	return nil
}

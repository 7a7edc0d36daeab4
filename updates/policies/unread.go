package policies

import "github.com/winupdates/winupdates-go/internal/wire"

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (p Policy) Unread() []string {
	return wire.Unread(p.Extra, "id", "displayName", "description", "approvalRules", "rings", "approvals",
		"applicableContent", "createdDateTime", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r Ring) Unread() []string {
	return wire.Unread(r.Extra, "id", "displayName", "description", includedGroups, excludedGroups, "deferralInDays",
		"isPaused", "isHotpatchEnabled", "createdDateTime", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (g RingGroups) Unread() []string { return wire.Unread(g.Extra, "assignments") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (g AssignedGroup) Unread() []string { return wire.Unread(g.Extra, "groupId") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (a Approval) Unread() []string {
	return wire.Unread(a.Extra, "id", "catalogEntryId", "status", "catalogEntry", "createdDateTime", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (b RuleBase) Unread() []string { return wire.Unread(b.Extra, "deferralInDays") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r QualityUpdateRule) Unread() []string {
	return wire.Unread(r.Extra, "deferralInDays", "classification", "cadence")
}

// unread reports whether a rule has a property that could not be read.
func unread(rule Rule) bool {
	reader, ok := rule.(interface{ Unread() []string })
	return ok && len(reader.Unread()) > 0
}

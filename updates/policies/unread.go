package policies

import (
	"slices"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (p Policy) Unread() []string {
	return wire.Unread(p.Extra, "id", "displayName", "description", "approvalRules", "rings", "approvals",
		"applicableContent", "applicableCatalogs", "createdDateTime", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (b RingBase) Unread() []string {
	return wire.Unread(b.Extra, "id", "displayName", "description", includedGroups, excludedGroups, "deferralInDays",
		"isPaused", "createdDateTime", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r QualityUpdateRing) Unread() []string {
	return append(r.RingBase.Unread(), wire.Unread(r.Extra, hotpatch)...)
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r FeatureUpdateRing) Unread() []string {
	return append(r.RingBase.Unread(), wire.Unread(r.Extra, offerInterval, offerDuration)...)
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
	return wire.Unread(a.Extra, "id", "catalogEntryId", "status", "catalogEntry", "createdDateTime",
		"lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (b RuleBase) Unread() []string { return wire.Unread(b.Extra, "deferralInDays") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r QualityUpdateRule) Unread() []string {
	return wire.Unread(r.Extra, "deferralInDays", "classification", "cadence")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (c ApplicableCatalog) Unread() []string {
	return wire.Unread(c.Extra, "id", "deviceCount", "hasRecommendedDevice", "catalogEntry", "devices")
}

// unread reports whether a rule has a property that could not be read.
func unread(rule Rule) bool {
	reader, ok := rule.(interface{ Unread() []string })
	return ok && len(reader.Unread()) > 0
}

func (rules Rules) unread() bool { return slices.ContainsFunc(rules, unread) }

// unread reports whether some of the groups could not be read.
func (g RingGroups) unread() bool {
	return len(g.Unread()) > 0 ||
		slices.ContainsFunc(g.Assigned, func(group AssignedGroup) bool { return len(group.Unread()) > 0 })
}

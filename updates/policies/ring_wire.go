package policies

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// The members of a ring that have its groups.
const (
	includedGroups = "includedGroupAssignment"
	excludedGroups = "excludedGroupAssignment"
)

func writePolicy(s Spec) models.Policyable {
	w := models.NewQualityUpdatePolicy()
	w.SetDisplayName(&s.DisplayName)
	w.SetDescription(&s.Description)
	w.SetApprovalRules(writeRules(s.Rules))
	wire.AddExtra(w, s.Extra)
	return w
}

func writePolicyUpdate(u Update) models.Policyable {
	w := models.NewQualityUpdatePolicy()
	wire.Apply(w, "displayName", u.DisplayName, func(name string) { w.SetDisplayName(&name) })
	wire.Apply(w, "description", u.Description, func(text string) { w.SetDescription(&text) })
	wire.Apply(w, "approvalRules", u.Rules, func(rules Rules) { w.SetApprovalRules(writeRules(rules)) })
	wire.AddExtra(w, u.Extra)
	return w
}

// writeRules is never nil: the service wants the list, empty or not.
func writeRules(rules Rules) []models.ApprovalRuleable {
	out := make([]models.ApprovalRuleable, len(rules))
	for i, rule := range rules {
		out[i] = writeRule(rule)
	}
	return out
}

func writeRule(rule Rule) models.ApprovalRuleable {
	w := writeRuleKind(rule)
	w.SetDeferralInDays(new(int32(rule.Common().DeferralDays)))
	wire.AddExtra(w, rule.Common().Extra)
	return w
}

func writeRuleKind(rule Rule) models.ApprovalRuleable {
	switch r := rule.(type) {
	case *QualityUpdateRule:
		w := models.NewQualityUpdateApprovalRule()
		w.SetClassification(new(string(r.Classification)))
		w.SetCadence(new(string(r.Cadence)))
		return w
	case *RecoveryUpdateRule:
		return models.NewRecoveryApprovalRule()
	}
	w := models.NewApprovalRule()
	if unknown, ok := rule.(*UnknownRule); ok {
		w.SetOdataType(wire.LongType(unknown.Type))
	}
	return w
}

func writeRing(s RingSpec) models.Ringable {
	w := models.NewQualityUpdateRing()
	w.SetDisplayName(&s.DisplayName)
	w.SetDescription(&s.Description)
	w.SetIncludedGroupAssignment(writeRingGroups(s.Included))
	w.SetExcludedGroupAssignment(writeRingGroups(s.Excluded))
	w.SetDeferralInDays(new(int32(s.DeferralDays)))
	w.SetIsPaused(&s.Paused)
	w.SetIsHotpatchEnabled(&s.Hotpatch)
	wire.AddExtra(w, s.Extra)
	return w
}

func writeRingUpdate(u RingUpdate) models.Ringable {
	w := models.NewQualityUpdateRing()
	wire.Apply(w, "displayName", u.DisplayName, func(name string) { w.SetDisplayName(&name) })
	wire.Apply(w, "description", u.Description, func(text string) { w.SetDescription(&text) })
	wire.Apply(w, includedGroups, u.Included, func(ids []string) { w.SetIncludedGroupAssignment(writeRingGroups(ids)) })
	wire.Apply(w, excludedGroups, u.Excluded, func(ids []string) { w.SetExcludedGroupAssignment(writeRingGroups(ids)) })
	wire.Apply(w, "deferralInDays", u.DeferralDays, func(days int) { w.SetDeferralInDays(new(int32(days))) })
	wire.Apply(w, "isPaused", u.Paused, func(is bool) { w.SetIsPaused(&is) })
	wire.Apply(w, "isHotpatchEnabled", u.Hotpatch, func(is bool) { w.SetIsHotpatchEnabled(&is) })
	wire.AddExtra(w, u.Extra)
	return w
}

// writeRingGroups says that there are no groups with an empty list.
func writeRingGroups(ids []string) models.GroupAssignmentable {
	groups := make([]models.AssignedGroupable, len(ids))
	for i, id := range ids {
		group := models.NewAssignedGroup()
		group.SetGroupId(&id)
		groups[i] = group
	}
	w := models.NewGroupAssignment()
	w.SetAssignments(groups)
	return w
}

func writeApproval(entryID string, status ApprovalStatus) models.PolicyApprovalable {
	w := writeApprovalStatus(status)
	w.SetCatalogEntryId(&entryID)
	return w
}

func writeApprovalStatus(status ApprovalStatus) models.PolicyApprovalable {
	w := models.NewPolicyApproval()
	w.SetStatus(new(string(status)))
	return w
}

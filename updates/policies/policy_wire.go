package policies

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readPolicy(w models.Policyable) *Policy {
	return &Policy{
		ID:                 wire.Value(w.GetId()),
		Kind:               PolicyKind(wire.ShortType(w.GetOdataType())),
		DisplayName:        wire.Value(w.GetDisplayName()),
		Description:        wire.Value(w.GetDescription()),
		Rules:              wire.Each(w.GetApprovalRules(), readRule),
		Rings:              wire.Each(w.GetRings(), readRing),
		Approvals:          wire.Each(w.GetApprovals(), readApproval),
		ApplicableContent:  wire.Each(w.GetApplicableContent(), audience.Internal.ReadApplicableContent),
		ApplicableCatalogs: wire.Each(w.GetApplicableCatalogs(), readApplicableCatalog),
		Created:            wire.Time(w.GetCreatedDateTime()),
		Modified:           wire.Time(w.GetLastModifiedDateTime()),
		Extra:              wire.Extra(w),
	}
}

func readRule(w models.ApprovalRuleable) Rule {
	base := RuleBase{DeferralDays: int(wire.Value(w.GetDeferralInDays())), Extra: wire.Extra(w)}
	switch w := w.(type) { // by structs, as the interfaces of kinds without own methods match all kinds
	case *models.QualityUpdateApprovalRule:
		return &QualityUpdateRule{
			RuleBase:       base,
			Classification: catalog.Classification(wire.Value(w.GetClassification())),
			Cadence:        catalog.Cadence(wire.Value(w.GetCadence())),
		}
	case *models.RecoveryApprovalRule:
		return &RecoveryUpdateRule{base}
	case *models.DriverUpdateApprovalRule:
		return &DriverUpdateRule{base}
	}
	return &UnknownRule{RuleBase: base, Kind: wire.ShortType(w.GetOdataType())}
}

func readApproval(w models.PolicyApprovalable) *Approval {
	return &Approval{
		ID:       wire.Value(w.GetId()),
		EntryID:  wire.Value(w.GetCatalogEntryId()),
		Status:   ApprovalStatus(wire.Value(w.GetStatus())),
		Entry:    catalog.Internal.ReadEntry(w.GetCatalogEntry()),
		Created:  wire.Time(w.GetCreatedDateTime()),
		Modified: wire.Time(w.GetLastModifiedDateTime()),
		Extra:    wire.Extra(w),
	}
}

func writePolicy(s specParts) models.Policyable {
	w := newPolicy(s.kind)
	w.SetDisplayName(&s.name)
	w.SetDescription(&s.description)
	w.SetApprovalRules(writeRules(s.rules))
	wire.AddExtra(w, s.extra)
	return w
}

func writePolicyUpdate(u updateParts) models.Policyable {
	w := newPolicy(u.kind)
	wire.Apply(w, "displayName", u.displayName, func(name string) { w.SetDisplayName(&name) })
	wire.Apply(w, "description", u.description, func(text string) { w.SetDescription(&text) })
	wire.Apply(w, "approvalRules", u.rules, func(rules Rules) { w.SetApprovalRules(writeRules(rules)) })
	wire.AddExtra(w, u.extra)
	return w
}

func newPolicy(kind PolicyKind) models.Policyable {
	switch kind {
	case KindFeaturePolicy:
		return models.NewFeatureUpdatePolicy()
	case KindDriverPolicy:
		return models.NewDriverUpdatePolicy()
	}
	return models.NewQualityUpdatePolicy()
}

// isReported reports whether a policy has each property that the update sets and whose zero
// value could be meant.
func (u updateParts) isReported(w models.Policyable) bool {
	return u.description.IsUnset() || w.GetDescription() != nil
}

// writeRules never returns nil: the service requires the list, even if it is empty.
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
	case *DriverUpdateRule:
		return models.NewDriverUpdateApprovalRule()
	}
	w := models.NewApprovalRule()
	if unknown, ok := rule.(*UnknownRule); ok {
		w.SetOdataType(wire.LongType(unknown.Kind))
	}
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

package policies

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readQualityPolicy(w models.Policyable) *QualityPolicy {
	return &QualityPolicy{
		ID:                wire.Value(w.GetId()),
		Kind:              wire.ShortType(w.GetOdataType()),
		DisplayName:       wire.Value(w.GetDisplayName()),
		Description:       wire.Value(w.GetDescription()),
		Rules:             wire.Each(w.GetApprovalRules(), readQualityPolicyRule),
		Rings:             wire.Each(w.GetRings(), readRing),
		Approvals:         wire.Each(w.GetApprovals(), readQualityApproval),
		ApplicableContent: wire.Each(w.GetApplicableContent(), audience.Internal.ReadApplicableContent),
		Created:           wire.Time(w.GetCreatedDateTime()),
		Modified:          wire.Time(w.GetLastModifiedDateTime()),
		Extra:             wire.Extra(w),
	}
}

func readQualityPolicyRule(w models.ApprovalRuleable) QualityPolicyRule {
	base := QualityPolicyRuleBase{DeferralDays: int(wire.Value(w.GetDeferralInDays())), Extra: wire.Extra(w)}
	switch w := w.(type) {
	case models.QualityUpdateApprovalRuleable:
		return &QualityUpdateRule{
			QualityPolicyRuleBase: base,
			Classification:        catalog.Classification(wire.Value(w.GetClassification())),
			Cadence:               catalog.Cadence(wire.Value(w.GetCadence())),
		}
	case *models.RecoveryApprovalRule: // its interface has no method of its own
		return &RecoveryUpdateRule{base}
	}
	return &UnknownQualityPolicyRule{QualityPolicyRuleBase: base, Type: wire.ShortType(w.GetOdataType())}
}

// readRing also finds the member of quality rings in a ring whose type is missing
// or unknown.
func readRing(w models.Ringable) *Ring {
	r := &Ring{
		ID:           wire.Value(w.GetId()),
		Kind:         wire.ShortType(w.GetOdataType()),
		DisplayName:  wire.Value(w.GetDisplayName()),
		Description:  wire.Value(w.GetDescription()),
		Included:     readRingGroups(w.GetIncludedGroupAssignment()),
		Excluded:     readRingGroups(w.GetExcludedGroupAssignment()),
		DeferralDays: int(wire.Value(w.GetDeferralInDays())),
		Paused:       wire.Value(w.GetIsPaused()),
		Created:      wire.Time(w.GetCreatedDateTime()),
		Modified:     wire.Time(w.GetLastModifiedDateTime()),
		Extra:        wire.Extra(w),
	}
	if quality, ok := w.(models.QualityUpdateRingable); ok {
		r.Hotpatch = wire.Value(quality.GetIsHotpatchEnabled())
	} else {
		r.Extra = wire.Take(r.Extra, "isHotpatchEnabled", &r.Hotpatch)
	}
	return r
}

func readRingGroups(w models.GroupAssignmentable) RingGroups {
	if w == nil {
		return RingGroups{}
	}
	return RingGroups{
		Assigned: wire.Each(w.GetAssignments(), func(w models.AssignedGroupable) AssignedGroup {
			return AssignedGroup{GroupID: wire.Value(w.GetGroupId()), Extra: wire.Extra(w)}
		}),
		Incomplete: wire.Rest(w, "assignments") != "",
		Extra:      wire.Extra(w),
	}
}

func readQualityApproval(w models.PolicyApprovalable) *QualityApproval {
	return &QualityApproval{
		ID:       wire.Value(w.GetId()),
		EntryID:  wire.Value(w.GetCatalogEntryId()),
		Status:   QualityApprovalStatus(wire.Value(w.GetStatus())),
		Entry:    catalog.Internal.ReadEntry(w.GetCatalogEntry()),
		Created:  wire.Time(w.GetCreatedDateTime()),
		Modified: wire.Time(w.GetLastModifiedDateTime()),
		Extra:    wire.Extra(w),
	}
}

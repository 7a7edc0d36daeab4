package policies

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readPolicy(w models.Policyable) *Policy {
	return &Policy{
		ID:                wire.Value(w.GetId()),
		Kind:              wire.ShortType(w.GetOdataType()),
		DisplayName:       wire.Value(w.GetDisplayName()),
		Description:       wire.Value(w.GetDescription()),
		Rules:             wire.Each(w.GetApprovalRules(), readRule),
		Rings:             wire.Each(w.GetRings(), readRing),
		Approvals:         wire.Each(w.GetApprovals(), readApproval),
		ApplicableContent: wire.Each(w.GetApplicableContent(), audience.Internal.ReadApplicableContent),
		Created:           wire.Time(w.GetCreatedDateTime()),
		Modified:          wire.Time(w.GetLastModifiedDateTime()),
		Extra:             wire.Extra(w),
	}
}

func readRule(w models.ApprovalRuleable) Rule {
	base := RuleBase{DeferralDays: int(wire.Value(w.GetDeferralInDays())), Extra: wire.Extra(w)}
	switch w := w.(type) {
	case models.QualityUpdateApprovalRuleable:
		return &QualityUpdateRule{
			RuleBase:       base,
			Classification: catalog.Classification(wire.Value(w.GetClassification())),
			Cadence:        catalog.Cadence(wire.Value(w.GetCadence())),
		}
	case *models.RecoveryApprovalRule: // its interface has no method of its own
		return &RecoveryUpdateRule{base}
	}
	return &UnknownRule{RuleBase: base, Type: wire.ShortType(w.GetOdataType())}
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

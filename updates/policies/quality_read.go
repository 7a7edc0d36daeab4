package policies

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func readQualityPolicy(w models.Policyable) *QualityPolicy {
	return &QualityPolicy{
		ID:                call.Value(w.GetId()),
		Kind:              call.ShortType(w.GetOdataType()),
		DisplayName:       call.Value(w.GetDisplayName()),
		Description:       call.Value(w.GetDescription()),
		Rules:             call.Each(w.GetApprovalRules(), readQualityPolicyRule),
		Rings:             call.Each(w.GetRings(), readRing),
		Approvals:         call.Each(w.GetApprovals(), readQualityApproval),
		ApplicableContent: call.Each(w.GetApplicableContent(), readApplicableContent),
		Created:           call.Time(w.GetCreatedDateTime()),
		Modified:          call.Time(w.GetLastModifiedDateTime()),
		Extra:             call.Extra(w),
	}
}

func readQualityPolicyRule(w models.ApprovalRuleable) QualityPolicyRule {
	base := QualityPolicyRuleBase{DeferralDays: int(call.Value(w.GetDeferralInDays())), Extra: call.Extra(w)}
	switch w := w.(type) {
	case models.QualityUpdateApprovalRuleable:
		return &QualityUpdateRule{
			QualityPolicyRuleBase: base,
			Classification:        catalog.Classification(call.Value(w.GetClassification())),
			Cadence:               catalog.Cadence(call.Value(w.GetCadence())),
		}
	case *models.RecoveryApprovalRule: // its interface has no method of its own
		return &RecoveryUpdateRule{base}
	}
	return &UnknownQualityPolicyRule{QualityPolicyRuleBase: base, Type: call.ShortType(w.GetOdataType())}
}

// readRing also finds the member of quality rings in a ring whose type is missing
// or unknown.
func readRing(w models.Ringable) *Ring {
	r := &Ring{
		ID:           call.Value(w.GetId()),
		Kind:         call.ShortType(w.GetOdataType()),
		DisplayName:  call.Value(w.GetDisplayName()),
		Description:  call.Value(w.GetDescription()),
		Included:     readRingGroups(w.GetIncludedGroupAssignment()),
		Excluded:     readRingGroups(w.GetExcludedGroupAssignment()),
		DeferralDays: int(call.Value(w.GetDeferralInDays())),
		Paused:       call.Value(w.GetIsPaused()),
		Created:      call.Time(w.GetCreatedDateTime()),
		Modified:     call.Time(w.GetLastModifiedDateTime()),
		Extra:        call.Extra(w),
	}
	if quality, ok := w.(models.QualityUpdateRingable); ok {
		r.Hotpatch = call.Value(quality.GetIsHotpatchEnabled())
	} else {
		r.Extra = call.Take(r.Extra, "isHotpatchEnabled", &r.Hotpatch)
	}
	return r
}

func readRingGroups(w models.GroupAssignmentable) RingGroups {
	if w == nil {
		return RingGroups{}
	}
	return RingGroups{
		Assigned: call.Each(w.GetAssignments(), func(w models.AssignedGroupable) AssignedGroup {
			return AssignedGroup{GroupID: call.Value(w.GetGroupId()), Extra: call.Extra(w)}
		}),
		Incomplete: call.Rest(w, "assignments") != "",
		Extra:      call.Extra(w),
	}
}

func readQualityApproval(w models.PolicyApprovalable) *QualityApproval {
	return &QualityApproval{
		ID:       call.Value(w.GetId()),
		EntryID:  call.Value(w.GetCatalogEntryId()),
		Status:   QualityApprovalStatus(call.Value(w.GetStatus())),
		Entry:    catalog.ReadEntry(call.Entry{Model: w.GetCatalogEntry()}),
		Created:  call.Time(w.GetCreatedDateTime()),
		Modified: call.Time(w.GetLastModifiedDateTime()),
		Extra:    call.Extra(w),
	}
}

func readApplicableContent(w models.ApplicableContentable) *audience.ApplicableContent {
	return audience.ReadApplicableContent(call.ApplicableContent{Model: w})
}

func readDeviceMatch(w models.ApplicableContentDeviceMatchable) *audience.DeviceMatch {
	return audience.ReadDeviceMatch(call.DeviceMatch{Model: w})
}

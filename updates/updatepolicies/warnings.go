package updatepolicies

import (
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Warnings returns what is valid in the settings, but is ignored by the service or perhaps not
// meant; see [deployments.Settings.Warnings]. Use it before [Client.Create]. Nil means that
// there are none.
func (s Spec) Warnings(now time.Time) []deployments.Warning {
	all := s.Settings.Warnings(now)
	if s.Settings.UserExperience.Hotpatch != nil && !slices.ContainsFunc(s.Rules, approvesHotpatches) {
		const text = "is ignored unless a rule approves monthly security updates"
		all = append(all, deployments.Warning{Field: "Settings.UserExperience.Hotpatch", Text: text})
	}
	return all
}

// approvesHotpatches reports whether a rule may approve monthly security updates.
func approvesHotpatches(r Rule) bool {
	approval, ok := r.(*ApprovalRule)
	if !ok || approval == nil {
		return true // of an unknown kind
	}
	switch f := approval.Filter.(type) {
	case *QualityFilter:
		return f != nil && f.Cadence != catalog.CadenceOutOfBand && f.Classification != catalog.ClassificationNonSecurity
	case *UnknownFilter:
		return true
	}
	return len(wire.Unread(approval.Extra, "contentFilter")) > 0
}

// Warnings returns values that are valid, but ignored by the service for the kind of the update, or perhaps
// not meant; see [deployments.Settings.Warnings]. Use it before [Client.Approve]. Nil means that there are
// none.
func (s ApprovalSpec) Warnings(now time.Time) []deployments.Warning {
	all := append(s.Settings.Warnings(now), deployments.Internal.KindWarnings(s.Settings, s.Kind)...)
	if s.Settings.UserExperience.Hotpatch != nil && s.Kind != catalog.KindQuality {
		const text = "is ignored except for quality updates"
		all = append(all, deployments.Warning{Field: "Settings.UserExperience.Hotpatch", Text: text})
	}
	return all
}

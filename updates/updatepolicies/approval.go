package updatepolicies

import (
	"encoding/json"
	"errors"
	"maps"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Approval approves one update in an update policy. The service makes a
// deployment for it, on the audience of the policy.
type Approval struct {
	// ID identifies the approval within its policy.
	ID string `json:"id"`
	// Content is what is approved. It cannot be changed.
	Content deployments.Content `json:"content"`
	// Settings are how and when it is offered; they win over those of the policy,
	// setting by setting.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Revoked is whether the approval has been revoked, which is final.
	Revoked bool `json:"isRevoked"`
	// RevokedAt is when it was revoked, in UTC; zero while it is not.
	RevokedAt time.Time `json:"revokedDateTime,omitzero"`
	// Created is when the update was approved, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Deployments are the deployments that the service made for the approval, where
	// an answer has them; nil says nothing about them. [Client.GetApproval]
	// has all of them; elsewhere they are perhaps only the first.
	Deployments []*deployments.Deployment `json:"deployments,omitzero"`
	// Extra has the members that this version does not know; nil for none. The kind
	// of a change that is no content approval is there too, as "@odata.type".
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ApprovalSpec is an approval to be made. Make it with [ForDriver], [ForQuality] or
// [ForFeature], or as a literal.
type ApprovalSpec struct {
	// Kind is the kind of the catalog entry. It must not be empty.
	Kind catalog.Kind `json:"kind"`
	// EntryID is the id of the catalog entry. It must not be empty.
	EntryID string `json:"entryId"`
	// Settings are how and when to offer the update, where the settings of the
	// policy should not hold; zero leaves all to those.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ForDriver is an approval of a driver, by the id of its catalog entry.
func ForDriver(entryID string) ApprovalSpec {
	return ApprovalSpec{Kind: catalog.KindDriver, EntryID: entryID}
}

// ForQuality is an approval of a quality update, by the id of its catalog entry.
func ForQuality(entryID string) ApprovalSpec {
	return ApprovalSpec{Kind: catalog.KindQuality, EntryID: entryID}
}

// ForFeature is an approval of a feature update, by the id of its catalog entry.
// Approving Windows 11 confirms what package deployments says about its licence.
func ForFeature(entryID string) ApprovalSpec {
	return ApprovalSpec{Kind: catalog.KindFeature, EntryID: entryID}
}

// With returns the spec with a copy of these settings, in place of those it had.
func (s ApprovalSpec) With(settings deployments.Settings) ApprovalSpec {
	s.Settings, s.Extra = settings.Clone(), maps.Clone(s.Extra)
	return s
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. As for a deployments.Spec, expediting is refused but for quality updates,
// and monitoring but for feature updates. What is only unwise, or not documented,
// passes.
func (s ApprovalSpec) Validate() error {
	return errors.Join(
		deployments.Spec{Kind: s.Kind, EntryID: s.EntryID, Settings: s.Settings}.Validate(),
		wire.CheckExtra("ApprovalSpec", s.Extra, map[string]bool{
			"@odata.type": true, "content": true, "deploymentSettings": setsAnything(s.Settings),
		}),
	)
}

// matches compares content and settings. An entry is what its id says, whatever
// kind is told of it.
func (s ApprovalSpec) matches(a *Approval) bool {
	told := a.Content.EntryID
	return (told == "" || wire.SameID(s.EntryID, told)) && s.Settings.EquivalentTo(a.Settings)
}

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

// Approval approves one update in an update policy. The service creates a deployment for
// it, on the audience of the policy.
type Approval struct {
	// ID identifies the approval within its policy.
	ID string `json:"id"`
	// Content is the approved update. It cannot be changed.
	Content deployments.Content `json:"content"`
	// Settings say how and when the update is offered. Each setting takes precedence over
	// that of the policy.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Revoked is whether the approval has been revoked, which is final.
	Revoked bool `json:"isRevoked"`
	// RevokedAt is when the approval was revoked; zero if it is not revoked.
	RevokedAt time.Time `json:"revokedDateTime,omitzero"`
	// Created is when the update was approved.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Deployments are the deployments of the approval if the response has them, or nil.
	// [Client.GetApproval] returns all of them; elsewhere the list can be incomplete.
	Deployments []*deployments.Deployment `json:"deployments,omitzero"`
	// Extra has unknown properties. A change that is not a content approval has its kind
	// here, as "@odata.type".
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ApprovalSpec is an approval to create. Make one with [ForDriver], [ForQuality], or
// [ForFeature], or as a literal.
type ApprovalSpec struct {
	// Kind is the kind of the catalog entry. It must not be empty.
	Kind catalog.Kind `json:"kind"`
	// EntryID is the ID of the catalog entry. It must not be empty.
	EntryID string `json:"entryId"`
	// Settings say how and when to offer the update. Settings that are zero are those of
	// the policy.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ForDriver returns an approval of a driver. entryID is the ID of its catalog entry.
func ForDriver(entryID string) ApprovalSpec {
	return ApprovalSpec{Kind: catalog.KindDriver, EntryID: entryID}
}

// ForQuality returns an approval of a quality update. entryID is the ID of its catalog
// entry. To expedite the update, set Expedite in its settings.
func ForQuality(entryID string) ApprovalSpec {
	return ApprovalSpec{Kind: catalog.KindQuality, EntryID: entryID}
}

// ForFeature returns an approval of a feature update. entryID is the ID of its catalog
// entry. Approving Windows 11 confirms the license terms in the documentation of package
// deployments.
func ForFeature(entryID string) ApprovalSpec {
	return ApprovalSpec{Kind: catalog.KindFeature, EntryID: entryID}
}

// With sets Settings to a copy of settings, which replaces all settings of s.
func (s ApprovalSpec) With(settings deployments.Settings) ApprovalSpec {
	s.Settings, s.Extra = settings.Clone(), maps.Clone(s.Extra)
	return s
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
//
// As in a deployments.Spec, expediting is invalid except for quality updates, and
// monitoring except for feature updates.
func (s ApprovalSpec) Validate() error {
	return errors.Join(
		deployments.Spec{Kind: s.Kind, EntryID: s.EntryID, Settings: s.Settings}.Validate(),
		wire.CheckExtra("ApprovalSpec", s.Extra, map[string]bool{
			"@odata.type": true, "content": true, "deploymentSettings": setsAnything(s.Settings),
		}),
	)
}

// matches compares content and settings.
func (s ApprovalSpec) matches(a *Approval) bool {
	return deployments.Internal.MayBeOf(a.Content, s.Kind, s.EntryID) && mayEqual(s.Settings, a.Settings, a.Extra)
}

package policies

import (
	"encoding/json"
	"errors"
	"maps"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// PolicyKind is the kind of a policy.
type PolicyKind string

// KindQualityPolicy is the kind of a policy for quality updates.
const KindQualityPolicy PolicyKind = "qualityUpdatePolicy"

// Policy approves quality updates for the devices of its rings: automatically by rules,
// and manually by approvals.
type Policy struct {
	// ID identifies the policy.
	ID string `json:"id"`
	// Kind is [KindQualityPolicy], an unknown kind, or in some responses the abstract
	// "policy". It is empty if the service omitted it.
	Kind PolicyKind `json:"kind,omitempty"`
	// DisplayName is the display name.
	DisplayName string `json:"displayName,omitempty"`
	// Description says what the policy is for.
	Description string `json:"description,omitempty"`
	// Rules approve updates after their release. An empty list means none; nil means that
	// the service sent no list.
	Rules Rules `json:"approvalRules,omitzero"`
	// Rings are the rings if $expand requested them, or nil. The list can be incomplete;
	// [Client.ListRings] lists all rings.
	Rings []*Ring `json:"rings,omitzero"`
	// Approvals are the approvals if $expand requested them, or nil. The list can be
	// incomplete; [Client.ListApprovals] lists all approvals.
	Approvals []*Approval `json:"approvals,omitzero"`
	// ApplicableContent are the updates that the devices need if $expand requested them,
	// or nil. The list can be incomplete; [Client.ListApplicableContent] lists all of
	// them.
	ApplicableContent []*audience.ApplicableContent `json:"applicableContent,omitzero"`
	// Created is when the policy was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when the policy was last changed.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Spec is a policy to create.
type Spec struct {
	// DisplayName is the display name, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the policy is for, at most 1,500 characters.
	Description string `json:"description"`
	// Rules approve updates after their release. Without rules, each update needs an
	// approval.
	Rules Rules `json:"approvalRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Approving returns the spec with copies of rules added to Rules.
func (s Spec) Approving(rules ...Rule) Spec {
	s.Rules = append(s.Rules.copied(), Rules(rules).copied()...)
	s.Extra = maps.Clone(s.Extra)
	return s
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s Spec) Validate() error {
	return errors.Join(
		checkDisplayName(s.DisplayName),
		checkDescription(s.Description),
		s.Rules.check(),
		wire.CheckExtra("Spec", s.Extra, map[string]bool{
			"@odata.type": true, "displayName": true, "description": true, "approvalRules": true,
		}),
	)
}

// Update is a change of a policy. Fields that are not set are not changed.
type Update struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Rules replaces all rules; an empty list removes them. It cannot be null.
	Rules odata.Change[Rules] `json:"approvalRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u Update) Validate() error {
	if u.DisplayName.IsUnset() && u.Description.IsUnset() && u.Rules.IsUnset() && len(u.Extra) == 0 {
		return &apierr.FieldError{Field: "Update", Rule: "must change something"}
	}
	return errors.Join(
		wire.CheckSet("DisplayName", u.DisplayName, checkDisplayName),
		wire.CheckSet("Description", u.Description, checkDescription),
		wire.CheckSet("Rules", u.Rules, Rules.check),
		wire.CheckExtra("Update", u.Extra, map[string]bool{
			"@odata.type": true, "displayName": !u.DisplayName.IsUnset(), "description": !u.Description.IsUnset(),
			"approvalRules": !u.Rules.IsUnset(),
		}),
	)
}

// isAppliedTo reports whether a policy has everything that the update sets. Properties in
// Extra cannot be compared.
func (u Update) isAppliedTo(p *Policy) bool {
	return len(u.Extra) == 0 &&
		wire.Holds(u.DisplayName, func(name string) bool { return name == p.DisplayName }) &&
		wire.Holds(u.Description, func(text string) bool { return text == p.Description }) &&
		wire.Holds(u.Rules, func(rules Rules) bool { return rules.isAppliedTo(p.Rules) })
}

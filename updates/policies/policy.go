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

// PolicyKind is the kind of a policy. Unknown kinds are preserved.
type PolicyKind string

// KindQualityPolicy is the kind of a policy for quality updates.
const KindQualityPolicy PolicyKind = "qualityUpdatePolicy"

// Policy approves quality updates for the devices of its rings: by rules as
// they appear, and by approvals one at a time.
type Policy struct {
	// ID identifies the policy.
	ID string `json:"id"`
	// Kind is the kind that the service named: [KindQualityPolicy], in places the
	// abstract "policy", or a kind of policy that this version does not know; empty
	// when it named none.
	Kind PolicyKind `json:"kind,omitempty"`
	// DisplayName is a name for people.
	DisplayName string `json:"displayName,omitempty"`
	// Description says what the policy is for.
	Description string `json:"description,omitempty"`
	// Rules approve updates as they appear; empty for none, nil when the service
	// sent no list.
	Rules Rules `json:"approvalRules,omitzero"`
	// Rings are the rings, perhaps only the first, where they were asked for with
	// $expand; nil otherwise. [Client.ListRings] lists all of them.
	Rings []*Ring `json:"rings,omitzero"`
	// Approvals are the approvals, perhaps only the first, where they were asked for
	// with $expand; nil otherwise. [Client.ListApprovals] lists all of them.
	Approvals []*Approval `json:"approvals,omitzero"`
	// ApplicableContent are the updates that the devices need, perhaps only the
	// first, where they were asked for with $expand; nil otherwise.
	// [Client.ListApplicableContent] lists all of them.
	ApplicableContent []*audience.ApplicableContent `json:"applicableContent,omitzero"`
	// Created is when the policy was created, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when it was last changed, in UTC.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Spec is a quality update policy to be created.
type Spec struct {
	// DisplayName is a name for people, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the policy is for, at most 1,500 characters.
	Description string `json:"description"`
	// Rules approve updates as they appear; none are sent as an empty list, and then
	// each update needs an approval.
	Rules Rules `json:"approvalRules,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Approving returns the spec with copies of these rules added to Rules.
func (s Spec) Approving(rules ...Rule) Spec {
	s.Rules = append(s.Rules.copied(), Rules(rules).copied()...)
	s.Extra = maps.Clone(s.Extra)
	return s
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem.
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

// Update is a change of a quality update policy. What it does not name stays as it is.
// It is never made from a policy that was read.
type Update struct {
	// DisplayName replaces the name, 1 to 200 characters; it cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters; it cannot be
	// null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Rules replaces all rules; an empty or nil list removes them. It cannot be null.
	Rules odata.Change[Rules] `json:"approvalRules,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. An update that changes nothing is a problem.
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

// isAppliedTo reports whether a policy certainly has what the update sets. Of members in
// Extra nobody can tell.
func (u Update) isAppliedTo(p *Policy) bool {
	return len(u.Extra) == 0 &&
		wire.Holds(u.DisplayName, func(name string) bool { return name == p.DisplayName }) &&
		wire.Holds(u.Description, func(text string) bool { return text == p.Description }) &&
		wire.Holds(u.Rules, func(rules Rules) bool { return rules.isAppliedTo(p.Rules) })
}

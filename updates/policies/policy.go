package policies

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/audience"
)

// PolicyKind is the kind of a policy.
type PolicyKind string

// The kinds of policies.
const (
	// KindQualityPolicy is a policy for quality updates.
	KindQualityPolicy PolicyKind = "qualityUpdatePolicy"
	// KindFeaturePolicy is a policy for feature updates.
	KindFeaturePolicy PolicyKind = "featureUpdatePolicy"
	// KindDriverPolicy is a policy for drivers and firmware.
	KindDriverPolicy PolicyKind = "driverUpdatePolicy"
)

// Policy approves updates of one kind for the devices of its rings: automatically by rules,
// and manually by approvals.
type Policy struct {
	// ID identifies the policy.
	ID string `json:"id"`
	// Kind is the kind of the updates: [KindQualityPolicy], [KindFeaturePolicy],
	// [KindDriverPolicy], an unknown kind, or in some responses the abstract "policy", which
	// does not name the updates. It is empty if the service omitted it.
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
	Rings Rings `json:"rings,omitzero"`
	// Approvals are the approvals if $expand requested them, or nil. The list can be
	// incomplete; [Client.ListApprovals] lists all approvals.
	Approvals []*Approval `json:"approvals,omitzero"`
	// ApplicableContent are the updates that the devices need if $expand requested them,
	// or nil. The list can be incomplete; [Client.ListApplicableContent] lists all of
	// them.
	ApplicableContent []*audience.ApplicableContent `json:"applicableContent,omitzero"`
	// ApplicableCatalogs are the updates that are applicable to the devices, if the service
	// sent them, or nil. The list can be incomplete; [Client.ListApplicableCatalogs] lists
	// all of them.
	ApplicableCatalogs []*ApplicableCatalog `json:"applicableCatalogs,omitzero"`
	// Created is when the policy was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when the policy was last changed.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

package policies

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
)

// Approval is what was decided by hand in a quality update policy about one
// update. It stays as a record: the service refuses to delete it.
type Approval struct {
	// ID identifies the approval within its policy.
	ID string `json:"id"`
	// EntryID is the id of the catalog entry.
	EntryID string `json:"catalogEntryId,omitempty"`
	// Status is whether the update is approved or suspended.
	Status ApprovalStatus `json:"status,omitempty"`
	// Entry is the catalog entry, where it was asked for with $expand; nil otherwise.
	Entry catalog.Entry `json:"catalogEntry,omitempty"`
	// Created is when the approval was created, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when it was last changed, in UTC.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ApprovalStatus is whether an update may be offered. Unknown values are
// kept.
type ApprovalStatus string

// The statuses.
const (
	// StatusApproved: the rings get the update, when their deferral is over.
	StatusApproved ApprovalStatus = "approved"
	// StatusSuspended: no device is offered the update any more, not by a rule either,
	// which is inferred.
	StatusSuspended ApprovalStatus = "suspended"
)

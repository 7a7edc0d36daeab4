package policies

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
)

// Approval is the manual decision of a policy about one update. It stays as a record: the
// service rejects its deletion.
type Approval struct {
	// ID identifies the approval within its policy.
	ID string `json:"id"`
	// EntryID is the ID of the catalog entry.
	EntryID string `json:"catalogEntryId,omitempty"`
	// Status says whether the update is approved or suspended.
	Status ApprovalStatus `json:"status,omitempty"`
	// Entry is the catalog entry if $expand requested it, or nil.
	Entry catalog.Entry `json:"catalogEntry,omitempty"`
	// Created is when the approval was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when the approval was last changed.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ApprovalStatus says whether an update may be offered.
type ApprovalStatus string

// The statuses of an approval.
const (
	// StatusApproved: the rings offer the update when their deferral is over.
	StatusApproved ApprovalStatus = "approved"
	// StatusSuspended: no further device is offered the update, even if a rule approves it.
	// The effect on rules is inferred.
	StatusSuspended ApprovalStatus = "suspended"
)

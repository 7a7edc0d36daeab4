package policies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
)

// ApplicableCatalog is an update that is applicable to devices of a policy. Unlike
// [audience.ApplicableContent], it has the number of devices, and not the vendors that
// recommend the update.
type ApplicableCatalog struct {
	// EntryID is the ID of the update's catalog entry. It identifies the applicable catalog
	// within its policy too.
	EntryID string `json:"id"`
	// Entry is the catalog entry if the service sent it, or nil.
	Entry catalog.Entry `json:"catalogEntry,omitempty"`
	// DeviceCount is the number of devices that the update is applicable to; nil if the
	// service did not send it.
	DeviceCount *int `json:"deviceCount,omitempty"`
	// HasRecommended says whether the update is recommended for any of them; nil if the
	// service did not send it.
	HasRecommended *bool `json:"hasRecommendedDevice,omitempty"`
	// Devices are the devices that the service sent with the update. They are mostly nil and
	// can be incomplete; [Client.ListApplicableDevices] lists all of them.
	Devices []*audience.ApplicableDevice `json:"devices,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

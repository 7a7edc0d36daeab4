package audience

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// ApplicableDevice is a device that an update is applicable to. It has the place of
// [DeviceMatch] in applicable catalogs and their summaries, which do not name the vendors
// that recommend the update.
type ApplicableDevice struct {
	// DeviceID is the Microsoft Entra device ID (deviceId); empty if the service did not
	// name it.
	DeviceID string `json:"id"`
	// Recommended says whether the update is recommended for the device.
	Recommended bool `json:"isRecommended"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (d ApplicableDevice) Unread() []string { return wire.Unread(d.Extra, "id", "isRecommended") }

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (d *ApplicableDevice) UnmarshalJSON(text []byte) error {
	type fields ApplicableDevice
	return wire.Unmarshal(text, (*fields)(d))
}

func readApplicableDevice(w models.ApplicableDeviceable) ApplicableDevice {
	return ApplicableDevice{
		DeviceID:    wire.Value(w.GetId()),
		Recommended: wire.Value(w.GetIsRecommended()),
		Extra:       wire.Extra(w),
	}
}

package reports

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Summary says how many devices an update applies to, across all policies of the tenant.
type Summary struct {
	// EntryID is the ID of the update's catalog entry. It identifies the summary in this package too.
	EntryID string `json:"id"`
	// DeviceCount is the number of devices that the update applies to; nil if the service did not send it.
	DeviceCount *int `json:"aggregatedDeviceCount,omitempty"`
	// HasRecommended says whether the update is recommended for any of them; nil if the service did not send
	// it.
	HasRecommended *bool `json:"hasRecommendedDevice,omitempty"`
	// Devices are the devices that came with the summary. They are mostly nil and can be incomplete: use
	// [Client.ListApplicableDevices].
	Devices []*audience.ApplicableDevice `json:"aggregatedDevices,omitzero"`
	// Extra has unknown properties, and known ones that could not be read.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Unread returns the names of known properties that could not be read. Their fields are zero, and their
// values are in Extra.
func (s *Summary) Unread() []string {
	return wire.Unread(s.Extra, "aggregatedDeviceCount", "hasRecommendedDevice", "aggregatedDevices")
}

// String returns entry and number of devices on one line.
func (s Summary) String() string {
	return wire.Line(", ", wire.Named("entry", s.EntryID),
		wire.Known(s.Extra, "aggregatedDeviceCount", s.devices()),
		wire.Known(s.Extra, "hasRecommendedDevice", s.recommended()))
}

func (s Summary) devices() string {
	if s.DeviceCount == nil {
		return ""
	}
	return wire.Counted(*s.DeviceCount, "device")
}

func (s Summary) recommended() string {
	switch {
	case s.HasRecommended == nil:
		return ""
	case *s.HasRecommended:
		return "recommended for some"
	}
	return "recommended for none"
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *Summary) UnmarshalJSON(text []byte) error {
	type fields Summary
	return wire.Unmarshal(text, (*fields)(s))
}

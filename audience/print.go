package audience

import (
	"cmp"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns the device and whether the update is recommended for it on one line.
func (d ApplicableDevice) String() string {
	recommended := "not recommended"
	if d.Recommended {
		recommended = "recommended"
	}
	return wire.Line(", ", wire.Known(d.Extra, "id", wire.Named("device", d.DeviceID)),
		wire.Known(d.Extra, "isRecommended", recommended))
}

// String returns the device and the vendors that recommend the update for it on one line.
func (m DeviceMatch) String() string {
	return wire.Line(", ", wire.Known(m.Extra, "deviceId", wire.Named("device", m.DeviceID)),
		wire.Known(m.Extra, "recommendedBy", wire.Named("recommended by", wire.Listed(m.RecommendedBy))))
}

// String returns the update and the number of devices that came with it on one line.
func (c ApplicableContent) String() string {
	id := cmp.Or(wire.Named("entry", c.EntryID), wire.Known(c.Extra, "catalogEntryId", ""))
	return wire.Line(", ", wire.Known(c.Extra, "catalogEntry", printed(c.Entry)), id,
		wire.Known(c.Extra, "matchedDevices", c.devices()))
}

func (c ApplicableContent) devices() string {
	if c.Devices == nil {
		return ""
	}
	text := wire.Counted(len(c.Devices), "device")
	if c.NextDevices != "" {
		text += " and others"
	}
	return text
}

// String returns the update and the device on one line.
func (m Match) String() string {
	return wire.Line(", ", printed(m.Entry), wire.Named("entry", m.EntryID), m.Device.String())
}

// printed is a catalog entry on one line, or empty if there is none.
func printed(entry any) string {
	if wire.IsNil(entry) {
		return ""
	}
	return fmt.Sprint(entry)
}

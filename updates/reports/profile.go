package reports

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Profile is what the service knows about a device and its Windows. One device can have several profiles.
type Profile struct {
	// ID identifies the profile. It is not documented to be the device ID.
	ID string `json:"id"`
	// DeviceID is the Microsoft Entra device ID (deviceId), which all other packages take.
	DeviceID string `json:"azureAdDeviceId,omitempty"`
	// Name is the name of the device, or "" or "#" if the service does not know it; see [Profile.HasName].
	Name string `json:"deviceName,omitempty"`
	// Model is the hardware model.
	Model string `json:"deviceModel,omitempty"`
	// Build is the installed build of Windows, probably in the form "10.0.26100.7171"; see [Profile.OSBuild].
	Build string `json:"osBuild,omitempty"`
	// Status is the state of the operating system. Its values are not documented.
	Status string `json:"osStatus,omitempty"`
	// Hotpatch says whether the device can take hotpatch updates.
	Hotpatch HotpatchReadiness `json:"hotpatchReadiness,omitempty"`
	// Extra has unknown properties, and known ones that could not be read.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// HotpatchReadiness says whether a device can take hotpatch updates.
type HotpatchReadiness string

// The values of readiness.
const (
	// HotpatchReady is a device that can take hotpatch updates.
	HotpatchReady HotpatchReadiness = "ready"
	// HotpatchNotReady is a device that cannot.
	HotpatchNotReady HotpatchReadiness = "notReady"
)

// HasName reports whether the service knows the name of the device. A device whose diagnostic data policy
// AllowDeviceNameInDiagnosticData is off has the name "#" or none; this is inferred.
func (p *Profile) HasName() bool {
	name := strings.TrimSpace(p.Name)
	return name != "" && name != "#"
}

// OSBuild returns the two numbers of a build, such as 26100 and 7171. The form of Build must be
// "10.0.26100.7171" or "26100.7171"; otherwise ok is false. Windows Server has the same numbers as a client:
// 26100 is also Windows Server 2025.
func (p *Profile) OSBuild() (build, revision int, ok bool) {
	parts := strings.Split(strings.TrimPrefix(p.Build, "10.0."), ".")
	if len(parts) != 2 {
		return 0, 0, false
	}
	build, buildOK := number(parts[0])
	revision, revisionOK := number(parts[1])
	if !buildOK || !revisionOK {
		return 0, 0, false
	}
	return build, revision, true
}

// number reads digits and nothing else.
func number(digits string) (int, bool) {
	n, err := strconv.ParseUint(digits, 10, 31)
	return int(n), err == nil
}

// Unread returns the names of known properties that could not be read. Their fields are zero, and their
// values are in Extra.
func (p *Profile) Unread() []string {
	return wire.Unread(p.Extra, "azureAdDeviceId", "deviceName", "deviceModel", "osBuild", "osStatus",
		"hotpatchReadiness")
}

// String returns name, device ID, model, and build on one line.
func (p Profile) String() string {
	return wire.Line(", ",
		wire.Known(p.Extra, "deviceName", p.displayName()),
		wire.Known(p.Extra, "azureAdDeviceId", wire.Named("device", p.DeviceID)),
		wire.Known(p.Extra, "deviceModel", p.Model),
		wire.Known(p.Extra, "osBuild", wire.Named("build", p.Build)),
		wire.Known(p.Extra, "osStatus", wire.Named("status", p.Status)),
		wire.Known(p.Extra, "hotpatchReadiness", wire.Named("hotpatch", string(p.Hotpatch))))
}

func (p *Profile) displayName() string {
	if p.HasName() {
		return p.Name
	}
	return "no name"
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *Profile) UnmarshalJSON(text []byte) error {
	type fields Profile
	return wire.Unmarshal(text, (*fields)(p))
}

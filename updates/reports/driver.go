package reports

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Driver is a driver update that is available in the tenant, across all its driver policies.
type Driver struct {
	// EntryID is the ID of the update's catalog entry. It identifies the driver in this package too.
	EntryID string `json:"id"`
	// Name is the display name of the update.
	Name string `json:"displayName,omitempty"`
	// Manufacturer is the manufacturer of the driver.
	Manufacturer string `json:"manufacturer,omitempty"`
	// Class is the class of devices that the driver is for, such as "Display".
	Class string `json:"class,omitempty"`
	// Version is the version of the driver.
	Version string `json:"version,omitempty"`
	// Released is the release date; zero if the service sent none.
	Released time.Time `json:"releaseDateTime,omitzero"`
	// Statuses are the statuses of devices that came with the driver. They are mostly nil and can be
	// incomplete: use [Client.ListDriverStatuses].
	Statuses []DriverStatus `json:"deviceStatuses,omitzero"`
	// Extra has unknown properties, and known ones that could not be read.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DriverStatus is the latest status of a driver on a device in a ring.
type DriverStatus struct {
	// ID identifies the status.
	ID string `json:"id"`
	// DeviceID is the Microsoft Entra device ID (deviceId).
	DeviceID string `json:"aadDeviceId,omitempty"`
	// State is what happens to the driver on the device.
	State DriverState `json:"clientState,omitempty"`
	// Substate has more detail, such as "downloadStart".
	Substate DriverSubstate `json:"clientSubstate,omitempty"`
	// Extra has unknown properties, and known ones that could not be read.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DriverState is what a device reports about a driver.
type DriverState string

// The documented states.
const (
	// DriverStateOffering is a device that is offered the driver.
	DriverStateOffering DriverState = "offering"
	// DriverStateOnHold is a device that is not offered the driver for now.
	DriverStateOnHold DriverState = "onHold"
	// DriverStateInstalling is a device that downloads or installs the driver.
	DriverStateInstalling DriverState = "installing"
	// DriverStateInstalled is a device that reported the installation.
	DriverStateInstalled DriverState = "installed"
	// DriverStateCancelled is a device whose installation was canceled.
	DriverStateCancelled DriverState = "cancelled"
	// DriverStateUninstalling is a device that removes the driver.
	DriverStateUninstalling DriverState = "uninstalling"
	// DriverStateUninstalled is a device that reported the removal.
	DriverStateUninstalled DriverState = "uninstalled"
	// DriverStateNotOffering is a device that is not offered the driver.
	DriverStateNotOffering DriverState = "notOffering"
)

// DriverSubstate is the detail of a [DriverState]. The service has more than the documented ones.
type DriverSubstate string

// The documented substates.
const (
	// DriverSubstateDeferred is a driver whose deferral has not passed.
	DriverSubstateDeferred DriverSubstate = "deferred"
	// DriverSubstateOfferReady is a driver that is ready to be offered.
	DriverSubstateOfferReady DriverSubstate = "offerReady"
	// DriverSubstatePaused is a driver whose ring or approval is paused.
	DriverSubstatePaused DriverSubstate = "paused"
	// DriverSubstateOfferReceived is a driver whose offer has reached the device.
	DriverSubstateOfferReceived DriverSubstate = "offerReceived"
	// DriverSubstateDownloadStart is a driver whose download has begun.
	DriverSubstateDownloadStart DriverSubstate = "downloadStart"
	// DriverSubstateDownloadComplete is a driver that has been downloaded.
	DriverSubstateDownloadComplete DriverSubstate = "downloadComplete"
	// DriverSubstateInstallStart is a driver whose installation has begun.
	DriverSubstateInstallStart DriverSubstate = "installStart"
)

// Unread returns the names of known properties that could not be read. Their fields are zero, and their
// values are in Extra.
func (d *Driver) Unread() []string {
	return wire.Unread(d.Extra, "displayName", "manufacturer", "class", "version", "releaseDateTime", "deviceStatuses")
}

// Unread returns the names of known properties that could not be read. Their fields are zero, and their
// values are in Extra.
func (s *DriverStatus) Unread() []string {
	return wire.Unread(s.Extra, "aadDeviceId", "clientState", "clientSubstate")
}

// String returns name, version, class, manufacturer, and release date on one line.
func (d Driver) String() string {
	released := ""
	if !d.Released.IsZero() {
		released = d.Released.Format(time.DateOnly)
	}
	return wire.Line(", ",
		wire.Known(d.Extra, "displayName", d.Name),
		wire.Known(d.Extra, "version", wire.Named("version", d.Version)),
		wire.Known(d.Extra, "class", d.Class),
		wire.Known(d.Extra, "manufacturer", wire.Named("of", d.Manufacturer)),
		wire.Known(d.Extra, "releaseDateTime", wire.Named("released", released)),
		wire.Named("entry", d.EntryID))
}

// String returns device and state on one line.
func (s DriverStatus) String() string {
	return wire.Line(", ",
		wire.Known(s.Extra, "aadDeviceId", wire.Named("device", s.DeviceID)),
		wire.Known(s.Extra, "clientState", string(s.State)),
		wire.Known(s.Extra, "clientSubstate", string(s.Substate)))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (d *Driver) UnmarshalJSON(text []byte) error {
	type fields Driver
	return wire.Unmarshal(text, (*fields)(d))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *DriverStatus) UnmarshalJSON(text []byte) error {
	type fields DriverStatus
	return wire.Unmarshal(text, (*fields)(s))
}

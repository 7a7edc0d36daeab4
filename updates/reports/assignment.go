package reports

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Assignment is a device that a policy is assigned to. The service does not report the kind of the policy.
type Assignment struct {
	// ID identifies the assignment.
	ID string `json:"id"`
	// DeviceID is the Microsoft Entra device ID (deviceId).
	DeviceID string `json:"azureAdDeviceId,omitempty"`
	// PolicyID is the ID of the policy.
	PolicyID string `json:"policyId,omitempty"`
	// PolicyName is the display name of the policy.
	PolicyName string `json:"policyName,omitempty"`
	// Profile is the profile of the device; nil unless it was requested with Expand.
	Profile *Profile `json:"deviceProfile,omitempty"`
	// Extra has unknown properties, and known ones that could not be read.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Unread returns the names of known properties that could not be read. Their fields are zero, and their
// values are in Extra.
func (a *Assignment) Unread() []string {
	return wire.Unread(a.Extra, "azureAdDeviceId", "policyId", "policyName", "deviceProfile")
}

// String returns policy and device on one line.
func (a Assignment) String() string {
	policy := wire.Line(" ", "policy",
		wire.Known(a.Extra, "policyName", a.PolicyName), wire.Known(a.Extra, "policyId", a.PolicyID))
	text := wire.Line(", ", policy, wire.Known(a.Extra, "azureAdDeviceId", wire.Named("device", a.DeviceID)))
	if a.Profile == nil {
		return wire.Line(", ", text, wire.Known(a.Extra, "deviceProfile", ""))
	}
	return text + ": " + a.Profile.String()
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (a *Assignment) UnmarshalJSON(text []byte) error {
	type fields Assignment
	return wire.Unmarshal(text, (*fields)(a))
}

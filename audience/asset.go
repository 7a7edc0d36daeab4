package audience

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Asset is a device or a group that updates can be offered to: a *[Device], a *[Group],
// or an *[UnknownAsset].
type Asset interface {
	// Common returns the fields that all assets have.
	Common() *Base
	asset()
}

// Kind is the service's name of a kind of asset.
type Kind string

// The kinds of assets.
const (
	// KindDevice is a device in Microsoft Entra.
	KindDevice Kind = "azureADDevice"
	// KindGroup is a group of this service, not a Microsoft Entra group.
	KindGroup Kind = "updatableAssetGroup"
)

// Base has the fields that all assets have.
type Base struct {
	// ID is the Microsoft Entra device ID (deviceId) of a device, or the ID of a group.
	ID string `json:"id"`
	// Kind is the kind of the asset. In JSON, a Device and a Group have their kind even if
	// it is empty here.
	Kind Kind `json:"kind"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns the Base itself.
func (b *Base) Common() *Base { return b }

func (b *Base) asset() {}

// Device is a device that the service knows.
type Device struct {
	Base
	// Feature is the enrollment in feature updates.
	Feature Enrollment `json:"feature"`
	// Quality is the enrollment in quality updates.
	Quality Enrollment `json:"quality"`
	// Driver is the enrollment in drivers and firmware.
	Driver Enrollment `json:"driver"`
	// Errors are the reasons why the device could not be registered. A device can be
	// enrolled and have errors.
	Errors []RegistrationError `json:"errors,omitzero"`
}

// Enrollment returns the enrollment in a category; the zero Enrollment if the SDK does
// not recognize the category.
func (d *Device) Enrollment(c Category) Enrollment {
	return wire.Value(d.enrollment(c))
}

// enrollment is nil for an unknown category.
func (d *Device) enrollment(c Category) *Enrollment {
	switch c {
	case CategoryFeature:
		return &d.Feature
	case CategoryQuality:
		return &d.Quality
	case CategoryDriver:
		return &d.Driver
	}
	return nil
}

// Category is a category of updates that a device is enrolled in.
type Category string

// The categories.
const (
	// CategoryFeature is feature updates.
	CategoryFeature Category = "feature"
	// CategoryQuality is quality updates.
	CategoryQuality Category = "quality"
	// CategoryDriver is drivers and firmware.
	CategoryDriver Category = "driver"
)

// Enrollment is the enrollment of a device in one category of updates.
type Enrollment struct {
	// State is the state of the enrollment; empty if the service did not report it.
	State EnrollmentState `json:"enrollmentState,omitempty"`
	// Modified is when the state last changed; zero if it never did.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// IsEnrolled reports whether the device is enrolled, with or without a policy.
func (e Enrollment) IsEnrolled() bool {
	return e.State == StateEnrolled || e.State == StateEnrolledWithPolicy
}

// EnrollmentState is the state of an enrollment.
type EnrollmentState string

// The states of an enrollment.
const (
	// StateNotEnrolled: the device gets updates of the category from elsewhere.
	StateNotEnrolled EnrollmentState = "notEnrolled"
	// StateEnrolled: the device gets only the updates of the category that are deployed with
	// this service, and no policy is assigned to it. In feature updates such a device is
	// offered none, which is normal between its enrollment and its first deployment. If it
	// lasts, see package troubleshoot.
	StateEnrolled EnrollmentState = "enrolled"
	// StateEnrolledWithPolicy: the device is enrolled, and a policy or deployment is assigned
	// to it.
	StateEnrolledWithPolicy EnrollmentState = "enrolledWithPolicy"
	// StateEnrolling: the device is not enrolled yet. This state can last.
	StateEnrolling EnrollmentState = "enrolling"
	// StateUnenrolling: the device is about to be unenrolled.
	StateUnenrolling EnrollmentState = "unenrolling"
)

// RegistrationError is a reason why a device could not be registered.
type RegistrationError struct {
	// Reason is the service's reason; empty if the error has none.
	Reason RegistrationReason `json:"reason"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// RegistrationReason is the service's name of a reason.
type RegistrationReason string

// The reasons.
const (
	// ReasonInvalidGlobalDeviceID: the device has no valid global device ID.
	ReasonInvalidGlobalDeviceID RegistrationReason = "invalidGlobalDeviceId"
	// ReasonInvalidDeviceID: no device has this Microsoft Entra device ID.
	ReasonInvalidDeviceID RegistrationReason = "invalidAzureADDeviceId"
	// ReasonMissingTrustType: the device has no join type in Microsoft Entra.
	ReasonMissingTrustType RegistrationReason = "missingTrustType"
	// ReasonInvalidJoin: the device is neither joined nor hybrid joined.
	ReasonInvalidJoin RegistrationReason = "invalidAzureADJoin"
)

// Group is a group of devices of this service. It has no name, and it is not a Microsoft
// Entra group.
type Group struct {
	Base
	// Members are the devices in the group if the response has them; nil if they are not
	// known. The service usually omits them: use [GroupClient.ListMembers].
	Members Assets `json:"members,omitzero"`
}

// UnknownAsset is an asset of a kind that the SDK does not recognize. Its properties are
// in Extra.
type UnknownAsset struct {
	Base
}

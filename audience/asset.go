package audience

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Asset is something that updates can be offered to: a *[Device], *[Group] or
// *[UnknownAsset].
type Asset interface {
	// Common returns what all assets have.
	Common() *Base
	asset()
}

// Kind is the service's name of a kind of asset. A kind that this version does
// not know is kept as the service wrote it.
type Kind string

// The kinds of assets.
const (
	// KindDevice is a device of Microsoft Entra.
	KindDevice Kind = "azureADDevice"
	// KindGroup is a group that this service keeps; it is no Entra group.
	KindGroup Kind = "updatableAssetGroup"
)

// Base is what all assets have.
type Base struct {
	// ID is the Microsoft Entra device id of a device (deviceId, not the id of
	// the directory object), or the id of a group.
	ID string `json:"id"`
	// Kind is the kind of the asset. In JSON a Device and a Group have theirs even
	// where it is empty here.
	Kind Kind `json:"kind"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns the Base itself.
func (b *Base) Common() *Base { return b }

func (b *Base) asset() {}

// Device is a device as the service knows it.
type Device struct {
	Base
	// Feature is the enrolment in feature updates.
	Feature Enrollment `json:"feature"`
	// Quality is the enrolment in quality updates.
	Quality Enrollment `json:"quality"`
	// Driver is the enrolment in drivers and firmware.
	Driver Enrollment `json:"driver"`
	// Errors say why the device could not be registered; empty when it could. A
	// device can be enrolled and have errors.
	Errors []RegistrationError `json:"errors,omitzero"`
}

// Enrollment returns the enrolment in a category; the zero Enrollment for a
// category that this version does not know.
func (d *Device) Enrollment(c Category) Enrollment {
	return wire.Value(d.enrollment(c))
}

// enrollment is nil for a category that this version does not know.
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

// Category is a category of updates that a device is enrolled in. Unknown values
// are kept.
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

// Enrollment is whether the service decides about one category of a device's
// updates.
type Enrollment struct {
	// State is where the enrolment stands; empty when the service did not say.
	State EnrollmentState `json:"enrollmentState,omitempty"`
	// Modified is when the state last changed, in UTC; zero when it never did.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// IsEnrolled reports whether the device is enrolled, with a policy or without.
func (e Enrollment) IsEnrolled() bool {
	return e.State == StateEnrolled || e.State == StateEnrolledWithPolicy
}

// EnrollmentState is where an enrolment stands. Unknown values are kept.
type EnrollmentState string

// The states of an enrolment.
const (
	// StateNotEnrolled: the device gets updates of the category elsewhere.
	StateNotEnrolled EnrollmentState = "notEnrolled"
	// StateEnrolled: the device gets only what this service deploys.
	StateEnrolled EnrollmentState = "enrolled"
	// StateEnrolledWithPolicy: enrolled, because a policy asked for it.
	StateEnrolledWithPolicy EnrollmentState = "enrolledWithPolicy"
	// StateEnrolling: not enrolled yet. A device can stay so.
	StateEnrolling EnrollmentState = "enrolling"
	// StateUnenrolling: enrolled no longer soon.
	StateUnenrolling EnrollmentState = "unenrolling"
)

// RegistrationError is why a device could not be registered.
type RegistrationError struct {
	// Reason is the service's reason; empty when the error has none.
	Reason RegistrationReason `json:"reason"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// RegistrationReason is a reason why a device could not be registered. Unknown
// values are kept.
type RegistrationReason string

// The reasons.
const (
	// ReasonInvalidGlobalDeviceID: the device has no valid global device id.
	ReasonInvalidGlobalDeviceID RegistrationReason = "invalidGlobalDeviceId"
	// ReasonInvalidDeviceID: there is no device with this Microsoft Entra device id.
	ReasonInvalidDeviceID RegistrationReason = "invalidAzureADDeviceId"
	// ReasonMissingTrustType: the device has no join type in Microsoft Entra.
	ReasonMissingTrustType RegistrationReason = "missingTrustType"
	// ReasonInvalidJoin: the device is neither joined nor hybrid joined.
	ReasonInvalidJoin RegistrationReason = "invalidAzureADJoin"
)

// Group is a group of devices that this service keeps. It has no name, and is no
// Microsoft Entra group.
type Group struct {
	Base
	// Members are the devices in the group where an answer has them; the service
	// usually leaves them out, and nil says nothing about them.
	Members Assets `json:"members,omitzero"`
}

// UnknownAsset is an asset of a kind that this version does not know. Its members
// are in Extra.
type UnknownAsset struct {
	Base
}

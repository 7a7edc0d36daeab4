package audience

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero. Without its type, an asset is an [UnknownAsset].
func (b *Base) Unread() []string { return wire.Unread(b.Extra, "@odata.type") }

// Unread names the known properties that could not be read, such as "errors" or
// "enrollment.feature". They are in Extra, and their fields are zero.
func (d *Device) Unread() []string {
	unread := wire.Unread(d.Extra, "errors")
	if d.Extra[enrollmentProperty] != nil && d.keptEnrollment() == nil {
		return append(unread, enrollmentProperty)
	}
	for _, category := range wire.Unread(d.keptEnrollment(), string(CategoryFeature), string(CategoryQuality), string(CategoryDriver)) {
		unread = append(unread, enrollmentProperty+"."+category)
	}
	return unread
}

const enrollmentProperty = "enrollment"

// keptEnrollment is what is in Extra of the enrollment; nil if that is not an object.
func (d *Device) keptEnrollment() map[string]json.RawMessage {
	var kept map[string]json.RawMessage
	if json.Unmarshal(d.Extra[enrollmentProperty], &kept) != nil {
		return nil
	}
	return kept
}

// IsEnrollmentUnread reports whether the state of the enrollment in a category could not be read. The
// state is empty then, and the device may be enrolled or not.
func (d *Device) IsEnrollmentUnread(c Category) bool {
	if d.Extra[enrollmentProperty] != nil && d.keptEnrollment() == nil || d.Extra["enrollments"] != nil {
		return d.Enrollment(c).State == ""
	}
	return d.keptEnrollment()[string(c)] != nil || d.Enrollment(c).Extra["enrollmentState"] != nil
}

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero.
func (e Enrollment) Unread() []string {
	return wire.Unread(e.Extra, "enrollmentState", "lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero.
func (e RegistrationError) Unread() []string { return wire.Unread(e.Extra, "reason") }

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero.
func (g *Group) Unread() []string { return wire.Unread(g.Extra, "members") }

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero.
func (a Audience) Unread() []string {
	return wire.Unread(a.Extra, "members", "exclusions", "applicableContent")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero.
func (c ApplicableContent) Unread() []string {
	return wire.Unread(c.Extra, "catalogEntryId", "catalogEntry", "matchedDevices")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields
// are zero.
func (m DeviceMatch) Unread() []string { return wire.Unread(m.Extra, "recommendedBy") }

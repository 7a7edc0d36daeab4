package audience

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readAudience(w models.DeploymentAudienceable) *Audience {
	return &Audience{
		ID:                wire.Value(w.GetId()),
		Members:           readAssets(w.GetMembers()),
		Exclusions:        readAssets(w.GetExclusions()),
		ApplicableContent: wire.Each(w.GetApplicableContent(), readContent),
		Extra:             wire.Extra(w),
	}
}

func readAssets(w []models.UpdatableAssetable) Assets { return wire.Each(w, readAsset) }

func readAsset(w models.UpdatableAssetable) Asset {
	base := Base{
		ID:    wire.Value(w.GetId()),
		Kind:  Kind(wire.ShortType(w.GetOdataType())),
		Extra: wire.Extra(w),
	}
	switch w := w.(type) {
	case models.AzureADDeviceable:
		return readDevice(base, w)
	case models.UpdatableAssetGroupable:
		return &Group{Base: base, Members: readAssets(w.GetMembers())}
	}
	return &UnknownAsset{Base: base}
}

func readDevice(base Base, w models.AzureADDeviceable) *Device {
	d := &Device{Base: base, Errors: wire.Each(w.GetErrors(), readRegistrationError)}
	if e := w.GetEnrollment(); e != nil {
		d.Feature, d.Quality, d.Driver = readEnrollment(e.GetFeature()), readEnrollment(e.GetQuality()), readEnrollment(e.GetDriver())
		if more := wire.Extra(e); more != nil {
			d.Extra = wire.Keep(d.Extra, "enrollment", more)
		}
		return d
	}
	d.readOldEnrollments()
	return d
}

func readEnrollment(w models.UpdateCategoryEnrollmentInformationable) Enrollment {
	if w == nil {
		return Enrollment{}
	}
	return Enrollment{
		State:    EnrollmentState(wire.Value(w.GetEnrollmentState())),
		Modified: wire.Time(w.GetLastModifiedDateTime()),
		Extra:    wire.Extra(w),
	}
}

// readOldEnrollments reads the list that the service once sent: the categories
// that the device is enrolled in. Items that say something else stay in Extra.
func (d *Device) readOldEnrollments() {
	var list []json.RawMessage
	if json.Unmarshal(d.Extra["enrollments"], &list) != nil {
		return
	}
	left := slices.DeleteFunc(list, d.readOldEnrollment)
	delete(d.Extra, "enrollments")
	if len(left) > 0 {
		d.Extra["enrollments"], _ = json.Marshal(left) // it was parsed
	}
	if len(d.Extra) == 0 {
		d.Extra = nil
	}
}

// readOldEnrollment reports whether it has read all of an item. Null is nothing to
// read.
func (d *Device) readOldEnrollment(raw json.RawMessage) bool {
	var item map[string]json.RawMessage
	if err := json.Unmarshal(raw, &item); err != nil || item == nil {
		return err == nil
	}
	e := d.enrollment(Category(takeText(item, "updateCategory")))
	if e == nil || e.State != "" {
		return false
	}
	e.State = cmp.Or(EnrollmentState(takeText(item, "enrollmentState")), StateEnrolled)
	maps.DeleteFunc(item, func(name string, _ json.RawMessage) bool { return strings.Contains(name, "@odata.") })
	if len(item) > 0 {
		e.Extra = item
	}
	return true
}

// readRegistrationError also takes the reason of an error whose type is missing
// or unknown.
func readRegistrationError(w models.UpdatableAssetErrorable) RegistrationError {
	extra := wire.Extra(w)
	if known, ok := w.(models.AzureADDeviceRegistrationErrorable); ok {
		return RegistrationError{Reason: RegistrationReason(wire.Value(known.GetReason())), Extra: extra}
	}
	e := RegistrationError{Reason: RegistrationReason(takeText(extra, "reason"))}
	if len(extra) > 0 {
		e.Extra = extra
	}
	return e
}

// takeText removes a member and returns it; "" and nothing removed when it is no
// text.
func takeText(members map[string]json.RawMessage, name string) string {
	var text *string
	if json.Unmarshal(members[name], &text) != nil || text == nil {
		return ""
	}
	delete(members, name)
	return *text
}

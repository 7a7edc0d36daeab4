package simulator

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of assets.
const (
	assetType  = "updatableAsset"
	deviceType = "azureADDevice"
	groupType  = "updatableAssetGroup"
)

// asset is a device or a group of devices.
type asset struct {
	id          string
	impossible  bool                   // a device whose ID is not a GUID
	order       string                 // place among the devices of a rollout
	enrollments map[string]*enrollment // of a device, by category
	members     *orderedMap[*asset]    // of a group; nil for a device
}

func (s *Server) newDevice(id string) *asset {
	return &asset{id: id, impossible: !isGUID(id), order: s.shuffled(id), enrollments: map[string]*enrollment{}}
}

// shuffled turns a text into one whose place among others depends on the seed alone.
func (s *Server) shuffled(text string) string {
	sum := sha256.Sum256(fmt.Append(nil, s.seed, text))
	return string(sum[:])
}

func newGroup(id string) *asset { return &asset{id: id, members: &orderedMap[*asset]{}} }

func (a *asset) isGroup() bool { return a.members != nil }

func (a *asset) kind() string {
	if a.isGroup() {
		return groupType
	}
	return deviceType
}

// devices is the device itself, or the members of a group.
func (a *asset) devices(yield func(*asset) bool) {
	if !a.isGroup() {
		yield(a)
		return
	}
	for i := range a.members.len() {
		if !yield(a.members.at(i)) {
			return
		}
	}
}

// invalidDeviceID is the registration error of a device that cannot exist.
const invalidDeviceID = "invalidAzureADDeviceId"

// States of an enrollment.
const (
	notEnrolled = "notEnrolled"
	enrolling   = "enrolling"
	enrolled    = "enrolled"
	byPolicy    = "enrolledWithPolicy"
	unenrolling = "unenrolling"
)

// enrollment is a device's state in one category.
type enrollment struct {
	state   string
	changed time.Time
}

// in returns the state in a category; a device that was never enrolled in it is
// notEnrolled since the zero time.
func (a *asset) in(category string) *enrollment {
	if e, ok := a.enrollments[category]; ok {
		return e
	}
	return &enrollment{state: notEnrolled}
}

func (a *asset) isEnrolled(category string) bool {
	state := a.in(category).state
	return state == enrolled || state == byPolicy
}

// categories are those that a device is enrolled in.
func (a *asset) categories() []string {
	return slices.DeleteFunc(categories(), func(category string) bool { return !a.isEnrolled(category) })
}

// categories are those of updates.
func categories() []string { return []string{"driver", "feature", "quality"} }

// enrollmentObject renders the state in every category. A ring for feature updates assigns its devices
// to a policy.
func (s *Server) enrollmentObject(a *asset) object {
	o := object{}
	for _, category := range categories() {
		o[category] = object{
			"enrollmentState":      s.stateIn(category, a),
			"lastModifiedDateTime": odata.OptionalTimestamp(a.in(category).changed),
		}
	}
	return o
}

// stateIn is the enrollment state of a device as it is sent.
func (s *Server) stateIn(category string, a *asset) string {
	state := a.in(category).state
	if state == enrolled && category == "feature" && s.featureDevices[a.id] {
		return byPolicy
	}
	return state
}

// asset renders an asset as it is sent.
func (s *Server) asset(a *asset) object {
	o := object{"@odata.type": "#" + namespace + a.kind(), "id": a.id}
	if !a.isGroup() {
		o["enrollment"] = s.enrollmentObject(a)
		o["errors"] = s.registrationErrors(a)
	}
	return o
}

func (s *Server) registrationErrors(device *asset) []any {
	found := []any{}
	reasons, _ := s.failures.get(device.id)
	if device.impossible && !slices.Contains(reasons, invalidDeviceID) {
		reasons = append(slices.Clip(reasons), invalidDeviceID)
	}
	for _, reason := range reasons {
		found = append(found, object{"@odata.type": "#" + namespace + "azureADDeviceRegistrationError", "reason": reason})
	}
	return found
}

func checkDeviceIDs(ids []string) error {
	for _, id := range ids {
		if !isGUID(id) {
			return invalid("device IDs must be GUIDs (got %q)", id)
		}
	}
	return nil
}

// device returns the record of a device and makes one where there is none.
func (s *Server) device(id string) *asset {
	a := s.recordOf(id)
	s.assets.put(id, a)
	return a
}

// recordOf returns the record of a device, or one that is not kept.
func (s *Server) recordOf(id string) *asset {
	if a, ok := s.assets.get(id); ok {
		return a
	}
	return s.newDevice(id)
}

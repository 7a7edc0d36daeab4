package reports

import (
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Resolution is what [Client.ResolveNames] found.
type Resolution struct {
	// Names has each name once, in the order of the call.
	Names []ResolvedName `json:"names"`
	// Profiles is the number of profiles that were read.
	Profiles int `json:"profiles"`
	// Unnamed is the number of profiles among them without a name that could be read. Any missing name can
	// be one of them.
	Unnamed int `json:"unnamed"`
}

// ResolvedName is a name with the devices that have it: none, one, or several.
type ResolvedName struct {
	// Name is the name as it was given, without white space around it.
	Name string `json:"name"`
	// Candidates are the devices with this name; nil if there is none.
	Candidates []Candidate `json:"candidates,omitempty"`
}

// Candidate is one device with a name.
type Candidate struct {
	// DeviceID is the Microsoft Entra device ID (deviceId). It is empty if the profile has none: no GUID, or
	// the GUID of zeros.
	DeviceID string `json:"deviceId"`
	// Profiles are the profiles of the device that have the name, one or more.
	Profiles []*Profile `json:"profiles"`
	// Device has the enrollment and the registration errors of the device. It is nil if the name has only
	// one candidate, and if the service does not manage the device.
	Device *audience.Device `json:"device,omitempty"`
}

// index finds names and their candidates in a resolution that grows.
type index struct {
	names      map[string]int // by what names have in common that are the same
	candidates map[nameDevice]int
}

type nameDevice struct {
	name   int
	device string
}

func newResolution(names []string) (*Resolution, *index) {
	found := &Resolution{Names: []ResolvedName{}}
	known := &index{make(map[string]int, len(names)), map[nameDevice]int{}}
	for _, name := range names {
		if _, ok := known.names[fold(name)]; ok {
			continue
		}
		known.names[fold(name)] = len(found.Names)
		found.Names = append(found.Names, ResolvedName{Name: strings.TrimSpace(name)})
	}
	return found, known
}

func (r *Resolution) add(p *Profile, known *index) {
	r.Profiles++
	if !p.HasName() {
		r.Unnamed++
		return
	}
	if at, ok := known.names[fold(p.Name)]; ok {
		id := deviceID(p)
		r.Names[at].add(p, id, nameDevice{at, wire.Fold(id)}, known)
	}
}

// deviceID is empty for what is the ID of no device, or of many, as the GUID of zeros.
func deviceID(p *Profile) string {
	id := strings.TrimSpace(p.DeviceID)
	if audience.Internal.CheckDeviceID("", id) != nil {
		return ""
	}
	return id
}

// add adds a profile to its device. Each one without an ID may be of another device.
func (n *ResolvedName) add(p *Profile, id string, key nameDevice, known *index) {
	if at, ok := known.candidates[key]; ok && id != "" {
		n.Candidates[at].Profiles = append(n.Candidates[at].Profiles, p)
		return
	}
	known.candidates[key] = len(n.Candidates)
	n.Candidates = append(n.Candidates, Candidate{DeviceID: id, Profiles: []*Profile{p}})
}

// ForMembers returns the device IDs of all names, for audiences and enrollment: updates then reach these
// devices and no others. If a name has no device or several, it returns no ID, and the error is a
// [*NameError].
func (r *Resolution) ForMembers() ([]string, error) {
	return r.deviceIDs(false)
}

// ForExclusions returns the device IDs of all names, for exclusions: no device with one of these names is
// left out. If several devices have a name, it returns all of them. If a name has no device, it returns no
// ID, and the error is a [*NameError], because the device would not be excluded.
func (r *Resolution) ForExclusions() ([]string, error) {
	return r.deviceIDs(true)
}

func (r *Resolution) deviceIDs(severalAllowed bool) ([]string, error) {
	problems := NameError{Total: len(r.Names), Profiles: r.Profiles, Unnamed: r.Unnamed}
	for _, name := range r.Names {
		switch {
		case len(name.Candidates) == 0:
			problems.Missing = append(problems.Missing, name.Name)
		case slices.ContainsFunc(name.Candidates, func(c Candidate) bool { return c.DeviceID == "" }):
			problems.WithoutID = append(problems.WithoutID, name.Name)
		case len(name.Candidates) > 1 && !severalAllowed:
			problems.Ambiguous = append(problems.Ambiguous, name)
		}
	}
	if problems.count() > 0 {
		return nil, &problems
	}
	return r.eachOnce(), nil
}

// eachOnce returns the device IDs in the order of the names. A device can have two names, an old one and a
// new one.
func (r *Resolution) eachOnce() []string {
	ids, known := []string{}, map[string]bool{}
	for _, name := range r.Names {
		for _, c := range name.Candidates {
			if id := strings.ToLower(c.DeviceID); !known[id] {
				known[id] = true
				ids = append(ids, c.DeviceID)
			}
		}
	}
	return ids
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (r *Resolution) UnmarshalJSON(text []byte) error {
	type fields Resolution
	return wire.Unmarshal(text, (*fields)(r))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (n *ResolvedName) UnmarshalJSON(text []byte) error {
	type fields ResolvedName
	return wire.Unmarshal(text, (*fields)(n))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (c *Candidate) UnmarshalJSON(text []byte) error {
	type fields Candidate
	return wire.Unmarshal(text, (*fields)(c))
}

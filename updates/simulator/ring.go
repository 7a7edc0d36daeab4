package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of rings.
const (
	ringType        = "ring"
	qualityRingType = "qualityUpdateRing"
)

func ringTypes() types {
	return types{
		ringType: {
			Base:     "entity",
			Abstract: true,
			Properties: "createdDateTime time, deferralInDays number, description text, displayName text, " +
				"excludedGroupAssignment groupAssignment, includedGroupAssignment groupAssignment, isPaused flag, " +
				"lastModifiedDateTime time",
		},
		qualityRingType:   {Base: ringType, Properties: "isHotpatchEnabled flag"},
		"groupAssignment": {Properties: "assignments []assignedGroup"},
		"assignedGroup":   {Properties: "groupId text"},
	}
}

func addRingRoutes(add func(string, methods)) {
	add("policies/{}/rings", methods{"GET": (*Server).listRings, "POST": (*Server).createRing})
	add("policies/{}/rings/{}", methods{
		"GET":    (*Server).getRing,
		"PATCH":  (*Server).updateRing,
		"DELETE": (*Server).deleteRing,
	})
}

// ring is a set of devices that a policy offers updates to.
type ring struct {
	id          string
	policy      *ringPolicy
	name        string
	description string
	included    []string // IDs of Microsoft Entra groups
	excluded    []string // IDs of Microsoft Entra groups
	deferral    *int     // in days; nil: none was set
	paused      bool
	hotpatch    bool
	created     time.Time
	modified    time.Time
	progress    *ringProgress
}

// RingOffer is one offer of a ring to a device.
type RingOffer struct {
	// DeviceID is the Microsoft Entra device ID.
	DeviceID string
	// EntryID is the ID of the catalog entry that was offered.
	EntryID string
	// At is the time of the offer, by the simulator's clock.
	At time.Time
	// Hotpatch is true if the entry has a hotpatch and hotpatches were enabled in the ring, so that
	// devices that can install hotpatches need no restart.
	Hotpatch bool
}

// ringProgress records the offers of a ring.
type ringProgress struct {
	until  time.Time                    // offers are complete up to here
	offers []RingOffer                  // in order of time
	newest map[string]map[string]*entry // by type and device, what was offered last
}

func newRingProgress(now time.Time) *ringProgress {
	return &ringProgress{until: now, offers: []RingOffer{}, newest: map[string]map[string]*entry{
		qualityType:  {},
		recoveryType: {},
	}}
}

func (p *ringProgress) sorted() []RingOffer {
	offers := slices.Clone(p.offers)
	slices.SortStableFunc(offers, func(a, b RingOffer) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.DeviceID, b.DeviceID))
	})
	return offers
}

func (s *Server) listRings(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	return c.page(ringType, p.context()+"/rings", p.rings.len(), func(i int) object {
		return p.rings.at(i).object()
	})
}

func (s *Server) createRing(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	if kind := in.Kind(); kind != qualityRingType && kind != ringType {
		return reply{}, odata.BadParameter("@odata.type")
	}
	in.Require("displayName", "description", "includedGroupAssignment", "excludedGroupAssignment", "isPaused")
	r := (&ring{id: newID(), policy: p, created: c.received, progress: newRingProgress(c.received)}).with(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	p.rings.put(r.id, r)
	return reply{http.StatusCreated, c.ring(r)}, nil
}

func (s *Server) getRing(c *call) (reply, error) {
	r, err := s.ring(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(ringType, r.policy.context()+"/rings/$entity", r.object())
}

// ring finds the ring that a path names.
func (s *Server) ring(c *call) (*ring, error) {
	p, err := s.policy(c)
	if err != nil {
		return nil, err
	}
	r, ok := p.rings.get(c.ids[1])
	if !ok {
		return nil, odata.NotFound(ringType)
	}
	return r, nil
}

func (s *Server) updateRing(c *call) (reply, error) {
	r, err := s.ring(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	after := r.with(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	*r = *after
	return reply{http.StatusOK, c.ring(r)}, nil
}

func (s *Server) deleteRing(c *call) (reply, error) {
	r, err := s.ring(c)
	if err != nil {
		return reply{}, err
	}
	r.policy.rings.remove(r.id)
	return reply{status: http.StatusNoContent}, nil
}

// with returns the ring with the properties that were sent.
func (r *ring) with(in *odata.Body, at time.Time) *ring {
	after := *r
	in.RejectNull("displayName", "description", "includedGroupAssignment", "excludedGroupAssignment", "isPaused", "isHotpatchEnabled")
	after.name = or(in.UpTo(longestName, "displayName"), r.name)
	after.description = or(in.UpTo(longestDescription, "description"), r.description)
	after.included = readAssignment(in, "includedGroupAssignment", r.included)
	after.excluded = readAssignment(in, "excludedGroupAssignment", r.excluded)
	after.paused = or(in.Flag("isPaused"), r.paused)
	after.hotpatch = or(in.Flag("isHotpatchEnabled"), r.hotpatch)
	if in.Sent("deferralInDays") {
		after.deferral = readDeferral(in)
	}
	after.modified = at
	return &after
}

// readAssignment reads the IDs of groups, or keeps the previous ones.
func readAssignment(in *odata.Body, name string, was []string) []string {
	sent := in.Child(name)
	if sent == nil {
		return was
	}
	sent.Require("assignments")
	groups := []string{}
	for _, item := range sent.Children("assignments") {
		id := or(item.Text("groupId"), "")
		if id == "" {
			in.Reject(odata.BadParameter("groupId"))
		}
		groups = append(groups, id)
	}
	return groups
}

// ring renders a ring as a response of its own.
func (c *call) ring(r *ring) object {
	return c.single(r.object(), r.policy.context()+"/rings/$entity")
}

// object renders a ring as it is sent.
func (r *ring) object() object {
	return object{
		"@odata.type":             "#" + namespace + qualityRingType,
		"id":                      r.id,
		"displayName":             r.name,
		"description":             r.description,
		"createdDateTime":         odata.Timestamp(r.created),
		"lastModifiedDateTime":    odata.Timestamp(r.modified),
		"deferralInDays":          orNull(r.deferral),
		"isPaused":                r.paused,
		"isHotpatchEnabled":       r.hotpatch,
		"includedGroupAssignment": assignment("includedGroupAssignment", r.included),
		"excludedGroupAssignment": assignment("excludedGroupAssignment", r.excluded),
	}
}

func assignment(kind string, groups []string) object {
	items := []any{}
	for _, id := range groups {
		items = append(items, object{"groupId": id})
	}
	return object{"@odata.type": "#" + namespace + kind, "assignments": items}
}

// ringDevices returns the devices of the included groups without those of the excluded ones, in the
// order of the groups.
func (s *Server) ringDevices(r *ring) []string {
	listed := &orderedMap[bool]{}
	for _, id := range r.included {
		devices, _ := s.entraGroups.get(id)
		for _, device := range devices {
			listed.put(device, true)
		}
	}
	for _, id := range r.excluded {
		devices, _ := s.entraGroups.get(id)
		listed.remove(devices...)
	}
	return listed.ids
}

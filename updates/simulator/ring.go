package simulator

import (
	"math"
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of rings.
const (
	ringType        = "ring"
	qualityRingType = "qualityUpdateRing"
	featureRingType = "featureUpdateRing"
	driverRingType  = "driverUpdateRing"
)

// Properties that only rings of one type have.
const (
	isHotpatchEnabled = "isHotpatchEnabled"
	offerInterval     = "offerIntervalInDays"
	offerDuration     = "offerDurationInDays"
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
		featureRingType:   {Base: ringType, Properties: "offerDurationInDays number, offerIntervalInDays number"},
		driverRingType:    {Base: ringType},
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
	hotpatch    bool // of a ring for quality updates
	interval    *int // in days, of a ring for feature updates; nil: none was set
	duration    *int // in days, of a ring for feature updates; nil: none was set
	created     time.Time
	modified    time.Time
	progress    *ringProgress
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
	if kind := in.Kind(); kind != p.kind.ring && kind != ringType {
		return reply{}, odata.BadParameter("@odata.type")
	}
	in.Require("displayName", "description", "includedGroupAssignment", "excludedGroupAssignment", "isPaused")
	r := newRing(p, c.received).with(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	p.rings.put(r.id, r)
	s.disturb()
	return reply{http.StatusCreated, c.ring(r)}, nil
}

func newRing(p *ringPolicy, now time.Time) *ring {
	return &ring{id: newID(), policy: p, created: now, hotpatch: true, progress: newRingProgress(now)}
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
	return p.rings.find(c.ids[1], ringType)
}

func (s *Server) updateRing(c *call) (reply, error) { return patch(c, s.ring, (*ring).with, c.ring) }

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
	in.RejectNull("displayName", "description", "includedGroupAssignment", "excludedGroupAssignment", "isPaused")
	after.name = or(in.UpTo(longestName, "displayName"), r.name)
	after.description = or(in.UpTo(longestDescription, "description"), r.description)
	after.included = readAssignment(in, "includedGroupAssignment", r.included)
	after.excluded = readAssignment(in, "excludedGroupAssignment", r.excluded)
	after.paused = or(in.Flag("isPaused"), r.paused)
	if in.Sent(deferralInDays) {
		after.deferral = readDays(in, deferralInDays, longestDeferral(r.policy.kind.ring))
	}
	after.readOwn(in)
	after.modified = at
	return &after
}

// readOwn reads the properties that only rings of its type have. Those of others are unknown
// properties, which are ignored.
func (r *ring) readOwn(in *odata.Body) {
	switch r.policy.kind.ring {
	case qualityRingType:
		in.RejectNull(isHotpatchEnabled)
		r.hotpatch = or(in.Flag(isHotpatchEnabled), r.hotpatch)
	case featureRingType:
		if in.Sent(offerInterval) {
			r.interval = readDays(in, offerInterval, math.MaxInt32)
		}
		if in.Sent(offerDuration) {
			r.duration = readDays(in, offerDuration, math.MaxInt32)
		}
	}
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
	o := object{
		"@odata.type":             "#" + namespace + r.policy.kind.ring,
		"id":                      r.id,
		"displayName":             r.name,
		"description":             r.description,
		"createdDateTime":         odata.Timestamp(r.created),
		"lastModifiedDateTime":    odata.Timestamp(r.modified),
		"deferralInDays":          orNull(r.deferral),
		"isPaused":                r.paused,
		"includedGroupAssignment": assignment("includedGroupAssignment", r.included),
		"excludedGroupAssignment": assignment("excludedGroupAssignment", r.excluded),
	}
	switch r.policy.kind.ring {
	case qualityRingType:
		o[isHotpatchEnabled] = r.hotpatch
	case featureRingType:
		o[offerInterval], o[offerDuration] = orNull(r.interval), orNull(r.duration)
	}
	return o
}

func assignment(kind string, groups []string) object {
	items := []any{}
	for _, id := range groups {
		items = append(items, object{"groupId": id})
	}
	return object{"@odata.type": "#" + namespace + kind, "assignments": items}
}

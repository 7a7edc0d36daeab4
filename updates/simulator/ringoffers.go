package simulator

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// RingOffer is one offer of a ring to a device.
type RingOffer struct {
	// DeviceID is the Microsoft Entra device ID.
	DeviceID string
	// EntryID is the ID of the catalog entry that was offered.
	EntryID string
	// At is the time of the offer, by the simulator's clock.
	At time.Time
	// Hotpatch is true if the entry is a quality update with a hotpatch and the ring offers hotpatches.
	// Devices that can install hotpatches need no restart then.
	Hotpatch bool
}

// ringProgress records the offers of a ring.
type ringProgress struct {
	until  time.Time                    // offers are complete up to here
	offers []RingOffer                  // in order of time
	newest map[string]map[string]*entry // by series and device, what was offered last
	at     map[offerOf]time.Time        // when something was offered
}

// offerOf is an entry that was offered to a device.
type offerOf struct {
	entry    *entry
	deviceID string
}

func newRingProgress(now time.Time) *ringProgress {
	return &ringProgress{
		until: now, offers: []RingOffer{}, newest: map[string]map[string]*entry{}, at: map[offerOf]time.Time{},
	}
}

func (p *ringProgress) sorted() []RingOffer {
	offers := slices.Clone(p.offers)
	slices.SortStableFunc(offers, func(a, b RingOffer) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.DeviceID, b.DeviceID))
	})
	return offers
}

// RingOffers returns the offers that a ring has made so far, sorted by
// time, then by device ID. A device has at most one offer per entry, which remains when it leaves the
// ring. The result is nil if the ring does not exist.
func (s *Server) RingOffers(ringID string) []RingOffer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	for _, p := range s.policies.all() {
		if r, ok := p.rings.get(ringID); ok {
			return r.progress.sorted()
		}
	}
	return nil
}

// offerInRings makes the offers of all rings that are due by a time.
func (s *Server) offerInRings(to time.Time) {
	for _, p := range s.policies.all() {
		approved := s.approvedBy(p)
		for _, r := range p.rings.all() {
			for _, at := range r.times(approved, to) {
				s.offerInRing(r, approved, at)
			}
			r.progress.until = to
		}
	}
}

// assignFeatureDevices finds the devices that rings for feature updates assign to a policy.
func (s *Server) assignFeatureDevices(time.Time) {
	s.featureDevices = map[string]bool{}
	for _, p := range s.policies.all() {
		if p.kind.policy != featurePolicyType {
			continue
		}
		for _, r := range p.rings.all() {
			for _, id := range s.ringDevices(r) {
				s.featureDevices[id] = true
			}
		}
	}
}

// approval is the time from which an entry is approved.
type approval struct {
	entry *entry
	from  time.Time
}

// approvedBy returns what a policy ever approves, in the order of the catalog.
func (s *Server) approvedBy(p *ringPolicy) []approval {
	var devices []*asset
	if p.kind.policy == driverPolicyType {
		devices = s.policyDevices(p)
	}
	var found []approval
	for _, e := range s.entries.all() {
		if from, ok := s.approvedFrom(p, e, devices); ok {
			found = append(found, approval{e, from})
		}
	}
	return found
}

// due is when a ring begins to offer what was approved to the devices of a part.
func (r *ring) due(a approval, part int) time.Time {
	return a.from.AddDate(0, 0, or(r.deferral, 0)).AddDate(0, 0, part*or(r.interval, 0))
}

// parts is the number of parts that the devices are divided into: one for each interval of the
// duration.
func (r *ring) parts() int {
	interval, duration := or(r.interval, 0), or(r.duration, 0)
	if interval == 0 || duration == 0 {
		return 1
	}
	return int(ceil(int64(duration), int64(interval)))
}

// times returns the times at which the clock alone changes something, and the last time.
func (r *ring) times(approved []approval, to time.Time) []time.Time {
	times := []time.Time{to}
	for _, a := range approved {
		first := max(0, int(r.progress.until.Sub(r.due(a, 0))/day)/max(1, or(r.interval, 0)))
		for part := first; part < r.parts() && r.due(a, part).Before(to); part++ {
			if at := r.due(a, part); at.After(r.progress.until) {
				times = append(times, at)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// offerInRing makes the offers that are due at a time.
func (s *Server) offerInRing(r *ring, approved []approval, at time.Time) {
	if r.paused {
		return
	}
	devices := s.takers(r)
	for part, some := range divided(devices, r.parts()) {
		for _, e := range r.dueTo(part, approved, at) {
			s.offer(r, e, some, at)
		}
	}
}

// takers returns the devices of a ring whose updates the service manages. If the ring divides them, they
// are in the order of a rollout.
func (s *Server) takers(r *ring) []string {
	ids := s.ringDevices(r)
	if r.policy.kind.ring == qualityRingType {
		return ids
	}
	var devices []*asset
	for _, id := range ids {
		if a, ok := s.assets.get(id); ok && a.isEnrolled(r.policy.kind.category()) {
			devices = append(devices, a)
		}
	}
	slices.SortFunc(devices, func(a, b *asset) int { return strings.Compare(a.order, b.order) })
	return deviceIDs(devices)
}

func deviceIDs(devices []*asset) []string {
	ids := make([]string, len(devices))
	for i, d := range devices {
		ids[i] = d.id
	}
	return ids
}

// divided divides devices into parts whose sizes differ by one at most. Parts without devices are left
// out.
func divided(devices []string, parts int) map[int][]string {
	found := map[int][]string{}
	for i, id := range devices {
		part := int(int64(i) * int64(parts) / int64(len(devices)))
		found[part] = append(found[part], id)
	}
	return found
}

// dueTo returns what a part of the devices is offered at a time: of each series, the newest that is
// deployable.
func (r *ring) dueTo(part int, approved []approval, at time.Time) []*entry {
	newest := &orderedMap[*entry]{}
	for _, a := range approved {
		e := a.entry
		if !e.isDeployable(at) || r.due(a, part).After(at) {
			continue
		}
		if last, ok := newest.get(e.series()); !ok || e.supersedes(last) {
			newest.put(e.series(), e)
		}
	}
	return newest.all()
}

// series is what an entry has in common with those that it supersedes. Drivers supersede none.
func (e *entry) series() string {
	if e.kind() == driverType {
		return e.id()
	}
	return e.kind()
}

// supersedes reports whether an update includes another one because it is newer.
func (e *entry) supersedes(other *entry) bool { return e.released.After(other.released) }

// offer offers an entry to the devices that need it and were not offered it or a newer one.
func (s *Server) offer(r *ring, e *entry, devices []string, at time.Time) {
	newest := r.progress.newest[e.series()]
	if newest == nil {
		newest = map[string]*entry{}
		r.progress.newest[e.series()] = newest
	}
	for _, device := range devices {
		if last := newest[device]; last != nil && !e.supersedes(last) || !e.isFor(device) {
			continue
		}
		newest[device], r.progress.at[offerOf{e, device}] = e, at
		s.planInstall(device, e, r.hotpatch, at)
		r.progress.offers = append(r.progress.offers, RingOffer{device, e.id(), at, r.hotpatch && e.hasHotpatch()})
	}
}

// isFor reports whether an entry is for a device. Only drivers depend on applicability; devices decide
// about other content.
func (e *entry) isFor(deviceID string) bool { return e.kind() != driverType || e.matches.has(deviceID) }

func (e *entry) hasHotpatch() bool {
	return slices.ContainsFunc(e.revisions, func(r revision) bool { return r.hotpatch })
}

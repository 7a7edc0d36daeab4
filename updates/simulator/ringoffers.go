package simulator

import (
	"slices"
	"time"
)

// PutGroup sets the devices of a Microsoft Entra group; a group that was never set has none. It is not
// an updatableAssetGroup. PutGroup returns an error, and changes nothing, if the group ID is
// empty or a device ID is not a GUID.
func (s *Server) PutGroup(groupID string, deviceIDs ...string) error {
	if groupID == "" {
		return invalid("group ID must not be empty")
	}
	if err := checkDeviceIDs(deviceIDs); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	s.entraGroups.put(groupID, slices.Clone(deviceIDs))
	s.settle()
	return nil
}

// RingOffers returns the offers that a ring of a quality update policy has made so far, sorted by
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
		for _, r := range p.rings.all() {
			for _, at := range s.ringTimes(r, to) {
				s.offerInRing(r, at)
			}
			r.progress.until = to
		}
	}
}

// ringTimes returns the times at which the clock alone changes something, and the last time.
func (s *Server) ringTimes(r *ring, to time.Time) []time.Time {
	times := []time.Time{to}
	for _, e := range s.entries.all() {
		at, ok := r.due(e)
		if ok && at.After(r.progress.until) && at.Before(to) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// due returns when the ring begins to offer an entry, and whether it ever does.
func (r *ring) due(e *entry) (time.Time, bool) {
	from, ok := r.policy.approvedFrom(e)
	return from.AddDate(0, 0, or(r.deferral, 0)), ok
}

// offerInRing makes the offers that are due at a time.
func (s *Server) offerInRing(r *ring, at time.Time) {
	if r.paused {
		return
	}
	for _, kind := range []string{qualityType, recoveryType} {
		e := s.newest(kind, at, func(e *entry) bool {
			due, ok := r.due(e)
			return ok && !due.After(at)
		})
		if e != nil {
			r.offer(e, s.ringDevices(r), at)
		}
	}
}

// newest returns the latest released entry of a type among those that are approved and deployable at a
// time, or nil.
func (s *Server) newest(kind string, at time.Time, wanted func(*entry) bool) *entry {
	var newest *entry
	for _, e := range s.entries.all() {
		if e.kind() != kind || e.outdated || e.expired(at) || !wanted(e) {
			continue
		}
		if newest == nil || e.supersedes(newest) {
			newest = e
		}
	}
	return newest
}

// supersedes reports whether an update includes another one because it is newer.
func (e *entry) supersedes(other *entry) bool { return e.released().After(other.released()) }

// offer offers an entry to the devices that were not offered it or a newer one.
func (r *ring) offer(e *entry, devices []string, at time.Time) {
	newest := r.progress.newest[e.kind()]
	for _, device := range devices {
		if last := newest[device]; last != nil && !e.supersedes(last) {
			continue
		}
		newest[device] = e
		r.progress.offers = append(r.progress.offers, RingOffer{device, e.id(), at, r.hotpatch && e.hasHotpatch()})
	}
}

func (e *entry) hasHotpatch() bool {
	revisions, _ := e.members["productRevisions"].([]any)
	return slices.ContainsFunc(revisions, func(item any) bool {
		r, _ := item.(object)
		return r["isHotpatchUpdate"] == true
	})
}

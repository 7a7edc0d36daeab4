package faults

import (
	"maps"
	"slices"
	"time"
)

// interfere lets other programs, and monitoring, change something before a request.
func (s *service) interfere() {
	changes := map[fault]func() bool{
		otherMembers: s.changeMembers, otherDeployment: s.addDeployment, otherState: s.changeState,
		otherApproval: s.changeApproval, otherEnrollment: s.changeEnrollment,
	}
	for f := otherMembers; f < faultCount; f++ {
		if s.chance(f) && changes[f]() {
			s.hits[f]++
		}
	}
	if s.chance(silentPause) {
		s.pauseByRule()
	}
}

// one returns a random ID of a map.
func one[T any](s *service, all map[string]T) (string, bool) {
	ids := slices.Sorted(maps.Keys(all))
	if len(ids) == 0 {
		return "", false
	}
	return ids[s.random.IntN(len(ids))], true
}

func (s *service) changeMembers() bool {
	id, ok := one(s, s.now().audiences)
	if !ok {
		return false
	}
	e := effect{verb: verbs[s.random.IntN(len(verbs))], ids: []string{deviceID(s.random.IntN(few))}}
	s.change(time.Now(), func(now *state, _ time.Time) {
		now.register(e)
		now.changeSet(id, func(a *audienceSets) { a.update(now.registered(e)) })
	})
	return true
}

// addDeployment makes one like those of the program, or of another update, on an audience
// of the program or on a new one.
func (s *service) addDeployment() bool {
	h := handler{view: s.now(), service: s}
	settings := filled(nil)
	if id, ok := one(s, s.now().deployments); ok {
		settings = s.now().deployments[id].settings
	}
	entryID, _ := one(s, entries)
	d := deployment{entry: entryID, settings: settings}
	if s.random.IntN(2) == 0 {
		d.audience, _ = one(s, s.now().audiences)
	}
	s.change(time.Now(), h.newDeployment(d).do)
	return true
}

func (s *service) changeState() bool {
	id, ok := one(s, s.now().deployments)
	if !ok {
		return false
	}
	to := []string{"paused", "none", "archived", "deleted"}[s.random.IntN(4)]
	s.change(time.Now(), func(now *state, at time.Time) {
		if to == "deleted" {
			delete(now.deployments, id)
			return
		}
		now.changeDeployment(id, at, func(d *deployment) { d.requested = to })
	})
	return true
}

func (s *service) changeApproval() bool {
	policyID, ok := one(s, s.now().policies)
	if !ok {
		return false
	}
	if id, ok := one(s, s.now().approvals); ok && s.random.IntN(2) == 0 {
		s.change(time.Now(), func(now *state, at time.Time) { now.revoke(id, at) })
		return true
	}
	entryID, _ := one(s, entries)
	_, _, do := s.newApproval(policyID, entryID, filled(nil))
	s.change(time.Now(), do)
	return true
}

func (s *service) changeEnrollment() bool {
	id, ok := one(s, s.now().devices)
	if !ok {
		return false
	}
	to := []string{"enrolled", "notEnrolled"}[s.random.IntN(2)]
	s.change(time.Now(), func(now *state, _ time.Time) { now.enroll(id, "feature", to) })
	return true
}

// pauseByRule pauses a deployment that has a rule for it.
func (s *service) pauseByRule() {
	id, ok := one(s, s.now().deployments)
	if !ok || !s.now().deployments[id].pausesOnRollbacks() || s.now().deployments[id].effective != "offering" {
		return
	}
	s.change(time.Now(), func(now *state, at time.Time) {
		now.changeDeployment(id, at, func(d *deployment) { d.monitored = true })
	})
}

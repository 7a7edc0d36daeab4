package faults

import (
	"maps"
	"slices"
	"time"
)

// state is what the service holds at one time. It is never changed: each change makes
// another one, so that old copies can be read.
type state struct {
	deployments map[string]deployment
	audiences   map[string]audienceSets
	policies    map[string]policy
	approvals   map[string]approval
	devices     map[string]device
	groups      map[string]group
}

type deployment struct {
	born      time.Time
	modified  time.Time
	order     int
	entry     string
	settings  obj
	audience  string
	approval  string // that made it; empty for none
	requested string
	effective string
	monitored bool // a rule has paused it
}

type audienceSets struct {
	born       time.Time
	order      int
	members    []string
	exclusions []string
	populated  bool // it has had members
	excluding  bool // it has had exclusions
	intune     bool
	expands    bool // its groups are listed as their enrolled devices
}

type policy struct {
	born     time.Time
	order    int
	audience string
	settings obj
	rules    []any
}

type approval struct {
	born     time.Time
	order    int
	policy   string
	entry    string
	settings obj
	revoked  time.Time // zero while it is not
}

type device struct {
	order  int
	states map[string]string // by category
	bad    bool              // it cannot be registered
}

func emptyState() *state {
	return &state{
		map[string]deployment{}, map[string]audienceSets{}, map[string]policy{}, map[string]approval{},
		map[string]device{}, map[string]group{},
	}
}

func (s *state) clone() *state {
	return &state{
		maps.Clone(s.deployments), maps.Clone(s.audiences), maps.Clone(s.policies), maps.Clone(s.approvals),
		maps.Clone(s.devices), maps.Clone(s.groups),
	}
}

// before returns the state without what was created at a time or later.
func (s *state) before(t time.Time) *state {
	old := s.clone()
	maps.DeleteFunc(old.deployments, func(_ string, d deployment) bool { return !d.born.Before(t) })
	maps.DeleteFunc(old.audiences, func(_ string, a audienceSets) bool { return !a.born.Before(t) })
	maps.DeleteFunc(old.policies, func(_ string, p policy) bool { return !p.born.Before(t) })
	maps.DeleteFunc(old.approvals, func(_ string, a approval) bool { return !a.born.Before(t) })
	maps.DeleteFunc(old.groups, func(_ string, g group) bool { return !g.born.Before(t) })
	return old
}

// users returns the IDs of the deployments of an audience.
func (s *state) users(audience string) []string {
	var ids []string
	for id, d := range s.deployments {
		if d.audience == audience {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// changeDeployment changes a deployment, if it still exists, and then its effective state.
func (s *state) changeDeployment(id string, at time.Time, change func(*deployment)) {
	d, exists := s.deployments[id]
	if !exists {
		return
	}
	change(&d)
	d.modified = at
	d.monitored = d.monitored && d.pausesOnRollbacks()
	d.effective = d.netState()
	s.deployments[id] = d
}

func (d deployment) netState() string {
	switch {
	case d.effective == "archived" || d.requested == "archived":
		return "archived"
	case d.requested == "paused" || d.monitored:
		return "paused"
	}
	return "offering"
}

func (d deployment) pausesOnRollbacks() bool {
	monitoring, _ := d.settings["monitoring"].(obj)
	rules, _ := monitoring["monitoringRules"].([]any)
	return slices.ContainsFunc(rules, func(rule any) bool {
		one, _ := rule.(obj)
		return one["action"] == "pauseDeployment"
	})
}

func (s *state) archive(at time.Time, made func(deployment) bool) {
	for id, d := range s.deployments {
		if made(d) {
			s.changeDeployment(id, at, func(d *deployment) { d.effective = "archived" })
		}
	}
}

// changeSet changes members or exclusions of an audience.
func (s *state) changeSet(audience string, change func(*audienceSets)) {
	a, exists := s.audiences[audience]
	if !exists || a.intune {
		return
	}
	change(&a)
	a.populated, a.excluding = a.populated || len(a.members) > 0, a.excluding || len(a.exclusions) > 0
	s.audiences[audience] = a
}

func with(set []string, ids []string) []string {
	all := slices.Concat(set, ids)
	slices.Sort(all)
	return slices.Compact(all)
}

func without(set []string, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(set), func(id string) bool { return slices.Contains(ids, id) })
}

// enroll sets the state of a device in a category. Unenrolling takes it out of the
// audiences whose deployments are of that category.
func (s *state) enroll(id, category, to string) {
	d := s.devices[id]
	if d.bad && to != "notEnrolled" {
		return
	}
	d.states = maps.Clone(d.states)
	if d.states == nil {
		d.states = map[string]string{}
	}
	d.states[category] = to
	s.devices[id] = d
	if to != "notEnrolled" {
		return
	}
	for _, one := range s.deployments {
		if entries[one.entry].category == category {
			s.changeSet(one.audience, func(a *audienceSets) { a.members = without(a.members, []string{id}) })
		}
	}
}

package faults

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/troubleshoot"
)

// explanation is one explanation, with what it is about.
type explanation struct {
	*program
	deployment, device string
}

// explain compares each observation with every state that a response can have shown: those since the
// call began, and those of replicas that lag behind. A claim is wrong if none of them agrees with it.
func (p *program) explain() {
	id, ok := pick(p, slices.Sorted(maps.Keys(p.truth().deployments)))
	if own, exists := pick(p, p.deploymentIDs); exists && (!ok || p.random.IntN(4) == 0) {
		id, ok = own, true // perhaps deleted
	}
	if !ok {
		return
	}
	device := p.deviceOf(id)
	if groupID, ok := pick(p, p.groupIDs); ok && p.random.IntN(12) == 0 {
		device = groupID
	}
	p.begin("troubleshoot.Explain", id, device)
	got, err := p.client.Troubleshoot().Explain(p.within(20*time.Minute), id, device)
	p.requiref(len(p.effects()) == 0, "an explanation had effects")
	if err != nil {
		isOver := errors.Is(err, context.DeadlineExceeded)
		p.requiref(isOver, "an explanation failed: %v", err)
		return
	}
	x := explanation{p, id, device}
	for _, o := range got.Observations {
		if isGroupID(device) && o.Topic != troubleshoot.TopicDevice {
			continue // what is said of a device makes no sense
		}
		if check := x.checks()[o.Topic]; check != nil && o.Effect != troubleshoot.EffectUnclear {
			p.requiref(check(o), "%s %s: %s", o.Topic, o.Effect, o.Text)
		}
	}
}

// deviceOf returns a device, in most cases one that the audience of a deployment has, or excludes.
func (p *program) deviceOf(deployment string) string {
	now := p.truth()
	a := now.audiences[now.deployments[deployment].audience]
	set := a.members
	if p.random.IntN(2) == 0 {
		set = a.exclusions
	}
	if both := without(a.members, without(a.members, a.exclusions)); len(both) > 0 && p.random.IntN(2) == 0 {
		set = both
	}
	asset, ok := pick(p, set)
	if isGroupID(asset) {
		asset, ok = pick(p, now.groups[asset].members)
	}
	if !ok || p.random.IntN(4) == 0 {
		return deviceID(p.random.IntN(p.devices))
	}
	return asset
}

// checks are those of the observations that conclude something.
func (x explanation) checks() map[troubleshoot.Topic]func(troubleshoot.Observation) bool {
	return map[troubleshoot.Topic]func(troubleshoot.Observation) bool{
		troubleshoot.TopicDevice:           x.deviceHolds,
		troubleshoot.TopicDeployment:       x.deploymentHolds,
		troubleshoot.TopicRegistration:     x.registrationHolds,
		troubleshoot.TopicEnrollment:       x.enrollmentHolds,
		troubleshoot.TopicMembership:       x.membershipHolds,
		troubleshoot.TopicExclusion:        x.exclusionHolds,
		troubleshoot.TopicState:            x.stateHolds,
		troubleshoot.TopicApplicability:    x.applicabilityHolds,
		troubleshoot.TopicOtherDeployments: x.othersHold,
	}
}

func blocks(o troubleshoot.Observation) bool { return o.Effect == troubleshoot.EffectBlocks }

// sometimes reports whether one of the states agrees.
func (x explanation) sometimes(agrees func(*state) bool) bool {
	return slices.ContainsFunc(x.trace, func(s snapshot) bool { return agrees(s.state) })
}

// isGone holds for what a state lacks, or two responses.
func (x explanation) isGone(path string, lacks func(*state) bool) bool {
	return x.notFounds(path) >= 2 || x.sometimes(lacks)
}

func (x explanation) deviceHolds(troubleshoot.Observation) bool {
	return isGroupID(x.device) || x.isGone("/updatableAssets/"+x.device, func(s *state) bool {
		_, known := s.devices[x.device]
		return !known
	})
}

func (x explanation) deploymentHolds(troubleshoot.Observation) bool {
	return x.isGone("/deployments/"+x.deployment, func(s *state) bool {
		_, exists := s.deployments[x.deployment]
		return !exists
	})
}

func (x explanation) registrationHolds(o troubleshoot.Observation) bool {
	return x.sometimes(func(s *state) bool { return s.devices[x.device].bad == blocks(o) })
}

// enrollmentHolds knows that devices are enrolled without a policy, for a time that is not known.
func (x explanation) enrollmentHolds(o troubleshoot.Observation) bool {
	effects := map[string]troubleshoot.Effect{
		"enrolled": troubleshoot.EffectNone, "enrolling": troubleshoot.EffectDelays,
	}
	return x.sometimes(func(s *state) bool {
		category := entries[s.deployments[x.deployment].entry].category
		state := s.devices[x.device].states[category]
		want, isIn := effects[state]
		return category == "quality" && o.Effect == troubleshoot.EffectNone ||
			isIn && want == o.Effect || !isIn && blocks(o)
	})
}

// audience is that of a deployment, which never changes.
func (x explanation) audience(s *state, deployment string) audienceSets {
	return s.audiences[s.deployments[deployment].audience]
}

// membershipHolds knows that a list shows nothing about the members if it is 404 or empty.
func (x explanation) membershipHolds(o troubleshoot.Observation) bool {
	isRight := x.sometimes(func(s *state) bool {
		return s.reaches(x.audience(s, x.deployment).members, x.device) != blocks(o)
	})
	lists := x.listings(x.audienceID(), "members")
	isListed := len(lists) > 0 && len(lists[len(lists)-1].ids) > 0
	return isRight && (!blocks(o) || isListed)
}

// audienceID returns the ID in the latest state that has the deployment.
func (x explanation) audienceID() string {
	for _, s := range slices.Backward(x.trace) {
		if d, exists := s.state.deployments[x.deployment]; exists {
			return d.audience
		}
	}
	return ""
}

func (x explanation) exclusionHolds(o troubleshoot.Observation) bool {
	isRight := x.sometimes(func(s *state) bool {
		return s.reaches(x.audience(s, x.deployment).exclusions, x.device) == blocks(o)
	})
	return blocks(o) && isRight || !blocks(o) && (isRight || x.hasNoExclusions() || x.listsNoExclusions()) && !x.isHidden()
}

// listsNoExclusions reports whether all exclusions are groups without enrolled devices, of which the service
// lists nothing. An empty list counts as none: else it would be unclear for every device that is not
// enrolled whether it is excluded.
func (x explanation) listsNoExclusions() bool {
	return x.sometimes(func(s *state) bool {
		a := x.audience(s, x.deployment)
		return a.expands && len(s.expanded(a.exclusions)) == 0
	})
}

// hasNoExclusions reports whether two responses say so.
func (x explanation) hasNoExclusions() bool {
	lists := x.listings(x.audienceID(), "exclusions")
	return len(lists) == 2 && lists[0].notFound && lists[1].notFound
}

// isHidden reports whether the responses show neither members nor exclusions.
func (x explanation) isHidden() bool {
	for _, set := range []string{"members", "exclusions"} {
		for _, l := range x.listings(x.audienceID(), set) {
			if !l.notFound {
				return false
			}
		}
	}
	return !slices.ContainsFunc(x.log, func(one *exchange) bool { // a list that is not read to its end
		return one.owner == x.audienceID() && one.good
	})
}

func (x explanation) stateHolds(o troubleshoot.Observation) bool {
	states := x.states(x.deployment)
	if len(states) == 0 {
		return false
	}
	last := states[len(states)-1]
	effective, _ := last.state()["effectiveValue"].(string)
	isNamed := strings.Contains(o.Advice, "monitoring rule rollback")
	return strings.Contains(o.Text, "The deployment is "+effective) && isNamed == last.isPausedByRule() &&
		(effective == "offering") == (o.Effect == troubleshoot.EffectNone)
}

func (x explanation) applicabilityHolds(o troubleshoot.Observation) bool {
	if !blocks(o) {
		return suits(x.device)
	}
	return x.sometimes(func(s *state) bool {
		return !slices.Contains(s.matched(s.deployments[x.deployment].audience), x.device)
	}) ||
		slices.ContainsFunc(x.log, func(one *exchange) bool {
			route := one.request.route()
			return strings.HasSuffix(route, "/matchedDevices") && x.notFounds(route) >= 2
		})
}

// othersHold is about deployments that offer the device a newer update.
func (x explanation) othersHold(o troubleshoot.Observation) bool {
	if blocks(o) {
		_, rest, _ := strings.Cut(o.Text, "Deployment ")
		id, _, _ := strings.Cut(rest, " ")
		return x.sometimes(func(s *state) bool { return x.isRival(s, id) })
	}
	for id := range x.truth().deployments {
		isAlways := !x.sometimes(func(s *state) bool { return !x.isRival(s, id) })
		if isAlways && !x.lostAudience(id) {
			return false
		}
	}
	return true
}

// lostAudience reports whether responses say that what is asked of a deployment does not exist.
func (x explanation) lostAudience(id string) bool {
	return x.notFounds("/deployments/"+id+"/audience") >= 2
}

func (x explanation) isRival(s *state, id string) bool {
	mine, other := s.deployments[x.deployment], s.deployments[id]
	a := x.audience(s, id)
	return other.effective == "offering" && entries[other.entry].category == entries[mine.entry].category &&
		entries[other.entry].released.After(entries[mine.entry].released) &&
		s.reaches(a.members, x.device) && !s.reaches(a.exclusions, x.device)
}

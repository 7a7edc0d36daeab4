package faults

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// change pauses, resumes, or archives a deployment, or changes its monitoring rules.
// ErrPausedByMonitoring of Resume does not say whether the request was withdrawn.
func (p *program) change() {
	id, ok := pick(p, p.deploymentIDs)
	if !ok {
		return
	}
	ctx, all := p.within(10*time.Minute), p.client.Deployments()
	changes := []struct {
		name string
		do   func() error
	}{
		{"Pause", func() error { return all.Pause(ctx, id) }},
		{"Resume", func() error { return all.Resume(ctx, id) }},
		{"ClearMonitoringRules", func() error { return all.ClearMonitoringRules(ctx, id) }},
		{"SetMonitoringRules", func() error {
			return all.SetMonitoringRules(ctx, id, deployments.PauseOnRollbacks(3))
		}},
		{"Archive", func() error { return all.Archive(ctx, id) }},
	}
	c := changes[min(p.random.IntN(14)/3, len(changes)-1)]
	p.begin("deployments."+c.name, id)
	p.requireChanged(id, c.do())
}

// pauseAndResume reads the state while it may be behind what was requested.
func (p *program) pauseAndResume() {
	id, ok := pick(p, p.deploymentIDs)
	if !ok {
		return
	}
	ctx := p.within(20 * time.Minute)
	p.begin("deployments.Pause", id)
	p.requireChanged(id, p.client.Deployments().Pause(ctx, id))
	for range 2 {
		<-time.After(p.between(time.Second, 2*time.Minute))
		p.begin("deployments.Resume", id)
		p.requireChanged(id, p.client.Deployments().Resume(ctx, id))
	}
	p.waitFor(id, deployments.StateOffering)
}

func (p *program) requireChanged(id string, err error) {
	if errors.Is(err, deployments.ErrPausedByMonitoring) || errors.Is(err, deployments.ErrStateUnreachable) {
		p.requireReason(id, err)
		return
	}
	p.requireDone("patch", "deployments", id, err, p.refusedAfterLoss())
}

// refusedAfterLoss reports whether the last call got 400 or 409 after an attempt whose outcome is unknown,
// and then a response to a read: the method reads the result of the change from that.
func (p *program) refusedAfterLoss() bool {
	last := p.log[len(p.log)-1]
	isRefusal := func(x *exchange) bool { return !x.request.isRead() && (x.status == 400 || x.status == 409) }
	return last.request.isRead() && last.good && slices.ContainsFunc(p.log, isRefusal)
}

// states are the responses to reads of a deployment in the last call.
func (p *program) states(id string) []*exchange {
	var all []*exchange
	for _, x := range p.log {
		if x.request.isRead() && x.request.route() == "/deployments/"+id && x.good {
			all = append(all, x)
		}
	}
	return all
}

func (x *exchange) state() obj { return x.body.(obj)["state"].(obj) }

// isPausedByRule reports whether a response shows a pause that was not requested, and a rule
// that pauses.
func (x *exchange) isPausedByRule() bool {
	settings, _ := x.body.(obj)["settings"].(obj)
	return x.state()["effectiveValue"] == "paused" && deployment{settings: settings}.pausesOnRollbacks() &&
		(x.state()["requestedValue"] == "none" || len(anySlice(x.state()["reasons"])) > 0)
}

// requireReason is about two reasons why a state cannot be reached.
//   - Paused by monitoring: the last response shows it.
//   - Unreachable otherwise: it shows that the deployment is archived.
func (p *program) requireReason(id string, err error) {
	states := p.states(id)
	p.requiref(len(states) > 0, "%v, and the state was never read", err)
	if len(states) == 0 {
		return
	}
	last := states[len(states)-1]
	if errors.Is(err, deployments.ErrPausedByMonitoring) {
		p.requiref(last.isPausedByRule(), "no rule has paused it: %v", err)
		return
	}
	p.requiref(last.state()["effectiveValue"] == "archived", "it is not archived: %v", err)
}

// waitForState claims one of these:
//   - No error: the last response shows the state.
//   - Paused by monitoring: every response for two minutes shows that, and it is so.
//   - Unreachable otherwise: see requireReason.
//   - ErrNotFound: 404 for two minutes.
func (p *program) waitForState() {
	id, ok := pick(p, p.deploymentIDs)
	if !ok {
		return
	}
	states := []deployments.EffectiveState{
		deployments.StateOffering, deployments.StatePaused, deployments.StateArchived,
	}
	p.waitFor(id, states[p.random.IntN(len(states))])
}

func (p *program) waitFor(id string, want deployments.EffectiveState) {
	p.begin("deployments.WaitForState", id, want)
	d, err := p.client.Deployments().WaitForState(p.within(p.between(time.Minute, time.Hour)), id, want, nil)
	states := p.states(id)
	switch {
	case err == nil:
		isShown := len(states) > 0 && states[len(states)-1].state()["effectiveValue"] == string(want)
		p.requiref(isShown, "the state was not shown")
		p.requiref(d.State.Effective == want, "the result is %s", d.State.Effective)
	case errors.Is(err, deployments.ErrPausedByMonitoring):
		p.requireReason(id, err)
		p.requireHeld(states)
		truth, exists := p.truth().deployments[id]
		hasEnded := !exists || truth.effective == "archived" // in the meantime
		p.requiref(hasEnded || truth.monitored || !p.ruleHeld(states), "no rule has paused it: %v", err)
	case errors.Is(err, deployments.ErrStateUnreachable):
		p.requireReason(id, err)
	case errors.Is(err, apierr.ErrNotFound):
		p.requireMissing(id)
	}
}

// requireHeld requires two minutes of responses with a pause by a rule.
func (p *program) requireHeld(states []*exchange) {
	since := time.Now()
	for _, x := range slices.Backward(states) {
		if !x.isPausedByRule() {
			break
		}
		since = x.at
	}
	held := time.Since(since)
	p.requiref(held >= 2*time.Minute, "the pause has held for %v", held)
}

func (p *program) ruleHeld(states []*exchange) bool {
	return !slices.ContainsFunc(states, func(x *exchange) bool { return !x.isPausedByRule() })
}

// requireMissing requires that no response showed the deployment for two minutes, and that the
// last one was 404.
func (p *program) requireMissing(id string) {
	var since time.Time
	for _, x := range p.log {
		if x.good {
			since = time.Time{}
		} else if since.IsZero() {
			since = x.at
		}
	}
	held := time.Since(since)
	p.requiref(!since.IsZero() && held >= 2*time.Minute, "%s is not found after %v", id, held)
	p.requiref(p.log[len(p.log)-1].isNotFound(), "%s is not found, and the last response was not 404", id)
}

// deleteDeployment may wait. The wait claims, without an error, that the last two responses
// were 404.
func (p *program) deleteDeployment() {
	id, ok := pick(p, p.deploymentIDs)
	if !ok {
		return
	}
	p.begin("deployments.Delete", id)
	err := p.client.Deployments().Delete(p.within(10*time.Minute), id)
	p.requireDone("delete", "deployments", id, err, p.missedAfterLoss())
	if err != nil || p.random.IntN(2) == 0 {
		return
	}
	p.begin("deployments.WaitForDeletion", id)
	err = p.client.Deployments().WaitForDeletion(p.within(30*time.Minute), id, nil)
	isShown := p.notFounds("/deployments/"+id) >= 2
	p.requiref(err != nil || isShown, "deleted, and 404 was not the last response twice")
}

// missedAfterLoss reports whether the last call got two 404s after an attempt whose outcome is unknown: they
// show that the object no longer exists.
func (p *program) missedAfterLoss() bool { return missedTwice(p.log) }

// missedTwice reports whether the last two responses are 404. Attempts without a response may lie between.
func missedTwice(log []*exchange) bool {
	n := 0
	for _, x := range log {
		switch x.status {
		case 0:
		case http.StatusNotFound:
			n++
		default:
			n = 0
		}
	}
	return n >= 2
}

func (p *program) deleteAudience() {
	id, ok := pick(p, p.audienceIDs)
	if !ok {
		return
	}
	p.begin("audiences.Delete", id)
	err := p.client.Audiences().Delete(p.within(10*time.Minute), id)
	p.requireDone("delete", "deploymentAudiences", id, err, p.missedAfterLoss())
}

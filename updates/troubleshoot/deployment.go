package troubleshoot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func (e *explainer) state() {
	state := e.deployment.State
	text := fmt.Sprintf("The deployment is %s%s.", state.Effective, reasonsText(state))
	switch state.Effective {
	case deployments.StateOffering:
		e.add(TopicState, EffectNone, text, "")
	case deployments.StateScheduled:
		e.add(TopicState, EffectDelays, text, "")
	case deployments.StatePaused:
		e.add(TopicState, EffectBlocks, text, pauseAdvice(state))
	case deployments.StateFaulted:
		e.add(TopicState, EffectBlocks, text, "It cannot be resumed. Create a deployment of an update that can be deployed.")
	case deployments.StateArchived:
		e.add(TopicState, EffectBlocks, text, "It cannot be resumed. Create a deployment or an approval.")
	default:
		e.add(TopicState, EffectUnclear, fmt.Sprintf("The deployment has the unknown state %q%s.", state.Effective, reasonsText(state)), "")
	}
}

func reasonsText(state deployments.State) string {
	var reasons []string
	for _, reason := range state.Reasons {
		reasons = append(reasons, string(reason.Value))
	}
	if len(reasons) == 0 {
		return ""
	}
	return " (" + strings.Join(reasons, ", ") + ")"
}

// pauseAdvice takes a pause that was not requested as one by a monitoring rule: the service mostly omits
// reasons.
func pauseAdvice(state deployments.State) string {
	var advice []string
	asked := state.Requested == deployments.RequestPaused || state.HasReason(deployments.ReasonPausedByRequest)
	if asked {
		advice = append(advice, "Resume it with Deployments().Resume.")
	}
	if !asked || state.HasReason(deployments.ReasonPausedByMonitoring) {
		advice = append(advice, "A monitoring rule paused it: "+
			"remove the rules with Deployments().ClearMonitoringRules, or raise the threshold.")
	}
	return strings.Join(advice, " ")
}

func (e *explainer) readinessTest() {
	if e.deployment.Settings.Expedite.ReadinessTest {
		e.add(TopicReadinessTest, EffectBlocks, "The deployment is a readiness test: "+
			"the devices report whether they could be expedited, and install nothing.",
			"Create a deployment with deployments.ForExpedited.")
	}
}

// schedule checks when offering starts, and by when the device is offered the update.
func (e *explainer) schedule(where location) {
	schedule := e.deployment.Settings.Schedule
	if schedule.Start.After(e.out.At) {
		e.add(TopicSchedule, EffectDelays, fmt.Sprintf("Offering starts at %s.", moment(schedule.Start)), "")
	} else {
		e.add(TopicSchedule, EffectNone, "The start has passed, or none is set.", "")
	}
	switch {
	case schedule.Rollout == nil:
		e.add(TopicRollout, EffectNone, "There is no gradual rollout: all members are offered the update immediately.", "")
	case !where.Complete || where.Devices == 0:
		e.add(TopicRollout, EffectUnclear, "The deployment has a gradual rollout, and the number of its devices is not known.", "")
	default:
		e.rollout(where.Devices)
	}
}

// rollout assumes that all members, exclusions included, wait from the start, so the last step is the latest
// possible.
func (e *explainer) rollout(devices int) {
	since := e.deployment.Created
	if since.IsZero() {
		since = e.out.At
	}
	table, err := e.deployment.Settings.Timetable(devices, since)
	if err != nil {
		e.add(TopicRollout, EffectUnclear, fmt.Sprintf("The steps of the rollout cannot be computed: %v.", err), "")
		return
	}
	last := table.Last()
	if !last.At.After(e.out.At) {
		e.add(TopicRollout, EffectNone, fmt.Sprintf("The last of the %s of the rollout began at %s, "+
			"unless the deployment was paused or the device was added later.", wire.Counted(table.StepCount, "step"), moment(last.At)), "")
		return
	}
	e.add(TopicRollout, EffectDelays, fmt.Sprintf("The rollout offers the update to %s in %s, of which %d began. "+
		"The service chooses the order. The device is offered the update with step %d at the latest, at %s. "+
		"A pause delays that.",
		wire.Counted(devices, "device"), wire.Counted(table.StepCount, "step"), startedSteps(table, e.out.At), table.StepCount, moment(last.At)), "")
}

// startedSteps returns the number of steps that began by a time.
func startedSteps(table deployments.Timetable, by time.Time) int {
	n := 0
	for step := range table.Steps() {
		if step.At.After(by) {
			break
		}
		n++
	}
	return n
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// applicability checks whether a driver applies to the device. The service does not report it for other
// updates.
func (e *explainer) applicability(ctx context.Context) {
	content := e.deployment.Content
	if content.Kind != catalog.KindDriver {
		return
	}
	for match, err := range e.client.audiences.ListMatchedDevices(e.audience(), content.EntryID, nil).All(ctx) {
		switch {
		case errors.Is(err, apierr.ErrNotFound): // no device needs it
		case err != nil:
			e.addUnreadable(TopicApplicability, "The list of devices that the driver applies to", err)
			return
		case wire.SameID(match.DeviceID, e.out.DeviceID):
			e.add(TopicApplicability, EffectNone, "The driver applies to the device.", "")
			e.recommendation(match)
			return
		}
	}
	e.add(TopicApplicability, EffectBlocks, "The driver does not apply to the device: "+
		"the device has the driver or a better one, lacks the hardware, or has not scanned since it was enrolled.", "")
}

func (e *explainer) recommendation(match *audience.DeviceMatch) {
	wanted := e.deployment.Settings.Applicability.OfferWhileRecommendedBy
	if len(wanted) == 0 {
		return
	}
	if slices.ContainsFunc(wanted, match.IsRecommendedBy) {
		e.add(TopicRecommendation, EffectNone, "The driver is recommended for the device.", "")
		return
	}
	recommended := "has no recommendation"
	if len(match.RecommendedBy) > 0 {
		recommended = "is recommended by " + strings.Join(match.RecommendedBy, ", ")
	}
	e.add(TopicRecommendation, EffectBlocks, fmt.Sprintf("The driver is offered only while it is recommended by %s, "+
		"and for the device it %s.", strings.Join(wanted, " or "), recommended),
		"To offer it anyway, deploy it without OfferWhileRecommendedBy.")
}

// otherDeployments looks for offering deployments of a newer update of the same category, which take
// precedence. Drivers are for different hardware and do not compete.
func (e *explainer) otherDeployments(ctx context.Context) {
	kind := e.deployment.Content.Kind
	if kind != catalog.KindFeature && kind != catalog.KindQuality {
		return
	}
	competing, err := e.competing(ctx)
	if err != nil {
		e.addUnreadable(TopicOtherDeployments, "The updates that other deployments offer the device", err)
		return
	}
	for _, d := range competing {
		e.add(TopicOtherDeployments, EffectBlocks, fmt.Sprintf("Deployment %s offers the device a newer update of the same kind, which takes precedence.", d.ID),
			"If the device should not get the newer update, exclude it there.")
	}
	if len(competing) == 0 {
		e.add(TopicOtherDeployments, EffectNone, "No other deployment offers the device a newer update of the same kind.", "")
	}
}

func (e *explainer) competing(ctx context.Context) ([]*deployments.Deployment, error) {
	releases := releases{client: e.client, known: map[string]time.Time{}}
	mine, err := releases.of(ctx, e.deployment.Content.EntryID)
	if err != nil {
		return nil, err
	}
	var competing []*deployments.Deployment
	for d, err := range e.client.deployments.List(nil).All(ctx) {
		if err != nil {
			return nil, err
		}
		supersedes, err := e.supersedes(ctx, d, mine, releases)
		if err != nil {
			return nil, err
		}
		if supersedes {
			competing = append(competing, d)
		}
	}
	return competing, nil
}

// supersedes reports whether a deployment offers the device an update that was released after a time.
// Conditions that need no request come first.
func (e *explainer) supersedes(ctx context.Context, d *deployments.Deployment, mine time.Time, releases releases) (bool, error) {
	if !e.competes(d) {
		return false, nil
	}
	released, err := releases.of(ctx, d.Content.EntryID)
	if err != nil || !released.After(mine) {
		return false, err
	}
	return e.isOffered(ctx, d)
}

func (e *explainer) competes(d *deployments.Deployment) bool {
	mine := e.deployment
	return !wire.SameID(d.ID, mine.ID) && d.Content.Kind == mine.Content.Kind && !wire.SameID(d.Content.EntryID, mine.Content.EntryID) &&
		d.State.Effective == deployments.StateOffering && !d.Settings.Expedite.ReadinessTest
}

// releases are the release times of updates, which the entry in a deployment does not have.
type releases struct {
	client Client
	known  map[string]time.Time
}

func (r releases) of(ctx context.Context, entryID string) (time.Time, error) {
	if released, ok := r.known[entryID]; ok {
		return released, nil
	}
	entry, err := r.client.catalog.Get(ctx, entryID)
	if err != nil {
		return time.Time{}, err
	}
	r.known[entryID] = entry.Common().Released
	return r.known[entryID], nil
}

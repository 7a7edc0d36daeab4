package troubleshoot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func (e *explainer) state() {
	state := e.deployment.State
	if e.addUnread(TopicState, stateUnread(e.deployment), "the state of the deployment is not known") {
		return
	}
	text := fmt.Sprintf("The deployment is %s%s.", state.Effective, reasonsText(state))
	switch state.Effective {
	case deployments.StateOffering:
		e.add(TopicState, EffectNone, text, "")
	case deployments.StateScheduled:
		e.add(TopicState, EffectDelays, text, "")
	case deployments.StatePaused:
		e.add(TopicState, EffectBlocks, text, pauseAdvice(e.deployment))
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
	if slices.Contains(state.Unread(), "reasons") {
		reasons = append(reasons, "the reasons could not be read")
	}
	if len(reasons) == 0 {
		return ""
	}
	return " (" + strings.Join(reasons, ", ") + ")"
}

// stateUnread names what is missing to know the state.
func stateUnread(d *deployments.Deployment) []string {
	return append(unread("", d.Extra, "state"), unread("state.", d.State.Extra, "effectiveValue")...)
}

// pauseAdvice says who can end a pause. The service mostly omits reasons, so a rule is named only if it can
// have paused the deployment.
func pauseAdvice(d *deployments.Deployment) string {
	requested := d.State.Requested == deployments.RequestPaused || d.State.HasReason(deployments.ReasonPausedByRequest)
	rule, byRule := d.PausedByMonitoring()
	var advice []string
	if requested {
		advice = append(advice, "Resume it with Deployments().Resume.")
	}
	if byRule {
		advice = append(advice, fmt.Sprintf("The monitoring rule %s paused it: "+
			"remove the rule with Deployments().ClearMonitoringRules, or raise its threshold.", ruleText(rule)))
	}
	missing := pauseUnread(d)
	switch {
	case len(missing) > 0 && (requested || byRule):
		advice = append(advice, fmt.Sprintf("What else pauses it is not known, because %s could not be read.", strings.Join(missing, ", ")))
	case len(missing) > 0:
		advice = append(advice, fmt.Sprintf("What paused it is not known, because %s could not be read.", strings.Join(missing, ", ")))
	case !requested && !byRule:
		advice = append(advice, unexplainedPause)
	}
	return strings.Join(advice, " ")
}

func ruleText(rule deployments.MonitoringRule) string {
	if unread := rule.Unread(); len(unread) > 0 {
		return "(its " + strings.Join(unread, " and ") + " could not be read)"
	}
	return fmt.Sprintf("%s at %d%%", rule.Signal, rule.Threshold)
}

const unexplainedPause = "Nothing shows what paused it: no pause is requested, and no monitoring rule pauses. " +
	"A change can take minutes to be applied; if the pause lasts, resume it with Deployments().Resume."

// pauseUnread names what is missing to know what paused a deployment.
func pauseUnread(d *deployments.Deployment) []string {
	missing := unread("state.", d.State.Extra, "requestedValue", "reasons")
	missing = append(missing, unread("", d.Extra, "settings")...)
	missing = append(missing, unread("settings.", d.Settings.Extra, "monitoring")...)
	missing = append(missing, unread("settings.monitoring.", d.Settings.Monitoring.Extra, "monitoringRules")...)
	for _, rule := range d.Settings.Monitoring.Rules {
		missing = append(missing, unread("settings.monitoring.monitoringRules.", rule.Extra, "action")...)
	}
	return missing
}

// kindUnread names what is missing to know the kind of the update.
func (e *explainer) kindUnread() []string { return contentUnread(e.deployment) }

func contentUnread(d *deployments.Deployment) []string {
	return append(unread("", d.Extra, "content"), unread("content.", d.Content.Extra, "catalogEntry")...)
}

// settingsUnread names what is missing to know some properties of a part of the settings.
func settingsUnread(d *deployments.Deployment, part string, extra map[string]json.RawMessage, properties ...string) []string {
	names := append(unread("", d.Extra, "settings"), unread("settings.", d.Settings.Extra, part)...)
	return append(names, unread("settings."+part+".", extra, properties...)...)
}

func readinessUnread(d *deployments.Deployment) []string {
	return settingsUnread(d, "expedite", d.Settings.Expedite.Extra, "isReadinessTest")
}

func (e *explainer) readinessTest() {
	e.addUnread(TopicReadinessTest, readinessUnread(e.deployment), "it is not known whether the deployment is a readiness test")
	if e.deployment.Settings.Expedite.ReadinessTest {
		e.add(TopicReadinessTest, EffectBlocks, "The deployment is a readiness test: "+
			"the devices report whether they could be expedited, and install nothing.",
			"Create a deployment with deployments.ForExpedited.")
	}
}

// schedule checks when offering starts, and by when the device is offered the update.
func (e *explainer) schedule(where location) {
	schedule := e.deployment.Settings.Schedule
	e.start(schedule)
	unreadRollout := settingsUnread(e.deployment, "schedule", schedule.Extra, "gradualRollout")
	switch {
	case e.addUnread(TopicRollout, unreadRollout, "it is not known which devices are offered the update when"):
	case schedule.Rollout == nil:
		e.add(TopicRollout, EffectNone, "There is no gradual rollout: all members are offered the update immediately.", "")
	case !where.Complete || where.Devices == 0:
		e.add(TopicRollout, EffectUnclear, "The deployment has a gradual rollout, and the number of its devices is not known.", "")
	default:
		e.rollout(where.Devices)
	}
}

func (e *explainer) start(schedule deployments.Schedule) {
	switch unreadStart := settingsUnread(e.deployment, "schedule", schedule.Extra, "startDateTime"); {
	case e.addUnread(TopicSchedule, unreadStart, "it is not known when offering starts"):
	case schedule.Start.After(e.out.At):
		e.add(TopicSchedule, EffectDelays, fmt.Sprintf("Offering starts at %s.", moment(schedule.Start)), "")
	default:
		e.add(TopicSchedule, EffectNone, "The start has passed, or none is set.", "")
	}
}

// rollout assumes that all members, exclusions included, wait from the start, so the last step is the latest
// possible.
func (e *explainer) rollout(devices int) {
	if e.addUnread(TopicRollout, unread("", e.deployment.Extra, "createdDateTime"), "it is not known when the steps of the rollout begin") {
		return
	}
	since := e.deployment.Created
	if since.IsZero() {
		since = e.out.At
	}
	table, err := e.deployment.Settings.Timetable(devices, since)
	if err != nil {
		e.add(TopicRollout, EffectUnclear, fmt.Sprintf("The steps of the rollout cannot be computed: %v.", err), "")
		return
	}
	if e.deployment.Created.IsZero() && !table.Start.After(e.out.At) {
		e.add(TopicRollout, EffectUnclear, "The deployment has a gradual rollout, and it is not known when it began.", "")
		return
	}
	e.addSteps(devices, table)
}

func (e *explainer) addSteps(devices int, table deployments.Timetable) {
	last := table.Last()
	if !last.At.After(e.out.At) {
		e.add(TopicRollout, EffectNone, fmt.Sprintf("The last of the %s of the rollout began at %s, "+
			"unless the deployment was paused or the device was added later.",
			wire.Counted(table.StepCount, "step"), moment(last.At)), "")
		return
	}
	e.add(TopicRollout, EffectDelays, fmt.Sprintf("The rollout offers the update to %s in %s, of which %d began. "+
		"The service chooses the order. The device is offered the update with step %d at the latest, at %s. "+
		"A pause delays that.",
		wire.Counted(devices, "device"), wire.Counted(table.StepCount, "step"), startedSteps(table, e.out.At),
		table.StepCount, moment(last.At)), "")
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
	if content.EntryID == "" {
		e.add(TopicApplicability, EffectUnclear, "The deployment does not name its catalog entry, "+
			"so it is not known whether the driver applies to the device.", "")
		return
	}
	m, err := call.ReadTwice(ctx, func() (matches, error) { return e.findMatch(ctx, content.EntryID) })
	switch {
	case err != nil && !errors.Is(err, apierr.ErrNotFound): // twice means that no device needs it
		e.addUnreadable(TopicApplicability, "The list of devices that the driver applies to", err)
	case m.found != nil:
		e.add(TopicApplicability, EffectNone, "The driver applies to the device.", "")
		e.recommendation(m.found)
	case m.unnamed > 0:
		e.add(TopicApplicability, EffectUnclear, fmt.Sprintf("The driver applies to %s without an ID, "+
			"and it is not known whether the device is among them.", wire.Counted(m.unnamed, "device")), "")
	default:
		e.add(TopicApplicability, EffectBlocks, "The driver does not apply to the device: "+
			"the device has the driver or a better one, lacks the hardware, or has not scanned since it was enrolled.", "")
	}
}

// audienceByID reads the audience if the deployment does not name it.
func (e *explainer) audienceByID(ctx context.Context) (audience.Ref, error) {
	if e.deployment.Audience.ID != "" {
		return e.audience(), nil
	}
	read, err := e.client.audiences.Get(ctx, e.audience())
	if err != nil {
		return audience.Ref{}, errors.New("its audience: " + err.Error())
	}
	return audience.ByID(read.ID), nil
}

// matches are the devices that need a driver, up to the one that was asked for.
type matches struct {
	found   *audience.DeviceMatch // nil if it is not among them
	read    int
	unnamed int // without an ID
}

// findMatch returns ErrNotFound only if the whole list is not found, and not if the audience is not.
func (e *explainer) findMatch(ctx context.Context, entryID string) (m matches, err error) {
	of, err := e.audienceByID(ctx)
	if err != nil {
		return m, err
	}
	for match, err := range e.client.audiences.ListMatchedDevices(of, entryID, nil).All(ctx) {
		switch {
		case err != nil && m.read > 0:
			return m, errors.New("a page after " + wire.Counted(m.read, "device") + ": " + err.Error())
		case err != nil:
			return m, err
		case wire.SameID(match.DeviceID, e.out.DeviceID):
			m.found = match
			return m, nil
		case match.DeviceID == "":
			m.unnamed++
		}
		m.read++
	}
	return m, nil
}

func (e *explainer) recommendation(match *audience.DeviceMatch) {
	applicability := e.deployment.Settings.Applicability
	missing := settingsUnread(e.deployment, "contentApplicability", applicability.Extra, "offerWhileRecommendedBy")
	if e.addUnread(TopicRecommendation, missing, "it is not known whether the driver has to be recommended") {
		return
	}
	wanted := applicability.OfferWhileRecommendedBy
	if len(wanted) == 0 || e.addUnread(TopicRecommendation, match.Unread(), "it is not known who recommends the driver") {
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

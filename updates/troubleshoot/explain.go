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

// Explain returns why a deployment does not reach a device. Print the result, or act on its observations.
// Explain changes nothing.
//
// Explain checks the device: its enrollment and registration, its membership and exclusion. It checks the
// deployment: its state, schedule, and rollout, and the applicability of a driver. It also checks other
// deployments.
//
// A conclusion needs evidence in the responses. An object that returns 404 is read again after a few
// seconds, because a single 404 is no evidence that it does not exist. If a property could not be read, or
// the service does not name the update, the effect is [EffectUnclear]. The observation names what is
// missing. A device that is enrolled without a policy is offered no feature update. For a member of an
// offering deployment this is unclear at first, because the service assigns policies later, and blocking
// after a day.
//
// An object that does not exist or cannot be read is an observation, not an error. Explain returns an error
// only if ctx ends or an ID is empty.
//
// Explain reads the members of the audience and of its groups until it finds the device, or all of them if
// there is a rollout. If the device is a member, it reads all deployments too.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deployments/{id}
//graph:op GET /updatableAssets/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op GET /deploymentAudiences/{id}/applicableContent/{catalogEntryId}/matchedDevices
//graph:op GET /deployments
//graph:op GET /catalog/entries/{id}
//graph:page none, it is made of other operations
func (c Client) Explain(ctx context.Context, deploymentID, deviceID string) (explanation *Explanation, err error) {
	const op = "troubleshoot.Explain"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(notEmpty("deploymentID", deploymentID), notEmpty("deviceID", deviceID)); err != nil {
		return nil, call.Invalid(op, err)
	}
	e := &explainer{client: c, out: &Explanation{DeploymentID: deploymentID, DeviceID: deviceID, At: time.Now().UTC()}}
	e.run(ctx)
	if err := ctx.Err(); err != nil {
		return nil, &apierr.Error{Op: op, Err: err}
	}
	e.out.Observations = append(e.out.Observations, notVisible()...)
	e.out.sort()
	return e.out, nil
}

func notEmpty(field, value string) error {
	if value == "" {
		return &apierr.FieldError{Field: field, Rule: "must not be empty"}
	}
	return nil
}

// explainer collects the observations of one explanation.
type explainer struct {
	client     Client
	out        *Explanation
	device     *audience.Device        // nil if it could not be read
	isUnknown  bool                    // the service does not know the device
	deployment *deployments.Deployment // nil if it could not be read
}

func (e *explainer) add(topic Topic, effect Effect, text, advice string) {
	e.out.Observations = append(e.out.Observations, Observation{topic, effect, wire.Line("", text), wire.Line("", advice)})
}

func (e *explainer) addUnreadable(topic Topic, what string, err error) {
	e.add(topic, EffectUnclear, fmt.Sprintf("%s could not be read: %v.", what, err), "")
}

// addUnread adds an observation about properties of a response that were not read, and reports whether there
// are any. They are never taken for their zero values.
func (e *explainer) addUnread(topic Topic, properties []string, consequence string) bool {
	if len(properties) > 0 {
		e.add(topic, EffectUnclear, fmt.Sprintf("%s could not be read, so %s.", strings.Join(properties, ", "), consequence), "")
	}
	return len(properties) > 0
}

// unread names those of some properties of an object that could not be read.
func unread(path string, extra map[string]json.RawMessage, properties ...string) []string {
	names := wire.Unread(extra, properties...)
	for i, name := range names {
		names[i] = path + name
	}
	return names
}

func (e *explainer) run(ctx context.Context) {
	e.readDevice(ctx)
	e.readDeployment(ctx)
	if e.device != nil {
		e.registration()
	}
	if e.deployment == nil {
		e.swapped(ctx)
		return
	}
	e.state()
	e.readinessTest()
	where := e.membership(ctx)
	e.schedule(where)
	if e.device != nil {
		e.enrollment(where)
	}
	if where.Found {
		e.applicability(ctx)
		e.otherDeployments(ctx)
	}
}

func (e *explainer) readDevice(ctx context.Context) {
	d, err := call.ReadTwice(ctx, func() (*audience.Device, error) { return e.client.devices.Get(ctx, e.out.DeviceID) })
	e.isUnknown = errors.Is(err, apierr.ErrNotFound)
	switch {
	case errors.Is(err, apierr.ErrNotFound) && apierr.StatusOf(err) == 0:
		e.add(TopicDevice, EffectBlocks, fmt.Sprintf("The ID is not that of a device: %v.", err), "Use the ID of a device; a group has its devices.")
	case errors.Is(err, apierr.ErrNotFound):
		e.add(TopicDevice, EffectBlocks, "The service does not know the device: "+
			"it was never enrolled, and never added to an audience or a group.",
			"Check that the ID is the Microsoft Entra device ID (deviceId, not the object ID), and enroll the device.")
	case err != nil:
		e.addUnreadable(TopicDevice, "The device", err)
	default:
		e.device = d
	}
}

func (e *explainer) readDeployment(ctx context.Context) {
	d, err := call.ReadTwice(ctx, func() (*deployments.Deployment, error) {
		return e.client.deployments.Get(ctx, e.out.DeploymentID)
	})
	switch {
	case errors.Is(err, apierr.ErrNotFound):
		e.add(TopicDeployment, EffectBlocks, "The deployment does not exist, or it was deleted.", "Check the ID, or create the deployment.")
	case err != nil:
		e.addUnreadable(TopicDeployment, "The deployment", err)
	default:
		e.deployment = d
	}
}

// swapped asks for the device among the deployments if both IDs led nowhere.
func (e *explainer) swapped(ctx context.Context) {
	if e.device != nil {
		return
	}
	if _, err := e.client.deployments.Get(ctx, e.out.DeviceID); err == nil {
		e.add(TopicDevice, EffectBlocks, "The ID of the device is that of a deployment: the IDs are probably swapped.",
			"Pass the ID of the deployment first, then that of the device.")
	}
}

func (e *explainer) registration() {
	for _, failure := range e.device.Errors {
		advice := "Fix the registration in Microsoft Entra; the device may have to be joined again."
		if failure.Reason == audience.ReasonInvalidDeviceID {
			advice = "Check that the ID is the device ID of Microsoft Entra (deviceId, not the object ID). " + advice
		}
		e.add(TopicRegistration, EffectBlocks, fmt.Sprintf("The device could not be registered: %s.", registrationText(failure)), advice)
	}
	if slices.Contains(e.device.Unread(), "errors") {
		e.add(TopicRegistration, EffectUnclear, "The registration errors of the device could not be read.", "")
	} else if len(e.device.Errors) == 0 {
		e.add(TopicRegistration, EffectNone, "The device has no registration errors.", "")
	}
}

func registrationText(failure audience.RegistrationError) string {
	if len(failure.Unread()) > 0 {
		return "its reason could not be read"
	}
	switch failure.Reason {
	case audience.ReasonInvalidGlobalDeviceID:
		return "it has no valid global device ID"
	case audience.ReasonInvalidDeviceID:
		return "Microsoft Entra has no device with this ID"
	case audience.ReasonMissingTrustType:
		return "it has no join type in Microsoft Entra"
	case audience.ReasonInvalidJoin:
		return "it is neither joined nor hybrid joined"
	case "":
		return "the service gives no reason"
	}
	return string(failure.Reason)
}

// enrollment checks the category of the update. Feature updates and drivers need enrollment, quality updates
// do not.
func (e *explainer) enrollment(where location) {
	if e.addUnread(TopicEnrollment, e.kindUnread(), "it is not known whether the update needs enrollment") {
		return
	}
	switch kind := e.deployment.Content.Kind; kind {
	case catalog.KindFeature:
		if !e.lacksPolicy(where) {
			e.enrolledIn(audience.CategoryFeature, "feature updates")
		}
	case catalog.KindDriver:
		e.enrolledIn(audience.CategoryDriver, "drivers")
	case catalog.KindQuality:
		e.add(TopicEnrollment, EffectNone, "Quality updates need no enrollment.", "")
	default:
		e.add(TopicEnrollment, EffectUnclear, fmt.Sprintf("It is not known whether content of kind %q needs enrollment.", kind), "")
	}
}

func (e *explainer) enrolledIn(category audience.Category, updates string) {
	const advice = "Enroll it with Devices().Enroll."
	if e.device.IsEnrollmentUnread(category) {
		e.add(TopicEnrollment, EffectUnclear, fmt.Sprintf("The enrollment of the device in %s could not be read.", updates), "")
		return
	}
	switch state := e.device.Enrollment(category).State; state {
	case audience.StateEnrolled, audience.StateEnrolledWithPolicy:
		e.add(TopicEnrollment, EffectNone, fmt.Sprintf("The device is enrolled in %s.", updates), "")
	case audience.StateEnrolling:
		e.add(TopicEnrollment, EffectDelays, fmt.Sprintf("The device is being enrolled in %s, which usually takes seconds.", updates),
			"If that does not change, check its registration in Microsoft Entra.")
	case audience.StateNotEnrolled, "": // the service lists the categories that a device is enrolled in
		e.add(TopicEnrollment, EffectBlocks, fmt.Sprintf("The device is not enrolled in %s.", updates), advice)
	case audience.StateUnenrolling:
		e.add(TopicEnrollment, EffectBlocks, fmt.Sprintf("The device is being unenrolled from %s.", updates), advice)
	default:
		e.add(TopicEnrollment, EffectUnclear, fmt.Sprintf("The enrollment of the device in %s has the unknown state %q.", updates, state), "")
	}
}

// policyLag is how long the service may take to assign a policy to a device.
const policyLag = 24 * time.Hour

// lacksPolicy reports whether the device is enrolled without a policy although it should have one, and
// explains it: such a device is offered no feature update. Before its first deployment that is normal, so it
// says something only if nothing else keeps the update from the device.
func (e *explainer) lacksPolicy(where location) bool {
	if e.device.Feature.State != audience.StateEnrolled || !where.Found || !e.nothingAbout(TopicState, TopicExclusion, TopicSchedule, TopicRollout) {
		return false
	}
	const text = "The device is enrolled in feature updates, but no policy is assigned to it, so it is offered none. "
	since, known := e.latestChange()
	switch {
	case known && e.out.At.Sub(since) >= policyLag:
		e.add(TopicEnrollment, EffectBlocks, text+"Enrollment and deployment are older than a day.",
			"If the device was added in the meantime, wait for a day. Otherwise remove it from the audience, and add it again.")
	case known:
		e.add(TopicEnrollment, EffectUnclear, text+"That is normal for a while after a change.", "Check again after "+moment(since.Add(policyLag))+".")
	default:
		e.add(TopicEnrollment, EffectUnclear, text+"It is not known since when.", "Check again after a day.")
	}
	return true
}

// latestChange is when enrollment or deployment changed last, and whether the service says so of both.
func (e *explainer) latestChange() (time.Time, bool) {
	enrolled, latest := e.device.Feature.Modified, e.deployment.Created
	known := !enrolled.IsZero() && !latest.IsZero()
	for _, at := range []time.Time{enrolled, e.deployment.Modified} {
		if at.After(latest) {
			latest = at
		}
	}
	return latest, known
}

// nothingAbout reports whether all observations about some topics keep nothing from the device.
func (e *explainer) nothingAbout(topics ...Topic) bool {
	return !slices.ContainsFunc(e.out.Observations, func(o Observation) bool {
		return slices.Contains(topics, o.Topic) && o.Effect != EffectNone
	})
}

package troubleshoot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Explain returns why a deployment does not reach a device. Print the result, or act on its observations.
// Explain changes nothing.
//
// It checks the enrollment and registration of the device, its membership and exclusion, the state, schedule,
// and rollout of the deployment, the applicability of a driver, and other deployments.
//
// An object that does not exist or cannot be read is an observation, not an error. Errors are those of ctx
// and of empty IDs.
//
// Explain reads the members of the audience until it finds the device, or all of them if there is a rollout,
// and the members of their groups. If the device is a member, it reads all deployments too.
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
	deployment *deployments.Deployment // nil if it could not be read
}

func (e *explainer) add(topic Topic, effect Effect, text, advice string) {
	e.out.Observations = append(e.out.Observations, Observation{topic, effect, text, advice})
}

func (e *explainer) addUnreadable(topic Topic, what string, err error) {
	e.add(topic, EffectUnclear, fmt.Sprintf("%s could not be read: %v.", what, err), "")
}

func (e *explainer) run(ctx context.Context) {
	e.readDevice(ctx)
	e.readDeployment(ctx)
	if e.device != nil {
		e.registration()
	}
	if e.deployment == nil {
		return
	}
	if e.device != nil {
		e.enrollment()
	}
	e.state()
	e.readinessTest()
	where := e.membership(ctx)
	e.schedule(where)
	if where.Found {
		e.applicability(ctx)
		e.otherDeployments(ctx)
	}
}

func (e *explainer) readDevice(ctx context.Context) {
	d, err := e.client.devices.Get(ctx, e.out.DeviceID)
	switch {
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
	d, err := e.client.deployments.Get(ctx, e.out.DeploymentID)
	switch {
	case errors.Is(err, apierr.ErrNotFound):
		e.add(TopicDeployment, EffectBlocks, "The deployment does not exist, or it was deleted.", "Check the ID, or create the deployment.")
	case err != nil:
		e.addUnreadable(TopicDeployment, "The deployment", err)
	default:
		e.deployment = d
	}
}

func (e *explainer) registration() {
	for _, failure := range e.device.Errors {
		e.add(TopicRegistration, EffectBlocks, fmt.Sprintf("The device could not be registered: %s.", registrationText(failure.Reason)),
			"Fix the registration in Microsoft Entra; the device may have to be joined again.")
	}
	if slices.Contains(e.device.Unread(), "errors") {
		e.add(TopicRegistration, EffectUnclear, "The registration errors of the device could not be read.", "")
	} else if len(e.device.Errors) == 0 {
		e.add(TopicRegistration, EffectNone, "The device has no registration errors.", "")
	}
}

func registrationText(reason audience.RegistrationReason) string {
	switch reason {
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
	return string(reason)
}

// enrollment checks the category of the update. Feature updates and drivers need enrollment, quality updates
// do not.
func (e *explainer) enrollment() {
	switch kind := e.deployment.Content.Kind; kind {
	case catalog.KindFeature:
		e.enrolledIn(audience.CategoryFeature, "feature updates")
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

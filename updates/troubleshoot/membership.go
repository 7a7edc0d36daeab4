package troubleshoot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// location is what package audience found in a list of assets.
type location struct {
	Found    bool
	Group    string // the group that has it; empty if it is listed itself
	Assets   int    // number of listed assets
	Devices  int    // listed or in groups
	Groups   bool   // groups are among the assets
	Unknown  bool   // assets of unknown kinds are among them
	Complete bool   // everything was read
	Failed   error  // of the first group that could not be read
}

// membership checks the exclusions first, as they take precedence.
func (e *explainer) membership(ctx context.Context) location {
	all := e.client.audiences
	excluded, err := e.locate(ctx, all.ListExclusions(e.audience(), nil), false)
	e.excluded(excluded, err)
	everyone := e.deployment.Settings.Schedule.Rollout != nil
	var unlisted bool
	where, err := e.locate(ctx, audience.Internal.ListMembers(all, e.audience(), &unlisted), everyone)
	e.member(where, unlisted, err)
	return where
}

// audience returns the audience of the deployment, by its own ID if the deployment has it.
func (e *explainer) audience() audience.Ref { return audienceOf(e.deployment) }

func audienceOf(d *deployments.Deployment) audience.Ref {
	if d.Audience.ID != "" {
		return audience.ByID(d.Audience.ID)
	}
	return audience.OfDeployment(d.ID)
}

func (e *explainer) excluded(where location, err error) {
	advice := "End the exclusion with Audiences().RemoveExclusions."
	if where.Group != "" {
		advice = "Remove the device from the group with Groups().RemoveDevices, or the group from the exclusions with Audiences().Edit."
	}
	switch {
	case err != nil:
		e.addUnreadable(TopicExclusion, "The exclusions of the audience", err)
	case where.Found:
		e.add(TopicExclusion, EffectBlocks, "The device is excluded from the audience"+viaGroup(where)+", which takes precedence over membership.", advice)
	case where.Failed != nil:
		e.addUnreadable(TopicExclusion, "A group among the exclusions", where.Failed)
	case where.Unknown:
		e.add(TopicExclusion, EffectUnclear, "The device is not excluded itself, but there are exclusions of an unknown kind.", "")
	default:
		e.add(TopicExclusion, EffectNone, "The device is not among the listed exclusions.", "")
	}
}

// member adds what is known of the membership. unlisted is whether the service returned 404 for the members.
func (e *explainer) member(where location, unlisted bool, err error) {
	switch {
	case where.Found:
		e.add(TopicMembership, EffectNone, "The device is a member of the audience"+viaGroup(where)+".", "")
	case err != nil:
		e.addUnreadable(TopicMembership, "The members of the audience", err)
	case where.Failed != nil:
		e.addUnreadable(TopicMembership, "A group among the members", where.Failed)
	case where.Unknown:
		e.add(TopicMembership, EffectUnclear, "The device is not a member itself, but there are members of an unknown kind.", "")
	case unlisted:
		e.add(TopicMembership, EffectUnclear, "The service returns 404 for the members: none were added, they are not listed yet, "+
			"or Intune owns the audience and the service does not list its members.",
			"Add the device with Audiences().AddDevices, unless Intune created the deployment.")
	case where.Assets == 0:
		e.add(TopicMembership, EffectUnclear, "The service lists no members: the audience has none, or they are not listed yet.",
			"Add the device with Audiences().AddDevices. A change can take hours to be listed.")
	case !where.Groups && e.device != nil && !isEnrolled(e.device):
		e.add(TopicMembership, EffectUnclear, "The service does not list the device. It can list a group as its enrolled devices, "+
			"and "+whyUnlisted(e.device)+", so it may be a member through a group.",
			"Add it with Audiences().AddDevices. A change can take hours to be listed.")
	default:
		e.add(TopicMembership, EffectBlocks, "The device is not a member of the audience, neither itself nor through a group.",
			"Add it with Audiences().AddDevices. A change can take hours to be listed.")
	}
}

// isEnrolled reports whether a device is enrolled in any category.
func isEnrolled(d *audience.Device) bool {
	return d.Feature.IsEnrolled() || d.Quality.IsEnrolled() || d.Driver.IsEnrolled()
}

// whyUnlisted says why a device that is not enrolled in anything may not be listed.
func whyUnlisted(d *audience.Device) string {
	categories := []audience.Category{audience.CategoryFeature, audience.CategoryQuality, audience.CategoryDriver}
	if slices.ContainsFunc(categories, d.IsEnrollmentUnread) {
		return "the enrollment of this device could not be read"
	}
	return "this device is not enrolled"
}

func viaGroup(where location) string {
	if where.Group == "" {
		return ""
	}
	return fmt.Sprintf(" through group %s", where.Group)
}

// isOffered reports whether the device is in the audience of a deployment. A part of the audience that is
// not known is an error if the result depends on it.
func (e *explainer) isOffered(ctx context.Context, d *deployments.Deployment) (bool, error) {
	all, hidden := e.client.audiences, false
	member, err := e.locate(ctx, audience.Internal.ListMembers(all, audienceOf(d), &hidden), false)
	switch {
	case err != nil:
		return false, err
	case hidden:
		return false, errHidden
	case !member.Found:
		return false, member.doubt("members")
	}
	excluded, err := e.locate(ctx, all.ListExclusions(audienceOf(d), nil), false)
	if err != nil || excluded.Found {
		return false, err
	}
	return true, excluded.doubt("exclusions")
}

var errHidden = errors.New("the service returns 404 for its members, as for an audience that never had any, and for one that Intune owns")

// doubt is why a device that was not found may be there.
func (where location) doubt(assets string) error {
	if where.Failed == nil && where.Unknown {
		return fmt.Errorf("it has %s of an unknown kind", assets)
	}
	return where.Failed
}

func (e *explainer) locate(ctx context.Context, list odata.List[audience.Asset], everyone bool) (location, error) {
	where, err := audience.Internal.Locate(ctx, e.client.groups, list, e.out.DeviceID, everyone)
	return location(where), err
}

package troubleshoot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
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
	excluded, isHidden, exclusionErr := e.exclusions(ctx, e.audience())
	everyone := e.deployment.Settings.Schedule.Rollout != nil
	var unlisted bool
	where, err := e.locate(ctx, audience.Internal.ListMembers(e.client.audiences, e.audience(), &unlisted), everyone)
	e.excluded(excluded, isHidden, where.Assets > 0, exclusionErr)
	e.member(where, unlisted, err)
	return where
}

// exclusions searches the exclusions of an audience. isHidden is whether the service returned 404 for
// them twice: it does so for an audience that never had any, and for one that Intune owns.
func (e *explainer) exclusions(ctx context.Context, of audience.Ref) (where location, isHidden bool, err error) {
	for attempt := range 2 {
		isHidden = false
		where, err = e.locate(ctx, audience.Internal.ListExclusions(e.client.audiences, of, &isHidden), false)
		if err != nil || !isHidden || attempt > 0 {
			break
		}
		if err := call.WaitForCopies(ctx, nil); err != nil {
			return where, true, err
		}
	}
	return where, isHidden, err
}

// mayHide reports whether what is listed can be a group that has the device: the service can list a group as its
// enrolled devices.
func (e *explainer) mayHide(where location) bool {
	return where.Assets > 0 && !where.Groups && !e.isUnknown && (e.device == nil || !isEnrolled(e.device))
}

// audience returns the audience of the deployment, by its own ID if the deployment has it.
func (e *explainer) audience() audience.Ref { return audienceOf(e.deployment) }

func audienceOf(d *deployments.Deployment) audience.Ref {
	if d.Audience.ID != "" {
		return audience.ByID(d.Audience.ID)
	}
	return audience.OfDeployment(d.ID)
}

// excluded adds what is known of the exclusions. isHidden is whether the service returned 404 for them,
// which shows that there are none only if it lists members.
func (e *explainer) excluded(where location, isHidden, hasMembers bool, err error) {
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
	case isHidden && !hasMembers:
		e.add(TopicExclusion, EffectUnclear, "The service returns 404 for the exclusions and lists no members: "+
			"there are none, or Intune owns the audience and the service does not list its exclusions.", "")
	case e.mayHide(where):
		e.add(TopicExclusion, EffectUnclear, "The device is not among the listed exclusions. "+e.mayBeInGroup("excluded"), "")
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
	case e.mayHide(where):
		e.add(TopicMembership, EffectUnclear, "The service does not list the device. "+e.mayBeInGroup("a member"),
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

func (e *explainer) mayBeInGroup(what string) string {
	return fmt.Sprintf("The service can list a group as its enrolled devices, and %s, so it may be %s through a group.", e.whyUnlisted(), what)
}

// whyUnlisted says why a device that is not known to be enrolled in anything may not be listed.
func (e *explainer) whyUnlisted() string {
	categories := []audience.Category{audience.CategoryFeature, audience.CategoryQuality, audience.CategoryDriver}
	switch {
	case e.device == nil:
		return "this device could not be read"
	case slices.ContainsFunc(categories, e.device.IsEnrollmentUnread):
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
	var hidden bool
	member, err := e.locate(ctx, audience.Internal.ListMembers(e.client.audiences, audienceOf(d), &hidden), false)
	switch {
	case err != nil:
		return false, err
	case hidden:
		return false, errHidden
	case !member.Found:
		return false, cmp.Or(member.doubt("members"), e.groupDoubt(member, "a member"))
	}
	excluded, isHidden, err := e.exclusions(ctx, audienceOf(d))
	if err != nil || excluded.Found {
		return false, err
	}
	if doubt := excluded.doubt("exclusions"); doubt != nil || isHidden {
		return true, doubt
	}
	return true, e.groupDoubt(excluded, "excluded")
}

// groupDoubt is why a device that is not listed may be there through a group.
func (e *explainer) groupDoubt(where location, what string) error {
	if !e.mayHide(where) {
		return nil
	}
	return fmt.Errorf("the service can list a group as its enrolled devices, and %s, so it may be %s", e.whyUnlisted(), what)
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

package troubleshoot

import (
	"cmp"
	"context"
	"fmt"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// place is what a look at a list of assets found of a device.
type place struct {
	found    bool
	group    string // the group that has it; empty when it is listed itself
	assets   int    // that the list showed
	devices  int    // listed or in groups; those that are in several places count again
	groups   bool   // groups are among them
	strange  bool   // there are assets of unknown kinds
	complete bool   // the list was read to its end
	failed   error  // the first group that could not be read
}

// membership looks at the exclusions first, as they win.
func (e *explainer) membership(ctx context.Context) place {
	all := e.client.audiences
	excluded, err := e.locate(ctx, all.ListExclusions(e.audience(), odata.Query{}), false)
	e.excluded(excluded, err)
	everyone := e.deployment.Settings.Schedule.Rollout != nil
	where, err := e.locate(ctx, all.ListMembers(e.audience(), odata.Query{}), everyone)
	e.member(where, err)
	return where
}

// audience is that of the deployment, by its own id where that came along.
func (e *explainer) audience() audience.Ref { return audienceOf(e.deployment) }

func audienceOf(d *deployments.Deployment) audience.Ref {
	if d.Audience.ID != "" {
		return audience.ByID(d.Audience.ID)
	}
	return audience.OfDeployment(d.ID)
}

func (e *explainer) excluded(where place, err error) {
	advice := "End the exclusion with Audiences().Include."
	if where.group != "" {
		advice = "Take the device out of the group with Groups().RemoveDevices, or the group out of the exclusions with Audiences().Edit."
	}
	switch {
	case err != nil:
		e.unread(AboutExclusion, "The exclusions of the audience", err)
	case where.found:
		e.add(AboutExclusion, Blocks, "The device is excluded from the audience"+through(where)+"; that wins over membership.", advice)
	case where.failed != nil:
		e.unread(AboutExclusion, "A group among the exclusions", where.failed)
	case where.strange:
		e.add(AboutExclusion, Unclear, "The device is not among the exclusions itself, but there are some of an unknown kind.", "")
	default:
		e.add(AboutExclusion, Fine, "The device is not among the exclusions that the service shows.", "")
	}
}

func (e *explainer) member(where place, err error) {
	switch {
	case where.found:
		e.add(AboutMembership, Fine, "The device is a member of the audience"+through(where)+".", "")
	case err != nil:
		e.unread(AboutMembership, "The members of the audience", err)
	case where.failed != nil:
		e.unread(AboutMembership, "A group among the members", where.failed)
	case where.strange:
		e.add(AboutMembership, Unclear, "The device is not a member itself, but there are members of an unknown kind.", "")
	case where.assets == 0:
		e.add(AboutMembership, Unclear, "The service shows no members at all: none were added, they do not show yet, "+
			"or the audience belongs to Intune, whose members it keeps to itself.",
			"Add the device with Audiences().AddDevices, unless Intune made the deployment.")
	case !where.groups && e.device != nil && !isEnrolled(e.device):
		e.add(AboutMembership, Unclear, "The service does not list the device. Where it lists groups as their devices, it lists those "+
			"that are enrolled, and this one is not: it can be a member through a group.",
			"Add it with Audiences().AddDevices; a change can take a while to show.")
	default:
		e.add(AboutMembership, Blocks, "The device is not a member of the audience, itself or through a group of this service.",
			"Add it with Audiences().AddDevices; a change can take a while to show.")
	}
}

// isEnrolled reports whether a device is enrolled in any category.
func isEnrolled(d *audience.Device) bool {
	return d.Feature.Enrolled() || d.Quality.Enrolled() || d.Driver.Enrolled()
}

func through(where place) string {
	if where.group == "" {
		return ""
	}
	return fmt.Sprintf(" through group %s", where.group)
}

// isOffered reports whether the device is in the audience of a deployment. It is an
// error when that hangs on a group that could not be read.
func (e *explainer) isOffered(ctx context.Context, d *deployments.Deployment) (bool, error) {
	all := e.client.audiences
	member, err := e.locate(ctx, all.ListMembers(audienceOf(d), odata.Query{}), false)
	if err != nil || !member.found {
		return false, cmp.Or(err, member.failed)
	}
	excluded, err := e.locate(ctx, all.ListExclusions(audienceOf(d), odata.Query{}), false)
	if err != nil || excluded.found {
		return false, err
	}
	return true, excluded.failed
}

// locate looks for the device in a list, and in the groups that the list has. It stops
// where it finds the device, unless everyone is to be counted.
func (e *explainer) locate(ctx context.Context, list odata.List[audience.Asset], everyone bool) (place, error) {
	var where place
	for asset, err := range list.All(ctx) {
		if err != nil {
			return where, err
		}
		where.assets++
		switch asset := asset.(type) {
		case *audience.Device:
			where.see(e.out.DeviceID, asset.ID, "")
		case *audience.Group:
			where.groups = true
			e.inGroup(ctx, &where, asset.ID)
		default:
			where.strange = true
		}
		if where.found && !everyone {
			return where, nil
		}
	}
	where.complete = where.failed == nil && !where.strange
	return where, nil
}

func (e *explainer) inGroup(ctx context.Context, where *place, groupID string) {
	for asset, err := range e.client.groups.ListMembers(groupID, odata.Query{}).All(ctx) {
		if err != nil {
			if where.failed == nil {
				where.failed = err
			}
			return
		}
		where.see(e.out.DeviceID, asset.Common().ID, groupID)
	}
}

// see counts a device. To be listed itself is said rather than to be in a group.
func (p *place) see(wanted, id, group string) {
	p.devices++
	if wire.SameID(wanted, id) && (!p.found || group == "") {
		p.found, p.group = true, group
	}
}

package audience

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// expecting is the number of devices that a caller expects to reach, and the option that has it.
type expecting struct {
	n      int
	option string
}

// raise returns the limit for a call.
func (e expecting) raise(limit int) int { return max(limit, e.n) }

// allow is the advice for a call that would reach count devices.
func (e expecting) allow(count int) string {
	return fmt.Sprintf("to allow them, set %s to %d", e.option, count)
}

// reach is what an edit of an audience would reach.
type reach struct {
	client    Client
	op        string
	of        Ref
	edit      Edit // without duplicates
	expecting expecting
	additions int // devices that are newly added; -1 if they were not counted yet
}

// check returns an error if an edit would reach more devices than the limits of the client allow, or a
// protected one. It reads lists only if there are more IDs than a limit, or groups.
func (r *reach) check(ctx context.Context) error {
	if err := r.checkProtectedGroups(ctx); err != nil {
		return err
	}
	if err := r.checkAdditions(ctx); err != nil {
		return err
	}
	return r.checkOffers(ctx)
}

func (r *reach) checkAdditions(ctx context.Context) error {
	limit := r.expecting.raise(r.client.call.Limits().Additions)
	if !r.mayExceed(limit, r.edit.AddMembers) {
		return nil
	}
	if err := r.count(ctx); err != nil || r.additions <= limit {
		return err
	}
	return &apierr.LimitError{
		Limit: "Limits.Additions", Count: r.additions, Max: limit, Effect: "added", Advice: r.expecting.allow(r.additions),
	}
}

// mayExceed reports whether more devices than a limit may be in a list. A group can have any number.
func (r *reach) mayExceed(limit int, list []Member) bool {
	if limit == call.NoLimit {
		return false
	}
	if r.additions >= 0 {
		return r.additions > limit
	}
	return len(list) > limit || hasGroup(list)
}

func hasGroup(list []Member) bool {
	return slices.ContainsFunc(list, func(m Member) bool { return m.Kind == KindGroup })
}

// count counts the devices to add that are not members, in one poll.
func (r *reach) count(ctx context.Context) error {
	if r.additions >= 0 {
		return nil
	}
	now, err := r.client.poll(ctx, r.op, r.of, membersOf, newTarget(r.edit.AddMembers, never))
	if err != nil {
		return err
	}
	r.additions = now.newDevices()
	return nil
}

// newDevices is the number of desired devices that are not members, those of desired groups included. Groups
// that were found to be members do not count.
func (s *snapshot) newDevices() int { return removals(s.missing) + s.inNewGroups }

// checkProtected returns an error for a protected device or group in one of the lists of an edit that matter.
func (e Edit) checkProtected(limits *call.Limits, fieldOf func(changeKind, int) string) error {
	if limits.Protected.Len() == 0 {
		return nil
	}
	for _, s := range []changeKind{addMembers, removeExclusions} {
		for i, m := range *e.list(s) {
			if err := limits.CheckProtected("", m.ID); err != nil {
				return limits.CheckProtected(fieldOf(s, i), m.ID)
			}
		}
	}
	return nil
}

// checkProtectedGroups returns an error for a group with a protected device.
func (r *reach) checkProtectedGroups(ctx context.Context) error {
	if r.client.call.Limits().Protected.Len() == 0 {
		return nil
	}
	for _, m := range slices.Concat(r.edit.AddMembers, r.edit.RemoveExclusions) {
		if m.Kind != KindGroup {
			continue
		}
		if err := GroupClient(r.client).checkProtected(ctx, r.op, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// checkProtected returns an error if a group has a protected device.
func (c GroupClient) checkProtected(ctx context.Context, op, group string) error {
	limits := c.call.Limits()
	if limits.Protected.Len() == 0 {
		return nil
	}
	for asset, err := range c.listMembers(op, group, nil).All(ctx) {
		if err != nil {
			return err
		}
		if err := limits.CheckProtected("the devices of group "+group, asset.Common().ID); err != nil {
			return err
		}
	}
	return nil
}

// unprotected returns the members that are not protected, and the number of the others.
func (c Client) unprotected(ctx context.Context, op string, list []Member) (free []Member, kept int, err error) {
	limits := c.call.Limits()
	for _, m := range list {
		err := limits.CheckProtected("", m.ID)
		if err == nil && m.Kind == KindGroup {
			err = GroupClient(c).checkProtected(ctx, op, m.ID)
		}
		switch {
		case err == nil:
			free = append(free, m)
		case errors.Is(err, apierr.ErrProtected):
			kept++
		default:
			return nil, 0, err
		}
	}
	return free, kept, nil
}

// unenrolling is what every text about unenrolling says.
const unenrolling = "an unenrolled device is free to take what its own policies allow, usually the newest version of Windows"

// enrollLimit is the limit of an enrollment or unenrollment.
type enrollLimit struct {
	name, effect, advice string
	max                  int
	isDone               func(*Device) bool // whether a device need not change
}

func (c DeviceClient) enrollLimit(category Category) enrollLimit {
	isDone := func(d *Device) bool { return d.Enrollment(category).IsEnrolled() }
	return enrollLimit{"Limits.Enrollments", "enrolled", "", c.call.Limits().Enrollments, isDone}
}

func (c DeviceClient) unenrollLimit(category Category) enrollLimit {
	isDone := func(d *Device) bool { return d.Enrollment(category).State == StateNotEnrolled }
	return enrollLimit{"Limits.Unenrollments", "unenrolled", unenrolling + "; ", c.call.Limits().Unenrollments, isDone}
}

// checkLimit returns an error if more devices would change than a limit allows, or a protected one. deviceIDs
// has no duplicates.
func (c DeviceClient) checkLimit(
	ctx context.Context, op string, limit enrollLimit, deviceIDs []string, e expecting,
) error {
	most := e.raise(limit.max)
	if len(deviceIDs) <= most {
		return nil
	}
	count, err := c.countOthers(ctx, op, deviceIDs, limit.isDone)
	if err != nil || count <= most {
		return err
	}
	return &apierr.LimitError{
		Limit: limit.name, Count: count, Max: most, Effect: limit.effect, Advice: limit.advice + e.allow(count),
	}
}

// countOthers counts the devices that are not listed as done.
func (c DeviceClient) countOthers(
	ctx context.Context, op string, deviceIDs []string, isDone func(*Device) bool,
) (int, error) {
	var set idset.Set
	for _, id := range deviceIDs {
		set.AddFolded(id)
	}
	set.Sort()
	count := set.Len()
	for device, err := range c.list(op, nil).All(ctx) {
		if err != nil {
			return 0, err
		}
		if isDone(device) && !set.IsMarked(device.ID) && set.Mark(device.ID) {
			count--
		}
	}
	return count, nil
}

// checkProtectedIDs returns an error for a protected device.
func checkProtectedIDs(limits *call.Limits, deviceIDs []string) error {
	if limits.Protected.Len() == 0 {
		return nil
	}
	for i, id := range deviceIDs {
		if err := limits.CheckProtected("", id); err != nil {
			return limits.CheckProtected(fmt.Sprintf("deviceIDs[%d]", i), id)
		}
	}
	return nil
}

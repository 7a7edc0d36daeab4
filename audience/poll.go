package audience

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// target is the desired content of one of the two sets of an audience.
type target struct {
	memberSet
	isUnwanted func(Member) bool // of the members that are not desired
}

func newTarget(members []Member, isUnwanted func(Member) bool) *target {
	t := &target{isUnwanted: isUnwanted}
	for _, m := range members {
		t.add(m)
	}
	t.sort()
	return t
}

// add writes GUIDs in lower case, which take few bytes. It reports whether the member is a device with the ID
// of one.
func (t *target) add(m Member) (isDevice bool) {
	if m.Kind == KindDevice {
		return t.devices.AddFolded(m.ID)
	}
	t.memberSet.add(m)
	return false
}

// never and always are rules for unwanted members.
func never(Member) bool  { return false }
func always(Member) bool { return true }

// difference is how a set of an audience differs from a target. Its lists are in the
// order of [compareMembers].
type difference struct {
	missing, surplus []Member
}

func (d difference) len() int { return len(d.missing) + len(d.surplus) }

// without returns the part of d that is not in other.
func (d difference) without(other difference) difference {
	return difference{without(d.missing, other.missing), without(d.surplus, other.surplus)}
}

// union returns the part that is in either.
func (d difference) union(other difference) difference {
	return difference{merged(d.missing, other.missing), merged(d.surplus, other.surplus)}
}

// snapshot is the result of reading a set of an audience once.
type snapshot struct {
	difference
	present         int      // assets that are listed
	unmanagedGroups []string // listed groups that are neither desired nor unwanted
	unknownMembers  int      // assets of unknown kinds
	unlisted        []string // desired groups that are not listed as groups
	unverifiable    []string // unlisted groups without enrolled devices
	inNewGroups     int      // unlisted devices of unlisted groups that were not found to be members
	notFound        bool     // the service returned 404 for the list
}

// isEmpty reports whether nothing is listed and nothing is desired. That counts only if
// two consecutive polls find it: the service returns an empty list from time to time.
func (s *snapshot) isEmpty(t *target) bool { return s.present == 0 && t.len() == 0 }

// poll reads a set of an audience once, and then the desired groups: a device that the
// audience lists because of a group is in the group by then.
func (c Client) poll(
	ctx context.Context, op string, of Ref, set func(routes) fetchAssets, t *target,
) (*snapshot, error) {
	l := listing{target: t}
	t.devices.ClearMarks()
	for page, err := range c.listAssets(of, op, &odata.Query{Select: []string{"id"}}, set, &l.notFound).Pages(ctx) {
		if err != nil {
			return nil, err
		}
		for _, asset := range page.Items {
			l.add(asset)
		}
	}
	l.others.Sort()
	var inGroups idset.Set
	for _, group := range t.groups {
		if err := c.readGroup(ctx, op, group, &l, &inGroups); err != nil {
			return nil, fmt.Errorf("group %s: %w", group, err)
		}
	}
	inGroups.Sort()
	l.fresh.Sort()
	l.inNewGroups = l.fresh.Len()
	l.diff(&inGroups)
	return &l.snapshot, nil
}

// listing collects the assets of one poll.
type listing struct {
	target *target
	others idset.Set // devices that are not desired
	groups []string  // of the desired ones
	fresh  idset.Set // the devices that are counted in inNewGroups
	snapshot
}

// add compares the ID first: a desired asset is found, whatever its kind.
func (l *listing) add(asset Asset) {
	id := asset.Common().ID
	l.present++
	if l.target.devices.Mark(id) {
		return
	}
	if wire.HasID(l.target.groups, id) {
		l.groups = append(l.groups, id)
		return
	}
	switch asset.(type) {
	case *Device:
		l.others.Add(id)
	case *Group:
		l.addGroup(id)
	default:
		l.unknownMembers++
	}
}

func (l *listing) addGroup(id string) {
	if m := (Member{KindGroup, id}); l.target.isUnwanted(m) {
		l.surplus = append(l.surplus, m)
		return
	}
	l.unmanagedGroups = append(l.unmanagedGroups, id)
}

// readGroup reads the devices of a desired group. If the service lists devices instead of
// groups, it lists the enrolled ones.
func (c Client) readGroup(ctx context.Context, op, group string, l *listing, devices *idset.Set) error {
	enrolled, absent := 0, 0
	var unlisted idset.Set
	for asset, err := range GroupClient(c).listMembers(op, group, nil).All(ctx) {
		if err != nil {
			return err
		}
		id := asset.Common().ID
		devices.Add(id)
		isListed := l.target.devices.IsMarked(id) || l.others.Has(id)
		if !isListed {
			unlisted.AddFolded(id)
		}
		if d, ok := asset.(*Device); ok && d.enrolled() {
			enrolled++
			if !isListed {
				absent++
			}
		}
	}
	if !wire.HasID(l.groups, group) && (enrolled == 0 || absent > 0) {
		for id := range unlisted.All() {
			l.fresh.Add(id)
		}
	}
	l.classifyGroup(group, enrolled, absent)
	return nil
}

// classifyGroup decides whether a desired group is a member, from the number of its
// enrolled devices and the number of those that are not listed.
func (l *listing) classifyGroup(group string, enrolled, absent int) {
	if wire.HasID(l.groups, group) {
		return
	}
	l.unlisted = append(l.unlisted, group)
	switch {
	case enrolled == 0:
		l.unverifiable = append(l.unverifiable, group)
	case absent > 0:
		l.missing = append(l.missing, Member{KindGroup, group})
	}
}

// enrolled reports whether the device is enrolled in any category.
func (d *Device) enrolled() bool {
	return d.Feature.IsEnrolled() || d.Quality.IsEnrolled() || d.Driver.IsEnrolled()
}

// diff omits the devices that are in groups.
func (l *listing) diff(inGroups *idset.Set) {
	for id := range l.target.devices.Unmarked() {
		if !inGroups.Has(id) {
			l.missing = append(l.missing, Member{KindDevice, id})
		}
	}
	for id := range l.others.Unmarked() {
		if m := (Member{KindDevice, id}); !inGroups.Has(id) && l.target.isUnwanted(m) {
			l.surplus = append(l.surplus, m)
		}
	}
	l.missing, l.surplus = sorted(l.missing), sorted(l.surplus)
}

// sorted orders a list and removes duplicates.
func sorted(list []Member) []Member {
	slices.SortFunc(list, compareMembers)
	return slices.CompactFunc(list, func(a, b Member) bool { return compareMembers(a, b) == 0 })
}

// compareMembers puts devices before groups, and orders by ID, ignoring case.
func compareMembers(a, b Member) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)))
}

// without returns the part of a list that is not in the other one, which is ordered; nil if there is none.
func without(list, other []Member) []Member {
	var rest []Member
	for _, m := range list {
		if !hasMember(other, m) {
			rest = append(rest, m)
		}
	}
	return rest
}

// merged returns the union of two lists, of which the first is ordered.
func merged(list, other []Member) []Member {
	if len(other) == 0 {
		return list
	}
	return sorted(slices.Concat(list, other))
}

func hasMember(list []Member, m Member) bool {
	_, found := slices.BinarySearchFunc(list, m, compareMembers)
	return found
}

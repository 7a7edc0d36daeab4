package faults

import (
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
)

// createGroup also fills it in most cases.
func (p *program) createGroup() {
	p.begin("groups.Create")
	made, err := p.client.Groups().Create(p.within(10 * time.Minute))
	var id string
	if err == nil {
		id = made.ID
		p.groupIDs = append(p.groupIDs, id)
	}
	p.requireCreated("updatableAssetGroups", id, err)
	if err == nil && p.random.IntN(4) > 0 {
		p.addToGroup(id)
	}
}

// changeGroup claims, without an error, that all of it was sent.
func (p *program) changeGroup() {
	id, ok := pick(p, p.groupIDs)
	if !ok {
		return
	}
	if p.random.IntN(2) == 0 {
		p.addToGroup(id)
		return
	}
	devices, opts := p.some(4), &audience.EditOptions{ChunkSize: 1 + p.random.IntN(9)}
	p.begin("groups.RemoveDevices", id)
	err := p.client.Groups().RemoveDevices(p.within(10*time.Minute), id, devices, opts)
	p.requireEdited(id, audience.Edit{RemoveMembers: audience.Devices(devices...)}, err)
}

func (p *program) addToGroup(id string) {
	devices, opts := p.some(6), &audience.EditOptions{ChunkSize: 1 + p.random.IntN(9)}
	p.begin("groups.AddDevices", id)
	err := p.client.Groups().AddDevices(p.within(10*time.Minute), id, devices, opts)
	p.requireEdited(id, audience.Edit{AddMembers: audience.Devices(devices...)}, err)
}

// deleteAsset deletes a device or a group.
func (p *program) deleteAsset() {
	id, isGroup := pick(p, p.groupIDs)
	if isGroup && p.random.IntN(2) == 0 {
		p.begin("groups.Delete", id)
		err := p.client.Groups().Delete(p.within(10*time.Minute), id)
		p.requireDone("delete", "updatableAssetGroups", id, err, p.missedAfterLoss())
		return
	}
	device := deviceID(p.random.IntN(p.devices))
	p.begin("devices.Delete", device)
	err := p.client.Devices().Delete(p.within(10*time.Minute), device)
	p.requireDone("delete", "azureADDevices", device, err, p.missedAfterLoss())
}

// groups returns one or two groups in a third of the calls.
func (p *program) groups() []string {
	if len(p.groupIDs) == 0 || p.random.IntN(3) > 0 {
		return nil
	}
	first, _ := pick(p, p.groupIDs)
	second, _ := pick(p, p.groupIDs)
	return with([]string{first}, []string{second})
}

func membersOf(ids []string) []audience.Member {
	return slices.Concat(audience.Devices(devicesOf(ids)...), audience.Groups(groupsOf(ids)...))
}

// lists are those that a call read of an audience and of groups, one after the other: what the
// audience lists because of a group is in the group by then.
type lists struct {
	listing
	groups map[string]listing
}

// allLists are those of the last call, oldest first.
func (p *program) allLists(audienceID, set string, groups []string) []lists {
	var all []lists
	whole := p.listings(audienceID, set)
	for i, l := range whole {
		before := len(p.log)
		if i+1 < len(whole) {
			before = whole[i+1].first
		}
		if read := p.groupsBetween(groups, l.last, before); len(read) == len(groups) {
			all = append(all, lists{l, read})
		}
	}
	return all
}

func (p *program) groupsBetween(groups []string, after, before int) map[string]listing {
	read := map[string]listing{}
	for _, id := range groups {
		for _, l := range slices.Backward(p.listings(id, "members")) {
			if l.first > after && l.last < before {
				read[id] = l
			}
		}
	}
	return read
}

// missing are the wanted devices that neither the list nor a group has, and the groups that are
// not listed themselves, although not all their enrolled devices are.
func (l lists) missing(wanted []string) []string {
	var missing []string
	for _, id := range wanted {
		if isGroupID(id) && !slices.Contains(l.ids, id) && len(without(l.groups[id].enrolled, l.ids)) > 0 ||
			!isGroupID(id) && !slices.Contains(l.ids, id) && !l.inGroups(id) {
			missing = append(missing, id)
		}
	}
	return missing
}

// surplus are the listed devices that are not wanted, and in no wanted group.
func (l lists) surplus(wanted []string) []string {
	return slices.DeleteFunc(devicesOf(without(l.ids, wanted)), l.inGroups)
}

func (l lists) inGroups(device string) bool {
	for _, g := range l.groups {
		if slices.Contains(g.ids, device) {
			return true
		}
	}
	return false
}

func devicesOf(ids []string) []string { return slices.DeleteFunc(slices.Clone(ids), isGroupID) }

func groupsOf(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !isGroupID(id) })
}

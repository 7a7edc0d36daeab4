package faults

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// group is an updatable asset group.
type group struct {
	born    time.Time
	order   int
	members []string
}

func isGroupID(id string) bool { return strings.HasPrefix(id, "group-") }

// groupsAfter is the place of the first group in lists with devices.
const groupsAfter = 1000

func (h *handler) group(id string) obj {
	return obj{"@odata.type": namespace + "updatableAssetGroup", "id": id}
}

func (h *handler) listGroups() reply {
	var all []item
	for id, g := range h.view.groups {
		all = append(all, item{g.order, h.group(id)})
	}
	return h.page(all)
}

func (h *handler) createGroup() reply {
	id, order := h.service.newID("group")
	do := func(s *state, at time.Time) { s.groups[id] = group{born: at, order: order} }
	effects := []effect{{verb: "create", kind: "updatableAssetGroups", id: id}}
	return reply{status: http.StatusCreated, body: h.group(id), do: do, effects: effects}
}

// oneGroup serves a group by its ID.
func (h *handler) oneGroup(id string, path []string) reply {
	g, exists := h.view.groups[id]
	switch {
	case !exists:
		return missing()
	case len(path) == 0 && h.request.isRead():
		return reply{status: http.StatusOK, body: h.group(id)}
	case len(path) == 0:
		deletion := effect{verb: "delete", kind: "updatableAssetGroups", id: id}
		return accepted(func(s *state, _ time.Time) { s.deleteAsset(id) }, deletion)
	case path[0] == "addMembersById", path[0] == "removeMembersById":
		return h.changeGroup(id, path[0] == "addMembersById")
	case len(path) == 2 && path[1] == "members":
		r := h.page(h.items(g.members))
		r.owner = id
		return r
	}
	return missing()
}

func (h *handler) changeGroup(id string, adds bool) reply {
	e := effect{verb: "removeMembers", kind: "updatableAssetGroups", id: id, ids: idsOf(h.request.body["ids"])}
	if adds {
		e.verb = "addMembers"
	}
	return accepted(func(s *state, _ time.Time) {
		s.register(e)
		s.changeGroup(e)
	}, e)
}

func (s *state) changeGroup(e effect) {
	g, exists := s.groups[e.id]
	if !exists {
		return
	}
	if e.verb == "addMembers" {
		g.members = with(g.members, s.registered(e).ids)
	} else {
		g.members = without(g.members, e.ids)
	}
	s.groups[e.id] = g
}

// deleteAsset takes a device or group out of everything.
func (s *state) deleteAsset(id string) {
	delete(s.devices, id)
	delete(s.groups, id)
	for groupID, g := range s.groups {
		g.members = without(g.members, []string{id})
		s.groups[groupID] = g
	}
	for audienceID, a := range s.audiences {
		a.members, a.exclusions = without(a.members, []string{id}), without(a.exclusions, []string{id})
		s.audiences[audienceID] = a
	}
}

// expandGroups gives the audiences that exist the habit that new ones get.
func (s *service) expandGroups() {
	s.change(time.Now(), func(now *state, _ time.Time) {
		for _, id := range slices.Sorted(maps.Keys(now.audiences)) {
			a := now.audiences[id]
			a.expands = s.chance(groupsAsDevices)
			now.audiences[id] = a
		}
	})
}

// items are the assets of a list of IDs.
func (h *handler) items(ids []string) []item {
	var all []item
	for _, id := range ids {
		if isGroupID(id) {
			all = append(all, item{groupsAfter + h.view.groups[id].order, h.group(id)})
		} else {
			all = append(all, item{deviceNumber(id) + 1, h.device(id)})
		}
	}
	return all
}

// expanded has the enrolled devices of groups in the place of the groups.
func (s *state) expanded(ids []string) []string {
	var all []string
	for _, id := range ids {
		if isGroupID(id) {
			all = with(all, slices.DeleteFunc(slices.Clone(s.groups[id].members), s.isFree))
		} else {
			all = with(all, []string{id})
		}
	}
	return all
}

// isFree reports whether a device is enrolled in nothing.
func (s *state) isFree(id string) bool {
	for _, state := range s.devices[id].states {
		if state == "enrolled" {
			return false
		}
	}
	return true
}

// reaches reports whether a set of an audience has a device, itself or through a group.
func (s *state) reaches(ids []string, deviceID string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		return id == deviceID || slices.Contains(s.groups[id].members, deviceID)
	})
}

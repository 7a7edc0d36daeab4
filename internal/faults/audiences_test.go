package faults

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

func (h *handler) audiences(path []string) reply {
	if len(path) == 0 && h.request.isRead() {
		var all []item
		for id, a := range h.view.audiences {
			all = append(all, item{a.order, obj{"id": id, "applicableContent": []any{}}})
		}
		return h.page(all)
	}
	if len(path) == 0 {
		id, order := h.service.newID("audience")
		a := h.service.newAudience(order)
		return reply{
			status: http.StatusCreated, body: obj{"id": id, "applicableContent": []any{}},
			do:      func(s *state, at time.Time) { s.audiences[id] = a.bornAt(at) },
			effects: []effect{{verb: "create", kind: "deploymentAudiences", id: id}},
		}
	}
	return h.audience(path[0], path[1:])
}

// audience serves one audience, by its own route or that of its deployment or policy.
func (h *handler) audience(id string, path []string) reply {
	a, exists := h.view.audiences[id]
	switch {
	case !exists:
		return missing()
	case len(path) == 0 && h.request.isRead():
		return reply{status: http.StatusOK, body: obj{"id": id, "applicableContent": []any{}}}
	case len(path) == 0:
		return h.deleteAudience(id)
	case path[0] == "members":
		return h.list(id, a, a.members, a.populated)
	case path[0] == "exclusions":
		return h.list(id, a, a.exclusions, a.excluding)
	case path[0] == "applicableContent":
		return h.matches(id)
	case path[0] == "updateAudience", path[0] == "updateAudienceById":
		return h.updateAudience(id)
	}
	return missing()
}

// suits reports whether drivers are for a device.
func suits(id string) bool { return !isGroupID(id) && deviceNumber(id)%3 != 0 }

// matched are the devices in an audience that a driver is for.
func (s *state) matched(audience string) []string {
	var all []string
	for _, id := range s.audiences[audience].members {
		all = with(all, with([]string{id}, s.groups[id].members))
	}
	return slices.DeleteFunc(all, func(id string) bool { return !suits(id) })
}

// matches answers 404 if there are none.
func (h *handler) matches(id string) reply {
	var all []item
	for _, device := range h.view.matched(id) {
		all = append(all, item{deviceNumber(device) + 1, obj{"deviceId": device, "recommendedBy": []any{}}})
	}
	if len(all) == 0 {
		return missing()
	}
	return h.page(all)
}

func (s *service) newAudience(order int) audienceSets {
	return audienceSets{order: order, intune: s.chance(ownedByIntune), expands: s.chance(groupsAsDevices)}
}

// list may answer 404 for a set that was always empty.
func (h *handler) list(id string, a audienceSets, set []string, wasFilled bool) reply {
	var r reply
	switch {
	case a.intune:
		h.shown(ownedByIntune)
		r = missing()
	case !wasFilled && h.hideNew:
		h.shown(unpopulated)
		r = missing()
	default:
		if a.expands && slices.ContainsFunc(set, isGroupID) {
			h.shown(groupsAsDevices)
			set = h.view.expanded(set)
		}
		r = h.page(h.items(set))
	}
	r.owner = id
	return r
}

// deleteAudience is rejected while a deployment uses the audience, even an archived one.
func (h *handler) deleteAudience(id string) reply {
	if len(h.view.users(id)) > 0 {
		return failure(http.StatusConflict, "Conflict")
	}
	return reply{
		status: http.StatusNoContent, do: func(s *state, _ time.Time) { delete(s.audiences, id) },
		effects: []effect{{verb: "delete", kind: "deploymentAudiences", id: id}},
	}
}

var verbs = []string{"addMembers", "removeMembers", "addExclusions", "removeExclusions"}

func (h *handler) updateAudience(id string) reply {
	var effects []effect
	for _, verb := range verbs {
		if ids := idsOf(h.request.body[verb]); len(ids) > 0 {
			effects = append(effects, effect{verb: verb, kind: "deploymentAudiences", id: id, ids: ids})
		}
	}
	return accepted(func(s *state, _ time.Time) {
		for _, e := range effects {
			s.register(e)
			s.changeSet(id, func(a *audienceSets) { a.update(s.registered(e)) })
		}
	}, effects...)
}

func (a *audienceSets) update(e effect) {
	switch e.verb {
	case "addMembers":
		a.members = with(a.members, e.ids)
	case "removeMembers":
		a.members = without(a.members, e.ids)
	case "addExclusions":
		a.exclusions = with(a.exclusions, e.ids)
	case "removeExclusions":
		a.exclusions = without(a.exclusions, e.ids)
	}
}

// registered leaves out devices that cannot be registered, which never become members, and groups that
// do not exist.
func (s *state) registered(e effect) effect {
	if strings.HasPrefix(e.verb, "add") {
		e.ids = slices.DeleteFunc(slices.Clone(e.ids), func(id string) bool {
			_, exists := s.groups[id]
			return isGroupID(id) && !exists || s.devices[id].bad && e.verb == "addMembers"
		})
	}
	return e
}

// register makes the service know devices that are added.
func (s *state) register(e effect) {
	for _, id := range e.ids {
		if _, known := s.devices[id]; !known && !isGroupID(id) && strings.HasPrefix(e.verb, "add") {
			s.devices[id] = newDevice(id)
		}
	}
}

// idsOf reads both forms, assets and IDs.
func idsOf(list any) []string {
	var ids []string
	items, _ := list.([]any)
	for _, one := range items {
		if id, ok := one.(string); ok {
			ids = append(ids, id)
		} else {
			ids = append(ids, one.(obj)["id"].(string))
		}
	}
	return ids
}

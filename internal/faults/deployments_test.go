package faults

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// item is an object of a list, which has the order of creation.
type item struct {
	order int
	body  obj
}

// page is one page of a list. The next link names the last item, so that none is skipped
// when others are deleted in the meantime.
func (h *handler) page(all []item) reply {
	var after int
	_, _ = fmt.Sscan(h.request.query.Get("$skiptoken"), &after)
	slices.SortFunc(all, func(a, b item) int { return cmp.Compare(a.order, b.order) })
	values, body := []any{}, obj{}
	for _, one := range all {
		if one.order <= after {
			continue
		}
		if len(values) == h.service.pages {
			body["@odata.nextLink"] = h.request.linkAfter(after)
			break
		}
		values, after = append(values, one.body), one.order
	}
	body["value"] = values
	return reply{status: http.StatusOK, body: body}
}

func (r *request) linkAfter(order int) string {
	query := maps.Clone(r.query)
	query.Set("$skiptoken", fmt.Sprint(order))
	return r.url + "?" + query.Encode()
}

// newID returns the ID of a new object, and its place in lists.
func (s *service) newID(kind string) (id string, order int) {
	s.orders++
	return fmt.Sprintf("%s-%d", kind, s.orders), s.orders
}

func (h *handler) deployments(path []string) reply {
	if len(path) == 0 {
		if h.request.isRead() {
			return h.listDeployments()
		}
		return h.createDeployment()
	}
	id := path[0]
	d, exists := h.view.deployments[id]
	switch {
	case !exists:
		return missing()
	case len(path) > 1:
		return h.audience(d.audience, path[2:])
	case h.request.isRead():
		return reply{status: http.StatusOK, body: h.deployment(id, d)}
	case h.request.method == http.MethodDelete:
		deletion := effect{verb: "delete", kind: "deployments", id: id, was: d.effective}
		return accepted(func(s *state, _ time.Time) { delete(s.deployments, id) }, deletion)
	}
	return h.patchDeployment(id, d)
}

// listDeployments knows the filter on the audience.
func (h *handler) listDeployments() reply {
	of, filtered := strings.CutPrefix(h.request.query.Get("$filter"), "audience/id eq ")
	var all []item
	for id, d := range h.view.deployments {
		if !filtered || strings.Trim(of, "'") == d.audience {
			all = append(all, item{d.order, h.deployment(id, d)})
		}
	}
	return h.page(all)
}

func (h *handler) deployment(id string, d deployment) obj {
	reasons := []any{}
	if d.monitored && d.effective == "paused" {
		if h.service.rates[silentPause] > 0 {
			h.shown(silentPause)
		} else {
			reasons = append(reasons, obj{"value": "pausedByMonitoring"})
		}
	}
	body := obj{
		"id": id, "createdDateTime": stamp(d.born), "lastModifiedDateTime": stamp(d.modified),
		"state":   obj{"effectiveValue": d.effective, "requestedValue": d.requested, "reasons": reasons},
		"content": h.embedded(d.entry), "settings": d.settings,
	}
	h.nameAudience(body, d.audience)
	return body
}

func (h *handler) nameAudience(body obj, id string) {
	if h.unnamed {
		h.shown(unnamedAudience)
		return
	}
	body["audience"] = obj{"id": id}
}

// createDeployment creates the audience too, if the body names none.
func (h *handler) createDeployment() reply {
	body := h.request.body
	content, _ := body["content"].(obj)
	catalogEntry, _ := content["catalogEntry"].(obj)
	entryID, _ := catalogEntry["id"].(string)
	named, _ := body["audience"].(obj)
	audience, _ := named["id"].(string)
	if _, exists := entries[entryID]; !exists {
		return failure(http.StatusBadRequest, "BadRequest")
	}
	if _, exists := h.view.audiences[audience]; !exists && audience != "" {
		return missing()
	}
	d := deployment{entry: entryID, settings: filled(body["settings"]), audience: audience}
	return h.newDeployment(d)
}

func (h *handler) newDeployment(d deployment) reply {
	id, order := h.service.newID("deployment")
	d.order, d.requested, d.effective = order, "none", "offering"
	effects := []effect{{verb: "create", kind: "deployments", id: id}}
	var own audienceSets
	if d.audience == "" {
		var order int
		d.audience, order = h.service.newID("audience")
		own = h.service.newAudience(order)
		effects = append(effects, effect{verb: "create", kind: "deploymentAudiences", id: d.audience})
	}
	do := func(s *state, at time.Time) {
		if own.order > 0 {
			s.audiences[d.audience] = own.bornAt(at)
		}
		d.born, d.modified = at, at
		s.deployments[id] = d
	}
	d.born, d.modified = time.Now(), time.Now()
	return reply{status: http.StatusCreated, body: h.deployment(id, d), do: do, effects: effects}
}

// bornAt gives an audience that Intune owns its members.
func (a audienceSets) bornAt(at time.Time) audienceSets {
	a.born = at
	if a.intune {
		a.members, a.populated = []string{deviceID(90), deviceID(91)}, true
	}
	return a
}

// filled has all parts of settings.
func filled(sent any) obj {
	all := obj{}
	for _, part := range []string{"schedule", "monitoring", "contentApplicability", "userExperience", "expedite"} {
		all[part] = nil
	}
	settings, _ := sent.(obj)
	maps.Copy(all, settings)
	return all
}

func (h *handler) patchDeployment(id string, d deployment) reply {
	requested, _ := h.request.body["state"].(obj)
	to, _ := requested["requestedValue"].(string)
	if d.effective == "archived" && to != "" && to != "archived" {
		return failure(http.StatusBadRequest, "BadRequest")
	}
	changes, _ := h.request.body["settings"].(obj)
	do := func(s *state, at time.Time) {
		if d, exists := s.deployments[id]; exists {
			d.requested, d.settings = cmp.Or(to, d.requested), merged(d.settings, changes)
			s.deployments[id] = d
		}
		h.service.laterAt(at.Add(h.service.stateLag()), func(s *state, at time.Time) {
			s.changeDeployment(id, at, func(*deployment) {})
		})
	}
	return accepted(do, effect{verb: "patch", kind: "deployments", id: id, body: h.request.body})
}

// stateLag is how long the effective state is behind what was requested. With the lag of a
// replica it is shorter than two minutes.
func (s *service) stateLag() time.Duration {
	if !s.chance(lateState) {
		return s.between(0, 10*time.Second)
	}
	s.hits[lateState]++
	return s.between(30*time.Second, time.Minute)
}

func merged(old, changes obj) obj {
	all := filled(old)
	maps.Copy(all, changes)
	return all
}

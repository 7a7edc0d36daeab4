package faults

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

func (h *handler) policies(path []string) reply {
	if len(path) == 0 {
		if h.request.isRead() {
			return h.listPolicies()
		}
		return h.createPolicy()
	}
	id := path[0]
	p, exists := h.view.policies[id]
	switch {
	case !exists:
		return missing()
	case len(path) > 1 && path[1] == "audience":
		return h.audience(p.audience, path[2:])
	case len(path) > 1:
		return h.changes(id, path[2:])
	case h.request.isRead():
		return reply{status: http.StatusOK, body: h.policy(id, p)}
	case h.request.method == http.MethodDelete:
		return h.deletePolicy(id)
	}
	return h.patchPolicy(id, p)
}

func (h *handler) listPolicies() reply {
	var all []item
	for id, p := range h.view.policies {
		all = append(all, item{p.order, h.policy(id, p)})
	}
	return h.page(all)
}

func (h *handler) policy(id string, p policy) obj {
	body := obj{
		"id": id, "createdDateTime": stamp(p.born), "autoEnrollmentUpdateCategories": []any{},
		"complianceChangeRules": p.rules, "deploymentSettings": p.settings,
	}
	h.nameAudience(body, p.audience)
	return body
}

func (h *handler) createPolicy() reply {
	named, _ := h.request.body["audience"].(obj)
	audience, _ := named["id"].(string)
	if _, exists := h.view.audiences[audience]; !exists {
		return missing()
	}
	id, order := h.service.newID("policy")
	rules, _ := h.request.body["complianceChangeRules"].([]any)
	p := policy{order: order, audience: audience, rules: append([]any{}, rules...)}
	p.settings = filled(h.request.body["deploymentSettings"])
	do := func(s *state, at time.Time) {
		p.born = at
		s.policies[id] = p
	}
	p.born = time.Now()
	effects := []effect{{verb: "create", kind: "updatePolicies", id: id}}
	return reply{status: http.StatusCreated, body: h.policy(id, p), do: do, effects: effects}
}

func (h *handler) patchPolicy(id string, p policy) reply {
	rules, changesRules := h.request.body["complianceChangeRules"].([]any)
	if changesRules && h.noRules {
		h.shown(rejectedRules)
		return failure(http.StatusBadRequest, "BadRequest")
	}
	changes, _ := h.request.body["deploymentSettings"].(obj)
	change := func(p policy) policy {
		p.settings = merged(p.settings, changes)
		if changesRules {
			p.rules = append([]any{}, rules...)
		}
		return p
	}
	do := func(s *state, _ time.Time) {
		if now, exists := s.policies[id]; exists {
			s.policies[id] = change(now)
		}
	}
	effects := []effect{{verb: "patch", kind: "updatePolicies", id: id, body: h.request.body}}
	return reply{status: http.StatusOK, body: h.policy(id, change(p)), do: do, effects: effects}
}

// deletePolicy deletes its approvals too, and archives their deployments.
func (h *handler) deletePolicy(id string) reply {
	do := func(s *state, at time.Time) {
		delete(s.policies, id)
		for change, a := range s.approvals {
			if a.policy == id {
				s.deleteApproval(change, at)
			}
		}
	}
	effects := []effect{{verb: "delete", kind: "updatePolicies", id: id}}
	return reply{status: http.StatusNoContent, do: do, effects: effects}
}

// deleteApproval archives the deployments of an approval, which stay.
func (s *state) deleteApproval(id string, at time.Time) {
	delete(s.approvals, id)
	s.archive(at, func(d deployment) bool { return d.approval == id })
}

// changes serves the approvals of a policy.
func (h *handler) changes(policyID string, path []string) reply {
	if len(path) == 0 && !h.request.isRead() {
		return h.approve(policyID)
	}
	if len(path) == 0 || path[0] == "contentApproval" {
		var all []item
		for id, a := range h.view.approvals {
			if a.policy == policyID {
				all = append(all, item{a.order, h.approval(id, a, false)})
			}
		}
		return h.page(all)
	}
	return h.oneChange(policyID, path[0])
}

func (h *handler) oneChange(policyID, id string) reply {
	a, exists := h.view.approvals[id]
	switch {
	case !exists || a.policy != policyID:
		return missing()
	case h.request.isRead():
		return reply{status: http.StatusOK, body: h.approval(id, a, true)}
	case h.request.method == http.MethodDelete && h.noDelete:
		h.shown(rejectedDeletion)
		return failure(http.StatusBadRequest, "BadRequest")
	case h.request.method == http.MethodDelete:
		do := func(s *state, at time.Time) { s.deleteApproval(id, at) }
		effects := []effect{{verb: "delete", kind: "complianceChanges", id: id}}
		return reply{status: http.StatusNoContent, do: do, effects: effects}
	}
	return h.patchApproval(id, a)
}

func (h *handler) approval(id string, a approval, expanded bool) obj {
	body := obj{
		"@odata.type": namespace + "contentApproval", "id": id, "createdDateTime": stamp(a.born),
		"isRevoked": !a.revoked.IsZero(), "revokedDateTime": stamp(a.revoked), "content": h.embedded(a.entry),
		"deploymentSettings": a.settings,
	}
	if expanded {
		made := []any{}
		for _, deploymentID := range slices.Sorted(maps.Keys(h.view.deployments)) {
			if d := h.view.deployments[deploymentID]; d.approval == id {
				made = append(made, h.deployment(deploymentID, d))
			}
		}
		body["deployments"] = made
	}
	return body
}

func (h *handler) approve(policyID string) reply {
	content, _ := h.request.body["content"].(obj)
	catalogEntry, _ := content["catalogEntry"].(obj)
	entryID, _ := catalogEntry["id"].(string)
	if _, exists := entries[entryID]; !exists {
		return failure(http.StatusBadRequest, "BadRequest")
	}
	id, a, do := h.service.newApproval(policyID, entryID, filled(h.request.body["deploymentSettings"]))
	a.born = time.Now()
	effects := []effect{{verb: "create", kind: "complianceChanges", id: id}}
	return reply{status: http.StatusCreated, body: h.approval(id, a, false), do: do, effects: effects}
}

// newApproval returns an approval, and the change that makes it and its deployment.
func (s *service) newApproval(
	policyID, entryID string, settings obj,
) (string, approval, func(*state, time.Time)) {
	id, order := s.newID("approval")
	deploymentID, deploymentOrder := s.newID("deployment")
	a := approval{order: order, policy: policyID, entry: entryID, settings: settings}
	return id, a, func(now *state, at time.Time) {
		p, exists := now.policies[policyID]
		if !exists {
			return
		}
		a.born = at
		now.approvals[id] = a
		now.deployments[deploymentID] = deployment{
			born: at, modified: at, order: deploymentOrder, entry: entryID, audience: p.audience, approval: id,
			settings: merged(p.settings, settings), requested: "none", effective: "offering",
		}
	}
}

// patchApproval revokes, which is final.
func (h *handler) patchApproval(id string, a approval) reply {
	if h.request.body["isRevoked"] == true && !a.revoked.IsZero() {
		return failure(http.StatusBadRequest, "BadRequest")
	}
	do := func(s *state, at time.Time) { s.revoke(id, at) }
	a.revoked = time.Now()
	effects := []effect{{verb: "revoke", kind: "complianceChanges", id: id}}
	return reply{status: http.StatusOK, body: h.approval(id, a, false), do: do, effects: effects}
}

func (s *state) revoke(id string, at time.Time) {
	a, exists := s.approvals[id]
	if !exists {
		return
	}
	a.revoked = at
	s.approvals[id] = a
	s.archive(at, func(d deployment) bool { return d.approval == id })
}

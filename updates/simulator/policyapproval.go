package simulator

import (
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// policyApprovalType is the short name of the type of approvals.
const policyApprovalType = "policyApproval"

// Status of an approval.
const (
	approved  = "approved"
	suspended = "suspended"
)

func policyApprovalTypes() types {
	return types{
		policyApprovalType: {
			Base: "entity",
			Properties: "catalogEntry catalogEntry, catalogEntryId text, createdDateTime time, " +
				"lastModifiedDateTime time, status text",
			Expandable: []odata.Expandable{{Path: "catalogEntry"}},
		},
	}
}

func addPolicyApprovalRoutes(add func(string, methods)) {
	add("policies/{}/approvals", methods{"GET": (*Server).listPolicyApprovals, "POST": (*Server).createPolicyApproval})
	add("policies/{}/approvals/{}", methods{
		"GET":    (*Server).getPolicyApproval,
		"PATCH":  (*Server).updatePolicyApproval,
		"DELETE": (*Server).deletePolicyApproval,
	})
}

// policyApproval approves one update for a policy, or suspends it.
type policyApproval struct {
	id       string
	entry    *entry
	status   string
	created  time.Time
	modified time.Time
	decided  time.Time // when it got its status and its entry
}

func (s *Server) listPolicyApprovals(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	return c.page(policyApprovalType, p.context()+"/approvals", p.approvals.len(), func(i int) object {
		return c.policyApproval(p, p.approvals.at(i))
	})
}

func (s *Server) createPolicyApproval(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	in.Require("catalogEntryId", "status")
	made, err := s.approvalWith(p, in, &policyApproval{id: newID(), created: c.received}, c.received)
	if err != nil {
		return reply{}, err
	}
	p.approvals.put(made.id, made)
	return reply{http.StatusCreated, c.wholeApproval(p, made)}, nil
}

func (s *Server) getPolicyApproval(c *call) (reply, error) {
	p, a, err := s.policyApproval(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(policyApprovalType, p.context()+"/approvals/$entity", c.policyApproval(p, a))
}

// policyApproval finds the approval that a path names.
func (s *Server) policyApproval(c *call) (*ringPolicy, *policyApproval, error) {
	p, err := s.policy(c)
	if err != nil {
		return nil, nil, err
	}
	a, err := p.approvals.find(c.ids[1], policyApprovalType)
	if err != nil {
		return nil, nil, err
	}
	return p, a, nil
}

func (s *Server) updatePolicyApproval(c *call) (reply, error) {
	p, a, err := s.policyApproval(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	after, err := s.approvalWith(p, in, a, c.received)
	if err != nil {
		return reply{}, err
	}
	*a = *after
	return reply{http.StatusOK, c.wholeApproval(p, a)}, nil
}

// deletePolicyApproval rejects a documented operation, as the service does.
func (s *Server) deletePolicyApproval(c *call) (reply, error) {
	if _, _, err := s.policyApproval(c); err != nil {
		return reply{}, err
	}
	return reply{}, odata.BadRequest("Deleting an approval is not supported.")
}

// approvalWith returns an approval with the properties that were sent.
func (s *Server) approvalWith(
	p *ringPolicy, in *odata.Body, was *policyApproval, at time.Time,
) (*policyApproval, error) {
	after := *was
	in.RejectNull("catalogEntryId", "status")
	after.status = or(in.Word("status", approved, suspended), was.status)
	id := in.Text("catalogEntryId")
	if err := in.Err(); err != nil {
		return nil, err
	}
	if id != nil {
		e, err := s.approvable(p, *id)
		if err != nil {
			return nil, err
		}
		after.entry = e
	}
	after.modified = at
	if after.status != was.status || after.entry != was.entry {
		after.decided = at
	}
	return &after, nil
}

// approvable finds an entry that a policy can approve.
func (s *Server) approvable(p *ringPolicy, id string) (*entry, error) {
	e, err := s.entries.find(id, entryType)
	if err != nil {
		return nil, err
	}
	if !p.kind.approves(e) {
		return nil, odata.BadRequest("The catalog entry '" + id + "' is not of a kind that the policy approves.")
	}
	return e, nil
}

// decisionOn returns the approval of an entry that was changed last, or nil.
func (p *ringPolicy) decisionOn(e *entry) *policyApproval {
	var last *policyApproval
	for _, a := range p.approvals.all() {
		if a.entry == e && (last == nil || !a.modified.Before(last.modified)) {
			last = a
		}
	}
	return last
}

// approvedFrom returns when an entry is approved, by a rule or manually, and whether it ever is. Rules
// for drivers depend on the devices of the policy.
func (s *Server) approvedFrom(p *ringPolicy, e *entry, devices []*asset) (time.Time, bool) {
	decision := p.decisionOn(e)
	if decision != nil && decision.status == suspended {
		return time.Time{}, false
	}
	released := e.released
	from, found := time.Time{}, false
	for _, r := range p.rules {
		if at := released.AddDate(0, 0, r.deferral); s.matches(r, e, devices) && (!found || at.Before(from)) {
			from, found = at, true
		}
	}
	if decision != nil && (!found || decision.decided.Before(from)) {
		from, found = decision.decided, true
	}
	if from.Before(released) {
		from = released
	}
	return from, found
}

// wholeApproval renders an approval as a response of its own.
func (c *call) wholeApproval(p *ringPolicy, a *policyApproval) object {
	o := c.server.schema.NewQuery(policyApprovalType).Shape(c.policyApproval(p, a))
	return c.single(o, p.context()+"/approvals/$entity")
}

// policyApproval renders an approval as it is sent.
func (c *call) policyApproval(p *ringPolicy, a *policyApproval) object {
	return object{
		"id":                         a.id,
		"catalogEntryId":             a.entry.id(),
		"status":                     a.status,
		"createdDateTime":            odata.Timestamp(a.created),
		"lastModifiedDateTime":       odata.Timestamp(a.modified),
		"catalogEntry@odata.context": c.metadata(p.context() + "/approvals('" + a.id + "')/catalogEntry/$entity"),
		"catalogEntry":               c.entry(a.entry),
	}
}

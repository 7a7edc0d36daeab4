package simulator

import (
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of policies.
const (
	policyType        = "policy"
	qualityPolicyType = "qualityUpdatePolicy"
	featurePolicyType = "featureUpdatePolicy"
	driverPolicyType  = "driverUpdatePolicy"
)

// Limits of strings in policies and rings, in characters.
const (
	longestName        = 200
	longestDescription = 1500
)

func ringPolicyTypes() types {
	return types{
		policyType: {
			Base:     "entity",
			Abstract: true,
			Properties: "approvalRules []approvalRule, createdDateTime time, description text, displayName text, " +
				"lastModifiedDateTime time",
		},
		qualityPolicyType: {Base: policyType},
		featurePolicyType: {Base: policyType},
		driverPolicyType:  {Base: policyType},
	}
}

func addRingPolicyRoutes(add func(string, methods)) {
	add("policies", methods{"GET": (*Server).listPolicies, "POST": (*Server).createPolicy})
	add("policies/{}", methods{
		"GET":    (*Server).getPolicy,
		"PATCH":  (*Server).updatePolicy,
		"DELETE": (*Server).deletePolicy,
	})
	addApplicableContent(add, "policies/{}/applicableContent", (*Server).contentOfPolicy)
}

// ringPolicy approves updates of its kind for rings of devices.
type ringPolicy struct {
	id          string
	kind        policyKind
	name        string
	description string
	rules       []approvalRule
	created     time.Time
	modified    time.Time
	approvals   *orderedMap[*policyApproval]
	rings       *orderedMap[*ring]
}

func (s *Server) listPolicies(c *call) (reply, error) {
	return c.page(policyType, "policies", s.policies.len(), func(i int) object {
		return s.policies.at(i).object()
	})
}

func (s *Server) createPolicy(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	kind, err := readPolicyKind(in)
	if err != nil {
		return reply{}, err
	}
	in.Require("displayName", "description")
	if kind.policy == qualityPolicyType {
		in.Require("approvalRules")
	}
	p := (&ringPolicy{
		id:        newID(),
		kind:      kind,
		created:   c.received,
		approvals: &orderedMap[*policyApproval]{},
		rings:     &orderedMap[*ring]{},
	}).with(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	s.policies.put(p.id, p)
	return reply{http.StatusCreated, c.policy(p)}, nil
}

func (s *Server) getPolicy(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(policyType, "policies/$entity", p.object())
}

// policy finds the policy that a path names first.
func (s *Server) policy(c *call) (*ringPolicy, error) {
	return s.policies.find(c.ids[0], policyType)
}

func (s *Server) updatePolicy(c *call) (reply, error) {
	return patch(c, s.policy, (*ringPolicy).with, c.policy)
}

// patch changes what a path names by the properties that were sent: all of them, or none.
func patch[T any](
	c *call, find func(*call) (*T, error), with func(*T, *odata.Body, time.Time) *T, render func(*T) object,
) (reply, error) {
	was, err := find(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	after := with(was, in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	*was = *after
	return reply{http.StatusOK, render(was)}, nil
}

func (s *Server) deletePolicy(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	s.policies.remove(p.id)
	return reply{status: http.StatusNoContent}, nil
}

// contentOfPolicy is what is applicable to the devices of a policy, among the updates of its kind.
func (s *Server) contentOfPolicy(c *call) (deviceContent, error) {
	p, err := s.policy(c)
	if err != nil {
		return deviceContent{}, err
	}
	return deviceContent{s.policyDevices(p), p.context(), p.kind.entries}, nil
}

// policyDevices returns the devices of all rings, in the order of the rings.
func (s *Server) policyDevices(p *ringPolicy) []*asset {
	devices := &orderedMap[*asset]{}
	for _, r := range p.rings.all() {
		for _, id := range s.ringDevices(r) {
			devices.put(id, s.recordOf(id))
		}
	}
	return devices.all()
}

// context is the name of a policy in metadata.
func (p *ringPolicy) context() string { return "policies('" + p.id + "')" }

// with returns the policy with the properties that were sent.
func (p *ringPolicy) with(in *odata.Body, at time.Time) *ringPolicy {
	after := *p
	in.RejectNull("displayName", "description", "approvalRules")
	after.name = or(in.UpTo(longestName, "displayName"), p.name)
	after.description = or(in.UpTo(longestDescription, "description"), p.description)
	if in.Sent("approvalRules") {
		after.rules = readApprovalRules(in, p.kind.rules)
	}
	after.modified = at
	return &after
}

// policy renders a policy as a response of its own.
func (c *call) policy(p *ringPolicy) object {
	return c.single(p.object(), "policies/$entity")
}

// object renders a policy as it is sent.
func (p *ringPolicy) object() object {
	rules := []any{}
	for _, r := range p.rules {
		rules = append(rules, r.object())
	}
	return object{
		"@odata.type":          "#" + namespace + p.kind.policy,
		"id":                   p.id,
		"displayName":          p.name,
		"description":          p.description,
		"createdDateTime":      odata.Timestamp(p.created),
		"lastModifiedDateTime": odata.Timestamp(p.modified),
		"approvalRules":        rules,
	}
}

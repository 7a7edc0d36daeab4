package simulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of policies and their rules.
const (
	policyType        = "policy"
	qualityPolicyType = "qualityUpdatePolicy"
	qualityRuleType   = "qualityUpdateApprovalRule"
	recoveryRuleType  = "recoveryApprovalRule"
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
		"approvalRule":    {Properties: "deferralInDays number"},
		qualityRuleType:   {Base: "approvalRule", Properties: "cadence text, classification text"},
		recoveryRuleType:  {Base: "approvalRule"},
	}
}

func addRingPolicyRoutes(add func(string, methods)) {
	add("policies", methods{"GET": (*Server).listPolicies, "POST": (*Server).createPolicy})
	add("policies/{}", methods{
		"GET":    (*Server).getPolicy,
		"PATCH":  (*Server).updatePolicy,
		"DELETE": (*Server).deletePolicy,
	})
	addApplicableContent(add, "policies/{}/applicableContent", (*Server).policyDevices)
}

// ringPolicy approves quality and recovery updates for rings of devices.
type ringPolicy struct {
	id          string
	name        string
	description string
	rules       []approvalRule
	created     time.Time
	modified    time.Time
	approvals   *orderedMap[*policyApproval]
	rings       *orderedMap[*ring]
}

// approvalRule approves updates some days after their release.
type approvalRule struct {
	kind           string // of the rule
	deferral       int    // in days
	cadence        string // of a rule for quality updates
	classification string // of a rule for quality updates
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
	if kind := in.Kind(); kind != qualityPolicyType && kind != policyType {
		return reply{}, odata.BadParameter("@odata.type")
	}
	in.Require("displayName", "description", "approvalRules")
	p := (&ringPolicy{
		id:        newID(),
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
	p, ok := s.policies.get(c.ids[0])
	if !ok {
		return nil, odata.NotFound(policyType)
	}
	return p, nil
}

func (s *Server) updatePolicy(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	after := p.with(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	*p = *after
	return reply{http.StatusOK, c.policy(p)}, nil
}

func (s *Server) deletePolicy(c *call) (reply, error) {
	p, err := s.policy(c)
	if err != nil {
		return reply{}, err
	}
	s.policies.remove(p.id)
	return reply{status: http.StatusNoContent}, nil
}

// policyDevices returns the devices of all rings as not enrolled: quality updates need no enrollment,
// and a policy has no others.
func (s *Server) policyDevices(c *call) ([]*asset, string, error) {
	p, err := s.policy(c)
	if err != nil {
		return nil, "", err
	}
	devices := &orderedMap[*asset]{}
	for _, r := range p.rings.all() {
		for _, id := range s.ringDevices(r) {
			devices.put(id, newDevice(id))
		}
	}
	return devices.all(), p.context(), nil
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
		after.rules = readApprovalRules(in)
	}
	after.modified = at
	return &after
}

func readApprovalRules(in *odata.Body) []approvalRule {
	var rules []approvalRule
	for _, item := range in.Children("approvalRules") {
		rules = append(rules, readApprovalRule(item))
	}
	return rules
}

func readApprovalRule(in *odata.Body) approvalRule {
	r := approvalRule{kind: knownKind(in)}
	in.Require("deferralInDays")
	r.deferral = or(readDeferral(in), 0)
	switch r.kind {
	case qualityRuleType:
		in.Require("cadence", "classification")
		r.cadence = or(in.Word("cadence", "monthly", "outOfBand"), "")
		r.classification = or(in.Word("classification", "all", "security", "nonSecurity"), "")
	case recoveryRuleType:
	default:
		in.Reject(odata.BadParameter("approvalRules"))
	}
	return r
}

// readDeferral reads a number of days from 0 to 30.
func readDeferral(in *odata.Body) *int {
	const name = "deferralInDays"
	n := in.Number(name)
	if n != nil && (*n < 0 || *n > 30) {
		in.Reject(odata.BadParameter(name))
		return nil
	}
	return n
}

// matches reports whether a rule applies to an entry.
func (r approvalRule) matches(e *entry) bool {
	if r.kind == recoveryRuleType {
		return e.kind() == recoveryType
	}
	return e.kind() == qualityType && r.cadence == textOf(e.members, "qualityUpdateCadence") &&
		slices.Contains([]string{"all", textOf(e.members, "qualityUpdateClassification")}, r.classification)
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
		"@odata.type":          "#" + namespace + qualityPolicyType,
		"id":                   p.id,
		"displayName":          p.name,
		"description":          p.description,
		"createdDateTime":      odata.Timestamp(p.created),
		"lastModifiedDateTime": odata.Timestamp(p.modified),
		"approvalRules":        rules,
	}
}

func (r approvalRule) object() object {
	o := object{"@odata.type": "#" + namespace + r.kind, "deferralInDays": r.deferral}
	if r.kind == qualityRuleType {
		o["cadence"], o["classification"] = r.cadence, r.classification
	}
	return o
}

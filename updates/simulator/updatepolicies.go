package simulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func updatePolicyTypes() types {
	return types{
		updatePolicyType: {
			Base: "entity",
			Properties: "audience deploymentAudience, autoEnrollmentUpdateCategories []text, " +
				"complianceChangeRules []complianceChangeRule, createdDateTime time, deploymentSettings deploymentSettings",
			Expandable: []odata.Expandable{{Path: "audience", Brief: true}},
		},
	}
}

func addUpdatePolicyRoutes(add func(string, methods)) {
	add("updatePolicies", methods{"GET": (*Server).listUpdatePolicies, "POST": (*Server).createUpdatePolicy})
	add("updatePolicies/{}", methods{
		"GET":    (*Server).getUpdatePolicy,
		"PATCH":  (*Server).updateUpdatePolicy,
		"DELETE": (*Server).deleteUpdatePolicy,
	})
	addAudience(add, "updatePolicies/{}/audience", (*Server).audienceOfPolicy)
}

// updatePolicyOf finds the policy that a path names.
func (s *Server) updatePolicyOf(c *call) (*updatePolicy, error) {
	return s.updatePolicies.find(c.ids[0], "update policy")
}

func (s *Server) audienceOfPolicy(c *call) (*audience, string, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return nil, "", err
	}
	return p.audience, p.context() + "/audience", nil
}

func (s *Server) listUpdatePolicies(c *call) (reply, error) {
	return c.page(updatePolicyType, "updatePolicies", s.updatePolicies.len(), func(i int) object {
		return c.updatePolicy(s.updatePolicies.at(i))
	})
}

func (s *Server) getUpdatePolicy(c *call) (reply, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(updatePolicyType, "updatePolicies/$entity", c.updatePolicy(p))
}

func (s *Server) createUpdatePolicy(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	if s.quirks.StrictUpdatePolicies {
		in.Require("complianceChanges")
	}
	p := s.readUpdatePolicy(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	if p.audience == nil {
		p.audience = s.newAudience()
		p.audience.implicit = true
	}
	s.updatePolicies.put(p.id, p)
	s.disturb()
	s.proceed(c.received)
	return c.written(http.StatusCreated, updatePolicyType, "updatePolicies/$entity", c.updatePolicy(p)), nil
}

func (s *Server) updateUpdatePolicy(c *call) (reply, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	if err := s.changePolicy(p, in, c.received); err != nil {
		return reply{}, err
	}
	s.disturb()
	s.proceed(c.received)
	return c.written(http.StatusOK, updatePolicyType, "updatePolicies/$entity", c.updatePolicy(p)), nil
}

// changePolicy makes all changes of a PATCH, or none.
func (s *Server) changePolicy(p *updatePolicy, in *odata.Body, at time.Time) error {
	if in.Sent("audience") || in.Sent("complianceChanges") || s.quirks.RejectRuleUpdates && in.Sent("complianceChangeRules") {
		return odata.SchemaFailure("deploymentPolicy")
	}
	changed, rules := p.settings.changed(in, "deploymentSettings"), s.readContentRules(in, at)
	if err := in.Err(); err != nil {
		return err
	}
	if err := p.fit(changed); err != nil {
		return err
	}
	if in.Sent("complianceChangeRules") {
		p.rules = rules
	}
	if in.Sent("deploymentSettings") {
		p.set(changed, at)
	}
	return nil
}

func (s *Server) deleteUpdatePolicy(c *call) (reply, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return reply{}, err
	}
	for _, a := range p.approvals.all() {
		a.archive(c.received)
	}
	s.updatePolicies.remove(p.id)
	s.dropUnused(p.audience)
	return reply{status: http.StatusNoContent}, nil
}

// leavePolicies removes an unenrolled device from the audiences that would enroll it again.
func (s *Server) leavePolicies(deviceID, category string) {
	for _, p := range s.updatePolicies.all() {
		if slices.Contains(p.categories, category) {
			p.audience.members.remove(deviceID)
		}
	}
}

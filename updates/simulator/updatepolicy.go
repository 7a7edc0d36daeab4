package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// updatePolicy approves content for an audience, by hand or by rules.
type updatePolicy struct {
	id         string
	created    time.Time
	audience   *audience
	categories []string // that devices of the audience are enrolled in
	rules      []*contentRule
	settings   settings
	approvals  *shelf[*contentApproval]
	decided    map[string]bool // entries that rules leave alone, by id
}

// updatePolicyType is the short name of the type of update policies.
const updatePolicyType = "updatePolicy"

func updatePolicyTypes() types {
	return types{
		updatePolicyType: {
			Base: "entity",
			Properties: "audience deploymentAudience, autoEnrollmentUpdateCategories []text, " +
				"complianceChangeRules []complianceChangeRule, createdDateTime time, deploymentSettings deploymentSettings",
			Expandable: []odata.Expandable{{Path: "audience"}},
		},
	}
}

func (p *updatePolicy) context() string { return "updatePolicies('" + p.id + "')" }

// updatePolicyOf finds the policy that a path names.
func (s *Server) updatePolicyOf(c *call) (*updatePolicy, error) {
	p, ok := s.updatePolicies.get(c.ids[0])
	if !ok {
		return nil, odata.NotFound("update policy")
	}
	return p, nil
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
	p := s.readUpdatePolicy(in, c.received)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	if p.audience == nil {
		p.audience = s.addAudience()
		p.audience.implicit = true
	}
	s.updatePolicies.put(p.id, p)
	s.disturbed = true
	s.offerUntil(c.received)
	return c.written(http.StatusCreated, updatePolicyType, "updatePolicies/$entity", c.updatePolicy(p)), nil
}

// readUpdatePolicy reads a new policy; its audience is nil where none was named.
// Compliance changes need only be objects, as nothing is made of them.
func (s *Server) readUpdatePolicy(in *odata.Body, now time.Time) *updatePolicy {
	p := &updatePolicy{
		id:         newID(),
		created:    now,
		categories: readCategories(in),
		rules:      s.readContentRules(in, now),
		settings:   settings{}.with(in.Child("deploymentSettings")),
		approvals:  &shelf[*contentApproval]{},
		decided:    map[string]bool{},
	}
	if audience := in.Child("audience"); audience != nil {
		p.audience = s.readAudience(audience, linkedID(audience))
	}
	in.Children("complianceChanges")
	return p
}

func readCategories(in *odata.Body) []string {
	wanted := in.Texts("autoEnrollmentUpdateCategories")
	for _, category := range wanted {
		if !slices.Contains(categories(), category) {
			in.Reject(odata.BadParameter("autoEnrollmentUpdateCategories"))
		}
	}
	return wanted
}

// linkedID is the id of an object that may be named by a link instead, such as
// deploymentAudiences/1.
func linkedID(in *odata.Body) *string {
	link := in.Text("@odata.id")
	if link == nil || in.Sent("id") {
		return in.Text("id")
	}
	key := splitKey((*link)[strings.LastIndex(*link, "/")+1:])
	return &key[len(key)-1]
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
	s.disturbed = true
	s.offerUntil(c.received)
	return c.written(http.StatusOK, updatePolicyType, "updatePolicies/$entity", c.updatePolicy(p)), nil
}

// changePolicy makes the changes of a PATCH, all of them or none.
func (s *Server) changePolicy(p *updatePolicy, in *odata.Body, at time.Time) error {
	if in.Sent("audience") || in.Sent("complianceChanges") || s.vices.RefuseRulesPatch && in.Sent("complianceChangeRules") {
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

// fit refuses settings that do not go with what was approved.
func (p *updatePolicy) fit(s settings) error {
	for _, a := range p.approvals.all() {
		if err := a.settings.over(s).fit(a.content); err != nil && !a.isRevoked() {
			return err
		}
	}
	return nil
}

// set changes the settings, also those of what was approved.
func (p *updatePolicy) set(s settings, at time.Time) {
	p.settings = s
	for _, a := range p.approvals.all() {
		a.merge(s, at)
	}
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

// updatePolicy renders a policy as it is sent.
func (c *call) updatePolicy(p *updatePolicy) object {
	categories, rules := []any{}, []any{}
	for _, category := range p.categories {
		categories = append(categories, category)
	}
	for _, r := range p.rules {
		rules = append(rules, r.object())
	}
	return object{
		"id":                             p.id,
		"createdDateTime":                odata.Timestamp(p.created),
		"autoEnrollmentUpdateCategories": categories,
		"complianceChangeRules":          rules,
		"deploymentSettings":             p.settings.object(),
		"audience@odata.context":         c.metadata(p.context() + "/audience/$entity"),
		"audience":                       p.audience.object(),
	}
}

// followPolicies does what update policies do by themselves: enrol devices, and
// approve content by rules.
func (s *Server) followPolicies(at time.Time) {
	for _, p := range s.updatePolicies.all() {
		devices := p.audience.devices()
		p.enrol(devices, at)
		s.followRules(p, devices, at)
	}
}

func (p *updatePolicy) enrol(devices []*asset, at time.Time) {
	for _, category := range p.categories {
		for _, d := range devices {
			if d.in(category).state == notEnrolled {
				d.enrolment[category] = &enrolment{byPolicy, at}
			}
		}
	}
}

// followRules approves what the rules of a policy select and what nobody has
// decided on yet.
func (s *Server) followRules(p *updatePolicy, devices []*asset, at time.Time) {
	for _, r := range p.rules {
		r.evaluated = at
		for place, e := range s.entries.all() {
			if !p.decided[e.id()] && e.isDeployable(at) && r.matches(e, place, devices) {
				s.approveContent(p, newContentApproval(e, r.settings(at), at))
			}
		}
	}
}

// leavePolicies takes a device that is unenrolled out of the audiences that would
// enrol it again.
func (s *Server) leavePolicies(deviceID, category string) {
	for _, p := range s.updatePolicies.all() {
		if slices.Contains(p.categories, category) {
			p.audience.members.remove(deviceID)
		}
	}
}

// disown lets the policies forget a deployment that was deleted.
func (s *Server) disown(d *deployment) {
	for _, p := range s.updatePolicies.all() {
		for _, a := range p.approvals.all() {
			a.disown(d)
		}
	}
}

func addUpdatePolicyRoutes(add func(string, methods)) {
	const one, changes = "updatePolicies/{}", "updatePolicies/{}/complianceChanges"
	add("updatePolicies", methods{"GET": (*Server).listUpdatePolicies, "POST": (*Server).createUpdatePolicy})
	add(one, methods{
		"GET":    (*Server).getUpdatePolicy,
		"PATCH":  (*Server).updateUpdatePolicy,
		"DELETE": (*Server).deleteUpdatePolicy,
	})
	addAudience(add, one+"/audience", methods{"GET": (*Server).getAudience})
	add(changes, methods{"GET": (*Server).listComplianceChanges, "POST": (*Server).createComplianceChange})
	add(changes+"/"+namespace+approvalType, methods{"GET": (*Server).listContentApprovals})
	add(changes+"/{}", methods{
		"GET":    (*Server).getComplianceChange,
		"PATCH":  (*Server).updateComplianceChange,
		"DELETE": (*Server).deleteComplianceChange,
	})
	add(changes+"/{}/"+namespace+approvalType, methods{"GET": (*Server).getContentApproval})
	add(changes+"/{}/$/"+namespace+approvalType, methods{"GET": (*Server).getContentApproval})
}

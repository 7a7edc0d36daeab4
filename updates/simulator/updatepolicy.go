package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// updatePolicyType is the short name of the type of update policies.
const updatePolicyType = "updatePolicy"

// updatePolicy approves content for an audience, manually or by rules.
type updatePolicy struct {
	id         string
	created    time.Time
	audience   *audience
	categories []string // that devices of the audience are enrolled in
	rules      []*contentRule
	settings   settings
	approvals  *orderedMap[*contentApproval]
	decided    map[string]bool // entries that rules do not approve again, by ID
}

func (p *updatePolicy) context() string { return "updatePolicies('" + p.id + "')" }

// readUpdatePolicy reads a new policy; its audience is nil if the body names none. Compliance changes
// need only be objects, as they create nothing.
func (s *Server) readUpdatePolicy(in *odata.Body, now time.Time) *updatePolicy {
	p := &updatePolicy{
		id:         newID(),
		created:    now,
		categories: readCategories(in),
		rules:      s.readContentRules(in, now),
		settings:   settings{}.with(in.Child("deploymentSettings")),
		approvals:  &orderedMap[*contentApproval]{},
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

// linkedID is the ID of an object that a body can also name by a link, such as deploymentAudiences/1.
func linkedID(in *odata.Body) *string {
	link := in.Text("@odata.id")
	if link == nil || in.Sent("id") {
		return in.Text("id")
	}
	key := splitKey((*link)[strings.LastIndex(*link, "/")+1:])
	return &key[len(key)-1]
}

// fit rejects settings that do not fit what was approved.
func (p *updatePolicy) fit(s settings) error {
	for _, a := range p.approvals.all() {
		if err := a.settings.over(s).fit(a.content); err != nil && !a.isRevoked() {
			return err
		}
	}
	return nil
}

// set changes the settings of the policy and of what was approved.
func (p *updatePolicy) set(s settings, at time.Time) {
	p.settings = s
	for _, a := range p.approvals.all() {
		a.merge(s, at)
	}
}

// approveContent adds an approval that is in force.
func (s *Server) approveContent(p *updatePolicy, a *contentApproval) {
	d := newDeployment(a.content, a.created)
	d.audience, d.settings = p.audience, a.settings.over(p.settings)
	s.deployments.put(d.id, d)
	a.deployments = append(a.deployments, d)
	p.approvals.put(a.id, a)
	p.decided[a.content.id()] = true
	s.disturb()
}

// followPolicies does what update policies do automatically after a change: enroll devices, and
// approve content by rules.
func (s *Server) followPolicies(at time.Time) {
	if !s.disturbed {
		return
	}
	for _, p := range s.updatePolicies.all() {
		devices := p.audience.devices()
		p.enroll(devices, at)
		s.followRules(p, devices, at)
	}
}

func (p *updatePolicy) enroll(devices []*asset, at time.Time) {
	for _, category := range p.categories {
		for _, d := range devices {
			if d.in(category).state == notEnrolled {
				d.enrollments[category] = &enrollment{byPolicy, at}
			}
		}
	}
}

// followRules approves what the rules of a policy select, unless it was decided before.
func (s *Server) followRules(p *updatePolicy, devices []*asset, at time.Time) {
	for _, r := range p.rules {
		for place, e := range s.entries.all() {
			if !p.decided[e.id()] && e.isDeployable(at) && s.selects(r, e, place, devices) {
				r.evaluated = at
				s.approveContent(p, newContentApproval(e, r.settings(at), at))
			}
		}
	}
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

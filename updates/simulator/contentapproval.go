package simulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of approvals.
const (
	changeType   = "complianceChange"
	approvalType = "contentApproval"
)

func contentApprovalTypes() types {
	return types{
		changeType: {
			Base:       "entity",
			Properties: "createdDateTime time, isRevoked flag, revokedDateTime time",
			Expandable: []odata.Expandable{{Path: namespace + approvalType + "/deployments"}},
		},
		approvalType: {
			Base:       changeType,
			Properties: "content deployableContent, deploymentSettings deploymentSettings, deployments []deployment",
			Expandable: []odata.Expandable{{Path: "deployments"}, {Path: namespace + approvalType + "/deployments"}},
		},
	}
}

// contentApproval approves an entry for the audience of an update policy, by a
// deployment that is made for it.
type contentApproval struct {
	id          string
	content     *entry
	settings    settings
	created     time.Time
	revoked     time.Time // zero: it is not
	deployments []*deployment
}

func newContentApproval(content *entry, settings settings, now time.Time) *contentApproval {
	return &contentApproval{id: newID(), content: content, settings: settings, created: now}
}

func (a *contentApproval) isRevoked() bool { return !a.revoked.IsZero() }

// approveContent puts an approval into force.
func (s *Server) approveContent(p *updatePolicy, a *contentApproval) {
	d := newDeployment(a.content, a.created)
	d.audience, d.settings = p.audience, a.settings.over(p.settings)
	s.deployments.put(d.id, d)
	a.deployments = append(a.deployments, d)
	p.approvals.put(a.id, a)
	p.decided[a.content.id()] = true
	s.disturbed = true
}

// archive ends what an approval made. Its deployments stay, and so does the use
// that they make of the audience.
func (a *contentApproval) archive(at time.Time) {
	for _, d := range a.deployments {
		if d.requested != "archived" {
			d.requested, d.modified = "archived", at
		}
	}
}

// merge gives the deployments of an approval that is in force the settings of
// both, its own and the policy's.
func (a *contentApproval) merge(base settings, at time.Time) {
	if a.isRevoked() {
		return
	}
	for _, d := range a.deployments {
		d.settings, d.modified = a.settings.over(base), at
		d.progress.replan()
	}
}

// contentApprovalOf finds the approval that a path names.
func (s *Server) contentApprovalOf(c *call) (*updatePolicy, *contentApproval, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return nil, nil, err
	}
	a, ok := p.approvals.get(c.ids[1])
	if !ok {
		return nil, nil, odata.NotFound("compliance change")
	}
	return p, a, nil
}

func (s *Server) listComplianceChanges(c *call) (reply, error) {
	return s.listChanges(c, changeType, "")
}

func (s *Server) listContentApprovals(c *call) (reply, error) {
	return s.listChanges(c, approvalType, "/"+namespace+approvalType)
}

func (s *Server) listChanges(c *call, kind, cast string) (reply, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return reply{}, err
	}
	return c.page(kind, p.context()+"/complianceChanges"+cast, p.approvals.len(), func(i int) object {
		return c.contentApproval(p, p.approvals.at(i))
	})
}

func (s *Server) getComplianceChange(c *call) (reply, error) { return s.getChange(c, changeType) }

func (s *Server) getContentApproval(c *call) (reply, error) { return s.getChange(c, approvalType) }

func (s *Server) getChange(c *call, kind string) (reply, error) {
	p, a, err := s.contentApprovalOf(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(kind, p.context()+"/complianceChanges/$entity", c.contentApproval(p, a))
}

func (s *Server) createComplianceChange(c *call) (reply, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	a, err := s.readContentApproval(p, in, c.received)
	if err != nil {
		return reply{}, err
	}
	s.approveContent(p, a)
	return c.written(http.StatusCreated, changeType, p.context()+"/complianceChanges/$entity", c.contentApproval(p, a)), nil
}

// readContentApproval reads a new approval. A compliance change is abstract, so it must
// say what it is.
func (s *Server) readContentApproval(p *updatePolicy, in *odata.Body, now time.Time) (*contentApproval, error) {
	if in.Kind() != approvalType {
		return nil, odata.BadParameter("@odata.type")
	}
	content, err := s.readContent(in.Child("content"), now)
	if err != nil {
		return nil, err
	}
	a := newContentApproval(content, settings{}.with(in.Child("deploymentSettings")), now)
	if err := in.Err(); err != nil {
		return nil, err
	}
	return a, a.settings.over(p.settings).fit(content)
}

func (s *Server) updateComplianceChange(c *call) (reply, error) {
	p, a, err := s.contentApprovalOf(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	if err := a.change(p, in, c.received); err != nil {
		return reply{}, err
	}
	s.disturbed = true
	return c.written(http.StatusOK, changeType, p.context()+"/complianceChanges/$entity", c.contentApproval(p, a)), nil
}

// change makes the one change that a PATCH may ask for. An approval that is
// revoked has none left.
func (a *contentApproval) change(p *updatePolicy, in *odata.Body, at time.Time) error {
	switch name, err := only(in); {
	case err != nil:
		return err
	case a.isRevoked():
		return odata.BadRequest("The content approval is revoked and cannot be changed.")
	case name == "isRevoked":
		return a.revoke(in, at)
	case name == "deploymentSettings":
		return a.set(p, in, at)
	}
	return odata.BadRequest("Only isRevoked and deploymentSettings of a content approval can be changed.")
}

func (a *contentApproval) revoke(in *odata.Body, at time.Time) error {
	if !or(in.Flag("isRevoked"), false) {
		in.Reject(odata.BadParameter("isRevoked"))
		return in.Err()
	}
	a.revoked = at
	a.archive(at)
	return nil
}

func (a *contentApproval) set(p *updatePolicy, in *odata.Body, at time.Time) error {
	changed := a.settings.changed(in, "deploymentSettings")
	if err := in.Err(); err != nil {
		return err
	}
	if err := changed.over(p.settings).fit(a.content); err != nil {
		return err
	}
	a.settings = changed
	a.merge(p.settings, at)
	return nil
}

// only is the name of the one member of a body, annotations not counted.
func only(in *odata.Body) (string, error) {
	names := in.Names()
	if len(names) != 1 {
		return "", odata.BadRequest("Exactly one property of a compliance change can be changed by a request.")
	}
	return names[0], nil
}

func (s *Server) deleteComplianceChange(c *call) (reply, error) {
	p, a, err := s.contentApprovalOf(c)
	if err != nil {
		return reply{}, err
	}
	a.archive(c.received)
	p.approvals.remove(a.id)
	return reply{status: http.StatusNoContent}, nil
}

// contentApproval renders an approval as it is sent.
func (c *call) contentApproval(p *updatePolicy, a *contentApproval) object {
	at := p.context() + "/complianceChanges('" + a.id + "')/" + namespace + approvalType + "/"
	return object{
		"@odata.type":               "#" + namespace + approvalType,
		"id":                        a.id,
		"createdDateTime":           odata.Timestamp(a.created),
		"isRevoked":                 a.isRevoked(),
		"revokedDateTime":           odata.Timestamp(a.revoked),
		"content":                   c.content(a.content, at),
		"deploymentSettings":        a.settings.object(),
		"deployments@odata.context": c.metadata(at + "deployments"),
		"deployments":               c.deploymentsOf(a),
	}
}

func (c *call) deploymentsOf(a *contentApproval) []any {
	items := []any{}
	for _, d := range a.deployments {
		items = append(items, c.deployment(d))
	}
	return items
}

// disown lets an approval forget a deployment that was deleted.
func (a *contentApproval) disown(d *deployment) {
	a.deployments = slices.DeleteFunc(a.deployments, func(other *deployment) bool { return other == d })
}

package simulator

import (
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func addComplianceChangeRoutes(add func(string, methods)) {
	const changes = "updatePolicies/{}/complianceChanges"
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

// contentApprovalOf finds the approval that a path names.
func (s *Server) contentApprovalOf(c *call) (*updatePolicy, *contentApproval, error) {
	p, err := s.updatePolicyOf(c)
	if err != nil {
		return nil, nil, err
	}
	a, err := p.approvals.find(c.ids[1], "compliance change")
	if err != nil {
		return nil, nil, err
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
	return c.written(http.StatusCreated, changeType, p.context()+"/complianceChanges/$entity",
		c.contentApproval(p, a)), nil
}

// readContentApproval reads a new approval. A compliance change is abstract, so the body must have the
// type.
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
	s.disturb()
	return c.written(http.StatusOK, changeType, p.context()+"/complianceChanges/$entity", c.contentApproval(p, a)), nil
}

// change makes the one change that a PATCH may request. A revoked approval accepts none.
func (a *contentApproval) change(p *updatePolicy, in *odata.Body, at time.Time) error {
	switch name, err := propertyToChange(in); {
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

// propertyToChange returns the name of the only property of a body, without annotations.
func propertyToChange(in *odata.Body) (string, error) {
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

// deploymentsOf renders the deployments of an approval that still exist.
func (c *call) deploymentsOf(a *contentApproval) []any {
	items := []any{}
	for _, d := range a.deployments {
		if c.server.deployments.has(d.id) {
			items = append(items, c.deployment(d))
		}
	}
	return items
}

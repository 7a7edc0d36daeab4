package simulator

import (
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func deploymentTypes() types {
	return types{
		"deployment": {
			Base: "entity",
			Properties: "audience deploymentAudience, content deployableContent, createdDateTime time, " +
				"lastModifiedDateTime time, settings deploymentSettings, state deploymentState",
			Expandable: []odata.Expandable{{Path: "audience", Unasked: true, Brief: true}},
		},
		"deployableContent": {Abstract: true},
		"catalogContent":    {Base: "deployableContent", Properties: "catalogEntry catalogEntry"},
		"deploymentState": {
			Properties: "effectiveValue text, reasons []deploymentStateReason, requestedValue text",
		},
		"deploymentStateReason": {Properties: "value text"},
	}
}

func addDeploymentRoutes(add func(string, methods)) {
	add("deployments", methods{"GET": (*Server).listDeployments, "POST": (*Server).createDeployment})
	add("deployments/{}", methods{
		"GET":    (*Server).getDeployment,
		"PATCH":  (*Server).updateDeployment,
		"DELETE": (*Server).deleteDeployment,
	})
	addAudience(add, "deployments/{}/audience", (*Server).audienceOfDeployment)
}

func (s *Server) audienceOfDeployment(c *call) (*audience, string, error) {
	d, err := s.deploymentOf(c)
	if err != nil {
		return nil, "", err
	}
	return d.audience, "deployments('" + d.id + "')/audience", nil
}

func (s *Server) listDeployments(c *call) (reply, error) {
	return c.page("deployment", "deployments", s.deployments.len(), func(i int) object {
		return c.deployment(s.deployments.at(i))
	})
}

func (s *Server) getDeployment(c *call) (reply, error) {
	d, err := s.deploymentOf(c)
	if err != nil {
		return reply{}, err
	}
	return c.one("deployment", "deployments/$entity", c.deployment(d))
}

func (s *Server) createDeployment(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	d, err := s.readDeployment(in, c.received)
	if err != nil {
		return reply{}, err
	}
	if d.audience == nil {
		d.audience = s.newAudience()
		d.audience.implicit = true
	}
	s.deployments.put(d.id, d)
	s.disturb()
	s.proceed(c.received)
	return reply{http.StatusCreated, c.single(c.deployment(d), "deployments/$entity")}, nil
}

// readDeployment reads a new deployment; its audience is nil if the body names none.
func (s *Server) readDeployment(in *odata.Body, now time.Time) (*deployment, error) {
	content, err := s.readContent(in.Child("content"), now)
	if err != nil {
		return nil, err
	}
	d := newDeployment(content, now)
	d.settings = d.settings.with(in.Child("settings"))
	d.requested = readRequested(in, d.requested)
	if audience := in.Child("audience"); audience != nil {
		d.audience = s.readAudience(audience, audience.Text("id"))
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return d, d.settings.fit(content)
}

func (s *Server) updateDeployment(c *call) (reply, error) {
	d, err := s.deploymentOf(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	if _, err := d.edited(in); err != nil {
		return reply{}, err
	}
	s.after(func(at time.Time) { s.amend(d, in, at) })
	s.settle()
	return reply{http.StatusAccepted, c.preview(d, in)}, nil
}

// amend applies a PATCH, without the parts that another change has made impossible in the meantime.
func (s *Server) amend(d *deployment, in *odata.Body, at time.Time) {
	e, err := d.edited(in)
	if err != nil {
		return
	}
	d.requested, d.settings, d.modified = e.requested, e.settings, at
	if e.schedule {
		d.progress.replan()
	}
}

// preview renders a deployment as it will be after a PATCH.
func (c *call) preview(d *deployment, in *odata.Body) object {
	after := *d
	if e, err := d.edited(in); err == nil {
		after.requested, after.settings = e.requested, e.settings
	}
	return c.single(c.deployment(&after), "deployments/$entity")
}

func (s *Server) deleteDeployment(c *call) (reply, error) {
	d, err := s.deploymentOf(c)
	if err != nil {
		return reply{}, err
	}
	s.after(func(time.Time) { s.drop(d) })
	return accepted(), nil
}

// drop deletes a deployment, and the audience that was created for it unless something else uses it.
func (s *Server) drop(d *deployment) {
	s.deployments.remove(d.id)
	s.dropUnused(d.audience)
}

// deployment renders a deployment as it is sent.
func (c *call) deployment(d *deployment) object {
	at := "deployments('" + d.id + "')/"
	if d.isReadinessTest() {
		at = "deployments('" + d.id + "_Readiness')/"
	}
	return object{
		"id":                     d.id,
		"createdDateTime":        odata.Timestamp(d.created),
		"lastModifiedDateTime":   odata.Timestamp(d.modified),
		"state":                  d.stateAt(c.server.now()).object(d.requested),
		"settings":               d.settings.object(),
		"audience@odata.context": c.metadata(at + "audience/$entity"),
		"audience":               d.audience.object(),
		"content":                c.content(d.content, at),
	}
}

package simulator

import (
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// deployment offers an update to the devices of an audience.
type deployment struct {
	id         string
	content    *entry
	audience   *audience
	created    time.Time
	modified   time.Time
	requested  string // none, paused or archived
	settings   settings
	progress   progress
	rolledBack map[string]bool // devices that reported it
	ineligible map[string]bool // devices that reported it
	alerted    map[int]bool    // thresholds whose alert was raised
}

func addDeploymentRoutes(add func(string, methods)) {
	add("deployments", methods{"GET": (*Server).listDeployments, "POST": (*Server).createDeployment})
	add("deployments/{}", methods{
		"GET":    (*Server).getDeployment,
		"PATCH":  (*Server).updateDeployment,
		"DELETE": (*Server).deleteDeployment,
	})
	addAudience(add, "deployments/{}/audience", methods{"GET": (*Server).getAudience})
}

func deploymentTypes() types {
	return types{
		"deployment": {
			Base: "entity",
			Properties: "audience deploymentAudience, content deployableContent, createdDateTime time, " +
				"lastModifiedDateTime time, settings deploymentSettings, state deploymentState",
			Expandable: []odata.Expandable{{Path: "audience", Unasked: true}},
		},
		"catalogContent": {Base: "deployableContent", Properties: "catalogEntry catalogEntry"},
		"deploymentState": {
			Properties: "effectiveValue text, reasons []deploymentStateReason, requestedValue text",
		},
		"deploymentStateReason": {Properties: "value text"},
	}
}

func (s *Server) listDeployments(c *call) (reply, error) {
	return c.page("deployment", "deployments", s.deployments.len(), func(i int) object {
		return c.deployment(s.deployments.at(i))
	})
}

func (s *Server) getDeployment(c *call) (reply, error) {
	d, ok := s.deployments.get(c.ids[0])
	if !ok {
		return reply{}, odata.NotFound("deployment")
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
		d.audience = s.addAudience()
		d.audience.implicit = true
	}
	s.deployments.put(d.id, d)
	s.disturbed = true
	s.offerUntil(c.received)
	return reply{http.StatusCreated, c.single(c.deployment(d), "deployments/$entity")}, nil
}

// readDeployment reads a new deployment; its audience is nil where none was
// named.
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

func newDeployment(content *entry, now time.Time) *deployment {
	return &deployment{
		id:         newID(),
		content:    content,
		created:    now,
		modified:   now,
		requested:  "none",
		progress:   newProgress(now),
		rolledBack: map[string]bool{},
		ineligible: map[string]bool{},
		alerted:    map[int]bool{},
	}
}

// readContent finds the entry that a deployment names. Content and entry are of
// abstract types, so both must say what they are.
func (s *Server) readContent(in *odata.Body, now time.Time) (*entry, error) {
	if in == nil || in.Kind() != "catalogContent" || in.Child("catalogEntry") == nil {
		return nil, odata.BadParameter("content")
	}
	named := in.Child("catalogEntry")
	id := named.Text("id")
	if id == nil || named.Kind() == "" {
		return nil, odata.BadParameter("catalogEntry")
	}
	e, ok := s.entries.get(*id)
	if !ok {
		return nil, odata.NotFound(entryType)
	}
	if e.kind() != named.Kind() {
		return nil, odata.BadRequest("The catalog entry '" + *id + "' is not of type '" + named.Kind() + "'.")
	}
	if e.expired(now) {
		return nil, odata.BadRequest("The catalog entry '" + *id + "' is no longer deployable.")
	}
	return e, nil
}

// readAudience finds the audience that a body names by its id.
func (s *Server) readAudience(in *odata.Body, id *string) *audience {
	if id == nil {
		in.Reject(odata.BadParameter("audience"))
		return nil
	}
	a, ok := s.audiences.get(*id)
	if !ok {
		in.Reject(odata.BadRequest("The deployment audience '" + *id + "' does not exist."))
	}
	return a
}

// readRequested reads the state that the caller wants, or keeps the one it was.
func readRequested(in *odata.Body, was string) string {
	state := in.Child("state")
	if state == nil {
		return was
	}
	if wanted := state.Word("requestedValue", "none", "paused", "archived"); wanted != nil {
		return *wanted
	}
	return was
}

// edit is what a PATCH changes.
type edit struct {
	requested string
	settings  settings
	schedule  bool // the schedule was sent
}

func (s *Server) updateDeployment(c *call) (reply, error) {
	d, ok := s.deployments.get(c.ids[0])
	if !ok {
		return reply{}, odata.NotFound("deployment")
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

// edited returns a deployment's values after a PATCH, or why it is refused.
func (d *deployment) edited(in *odata.Body) (edit, error) {
	if in.Sent("content") || in.Sent("audience") {
		return edit{}, odata.BadRequest("Content and audience of a deployment cannot be changed.")
	}
	e := edit{requested: readRequested(in, d.requested), settings: d.settings.changed(in, "settings")}
	sent := in.Child("settings")
	e.schedule = in.Sent("settings") && (sent == nil || sent.Sent("schedule"))
	if err := in.Err(); err != nil {
		return edit{}, err
	}
	if d.requested == "archived" && (e.requested != "archived" || in.Sent("settings")) {
		return edit{}, odata.BadRequest("An archived deployment cannot be changed.")
	}
	return e, e.settings.fit(d.content)
}

// amend lets a PATCH show. What another change has made impossible meanwhile is
// left out.
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
	d, ok := s.deployments.get(c.ids[0])
	if !ok {
		return reply{}, odata.NotFound("deployment")
	}
	s.after(func(time.Time) { s.drop(d) })
	return accepted(), nil
}

// drop removes a deployment, and the audience that was made for it unless
// something else uses it.
func (s *Server) drop(d *deployment) {
	s.deployments.remove(d.id)
	s.disown(d)
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

// content renders an entry as the content of something that is at a place.
func (c *call) content(e *entry, at string) object {
	return object{
		"@odata.type":                "#" + namespace + "catalogContent",
		"catalogEntry@odata.context": c.metadata(at + "content/" + namespace + "catalogContent/catalogEntry/$entity"),
		"catalogEntry":               e.sparse(),
	}
}

// sparse renders an entry inside of a deployment, where the service leaves out
// most of it and sends a year-1 date of release.
func (e *entry) sparse() object {
	o := object{
		"@odata.type":             e.members["@odata.type"],
		"id":                      e.id(),
		"displayName":             e.members["displayName"],
		"deployableUntilDateTime": e.members["deployableUntilDateTime"],
		"releaseDateTime":         "0001-01-01T00:00:00Z",
	}
	switch e.kind() {
	case featureType:
		o["version"] = e.members["version"]
	case qualityType:
		o["displayName"] = nil
		o["deployableUntilDateTime"] = nil
		o["isExpeditable"] = false
		o["catalogName"] = nil
		o["shortName"] = nil
		o["qualityUpdateCadence"] = "monthly"
		o["qualityUpdateClassification"] = e.members["qualityUpdateClassification"]
		o["cveSeverityInformation"] = nil
	}
	return o
}

package simulator

import (
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// readContent finds the entry that a deployment names. Content and entry are of abstract types, so
// both must have a type.
func (s *Server) readContent(in *odata.Body, now time.Time) (*entry, error) {
	if in == nil || in.Kind() != "catalogContent" || in.Child("catalogEntry") == nil {
		return nil, odata.BadParameter("content")
	}
	named := in.Child("catalogEntry")
	id := named.Text("id")
	if id == nil || named.Kind() == "" {
		return nil, odata.BadParameter("catalogEntry")
	}
	e, err := s.entries.find(*id, entryType)
	if err != nil {
		return nil, err
	}
	if e.kind() != named.Kind() {
		return nil, odata.BadRequest("The catalog entry '" + *id + "' is not of type '" + named.Kind() + "'.")
	}
	if e.expired(now) {
		return nil, odata.BadRequest("The catalog entry '" + *id + "' is no longer deployable.")
	}
	return e, nil
}

// content renders an entry as the content of the object at a path.
func (c *call) content(e *entry, at string) object {
	return object{
		"@odata.type":                "#" + namespace + "catalogContent",
		"catalogEntry@odata.context": c.metadata(at + "content/" + namespace + "catalogContent/catalogEntry/$entity"),
		"catalogEntry":               c.embedded(e),
	}
}

// embedded renders an entry within a deployment, perhaps without its ID.
func (c *call) embedded(e *entry) object {
	o := e.sparse()
	if c.server.quirks.EmptyEntryIDs && e.kind() == qualityType {
		o["id"] = ""
	}
	return o
}

// sparse renders an entry within a deployment, where the service omits most properties and sends a
// release date in year 1, except for quality updates.
func (e *entry) sparse() object {
	o := object{
		"@odata.type":             e.properties["@odata.type"],
		"id":                      e.id(),
		"displayName":             e.properties["displayName"],
		"deployableUntilDateTime": e.properties["deployableUntilDateTime"],
		"releaseDateTime":         "0001-01-01T00:00:00Z",
	}
	switch e.kind() {
	case featureType:
		o["version"] = e.properties["version"]
	case qualityType:
		o["releaseDateTime"] = e.properties["releaseDateTime"]
		o["displayName"] = nil
		o["deployableUntilDateTime"] = nil
		o["isExpeditable"] = false
		o["catalogName"] = nil
		o["shortName"] = nil
		o["qualityUpdateCadence"] = "monthly"
		o["qualityUpdateClassification"] = e.properties["qualityUpdateClassification"]
		o["cveSeverityInformation"] = nil
	case driverType:
		for _, name := range []string{
			"description", "driverClass", "provider", "manufacturer", "version", "versionDateTime", "setupInformationFile",
		} {
			o[name] = e.properties[name]
		}
	}
	return o
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

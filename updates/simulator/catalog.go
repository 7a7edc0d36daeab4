package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// tip is what the service adds to responses of the catalog.
const tip = "Use $select to choose only the properties your app needs, as this can lead to performance improvements."

const articleContext = "knowledgeBaseArticle@odata.context"

// Short names of the types of entries.
const (
	entryType    = "catalogEntry"
	featureType  = "featureUpdateCatalogEntry"
	qualityType  = "qualityUpdateCatalogEntry"
	driverType   = "driverUpdateCatalogEntry"
	recoveryType = "recoveryUpdateCatalogEntry"
	revisionType = "productRevision"
)

func catalogTypes() types {
	return types{
		entryType: {
			Base:       "entity",
			Abstract:   true,
			Properties: "deployableUntilDateTime time, displayName text, releaseDateTime time",
			Expandable: []odata.Expandable{
				{Path: namespace + qualityType + "/productRevisions", With: "knowledgeBaseArticle"},
				{Path: namespace + recoveryType + "/productRevisions", With: "knowledgeBaseArticle"},
			},
		},
		"softwareUpdateCatalogEntry": {Base: entryType},
		featureType:                  {Base: "softwareUpdateCatalogEntry", Properties: "buildNumber text, version text"},
		qualityType: {Base: "softwareUpdateCatalogEntry", Properties: "catalogName text, " +
			"cveSeverityInformation qualityUpdateCveSeverityInformation, isExpeditable flag, qualityUpdateCadence word, " +
			"qualityUpdateClassification word, shortName text, productRevisions []productRevision"},
		driverType: {Base: "softwareUpdateCatalogEntry", Properties: "description text, driverClass text, " +
			"manufacturer text, provider text, setupInformationFile text, version text, versionDateTime time"},
		recoveryType: {Base: "softwareUpdateCatalogEntry", Properties: "catalogName text, productRevisions []productRevision"},
		"qualityUpdateCveSeverityInformation": {
			Properties: "maxBaseScore number, maxSeverity text, exploitedCves []cveInformation",
		},
		"cveInformation": {Properties: "number text, url text"},
		revisionType: {
			Base: "entity",
			Properties: "displayName text, isHotpatchUpdate flag, osBuild buildVersionDetails, product text, " +
				"releaseDateTime time, version text, catalogEntry catalogEntry, knowledgeBaseArticle knowledgeBaseArticle",
			Expandable: []odata.Expandable{{Path: "catalogEntry"}, {Path: "knowledgeBaseArticle"}},
		},
		"buildVersionDetails": {
			Properties: "majorVersion number, minorVersion number, buildNumber number, updateBuildRevision number",
		},
		"knowledgeBaseArticle": {Base: "entity", Properties: "url text"},
	}
}

func addCatalogRoutes(add func(string, methods)) {
	add("catalog/entries", methods{"GET": (*Server).listEntries})
	add("catalog/entries/{}", methods{"GET": (*Server).getEntry})
}

// entry is an update in the catalog.
type entry struct {
	properties object                  // as it is sent
	released   time.Time               // zero if it does not say
	revisions  []revision              // builds that it installs
	outdated   bool                    // by OutdateContent
	matches    *orderedMap[*match]     // devices that it is applicable to, by ID
	statuses   map[string]driverStatus // of a driver, by device ID
}

func newEntry(properties object) *entry {
	released, _ := odata.ParseTime(textOf(properties, "releaseDateTime"))
	return &entry{
		properties: properties,
		released:   released,
		revisions:  readRevisions(properties),
		matches:    &orderedMap[*match]{},
		statuses:   map[string]driverStatus{},
	}
}

// match is a device that an entry is applicable to: its driver is newer than the installed one.
type match struct {
	deviceID      string
	recommendedBy []string
}

// isRecommendedBy ignores case, as the documentation spells Microsoft in two ways.
func (m *match) isRecommendedBy(vendors ...string) bool {
	return slices.ContainsFunc(m.recommendedBy, func(vendor string) bool {
		return slices.ContainsFunc(vendors, func(v string) bool { return strings.EqualFold(v, vendor) })
	})
}

func (m *match) isRecommended() bool { return len(m.recommendedBy) > 0 }

func (m *match) object() object {
	vendors := []any{}
	for _, vendor := range m.recommendedBy {
		vendors = append(vendors, vendor)
	}
	return object{"deviceId": m.deviceID, "recommendedBy": vendors}
}

func (e *entry) id() string { return textOf(e.properties, "id") }

func (e *entry) kind() string { return typeOf(e.properties, entryType) }

// expired reports whether the entry is no longer deployable.
func (e *entry) expired(at time.Time) bool {
	until, ok := odata.ParseTime(textOf(e.properties, "deployableUntilDateTime"))
	return ok && !at.Before(until)
}

// isDeployable reports whether the entry can be offered.
func (e *entry) isDeployable(at time.Time) bool { return !e.outdated && !e.expired(at) }

// isWindows11 reports whether the entry is a feature update to Windows 11.
func (e *entry) isWindows11() bool {
	return e.kind() == featureType && strings.HasPrefix(textOf(e.properties, "version"), "Windows 11")
}

// category is the update category in which a device must be enrolled to be offered the entry. It is
// empty if no enrollment is needed.
func (e *entry) category() string {
	switch e.kind() {
	case featureType:
		return "feature"
	case driverType:
		return "driver"
	}
	return ""
}

// AddEntry adds an entry at the end of the catalog and returns its ID. Policies approve it if one of
// their rules selects it. For drivers [Server.AddDriver] is simpler.
//
// The properties are those of the JSON form, "@odata.type" included, with values that encoding/json can
// write. Without "id" the entry gets one in the format of its type. Unknown types are preserved.
// AddEntry returns an error if the type is missing, the ID is empty, not a string, or taken, or a value
// is not JSON.
func (s *Server) AddEntry(properties map[string]any) (string, error) {
	copied, err := asJSON(properties)
	if err != nil {
		return "", invalid("add entry: %w", err)
	}
	if textOf(copied, "@odata.type") == "" {
		return "", invalid("add entry: @odata.type is missing")
	}
	if _, ok := copied["id"]; !ok {
		copied["id"] = newEntryID(typeOf(copied, entryType))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := newEntry(copied)
	if e.id() == "" || s.entries.has(e.id()) {
		return "", invalid("add entry: id must be a new, non-empty string (got %#v)", copied["id"])
	}
	s.settle()
	s.entries.put(e.id(), e)
	s.disturb()
	s.settle()
	return e.id(), nil
}

// asJSON copies an object through its JSON form. The copy shares nothing with the original and has the
// types of encoding/json.
func asJSON(properties map[string]any) (object, error) {
	text, err := json.Marshal(properties)
	if err != nil {
		return nil, err
	}
	copied := object{}
	return copied, json.Unmarshal(text, &copied)
}

// newEntryID returns a GUID for a feature update and 64 hexadecimal digits for all other types.
func newEntryID(kind string) string {
	if kind == featureType {
		return newID()
	}
	return fmt.Sprintf("%x", randomBytes(32))
}

// AddDriver publishes a driver, released now, and returns its ID. Use [Server.MakeApplicable] to say
// which devices need it; the driver is then in the applicable content of their audiences.
// /catalog/entries does not list drivers. For drivers with other properties use [Server.AddEntry].
func (s *Server) AddDriver(manufacturer, class, version string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := newEntry(object{
		"@odata.type":             "#" + namespace + driverType,
		"id":                      newEntryID(driverType),
		"displayName":             manufacturer + " - " + class + " - " + version,
		"releaseDateTime":         odata.Timestamp(s.now()),
		"deployableUntilDateTime": nil,
		"description":             manufacturer + " " + class + " driver update",
		"driverClass":             class,
		"manufacturer":            manufacturer,
		"provider":                manufacturer,
		"setupInformationFile":    nil,
		"version":                 version,
		"versionDateTime":         odata.Timestamp(s.now()),
	})
	s.entries.put(e.id(), e)
	return e.id()
}

// OutdateContent marks a catalog entry as outdated: its deployments are faulted from now on, with the
// reason faultedByContentOutdated. It returns an error if the entry does not exist.
func (s *Server) OutdateContent(entryID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	e, ok := s.entries.get(entryID)
	if !ok {
		return invalid("catalog entry %q does not exist", entryID)
	}
	e.outdated = true
	return nil
}

func (s *Server) listEntries(c *call) (reply, error) {
	listed := s.listedEntries()
	r, err := c.page(entryType, "catalog/entries", len(listed), func(i int) object { return c.entry(listed[i]) })
	if err == nil {
		r.body["@microsoft.graph.tips"] = tip
	}
	return r, err
}

// listedEntries returns all entries except drivers.
func (s *Server) listedEntries() []*entry {
	var listed []*entry
	for _, e := range s.entries.all() {
		if e.kind() != driverType {
			listed = append(listed, e)
		}
	}
	return listed
}

func (s *Server) getEntry(c *call) (reply, error) {
	e, err := s.entries.find(c.ids[0], "catalogEntry")
	if err != nil {
		return reply{}, err
	}
	return c.one(entryType, "catalog/entries/$entity", c.entry(e))
}

// entry renders an entry as it is sent.
func (c *call) entry(e *entry) object {
	revisions, ok := e.properties["productRevisions"].([]any)
	if !ok {
		return e.properties
	}
	o := maps.Clone(e.properties)
	o["productRevisions"] = c.revisions(e, revisions)
	return o
}

// revisions adds the context to the article of each revision.
func (c *call) revisions(e *entry, revisions []any) []any {
	rendered := make([]any, len(revisions))
	for i, revision := range revisions {
		rendered[i] = revision
		o, _ := revision.(object)
		if _, ok := o["knowledgeBaseArticle"].(object); !ok || o[articleContext] != nil {
			continue
		}
		o = maps.Clone(o)
		o[articleContext] = c.metadata("catalog/entries('" + e.id() + "')/" + namespace + e.kind() +
			"/productRevisions('" + textOf(o, "id") + "')/knowledgeBaseArticle/$entity")
		rendered[i] = o
	}
	return rendered
}

package simulator

import (
	"net/url"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of applicable content.
const (
	applicableType = "applicableContent"
	matchType      = "applicableContentDeviceMatch"
)

func applicableContentTypes() types {
	return types{
		applicableType: {
			Properties: "catalogEntryId text, catalogEntry catalogEntry, matchedDevices []applicableContentDeviceMatch",
			Expandable: []odata.Expandable{{Path: "catalogEntry"}, {Path: "matchedDevices"}},
		},
		matchType: {Properties: "deviceId text, recommendedBy []text"},
	}
}

// deviceContent is what is applicable to devices.
type deviceContent struct {
	devices []*asset
	owner   string   // of the devices, in metadata
	kinds   []string // of entries; nil: all
}

// among returns the devices that an entry is applicable to.
func (s *Server) among(content deviceContent, e *entry) []*match {
	if content.kinds != nil && !slices.Contains(content.kinds, e.kind()) {
		return nil
	}
	return s.matchesAmong(e, content.devices)
}

// findContent finds what a path names.
type findContent func(*Server, *call) (deviceContent, error)

// addApplicableContent adds the routes of the content that is applicable to these devices.
func addApplicableContent(add func(string, methods), path string, find findContent) {
	add(path, methods{"GET": find.listContent})
	add(path+"/{}/matchedDevices", methods{"GET": find.listMatches})
}

// MakeApplicable makes a catalog entry, usually a driver, applicable to devices. Vendors such as
// Microsoft recommend the driver for them; nil means none do. Only these devices are offered a driver.
//
// The entry is in the applicable content of an audience while such a device is a member and is
// enrolled. A later call replaces the vendors of the devices that it names. Devices need not exist
// yet. MakeApplicable returns an error, and changes nothing, if the entry does not exist or a device
// ID is not a GUID.
func (s *Server) MakeApplicable(entryID string, recommendedBy []string, deviceIDs ...string) error {
	return s.changeMatches(entryID, deviceIDs, func(e *entry, deviceID string) {
		e.matches.put(deviceID, &match{deviceID, slices.Clone(recommendedBy)})
	})
}

// MakeNotApplicable ends what [Server.MakeApplicable] began, as installing the driver or a newer one
// does. Devices that do not need the entry are ignored. The errors are those of
// [Server.MakeApplicable].
func (s *Server) MakeNotApplicable(entryID string, deviceIDs ...string) error {
	return s.changeMatches(entryID, deviceIDs, func(e *entry, deviceID string) { e.matches.remove(deviceID) })
}

func (s *Server) changeMatches(entryID string, deviceIDs []string, change func(e *entry, deviceID string)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	e, ok := s.entries.get(entryID)
	if !ok {
		return invalid("catalog entry %q does not exist", entryID)
	}
	if err := checkDeviceIDs(deviceIDs); err != nil {
		return err
	}
	for _, id := range deviceIDs {
		change(e, id)
	}
	s.disturb()
	s.settle()
	return nil
}

// matchesAmong returns the matches of the devices that can be offered the entry, by device ID.
func (s *Server) matchesAmong(e *entry, devices []*asset) []*match {
	var found []*match
	for _, d := range devices {
		if m := s.matchOf(e, d.id); m != nil && e.isManagedOn(d) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b *match) int { return strings.Compare(a.deviceID, b.deviceID) })
	return found
}

// matchOf returns why a device needs an entry, or nil: a test said so, or the build in one of its profiles
// is older.
func (s *Server) matchOf(e *entry, deviceID string) *match {
	if m, ok := e.matches.get(deviceID); ok {
		return m
	}
	if len(s.profilesOf[deviceID]) == 0 || !e.isDeployable(s.now()) || e.released.After(s.now()) {
		return nil
	}
	for _, p := range s.profilesOf[deviceID] {
		if b, ok := parseBuild(p.Build); ok && s.applies(e, b) {
			return &match{deviceID: deviceID}
		}
	}
	return nil
}

// isManagedOn reports whether the service manages the entry's category on a device.
func (e *entry) isManagedOn(d *asset) bool {
	category := e.category()
	return category == "" || d.isEnrolled(category)
}

// listContent lists what is applicable to at least one of the devices.
func (find findContent) listContent(s *Server, c *call) (reply, error) {
	content, err := find(s, c)
	if err != nil {
		return reply{}, err
	}
	context := content.owner + "/applicableContent"
	var items []object
	for _, e := range s.entries.all() {
		if found := s.among(content, e); len(found) > 0 {
			items = append(items, c.applicableContent(e, found, context))
		}
	}
	return c.page(applicableType, context, len(items), func(i int) object { return items[i] })
}

func (find findContent) getContent(s *Server, c *call) (reply, error) {
	content, err := find(s, c)
	if err != nil {
		return reply{}, err
	}
	context := content.owner + "/applicableContent"
	if e, ok := s.entries.get(c.ids[1]); ok {
		if found := s.among(content, e); len(found) > 0 {
			return c.one(applicableType, context+"/$entity", c.applicableContent(e, found, context))
		}
	}
	return reply{}, odata.NotFound("applicable content")
}

// listMatches lists those of the devices that an entry is applicable to. The list is empty if they no
// longer need it.
func (find findContent) listMatches(s *Server, c *call) (reply, error) {
	content, err := find(s, c)
	if err != nil {
		return reply{}, err
	}
	e, err := s.entries.find(c.ids[1], "applicable content")
	if err != nil {
		return reply{}, err
	}
	found := s.among(content, e)
	context := content.owner + "/applicableContent('" + e.id() + "')/matchedDevices"
	return c.page(matchType, context, len(found), func(i int) object { return found[i].object() })
}

// applicableContent renders an entry and a link to its devices, or the devices if a quirk says so.
func (c *call) applicableContent(e *entry, found []*match, context string) object {
	o := object{
		"catalogEntryId":                e.id(),
		"catalogEntry":                  c.entry(e),
		"matchedDevices":                []any{},
		"matchedDevices@odata.nextLink": c.linkToDevices(e, context),
	}
	if c.server.quirks.InlineMatches {
		delete(o, "matchedDevices@odata.nextLink")
		o["matchedDevices"] = matchItems(found)
	}
	return o
}

// linkToDevices is the URL of the first page of the devices that an entry is applicable to.
func (c *call) linkToDevices(e *entry, context string) string {
	key := url.PathEscape(strings.ReplaceAll(e.id(), "'", "''"))
	return c.origin() + areaRoot + "/" + context + "('" + key + "')/matchedDevices?$skiptoken=" +
		odata.PageToken{}.String()
}

func matchItems(found []*match) []any {
	items := []any{}
	for _, m := range found {
		items = append(items, m.object())
	}
	return items
}

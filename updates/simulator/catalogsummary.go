package simulator

import "github.com/winupdates/winupdates-go/updates/simulator/internal/odata"

const catalogSummaryType = "applicableCatalogSummary"

func catalogSummaryTypes() types {
	return types{
		catalogSummaryType: {Base: "entity", Properties: "aggregatedDeviceCount number, hasRecommendedDevice flag"},
	}
}

func addCatalogSummaryRoutes(add func(string, methods)) {
	const summaries = "data/applicableCatalogSummaries"
	add(summaries, methods{"GET": accepting(listOptions, (*Server).listSummaries)})
	add(summaries+"/{}", methods{"GET": accepting(oneOptions, (*Server).getSummary)})
	add(summaries+"/{}/aggregatedDevices", methods{"GET": accepting(listOptions, (*Server).listAggregatedDevices)})
}

// neededBy returns the devices that need an entry, over all policies that approve its kind.
func (s *Server) neededBy(e *entry) []*match { return s.matchesAmong(e, s.devicesByKind()[e.kind()]) }

// devicesByKind returns the devices of all policies that approve a kind of entries.
func (s *Server) devicesByKind() map[string][]*asset {
	found := map[string]*orderedMap[*asset]{}
	for _, p := range s.policies.all() {
		for _, kind := range p.kind.entries {
			if found[kind] == nil {
				found[kind] = &orderedMap[*asset]{}
			}
			for _, d := range s.policyDevices(p) {
				found[kind].put(d.id, d)
			}
		}
	}
	devices := map[string][]*asset{}
	for kind, some := range found {
		devices[kind] = some.all()
	}
	return devices
}

func (s *Server) listSummaries(c *call) (reply, error) {
	devices := s.devicesByKind()
	var items []object
	for _, e := range s.entries.all() {
		if found := s.matchesAmong(e, devices[e.kind()]); len(found) > 0 {
			items = append(items, catalogSummary(e, found))
		}
	}
	const context = "data/applicableCatalogSummaries"
	return c.page(catalogSummaryType, context, len(items), func(i int) object { return items[i] })
}

func (s *Server) getSummary(c *call) (reply, error) {
	e, found, err := s.summarized(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(catalogSummaryType, "data/applicableCatalogSummaries/$entity", catalogSummary(e, found))
}

func (s *Server) listAggregatedDevices(c *call) (reply, error) {
	e, found, err := s.summarized(c)
	if err != nil {
		return reply{}, err
	}
	return c.pageOfDevices("data/applicableCatalogSummaries('"+e.id()+"')/aggregatedDevices", found)
}

// summarized finds the entry that a path names, with the devices that need it.
func (s *Server) summarized(c *call) (*entry, []*match, error) {
	if e, ok := s.entries.get(c.ids[0]); ok {
		if found := s.neededBy(e); len(found) > 0 {
			return e, found, nil
		}
	}
	return nil, nil, odata.NotFound(catalogSummaryType)
}

// catalogSummary renders an entry that devices need.
func catalogSummary(e *entry, found []*match) object {
	return object{
		"@odata.type":           "#" + namespace + catalogSummaryType,
		"id":                    e.id(),
		"aggregatedDeviceCount": len(found),
		"hasRecommendedDevice":  hasRecommended(found),
	}
}

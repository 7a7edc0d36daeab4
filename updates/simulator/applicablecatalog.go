package simulator

import (
	"slices"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of applicable catalogs.
const (
	applicableCatalogType = "applicableCatalog"
	applicableDeviceType  = "applicableDevice"
)

func applicableCatalogTypes() types {
	return types{
		applicableCatalogType: {Base: "entity", Properties: "deviceCount number, hasRecommendedDevice flag"},
		applicableDeviceType:  {Base: "entity", Properties: "isRecommended flag"},
	}
}

// addApplicableCatalogRoutes adds routes whose options are documented for one of them, none, and inferred
// for the others.
func addApplicableCatalogRoutes(add func(string, methods)) {
	const catalogs = "policies/{}/applicableCatalogs"
	add(catalogs, methods{"GET": accepting(listOptions, (*Server).listApplicableCatalogs)})
	add(catalogs+"/{}", methods{"GET": accepting(nil, (*Server).getApplicableCatalog)})
	add(catalogs+"/{}/devices", methods{"GET": accepting(listOptions, (*Server).listCatalogDevices)})
}

func (s *Server) listApplicableCatalogs(c *call) (reply, error) {
	content, err := s.contentOfPolicy(c)
	if err != nil {
		return reply{}, err
	}
	var items []object
	for _, e := range s.entries.all() {
		if found := s.among(content, e); len(found) > 0 {
			items = append(items, applicableCatalog(e, found))
		}
	}
	context := content.owner + "/applicableCatalogs"
	return c.page(applicableCatalogType, context, len(items), func(i int) object { return items[i] })
}

func (s *Server) getApplicableCatalog(c *call) (reply, error) {
	content, err := s.contentOfPolicy(c)
	if err != nil {
		return reply{}, err
	}
	if e, ok := s.entries.get(c.ids[1]); ok {
		if found := s.among(content, e); len(found) > 0 {
			return c.one(applicableCatalogType, content.owner+"/applicableCatalogs/$entity", applicableCatalog(e, found))
		}
	}
	return reply{}, odata.NotFound(applicableCatalogType)
}

// listCatalogDevices lists no devices if none of the policy needs the entry any longer.
func (s *Server) listCatalogDevices(c *call) (reply, error) {
	content, err := s.contentOfPolicy(c)
	if err != nil {
		return reply{}, err
	}
	e, err := s.entries.find(c.ids[1], applicableCatalogType)
	if err != nil {
		return reply{}, err
	}
	return c.pageOfDevices(content.owner+"/applicableCatalogs('"+e.id()+"')/devices", s.among(content, e))
}

// pageOfDevices lists devices that an entry is applicable to.
func (c *call) pageOfDevices(context string, found []*match) (reply, error) {
	return c.page(applicableDeviceType, context, len(found), func(i int) object {
		return object{"id": found[i].deviceID, "isRecommended": found[i].isRecommended()}
	})
}

// applicableCatalog renders an entry that is applicable to devices.
func applicableCatalog(e *entry, found []*match) object {
	return object{"id": e.id(), "deviceCount": len(found), "hasRecommendedDevice": hasRecommended(found)}
}

func hasRecommended(found []*match) bool { return slices.ContainsFunc(found, (*match).isRecommended) }

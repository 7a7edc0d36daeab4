package simulator

import (
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func assetTypes() types {
	return types{
		assetType:  {Base: "entity", Abstract: true},
		deviceType: {Base: assetType, Properties: "enrollment updateManagementEnrollment, errors []updatableAssetError"},
	}
}

func addAssetRoutes(add func(string, methods)) {
	add("updatableAssets", methods{"GET": (*Server).listAssets, "POST": (*Server).createGroup})
	add("updatableAssets/"+namespace+deviceType, methods{"GET": (*Server).listDevices})
	add("updatableAssets/"+namespace+groupType, methods{"GET": (*Server).listGroups})
	add("updatableAssets/{}", methods{"GET": (*Server).getAsset, "DELETE": (*Server).deleteAsset})
}

func (s *Server) listAssets(c *call) (reply, error) {
	return s.pageOfAssets(c, assetType, "updatableAssets", &s.assets)
}

func (s *Server) listDevices(c *call) (reply, error) { return s.listKind(c, deviceType) }

func (s *Server) listGroups(c *call) (reply, error) { return s.listKind(c, groupType) }

func (s *Server) listKind(c *call, kind string) (reply, error) {
	some := &orderedMap[*asset]{}
	for _, a := range s.assets.all() {
		if a.kind() == kind {
			some.put(a.id, a)
		}
	}
	return s.pageOfAssets(c, kind, "updatableAssets/"+namespace+kind, some)
}

func (s *Server) pageOfAssets(c *call, kind, context string, assets *orderedMap[*asset]) (reply, error) {
	return c.page(kind, context, assets.len(), func(i int) object { return s.asset(assets.at(i)) })
}

func (s *Server) createGroup(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	if in.Kind() != groupType {
		return reply{}, odata.BadRequest("Only an updatableAssetGroup can be created; devices are created when they are enrolled or added.")
	}
	g := newGroup(newID())
	s.assets.put(g.id, g)
	return reply{http.StatusCreated, c.single(s.asset(g), "updatableAssets/$entity")}, nil
}

func (s *Server) getAsset(c *call) (reply, error) {
	a, err := s.assets.find(c.ids[0], assetType)
	if err != nil {
		return reply{}, err
	}
	return c.one(assetType, "updatableAssets/$entity", s.asset(a))
}

func (s *Server) deleteAsset(c *call) (reply, error) {
	id := c.ids[0]
	if !s.assets.has(id) {
		return reply{}, odata.NotFound(assetType)
	}
	s.after(func(time.Time) { s.removeAsset(id) })
	return accepted(), nil
}

// removeAsset deletes an asset, with its memberships.
func (s *Server) removeAsset(id string) {
	s.assets.remove(id)
	s.failures.remove(id)
	for _, a := range s.assets.all() {
		if a.isGroup() {
			a.members.remove(id)
		}
	}
	for _, a := range s.audiences.all() {
		a.members.remove(id)
		a.exclusions.remove(id)
	}
}

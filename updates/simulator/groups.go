package simulator

import (
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func groupTypes() types {
	return types{groupType: {Base: assetType, Properties: "members []updatableAsset"}}
}

func addGroupRoutes(add func(string, methods)) {
	add("updatableAssets/{}/"+namespace+groupType, methods{})
	add("updatableAssets/{}/"+namespace+groupType+"/members", methods{"GET": (*Server).listGroupMembers})
	add("updatableAssets/{}/op:addMembers", methods{"POST": (*Server).addMembers})
	add("updatableAssets/{}/op:removeMembers", methods{"POST": (*Server).removeMembers})
	add("updatableAssets/{}/op:addMembersById", methods{"POST": (*Server).addMembersByID})
	add("updatableAssets/{}/op:removeMembersById", methods{"POST": (*Server).removeMembersByID})
}

func (s *Server) listGroupMembers(c *call) (reply, error) {
	g, err := s.group(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	context := "updatableAssets('" + g.id + "')/" + namespace + groupType + "/members"
	return s.pageOfAssets(c, assetType, context, g.members)
}

func (s *Server) group(id string) (*asset, error) {
	g, ok := s.assets.get(id)
	if !ok || !g.isGroup() {
		return nil, odata.NotFound(groupType)
	}
	return g, nil
}

func (s *Server) addMembers(c *call) (reply, error) {
	return s.editGroup(c, typedReferences, "assets", s.addToGroup)
}

func (s *Server) addMembersByID(c *call) (reply, error) {
	return s.editGroup(c, untypedReferences, "ids", s.addToGroup)
}

func (s *Server) removeMembers(c *call) (reply, error) {
	return s.editGroup(c, typedReferences, "assets", s.removeFromGroup)
}

func (s *Server) removeMembersByID(c *call) (reply, error) {
	return s.editGroup(c, untypedReferences, "ids", s.removeFromGroup)
}

func (s *Server) editGroup(
	c *call, read readReferences, name string, edit func(g *asset, devices []reference),
) (reply, error) {
	g, err := s.group(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	devices := s.devicesIn(in, read, name)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	s.after(func(time.Time) { edit(g, devices) })
	return accepted(), nil
}

func (s *Server) addToGroup(g *asset, devices []reference) { s.addTo(g.members, devices) }

func (s *Server) removeFromGroup(g *asset, devices []reference) { removeFrom(g.members, devices) }

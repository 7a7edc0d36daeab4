package simulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// audience is a set of assets that updates are offered to.
type audience struct {
	id         string
	members    *shelf[*asset]
	exclusions *shelf[*asset]
	populated  bool // there was an asset in it once
	implicit   bool // it was made for what uses it
	ofIntune   bool // by OwnedByIntune
}

func audienceTypes() types {
	return types{
		"deploymentAudience": {Base: "entity", Properties: "applicableContent []applicableContent, " +
			"exclusions []updatableAsset, members []updatableAsset"},
	}
}

func addAudienceRoutes(add func(string, methods)) {
	add("deploymentAudiences", methods{"GET": (*Server).listAudiences, "POST": (*Server).createAudience})
	addAudience(add, "deploymentAudiences/{}", methods{
		"GET":    (*Server).getAudience,
		"DELETE": (*Server).deleteAudience,
	})
}

// addAudience adds the routes that an audience has wherever it is.
func addAudience(add func(string, methods), path string, own methods) {
	add(path, own)
	add(path+"/members", methods{"GET": (*Server).listMembers})
	add(path+"/exclusions", methods{"GET": (*Server).listExclusions})
	addApplicableContent(add, path+"/applicableContent")
	add(path+"/op:updateAudience", methods{"POST": (*Server).updateAudience})
	add(path+"/op:updateAudienceById", methods{"POST": (*Server).updateAudienceByID})
}

// addAudience makes an audience.
func (s *Server) addAudience() *audience {
	a := &audience{id: newID(), members: &shelf[*asset]{}, exclusions: &shelf[*asset]{}}
	s.audiences.put(a.id, a)
	return a
}

func (a *audience) object() object {
	return object{"id": a.id, "applicableContent": []any{}}
}

// devices returns the devices of the members, directly or through groups, without
// those of the exclusions.
func (a *audience) devices() []*asset {
	seen := map[*asset]bool{}
	for _, excluded := range a.exclusions.all() {
		for d := range excluded.devices {
			seen[d] = true
		}
	}
	var devices []*asset
	for _, member := range a.members.all() {
		for d := range member.devices {
			if !seen[d] {
				seen[d] = true
				devices = append(devices, d)
			}
		}
	}
	return devices
}

// audienceOf finds the audience that a path names by its own id or by the id of
// its deployment or update policy, and how metadata calls it.
func (s *Server) audienceOf(c *call) (*audience, string, error) {
	switch id := c.ids[0]; c.within {
	case "deployments":
		if d, ok := s.deployments.get(id); ok {
			return d.audience, "deployments('" + id + "')/audience", nil
		}
		return nil, "", odata.NotFound("deployment")
	case "updatePolicies":
		p, err := s.updatePolicyOf(c)
		if err != nil {
			return nil, "", err
		}
		return p.audience, p.context() + "/audience", nil
	default:
		if a, ok := s.audiences.get(id); ok {
			return a, "deploymentAudiences('" + id + "')", nil
		}
		return nil, "", odata.NotFound("deployment audience")
	}
}

func (s *Server) listAudiences(c *call) (reply, error) {
	return c.page("deploymentAudience", "deploymentAudiences", s.audiences.len(), func(i int) object {
		return s.audiences.at(i).object()
	})
}

func (s *Server) createAudience(c *call) (reply, error) {
	if _, err := c.input(); err != nil {
		return reply{}, err
	}
	return reply{http.StatusCreated, c.single(s.addAudience().object(), "deploymentAudiences/$entity")}, nil
}

func (s *Server) getAudience(c *call) (reply, error) {
	a, context, err := s.audienceOf(c)
	if err != nil {
		return reply{}, err
	}
	if c.within == "deploymentAudiences" {
		context = "deploymentAudiences"
	}
	return c.one("deploymentAudience", context+"/$entity", a.object())
}

func (s *Server) deleteAudience(c *call) (reply, error) {
	a, _, err := s.audienceOf(c)
	if err != nil {
		return reply{}, err
	}
	if s.hasDeployments(a) {
		return reply{}, odata.Conflict("The deployment audience is being used by deployments. Delete deployments before proceeding.")
	}
	if s.hasPolicies(a) {
		return reply{}, odata.Conflict("The deployment audience is referenced by update policies. Delete update policies before proceeding.")
	}
	s.audiences.remove(a.id)
	return reply{status: http.StatusNoContent}, nil
}

// dropUnused removes an audience that was made for something when nothing uses it
// any more.
func (s *Server) dropUnused(a *audience) {
	if a.implicit && !s.hasDeployments(a) && !s.hasPolicies(a) {
		s.audiences.remove(a.id)
	}
}

// hasDeployments counts archived deployments too.
func (s *Server) hasDeployments(a *audience) bool {
	return slices.ContainsFunc(s.deployments.all(), func(d *deployment) bool { return d.audience == a })
}

func (s *Server) hasPolicies(a *audience) bool {
	return slices.ContainsFunc(s.updatePolicies.all(), func(p *updatePolicy) bool { return p.audience == a })
}

func (s *Server) listMembers(c *call) (reply, error) {
	return s.listOfAudience(c, "members", func(a *audience) *shelf[*asset] { return a.members })
}

func (s *Server) listExclusions(c *call) (reply, error) {
	return s.listOfAudience(c, "exclusions", func(a *audience) *shelf[*asset] { return a.exclusions })
}

func (s *Server) listOfAudience(c *call, name string, list func(*audience) *shelf[*asset]) (reply, error) {
	a, context, err := s.audienceOf(c)
	if err != nil {
		return reply{}, err
	}
	if a.ofIntune || s.vices.EmptyAudienceIs404 && !a.populated {
		return reply{}, odata.NotFound("deployment audience")
	}
	assets := list(a)
	if s.vices.ExpandGroups {
		assets = expanded(assets)
	}
	return s.pageOfAssets(c, assetType, context+"/"+name, assets)
}

// expanded has the enrolled devices of groups in place of the groups.
func expanded(assets *shelf[*asset]) *shelf[*asset] {
	listed := &shelf[*asset]{}
	for _, a := range assets.all() {
		for d := range a.devices {
			if d == a || len(d.categories()) > 0 {
				listed.put(d.id, d)
			}
		}
	}
	return listed
}

func (s *Server) updateAudience(c *call) (reply, error) {
	return s.editAudience(c, typedReferences)
}

func (s *Server) updateAudienceByID(c *call) (reply, error) {
	return s.editAudience(c, untypedReferences)
}

// audienceEdit is what a request does to an audience.
type audienceEdit struct {
	addMembers, removeMembers, addExclusions, removeExclusions []reference
}

func (s *Server) editAudience(c *call, read readReferences) (reply, error) {
	a, _, err := s.audienceOf(c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	e := audienceEdit{read(in, "addMembers"), read(in, "removeMembers"), read(in, "addExclusions"), read(in, "removeExclusions")}
	s.check(in, e.addMembers)
	s.check(in, e.addExclusions)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	if !a.ofIntune {
		s.after(func(time.Time) { s.change(a, e) })
	}
	return accepted(), nil
}

// change adds first and removes then, so that an asset in both lists of a request is
// not in the audience afterwards.
func (s *Server) change(a *audience, e audienceEdit) {
	s.addTo(a.members, e.addMembers)
	s.addTo(a.exclusions, e.addExclusions)
	a.populated = a.populated || a.members.len()+a.exclusions.len() > 0
	removeFrom(a.members, e.removeMembers)
	removeFrom(a.exclusions, e.removeExclusions)
}

// addTo adds assets to a set. A group that was deleted meanwhile is left out, a
// device gets a record.
func (s *Server) addTo(set *shelf[*asset], references []reference) {
	for _, r := range references {
		if a, ok := s.assets.get(r.id); ok {
			set.put(r.id, a)
		} else if !r.isGroup {
			set.put(r.id, s.device(r.id))
		}
	}
}

func removeFrom(set *shelf[*asset], references []reference) { set.remove(idsOf(references)...) }

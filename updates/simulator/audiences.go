package simulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func audienceTypes() types {
	return types{
		"deploymentAudience": {Base: "entity", Properties: "applicableContent []applicableContent, " +
			"exclusions []updatableAsset, members []updatableAsset"},
	}
}

func addAudienceRoutes(add func(string, methods)) {
	add("deploymentAudiences", methods{"GET": (*Server).listAudiences, "POST": (*Server).createAudience})
	add("deploymentAudiences/{}", methods{"GET": (*Server).getAudience, "DELETE": (*Server).deleteAudience})
	addPartsOfAudience(add, "deploymentAudiences/{}", (*Server).audienceOf)
}

// findAudience finds the audience that a path names, and its name in metadata.
type findAudience func(*Server, *call) (*audience, string, error)

// addAudience adds the routes of the audience of a deployment or policy.
func addAudience(add func(string, methods), path string, find findAudience) {
	add(path, methods{"GET": find.get})
	addPartsOfAudience(add, path, find)
}

func addPartsOfAudience(add func(string, methods), path string, find findAudience) {
	add(path+"/members", methods{"GET": find.listMembers})
	add(path+"/exclusions", methods{"GET": find.listExclusions})
	add(path+"/op:updateAudience", methods{"POST": find.update})
	add(path+"/op:updateAudienceById", methods{"POST": find.updateByID})
	addApplicableContent(add, path+"/applicableContent", find.content)
	add(path+"/applicableContent/{}", methods{"GET": findContent(find.content).getContent})
}

// audienceOf finds the audience that a path names by its own ID.
func (s *Server) audienceOf(c *call) (*audience, string, error) {
	a, err := s.audiences.find(c.ids[0], "deployment audience")
	if err != nil {
		return nil, "", err
	}
	return a, "deploymentAudiences('" + a.id + "')", nil
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
	return reply{http.StatusCreated, c.single(s.newAudience().object(), "deploymentAudiences/$entity")}, nil
}

func (s *Server) getAudience(c *call) (reply, error) {
	a, _, err := s.audienceOf(c)
	if err != nil {
		return reply{}, err
	}
	return c.one("deploymentAudience", "deploymentAudiences/$entity", a.object())
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

// SetOwnedByIntune makes an audience behave as if Microsoft Intune had created it. Reads of its members and
// exclusions get 404, and changes are accepted (202) without effect. Both are known issues of the service.
//
// Devices of the audience stay in it and are offered updates. Changes that were accepted before still
// take effect. SetOwnedByIntune cannot be undone. It returns an error if the audience does not exist.
func (s *Server) SetOwnedByIntune(audienceID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	a, ok := s.audiences.get(audienceID)
	if !ok {
		return invalid("deployment audience %q does not exist", audienceID)
	}
	a.ofIntune = true
	return nil
}

// dropUnused deletes an audience that was created for another object if nothing uses it.
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

func (find findAudience) get(s *Server, c *call) (reply, error) {
	a, context, err := find(s, c)
	if err != nil {
		return reply{}, err
	}
	return c.one("deploymentAudience", context+"/$entity", a.object())
}

// content is what is applicable to the devices of the audience that the path names.
func (find findAudience) content(s *Server, c *call) (deviceContent, error) {
	a, context, err := find(s, c)
	if err != nil {
		return deviceContent{}, err
	}
	return deviceContent{a.devices(), context, nil}, nil
}

func (find findAudience) listMembers(s *Server, c *call) (reply, error) {
	return find.list(s, c, "members", func(a *audience) *orderedMap[*asset] { return a.members })
}

func (find findAudience) listExclusions(s *Server, c *call) (reply, error) {
	return find.list(s, c, "exclusions", func(a *audience) *orderedMap[*asset] { return a.exclusions })
}

func (find findAudience) list(
	s *Server, c *call, name string, list func(*audience) *orderedMap[*asset],
) (reply, error) {
	a, context, err := find(s, c)
	if err != nil {
		return reply{}, err
	}
	if a.ofIntune || s.quirks.EmptyAudienceIs404 && !a.populated {
		return reply{}, odata.NotFound("deployment audience")
	}
	assets := list(a)
	if s.quirks.ExpandGroups {
		assets = expanded(assets)
	}
	return s.pageOfAssets(c, assetType, context+"/"+name, assets)
}

// expanded replaces groups with their enrolled devices.
func expanded(assets *orderedMap[*asset]) *orderedMap[*asset] {
	listed := &orderedMap[*asset]{}
	for _, a := range assets.all() {
		for d := range a.devices {
			if d == a || len(d.categories()) > 0 {
				listed.put(d.id, d)
			}
		}
	}
	return listed
}

func (find findAudience) update(s *Server, c *call) (reply, error) {
	return find.edit(s, c, typedReferences)
}

func (find findAudience) updateByID(s *Server, c *call) (reply, error) {
	return find.edit(s, c, untypedReferences)
}

// audienceEdit is the change that a request makes to an audience.
type audienceEdit struct {
	addMembers, removeMembers, addExclusions, removeExclusions []reference
}

func (find findAudience) edit(s *Server, c *call, read readReferences) (reply, error) {
	a, _, err := find(s, c)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	e := audienceEdit{
		read(in, "addMembers"), read(in, "removeMembers"), read(in, "addExclusions"), read(in, "removeExclusions"),
	}
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

// change adds first, so that an asset in both lists of a request is not in the audience afterwards.
func (s *Server) change(a *audience, e audienceEdit) {
	s.addTo(a.members, e.addMembers)
	s.addTo(a.exclusions, e.addExclusions)
	a.populated = a.populated || a.members.len()+a.exclusions.len() > 0
	removeFrom(a.members, e.removeMembers)
	removeFrom(a.exclusions, e.removeExclusions)
}

package simulator

import (
	"fmt"
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

// OwnedByIntune makes an audience one that Microsoft Intune made: members and
// exclusions answer 404, and changes are accepted (202) and have no effect. Both
// are known issues of the service. What is in the audience stays in it and is
// offered updates; changes that were accepted before still show. It cannot be
// undone. It fails where there is no such audience.
func (s *Server) OwnedByIntune(audienceID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	a, ok := s.audiences.get(audienceID)
	if !ok {
		return fmt.Errorf("simulator: there is no deployment audience %q", audienceID)
	}
	a.ofIntune = true
	return nil
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

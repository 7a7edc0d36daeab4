package simulator

import (
	"slices"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func productTypes() types {
	return types{
		productType: {
			Base: "entity",
			Properties: "editions []edition, friendlyNames []text, groupName text, knownIssues []knownIssue, name text, " +
				"revisions []productRevision",
			Expandable: []odata.Expandable{{Path: "editions"}, {Path: "knownIssues"}, {Path: "revisions"}},
		},
		"edition": {Base: "entity", Properties: "deviceFamily text, endOfServiceDateTime time, " +
			"generalAvailabilityDateTime time, isInService flag, name text, releasedName text, " +
			"servicingPeriods []servicingPeriod"},
		"servicingPeriod": {Properties: "endDateTime time, name text, startDateTime time"},
	}
}

func addProductRoutes(add func(string, methods)) {
	add("products", methods{"GET": (*Server).listProducts})
	add("products/op:findByCatalogId()", methods{"GET": (*Server).findProductsByEntry})
	add("products/op:findByKbNumber()", methods{"GET": (*Server).findProductsByArticle})
	add("products/op:findByEndOfService()", methods{"GET": (*Server).findProductsByEnd})
	add("products/{}", methods{"GET": (*Server).getProduct})
	add("products/{}/editions", methods{"GET": (*Server).listEditions})
	add("products/{}/revisions", methods{"GET": (*Server).listRevisions})
	add("products/{}/knownIssues", methods{"GET": (*Server).listProductIssues})
	add("products/{}/op:getKnownIssuesByTimeRange()", methods{"GET": (*Server).findIssuesByTime})
}

func (s *Server) listProducts(c *call) (reply, error) {
	return c.page(productType, "products", s.products.len(), func(i int) object {
		return c.wholeProduct(s.products.at(i))
	})
}

func (s *Server) getProduct(c *call) (reply, error) {
	p, err := s.product(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	return c.one(productType, "products/$entity", c.wholeProduct(p))
}

func (s *Server) product(id string) (*product, error) {
	return s.products.find(id, productType)
}

func (s *Server) listEditions(c *call) (reply, error) {
	p, err := s.product(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	return c.page("edition", "products('"+p.id+"')/editions", len(p.editions), func(i int) object {
		return p.edition(i, c.received)
	})
}

func (s *Server) listRevisions(c *call) (reply, error) {
	p, err := s.product(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	builds := s.builds(p)
	return c.page(revisionType, "products('"+p.id+"')/revisions", len(builds), func(i int) object {
		return c.revision(p, builds[i])
	})
}

func (s *Server) findProductsByEntry(c *call) (reply, error) {
	args, err := c.arguments()
	if err != nil {
		return reply{}, err
	}
	id, err := args.Text("catalogID")
	if err != nil {
		return reply{}, err
	}
	return s.productsWith(c, func(b build) bool { return b.entry.id() == id })
}

func (s *Server) findProductsByArticle(c *call) (reply, error) {
	article, err := c.article()
	if err != nil {
		return reply{}, err
	}
	return s.productsWith(c, func(b build) bool { return b.article() == article })
}

// productsWith returns the products that have some builds, with only these builds and the known issues
// of their articles.
func (s *Server) productsWith(c *call, wanted func(build) bool) (reply, error) {
	var found []object
	for _, p := range s.products.all() {
		builds := slices.DeleteFunc(s.builds(p), func(b build) bool { return !wanted(b) })
		issues := slices.DeleteFunc(s.issuesOf(p.id), func(i *knownIssue) bool { return !i.concerns(builds) })
		if len(builds) > 0 {
			found = append(found, c.product(p, builds, issues))
		}
	}
	return c.found(productType, found)
}

func (s *Server) findProductsByEnd(c *call) (reply, error) {
	args, err := c.arguments()
	if err != nil {
		return reply{}, err
	}
	months, err := args.Natural("monthsFromToday")
	if err != nil {
		return reply{}, err
	}
	var found []object
	for _, p := range s.products.all() {
		if p.endsBetween(c.received, odata.Shift(c.received, months, 0)) {
			found = append(found, c.wholeProduct(p))
		}
	}
	return c.found(productType, found)
}

func (s *Server) listProductIssues(c *call) (reply, error) {
	p, err := s.product(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	issues := s.issuesOf(p.id)
	return c.page(issueType, "products('"+p.id+"')/knownIssues", len(issues), func(i int) object {
		return c.issue(issues[i])
	})
}

func (s *Server) findIssuesByTime(c *call) (reply, error) {
	p, err := s.product(c.ids[0])
	if err != nil {
		return reply{}, err
	}
	args, err := c.arguments()
	if err != nil {
		return reply{}, err
	}
	days, err := args.Natural("daysInPast")
	if err != nil {
		return reply{}, err
	}
	active, err := args.Flag("includeAllActive")
	if err != nil {
		return reply{}, err
	}
	var found []object
	for _, i := range s.issuesOf(p.id) {
		if i.isWithin(odata.Shift(c.received, 0, -days), active) {
			found = append(found, c.issue(i))
		}
	}
	return c.found(issueType, found)
}

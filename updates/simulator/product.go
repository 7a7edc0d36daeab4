package simulator

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// productType is the short name of the type of products.
const productType = "product"

// product is a release of Windows. Its builds are those that entries of the
// catalog bring.
type product struct {
	id       string
	group    string // such as Windows 11
	version  string // such as 24H2
	build    string // such as 26100
	editions []edition
}

// edition is what of a product has a time of servicing of its own.
type edition struct {
	id       string
	name     string
	released time.Time
	ends     time.Time // of its servicing
}

// build is a revision of a product with the entry that brings it.
type build struct {
	entry   *entry
	members object
}

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
	p, ok := s.products.get(id)
	if !ok {
		return nil, odata.NotFound(productType)
	}
	return p, nil
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

// article is the id of the knowledge base article whose number is an argument.
func (c *call) article() (string, error) {
	args, err := c.arguments()
	if err != nil {
		return "", err
	}
	number, err := args.Natural("kbNumber")
	return articleID(number), err
}

func articleID(number int) string { return "KB" + strconv.Itoa(number) }

// productsWith lists the products that have some builds, with no others than
// these, and with the known issues of their articles.
func (s *Server) productsWith(c *call, wanted func(build) bool) (reply, error) {
	var found []object
	for _, p := range s.products.all() {
		builds := slices.DeleteFunc(s.builds(p), func(b build) bool { return !wanted(b) })
		issues := slices.DeleteFunc(s.issuesOf(p), func(i *knownIssue) bool { return !i.concerns(builds) })
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

// found lists what a function found.
func (c *call) found(kind string, objects []object) (reply, error) {
	r, err := c.page(kind, "", len(objects), func(i int) object { return objects[i] })
	if err == nil {
		r.body["@odata.context"] = c.origin() + apiRoot + "/$metadata#Collection(" + namespace + kind + ")"
	}
	return r, err
}

func (p *product) endsBetween(from, to time.Time) bool {
	return slices.ContainsFunc(p.editions, func(e edition) bool {
		return !e.ends.Before(from) && !e.ends.After(to)
	})
}

// builds are those that the catalog has of a product, in its order.
func (s *Server) builds(p *product) []build {
	var found []build
	for _, e := range s.entries.all() {
		revisions, _ := e.members["productRevisions"].([]any)
		for _, item := range revisions {
			r, _ := item.(object)
			if textOf(r, "product") == p.group && textOf(r, "version") == p.version {
				found = append(found, build{e, r})
			}
		}
	}
	return found
}

// article is the id of the build's knowledge base article, empty without one.
func (b build) article() string {
	article, _ := b.members["knowledgeBaseArticle"].(object)
	return textOf(article, "id")
}

func (c *call) wholeProduct(p *product) object {
	return c.product(p, c.server.builds(p), c.server.issuesOf(p))
}

// product renders a product with some of its builds and known issues.
func (c *call) product(p *product, builds []build, issues []*knownIssue) object {
	editions, revisions, known := []any{}, []any{}, []any{}
	for i := range p.editions {
		editions = append(editions, p.edition(i, c.received))
	}
	for _, b := range builds {
		revisions = append(revisions, c.revision(p, b))
	}
	for _, i := range issues {
		known = append(known, c.issue(i))
	}
	return object{
		"id":            p.id,
		"name":          p.name(),
		"groupName":     p.group,
		"friendlyNames": []any{"Version " + p.version + " (OS build " + p.build + ")"},
		"editions":      editions,
		"revisions":     revisions,
		"knownIssues":   known,
	}
}

func (p *product) name() string { return p.group + ", version " + p.version }

// revision renders a build of a product.
func (c *call) revision(p *product, b build) object {
	o := maps.Clone(b.members)
	at := "products('" + p.id + "')/revisions('" + textOf(o, "id") + "')/"
	o["catalogEntry@odata.context"] = c.metadata(at + "catalogEntry/$entity")
	o["catalogEntry"] = c.entry(b.entry)
	if _, ok := o["knowledgeBaseArticle"].(object); ok {
		o[articleContext] = c.metadata(at + "knowledgeBaseArticle/$entity")
	}
	return o
}

// edition renders an edition as it is at a time.
func (p *product) edition(i int, at time.Time) object {
	e := p.editions[i]
	released, ends := odata.Timestamp(e.released), odata.Timestamp(e.ends)
	return object{
		"id":                          e.id,
		"name":                        e.name,
		"releasedName":                p.group + " " + e.name + ", version " + p.version,
		"deviceFamily":                "Desktop",
		"generalAvailabilityDateTime": released,
		"endOfServiceDateTime":        ends,
		"isInService":                 at.Before(e.ends),
		"servicingPeriods": []any{
			object{"name": "Modern Lifecycle", "startDateTime": released, "endDateTime": ends},
		},
	}
}

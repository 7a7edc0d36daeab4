package simulator

import (
	"maps"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// productType is the short name of the type of products.
const productType = "product"

// product is a release of Windows. Its builds are those of the catalog's entries.
type product struct {
	id       string
	group    string // such as Windows 11
	version  string // such as 24H2
	build    string // such as 26100
	editions []edition
}

// edition is a group of editions with the same servicing dates.
type edition struct {
	id       string
	name     string
	released time.Time
	ends     time.Time // of its servicing
}

// build is a revision of a product with the entry that contains it.
type build struct {
	entry      *entry
	properties object
}

func (p *product) endsBetween(from, to time.Time) bool {
	return slices.ContainsFunc(p.editions, func(e edition) bool {
		return !e.ends.Before(from) && !e.ends.After(to)
	})
}

// builds returns the builds of a product in the catalog, in its order.
func (s *Server) builds(p *product) []build {
	var found []build
	for _, e := range s.entries.all() {
		revisions, _ := e.properties["productRevisions"].([]any)
		for _, item := range revisions {
			r, _ := item.(object)
			if textOf(r, "product") == p.group && textOf(r, "version") == p.version {
				found = append(found, build{e, r})
			}
		}
	}
	return found
}

// article is the ID of the build's knowledge base article, or "".
func (b build) article() string {
	article, _ := b.properties["knowledgeBaseArticle"].(object)
	return textOf(article, "id")
}

func (c *call) wholeProduct(p *product) object {
	return c.product(p, c.server.builds(p), c.server.issuesOf(p.id))
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
	o := maps.Clone(b.properties)
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

// concerns reports whether one of the builds caused or resolved the issue.
func (i *knownIssue) concerns(builds []build) bool {
	return slices.ContainsFunc(builds, func(b build) bool { return slices.Contains(i.articles(), b.article()) })
}

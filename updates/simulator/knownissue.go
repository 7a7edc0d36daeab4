package simulator

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// issueType is the short name of the type of known issues.
const issueType = "knownIssue"

// Properties with an issue's articles.
const (
	originatingArticle = "originatingKnowledgeBaseArticle"
	resolvingArticle   = "resolvingKnowledgeBaseArticle"
)

func knownIssueTypes() types {
	return types{
		issueType: {
			Base: "entity",
			Properties: "description text, knownIssueHistories []knownIssueHistoryItem, lastUpdatedDateTime time, " +
				"originatingKnowledgeBaseArticle knowledgeBaseArticle, resolvedDateTime time, " +
				"resolvingKnowledgeBaseArticle knowledgeBaseArticle, safeguardHoldIds []number, startDateTime time, " +
				"status text, title text, webViewUrl text",
			Expandable: []odata.Expandable{{Path: originatingArticle}, {Path: resolvingArticle}},
		},
		"knownIssueHistoryItem": {Properties: "body itemBody, createdDateTime time"},
		"itemBody":              {Properties: "content text, contentType text"},
	}
}

func addKnownIssueRoutes(add func(string, methods)) {
	add("knownIssues", methods{"GET": (*Server).listIssues})
	add("knownIssues/op:findByKbNumber()", methods{"GET": (*Server).findIssuesByArticle})
	add("knownIssues/{}", methods{"GET": (*Server).getIssue})
}

// knownIssue is a known issue of Windows release health.
type knownIssue struct {
	properties object   // as it is sent, articles included
	products   []string // IDs of the products that have it
}

// AddKnownIssue adds a known issue of some products at the end of the list, and returns its ID.
//
// The properties are those of the JSON form, with values that encoding/json can write. Articles
// are {"id": "KB5066835", "url": …} under originatingKnowledgeBaseArticle and
// resolvingKnowledgeBaseArticle. Without "id" the issue gets one, such as WI1000004. With a
// resolvedDateTime its status is final, without one the issue is active.
//
// AddKnownIssue returns an error if a product does not exist, the ID is empty, not a string, or
// taken, or a value is not JSON.
func (s *Server) AddKnownIssue(properties map[string]any, productIDs ...string) (string, error) {
	copied, err := asJSON(properties)
	if err != nil {
		return "", invalid("add known issue: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range productIDs {
		if !s.products.has(id) {
			return "", invalid("add known issue: product %q does not exist", id)
		}
	}
	if _, ok := copied["id"]; !ok {
		copied["id"] = s.newIssueID()
	}
	return s.addIssue(copied, productIDs)
}

func (s *Server) addIssue(properties object, productIDs []string) (string, error) {
	i := &knownIssue{properties, slices.Clone(productIDs)}
	if i.id() == "" || s.issues.has(i.id()) {
		return "", invalid("add known issue: id must be a new, non-empty string (got %#v)", properties["id"])
	}
	s.issues.put(i.id(), i)
	return i.id(), nil
}

func (s *Server) newIssueID() string {
	n := 1000001
	for s.issues.has("WI" + strconv.Itoa(n)) {
		n++
	}
	return "WI" + strconv.Itoa(n)
}

func (s *Server) listIssues(c *call) (reply, error) {
	return c.page(issueType, "knownIssues", s.issues.len(), func(i int) object {
		return c.issue(s.issues.at(i))
	})
}

func (s *Server) getIssue(c *call) (reply, error) {
	i, err := s.issues.find(c.ids[0], issueType)
	if err != nil {
		return reply{}, err
	}
	return c.one(issueType, "knownIssues/$entity", c.issue(i))
}

func (s *Server) findIssuesByArticle(c *call) (reply, error) {
	article, err := c.article()
	if err != nil {
		return reply{}, err
	}
	var found []object
	for _, i := range s.issues.all() {
		if slices.Contains(i.articles(), article) {
			found = append(found, c.issue(i))
		}
	}
	return c.found(issueType, found)
}

func (s *Server) issuesOf(productID string) []*knownIssue {
	var found []*knownIssue
	for _, i := range s.issues.all() {
		if slices.Contains(i.products, productID) {
			found = append(found, i)
		}
	}
	return found
}

func (i *knownIssue) id() string { return textOf(i.properties, "id") }

// isWithin reports whether the issue was resolved since a time, or is active if active issues are
// requested.
func (i *knownIssue) isWithin(from time.Time, active bool) bool {
	resolved, ok := odata.ParseTime(textOf(i.properties, "resolvedDateTime"))
	if !ok {
		return active
	}
	return !resolved.Before(from)
}

// articles returns the IDs of the articles that caused or resolved the issue.
func (i *knownIssue) articles() []string {
	var found []string
	for _, name := range issueArticles() {
		article, _ := i.properties[name].(object)
		if id := textOf(article, "id"); id != "" {
			found = append(found, id)
		}
	}
	return found
}

// issueArticles lists the properties with an issue's articles.
func issueArticles() []string { return []string{originatingArticle, resolvingArticle} }

// issue renders a known issue as it is sent.
func (c *call) issue(i *knownIssue) object {
	o := maps.Clone(i.properties)
	for _, name := range issueArticles() {
		if _, ok := o[name].(object); ok {
			o[name+"@odata.context"] = c.metadata("knownIssues('" + i.id() + "')/" + name + "/$entity")
		}
	}
	return o
}

// article is the ID of the knowledge base article whose number is an argument.
func (c *call) article() (string, error) {
	args, err := c.arguments()
	if err != nil {
		return "", err
	}
	number, err := args.Natural("kbNumber")
	return articleID(number), err
}

func articleID(number int) string { return "KB" + strconv.Itoa(number) }

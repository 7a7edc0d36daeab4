package faults

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// exchange is a request with its response, as the service knows it.
type exchange struct {
	at      time.Time
	request *request
	fault   fault
	status  int
	header  http.Header
	body    any
	text    []byte
	good    bool     // the program got the whole response, which is a success
	effects []effect // of the request, at once or later
	owner   string   // the audience or group whose members or exclusions it lists
}

// effect is a change that the service has accepted.
type effect struct {
	verb string // create, delete, patch, addMembers, enroll, …
	kind string // deployments, deploymentAudiences, updatePolicies, complianceChanges, or a category
	id   string // of the object
	ids  []string
	body obj    // of a patch
	was  string // the effective state of a deployment that it deletes
}

func (e effect) has(id string) bool { return slices.Contains(e.ids, id) }

func (x *exchange) String() string {
	text := fmt.Sprintf("%s %s %s", x.at.Format("15:04:05.000"), x.request.method, x.request.route())
	if len(x.request.query) > 0 {
		text += fmt.Sprint(x.request.query)
	}
	if len(x.request.body) > 0 {
		text += " " + shortened(x.request.text)
	}
	text += fmt.Sprintf(" -> %d", x.status)
	if x.fault != none {
		text += " " + x.fault.String()
	}
	return text + " " + shortened(x.text) + x.effect()
}

func (x *exchange) effect() string {
	var text string
	for _, e := range x.effects {
		text += fmt.Sprintf(" [%s %s %s %d]", e.verb, e.kind, e.id, len(e.ids))
	}
	return text
}

func shortened(text []byte) string {
	const most = 400
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

// effects are those of the last call.
func (s *service) effects() []effect {
	var all []effect
	for _, x := range s.log {
		all = append(all, x.effects...)
	}
	return all
}

// made returns the IDs of the objects of a kind that the last call created.
func (s *service) made(kind string) []string {
	var ids []string
	for _, e := range s.effects() {
		if e.verb == "create" && e.kind == kind {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// did reports whether the last call had an effect on an object.
func (s *service) did(verb, kind, id string) bool {
	return slices.ContainsFunc(s.effects(), func(e effect) bool {
		return e.verb == verb && e.kind == kind && e.id == id
	})
}

// notFounds counts the latest consecutive 404 or 410 among the responses to reads of a path
// in the last call.
func (s *service) notFounds(path string) int {
	n := 0
	for _, x := range s.log {
		switch {
		case x.request.method != http.MethodGet || x.request.route() != path:
		case x.isNotFound():
			n++
		case x.good:
			n = 0
		}
	}
	return n
}

// listing is a whole list of the members or exclusions of an audience, or of the members of a group,
// as the program got it.
type listing struct {
	ids         []string
	enrolled    []string // in any category
	notFound    bool     // 404 instead of a list, and 200 for the audience
	path        string
	first, last int // exchanges
}

// listings are those of the last call, oldest first.
func (s *service) listings(audience, set string) []listing {
	var all []listing
	var open listing
	for i, x := range s.log {
		isList := x.request.path[len(x.request.path)-1] == set && (x.owner == audience || x.owner == "") &&
			isGroupID(audience) == (x.request.path[0] == "updatableAssets")
		isFirst := isList && !x.request.query.Has("$skiptoken")
		if open.notFound && x.request.route()+"/"+set != open.path { // it is not followed by the audience
			open = listing{}
		}
		switch {
		case isFirst && x.isNotFound():
			open = listing{notFound: true, path: x.request.route(), first: i}
		case !x.good:
		case open.notFound:
			open.last = i
			all, open = append(all, open), listing{}
		case isList:
			if isFirst {
				open = listing{first: i}
			}
			open.ids, open.enrolled = append(open.ids, x.ids()...), append(open.enrolled, x.enrolled()...)
			if x.body.(obj)["@odata.nextLink"] == nil {
				open.last = i
				all, open = append(all, open), listing{}
			}
		}
	}
	return all
}

func (x *exchange) isNotFound() bool {
	return x.status == http.StatusNotFound || x.status == http.StatusGone
}

// ids are those of the items of a page.
func (x *exchange) ids() []string {
	var ids []string
	for _, item := range x.body.(obj)["value"].([]any) {
		ids = append(ids, item.(obj)["id"].(string))
	}
	return ids
}

// enrolled are the IDs of the devices of a page that are enrolled in a category.
func (x *exchange) enrolled() []string {
	var ids []string
	for _, one := range x.body.(obj)["value"].([]any) {
		enrollment, _ := one.(obj)["enrollment"].(obj)
		for _, category := range enrollment {
			if in, _ := category.(obj); in["enrollmentState"] == "enrolled" {
				ids = append(ids, one.(obj)["id"].(string))
				break
			}
		}
	}
	return ids
}

// request is a request, read.
type request struct {
	method string
	url    string   // without the query
	path   []string // below the root, actions without namespace
	query  url.Values
	body   obj
	text   []byte
}

type obj = map[string]any

const root = "/beta/admin/windows/updates/"

func newRequest(req *http.Request, text []byte) *request {
	r := &request{method: req.Method, query: req.URL.Query(), text: text, body: obj{}}
	r.url = "https://" + req.URL.Host + req.URL.Path
	for part := range strings.SplitSeq(strings.TrimPrefix(req.URL.Path, root), "/") {
		r.path = append(r.path, strings.TrimPrefix(part, "microsoft.graph.windowsUpdates."))
	}
	decode(text, &r.body)
	return r
}

// route is the path below the root.
func (r *request) route() string { return "/" + strings.Join(r.path, "/") }

func (r *request) isRead() bool { return r.method == http.MethodGet }

// isList reports whether the request reads a list of objects that are created one by one.
func (r *request) isList() bool {
	switch r.path[len(r.path)-1] {
	case "deployments", "deploymentAudiences", "updatePolicies", "complianceChanges", "contentApproval":
		return r.isRead() && len(r.path)%2 == 1 || len(r.path) == 4 && r.path[3] == "contentApproval"
	case "updatableAssetGroup":
		return len(r.path) == 2
	}
	return false
}

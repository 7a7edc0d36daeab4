package recording

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// place is where a value stands: in a request that the code under test makes, or in a
// response, from which the code takes it for the next request.
type place struct {
	request  func(v string) sent                        // nil for one that has nothing
	header   http.Header                                // of the request
	response func(v string) *http.Response              // nil for one that repeats the request's value
	take     func(r *http.Response, body string) string // nil where the code takes nothing
	names    bool                                       // a member by the value, which a literal may name
	known    *regexp.Regexp                             // what the recorder knows at this place
}

func inRequest(request func(v string) sent) place { return place{request: request} }

func inResponse(path string, body func(v string) string, member string) place {
	p := place{response: func(v string) *http.Response { return ok(body(v)) }}
	p.request = func(string) sent { return sent{path, ""} }
	if member != "" {
		p.take = func(_ *http.Response, body string) string { return findMember(body, member) }
	}
	return p
}

// findMember is the first text under a name in JSON; "" is the first name of a member.
func findMember(body, member string) string {
	values, _ := readBody(strings.TrimPrefix(body, "\ufeff"))
	found := ""
	var look func(value any)
	look = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				look(item)
			}
		case map[string]any:
			for name, inner := range value {
				text, ok := inner.(string)
				switch {
				case member == "" && found == "":
					found = name
				case ok && name == member && found == "":
					found = text
				}
				look(inner)
			}
		}
	}
	look(values)
	return found
}

func body(path, before string, after string) func(v string) sent {
	return func(v string) sent { return sent{path, before + quoteJSON(v) + after} }
}

func query(before string) func(v string) sent {
	return func(v string) sent { return sent{before + url.QueryEscape(v), ""} }
}

func odataQuoted(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" }

func between(before, after string) func(v string) string {
	return func(v string) string { return before + quoteJSON(v) + after }
}

var formHeader = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}

// places are where values are planted.
var places = map[string]place{
	"path":              inRequest(func(v string) sent { return sent{"/policies/" + url.PathEscape(v), ""} }),
	"path of its own":   inRequest(func(v string) sent { return sent{graph + "/own/" + url.PathEscape(v), ""} }),
	"key":               inRequest(func(v string) sent { return sent{"/policies(" + url.PathEscape(odataQuoted(v)) + ")", ""} }),
	"option":            inRequest(query("/policies?own=")),
	"name of an option": inRequest(func(v string) sent { return sent{"/policies?" + url.QueryEscape(v) + "=1", ""} }),
	"search":            inRequest(query("/policies?$search=")),
	"filter":            inRequest(func(v string) sent { return query("/policies?$filter=")("displayName eq " + odataQuoted(v)) }),
	"filter, whole":     inRequest(query("/policies?$filter=")),
	"expand": inRequest(func(v string) sent {
		return query("/policies?$expand=")("rings($filter=displayName eq " + odataQuoted(v) + ")")
	}),
	"token":       inRequest(query("/policies?$skiptoken=")),
	"known text":  inRequest(body("/policies", `{"displayName":`, `}`)),
	"own member":  inRequest(body("/policies", `{"own":`, `}`)),
	"list":        inRequest(body("/policies", `{"own":[1,[`, `]]}`)),
	"enumeration": inRequest(body("/deployments", `{"state":{"requestedValue":`, `}}`)),
	"time":        inRequest(body("/deployments", `{"settings":{"schedule":{"startDateTime":`, `}}}`)),
	"type":        inRequest(body("/policies", `{"@odata.type":`, `}`)),
	"reference": inRequest(func(v string) sent {
		return body("/policies", `{"audience@odata.bind":`, `}`)(base + "/x/" + url.PathEscape(v))
	}),
	"name of a member": inRequest(body("/policies", `{"own":{`, `:1}}`)),
	"entry":            inRequest(func(v string) sent { return sent{"/catalog/entries/" + url.PathEscape(v), ""} }),
	"id of an entry":   inRequest(body("/policies/"+fakeID(1)+"/approvals", `{"catalogEntryId":`, `}`)),
	"function": inRequest(func(v string) sent {
		return sent{"/products/findByCatalogId(catalogID=" + url.PathEscape(odataQuoted(v)) + ")", ""}
	}),
	"number in a filter": inRequest(func(v string) sent { return query("/deployments?$filter=")("threshold eq " + v) }),
	"text as a body":     inRequest(func(v string) sent { return sent{"/policies", "text " + v} }),
	"whole body":         inRequest(func(v string) sent { return sent{"/policies", v} }),
	"JSON in a text":     inRequest(func(v string) sent { return body("/policies", `{"own":`, `}`)(`{"own":` + quoteJSON(v) + `}`) }),
	"lines of JSON":      inRequest(func(v string) sent { return sent{"/policies", `{"own":1}` + "\n" + `{"own":` + quoteJSON(v) + `}`} }),
	"form":               {request: func(v string) sent { return sent{"/policies", "own=" + url.QueryEscape(v)} }, header: formHeader},
	"name in a form":     {request: func(v string) sent { return sent{"/policies", url.QueryEscape(v) + "=1"} }, header: formHeader},

	"response, known text":  inResponse("/policies", between(`{"value":[{"displayName":`, `}]}`), "displayName"),
	"response, own member":  inResponse("/policies", between(`{"own":`, `}`), "own"),
	"response, own service": inResponse(graph+"/own", between(`{"own":[{"own":`, `}]}`), "own"),
	"response, enumeration": inResponse("/deployments/"+fakeID(1), between(`{"state":{"effectiveValue":`, `}}`), "effectiveValue"),
	"response, time":        inResponse("/deployments/"+fakeID(1), between(`{"createdDateTime":`, `}`), "createdDateTime"),
	"response, id":          inResponse("/deployments/"+fakeID(1), between(`{"id":`, `}`), "id"),
	"response, entry": {
		request:  func(string) sent { return sent{"/policies/" + fakeID(1) + "/approvals", ""} },
		response: func(v string) *http.Response { return ok(`{"catalogEntryId":` + quoteJSON(v) + `}`) },
		known:    catalogID,
	},
	"response, number": inResponse("/deployments/"+fakeID(1), between(`{"settings":{"userExperience":{"daysUntilForcedReboot":`, `}}}`), ""),
	"response, name": {
		response: func(v string) *http.Response { return ok(`{` + quoteJSON(v) + `:{}}`) },
		take:     func(_ *http.Response, body string) string { return findMember(body, "") },
		names:    true,
	},
	"response, message": {
		response: func(v string) *http.Response {
			return reply(400, `{"error":{"code":"BadRequest","message":`+quoteJSON(v)+`}}`)
		},
		take: func(_ *http.Response, body string) string { return findMember(body, "message") },
	},
	"response, code": {
		response: func(v string) *http.Response { return reply(400, `{"error":{"code":`+quoteJSON(v)+`}}`) },
		take:     func(_ *http.Response, body string) string { return findMember(body, "code") },
	},
	"response, type":      inResponse("/policies", between(`{"value":[{"@odata.type":`, `}]}`), "@odata.type"),
	"response, vendor":    inResponse("/deploymentAudiences/"+fakeID(1)+"/applicableContent", between(`{"value":[{"matchedDevices":[{"recommendedBy":[`, `]}]}]}`), ""),
	"response, in a text": inResponse("/policies", func(v string) string { return `{"own":` + quoteJSON(`{"own":`+quoteJSON(v)+`}`) + `}` }, "own"),
	"response, marked":    inResponse("/policies", func(v string) string { return "\ufeff" + `{"own":` + quoteJSON(v) + `}` }, "own"),
	"response, lines":     inResponse("/policies", func(v string) string { return `{"a":1}` + "\n" + `{"own":` + quoteJSON(v) + `}` }, "own"),
	"response, deep": inResponse("/policies", func(v string) string {
		return strings.Repeat(`{"own":[`, 120) + quoteJSON(v) + strings.Repeat(`]}`, 120)
	}, ""),
	"response, annotation": inResponse("/policies", between(`{"own@fabrikam.tag":`, `}`), ""),
	"response, context": inResponse("/policies", func(v string) string {
		return `{"@odata.context":` + quoteJSON(graph+"/$metadata#policies('"+url.PathEscape(v)+"')") + `}`
	}, ""),
	"response, page":        {response: func(v string) *http.Response { return reply(502, "<p>"+v+"</p>", "Content-Type", "text/html") }},
	"response, text":        {response: func(v string) *http.Response { return reply(200, "own "+v, "Content-Type", "text/plain") }},
	"response, whole":       {response: func(v string) *http.Response { return reply(200, v) }},
	"response, binary":      {response: func(v string) *http.Response { return reply(200, "\x00\xff"+v, "Content-Type", "image/png") }},
	"response, media type":  {response: func(v string) *http.Response { return reply(200, "{}", "Content-Type", "application/json; own="+v) }},
	"response, other media": {response: func(v string) *http.Response { return reply(200, "{}", "Content-Type", v) }},
	"response, cookie":      {response: func(v string) *http.Response { return reply(200, "{}", "Set-Cookie", v) }},
	"response, request id":  {response: func(v string) *http.Response { return reply(200, "{}", "Request-Id", v) }},
	"response, wait":        {response: func(v string) *http.Response { return reply(429, "{}", "Retry-After", v) }},
	"response, next": inResponse("/policies", func(v string) string {
		return `{"@odata.nextLink":` + quoteJSON(base+"/policies?$skiptoken="+url.QueryEscape(v)) + `}`
	}, "@odata.nextLink"),
	"response, next's path": inResponse("/policies", func(v string) string {
		return `{"@odata.nextLink":` + quoteJSON(base+"/policies/"+url.PathEscape(v)+"?$top=5") + `}`
	}, "@odata.nextLink"),
	"response, next's filter": inResponse("/policies", func(v string) string {
		return `{"@odata.nextLink":` + quoteJSON(base+"/policies?$filter="+url.QueryEscape("displayName eq "+odataQuoted(v))) + `}`
	}, "@odata.nextLink"),
	"response, location": {
		response: func(v string) *http.Response { return reply(202, "", "Location", base+"/policies/"+url.PathEscape(v)) },
		take:     func(r *http.Response, _ string) string { return r.Header.Get("Location") },
	},
}

package recording

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// knownHosts are those of Microsoft Graph.
var knownHosts = []string{
	"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
	"localhost",
}

// host is the host of a URL, with its port.
func (r *redactor) host(host string) string {
	switch {
	case slices.Contains(knownHosts, host) || r.written[host]:
		return host
	case r.request && r.source.has(host):
		r.written[host] = true
		return host
	}
	name, port, err := net.SplitHostPort(host)
	if err == nil {
		return net.JoinHostPort(r.host(name), port)
	}
	if kept, ok := r.settled(host); ok {
		return kept
	}
	if r.request {
		r.refuse("has a host that is no literal in the test: write it as one, or take it from Recorder.Secret")
		return host
	}
	return r.fakes.make(host, shapeHost)
}

var versionForm = regexp.MustCompile(`^v\d{1,2}(?:\.\d{1,2})?$`)

// segment is a segment of a path. before is the one before it, which says what ids it
// may have.
func (r *redactor) segment(before, text string) string {
	match := keyed.FindStringSubmatch(text)
	switch kind := known().ids[before]; {
	case r.secretNames[strings.ToLower(text)] != "":
		return r.text(text)
	case known().isWord(text), versionForm.MatchString(text):
		return text
	case match != nil && known().isWord(match[1]):
		return match[1] + "(" + r.arguments(match[1], match[2]) + ")"
	case kind == "catalog":
		return r.entryID(text)
	case isShortNumber(text):
		return r.number(text, property{})
	}
	return r.text(text)
}

// entryID is the ID of a catalog entry: one that a response has, or that the author wrote.
func (r *redactor) entryID(text string) string {
	lower := strings.ToLower(text)
	if !catalogID.MatchString(text) || r.request && !r.catalog[lower] && !r.source.has(text) {
		return r.text(text)
	}
	r.catalog[lower] = true
	return text
}

// arguments are what a word in a path has in its parentheses: a key, or the arguments
// of a function with their names.
func (r *redactor) arguments(word, text string) string {
	if key, ok := strings.CutPrefix(text, "'"); ok && !strings.Contains(text, "=") {
		return "'" + r.segment(word, strings.TrimSuffix(key, "'")) + "'"
	}
	return r.expression(text)
}

// option is an option of a query or a field of a form.
func (r *redactor) option(name, value string) (string, string) {
	switch {
	case isExpression(name):
		return name, r.expression(value)
	case r.isKept([]string{name}):
		return r.name(name), r.withoutSecrets(value)
	case isShortNumber(value):
		return r.name(name), r.number(value, property{})
	case r.request:
		return r.name(name), r.text(value)
	}
	return r.name(name), r.token(value)
}

// token is a value of an option in a link, which tells the service where to go on.
func (r *redactor) token(value string) string {
	if kept, ok := r.settled(value); ok {
		return kept
	}
	if isGUID(value) {
		return r.text(value)
	}
	return r.fakes.make(value, shapeToken)
}

var linkForm = regexp.MustCompile(`^(?i:https?://|/[^/\s][^\s]*$)`)

func isLink(text string) bool { return linkForm.MatchString(text) }

// link redacts the parts of a URL, absolute or relative.
func (r *redactor) link(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" {
		return r.unreadable(text)
	}
	out := editPath(u.EscapedPath(), r, inLinkSegment)
	if u.Host != "" {
		out = strings.ToLower(u.Scheme) + "://" + r.host(canonicalHost(u)) + out
	}
	if query := editQuery(u.RawQuery, r, inLinkValue); query != "" {
		out += "?" + query
	}
	if u.Fragment != "" {
		out += "#" + editPath(u.EscapedFragment(), r, inLinkSegment)
	}
	return out
}

// unreadable is a text that cannot be taken apart.
func (r *redactor) unreadable(text string) string {
	if !r.request {
		return r.fakes.make(text, shapeText)
	}
	r.refuse(unknown(text))
	return text
}

// isOption is whether a query option is one of OData.
func isOption(name string) bool {
	switch bareOption(name) {
	case "apply", "compute", "count", "deltatoken", "expand", "filter", "format", "orderby", "search", "select",
		"skip", "skiptoken", "top":
		return true
	}
	return false
}

// isExpression is whether the value of an option has a grammar.
func isExpression(name string) bool {
	switch bareOption(name) {
	case "apply", "compute", "expand", "filter", "orderby", "search", "select":
		return strings.HasPrefix(name, "$")
	}
	return false
}

func bareOption(name string) string { return strings.TrimPrefix(strings.ToLower(name), "$") }

package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// handler answers one kind of request. It runs under the simulator's lock.
type handler func(*Server, *call) (reply, error)

// methods has the handlers of a route by HTTP method. Empty methods are a route that rejects all of
// them.
type methods map[string]handler

// route is a path below the area. {} matches any key. A segment that begins with op: is an action or
// function, which can be qualified by its namespace; its case does not matter.
type route struct {
	segments []string
	methods  methods
}

// keys counts the keys in the path.
func (r route) keys() int {
	return len(slices.DeleteFunc(slices.Clone(r.segments), func(segment string) bool { return segment != "{}" }))
}

// find returns the handler of a call and stores the keys of its path.
func (s *Server) find(c *call) (handler, error) {
	segments, ok := splitPath(c.request.URL.EscapedPath())
	if strings.HasPrefix(c.request.URL.Path, "/v1.0/admin/windows/") {
		return nil, odata.BadRequest("Resource not found for the segment 'windows'.") // observed
	}
	if !ok {
		return nil, odata.NewFault(http.StatusNotFound, "Resource not found.")
	}
	for _, r := range s.routes {
		if ids, ok := r.keysOf(segments); ok {
			if i := slices.IndexFunc(ids, s.isTooNew); i >= 0 {
				return nil, odata.NotFound(ids[i])
			}
			c.ids = ids
			return r.handler(c.request.Method)
		}
	}
	return nil, odata.NewFault(http.StatusNotFound,
		fmt.Sprintf("Resource not found for the segment '%s'.", segments[len(segments)-1]))
}

func (r route) handler(method string) (handler, error) {
	if h, ok := r.methods[method]; ok {
		return h, nil
	}
	return nil, odata.NewFault(http.StatusMethodNotAllowed, "The HTTP method is not allowed for this resource.")
}

// keysOf returns the keys of a path, if it is of this route.
func (r route) keysOf(segments []string) ([]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	var ids []string
	for i, want := range r.segments {
		if want == "{}" && segments[i] != "" {
			ids = append(ids, segments[i])
		} else if !sameSegment(want, segments[i]) {
			return nil, false
		}
	}
	return ids, true
}

func sameSegment(want, got string) bool {
	operation, ok := strings.CutPrefix(want, "op:")
	if !ok {
		return want == got
	}
	for _, qualifier := range []string{namespace, "Default."} {
		if strings.EqualFold(qualifier+operation, got) {
			return true
		}
	}
	return strings.EqualFold(operation, got)
}

// splitPath splits the path below the root of the area. With either way to write a key, the key is a
// segment of its own. A function has no arguments.
func splitPath(escaped string) ([]string, bool) {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(escaped, "/"), areaRoot+"/")
	if !ok {
		return nil, false
	}
	var segments []string
	for part := range strings.SplitSeq(rest, "/") {
		segment, err := url.PathUnescape(part)
		if err != nil {
			return nil, false
		}
		segments = append(segments, splitKey(segment)...)
	}
	return segments, true
}

// splitKey splits name('key') in two and removes the arguments of a function.
func splitKey(segment string) []string {
	name, inside, ok := strings.Cut(segment, "(")
	if !ok || name == "" || !strings.HasSuffix(inside, ")") {
		return []string{segment}
	}
	inside = strings.TrimSuffix(inside, ")")
	if len(inside) >= 2 && inside[0] == '\'' && inside[len(inside)-1] == '\'' {
		return []string{name, strings.ReplaceAll(inside[1:len(inside)-1], "''", "'")}
	}
	return []string{name + "()"}
}

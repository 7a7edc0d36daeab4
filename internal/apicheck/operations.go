package apicheck

import (
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Facts are a list at the end of a comment, after an empty line, that says what a
// function sends, what it takes to be allowed to, and where to read about it:
//
//   - Graph: POST /deployments
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/...
//
// Graph and Page can be "none" with a reason after a comma. There is a Graph
// item for each operation.
const (
	graphFact      = "  - Graph: "
	permissionFact = "  - Permission: "
	pageFact       = "  - Page: "

	canRead  = "WindowsUpdates.Read.All"
	canWrite = "WindowsUpdates.ReadWrite.All"
)

// isFact reports whether a line of a comment is for the checks as much as for people.
func isFact(line string) bool {
	return strings.HasPrefix(line, graphFact) || strings.HasPrefix(line, permissionFact) || strings.HasPrefix(line, pageFact)
}

var (
	pathLine   = regexp.MustCompile(`^  (/.*):$`)
	methodLine = regexp.MustCompile(`^    (get|post|put|patch|delete):$`)
	parameter  = regexp.MustCompile(`\{[^}]*\}`)
)

// operations reads the operations of a description, such as
// "GET /deployments/{}". It understands the plain layout of our own file.
func operations(description string) map[string]bool {
	known, path := map[string]bool{}, ""
	for line := range strings.SplitSeq(description, "\n") {
		if match := pathLine.FindStringSubmatch(line); match != nil {
			path = match[1]
		}
		if match := methodLine.FindStringSubmatch(line); match != nil {
			known[anonymous(strings.ToUpper(match[1])+" "+path)] = true
		}
	}
	return known
}

// anonymous drops the names of path parameters, so that they are compared by
// position.
func anonymous(operation string) string {
	return parameter.ReplaceAllString(operation, "{}")
}

// unexplained lists the functions of a package that send something and do not say
// truly what.
func unexplained(p *packages.Package, known map[string]bool) []string {
	var findings []string
	for fn, decl := range functions(p) {
		if !isAPI(fn) || !sends(fn.Signature()) {
			continue
		}
		for _, problem := range readFacts(decl.Doc.Text()).problems(known) {
			findings = append(findings, found(p, decl, "%s: %s", nameOf(fn), problem))
		}
	}
	return findings
}

// isClient reports whether the functions of a package are asked what they send.
// Credentials, the simulator and the recorder call no operation of their own,
// and a list sends what the method that made it says.
func isClient(name string) bool {
	return !isUnder(name, "auth") && !isStandIn(name) && name != "updates/odata"
}

// sends reports whether a function has a context among its parameters, or gives a list.
func sends(signature *types.Signature) bool {
	for parameter := range signature.Params().Variables() {
		if isNamed(parameter.Type(), "context", "Context") {
			return true
		}
	}
	for result := range signature.Results().Variables() {
		if isNamed(result.Type(), modulePath+"/updates/odata", "List") {
			return true
		}
	}
	return false
}

// isNamed reports whether a type, or what it points to, is that one of a package.
func isNamed(t types.Type, importPath, name string) bool {
	named := typeName(t)
	return named != nil && named.Name() == name && named.Pkg().Path() == importPath
}

// facts are the values of a comment's fact lines.
type facts struct {
	graph, permission, page []string
}

func readFacts(comment string) facts {
	var f facts
	for line := range strings.SplitSeq(comment, "\n") {
		if value, ok := strings.CutPrefix(line, graphFact); ok {
			f.graph = append(f.graph, value)
		}
		if value, ok := strings.CutPrefix(line, permissionFact); ok {
			f.permission = append(f.permission, value)
		}
		if value, ok := strings.CutPrefix(line, pageFact); ok {
			f.page = append(f.page, value)
		}
	}
	return f
}

func (f facts) problems(known map[string]bool) []string {
	return slices.Concat(f.graphProblems(known), f.permissionProblems(), f.pageProblems())
}

func (f facts) graphProblems(known map[string]bool) []string {
	if len(f.graph) == 0 {
		return []string{`no line "Graph: METHOD /path" and no "Graph: none, REASON"`}
	}
	if f.sendsNothing() {
		return nil
	}
	var problems []string
	for _, operation := range f.graph {
		if !known[anonymous(operation)] {
			problems = append(problems, "the description has no operation "+operation)
		}
	}
	return problems
}

func (f facts) permissionProblems() []string {
	if len(f.permission) != 1 {
		return []string{"not exactly one Permission line"}
	}
	switch permission := f.permission[0]; {
	case f.sendsNothing() && slices.Contains([]string{canRead, canWrite, "none", "depends on the route"}, permission):
		return nil
	case permission != canRead && permission != canWrite:
		return []string{"no such permission for an operation: " + permission}
	case permission == canRead && slices.ContainsFunc(f.graph, isWrite):
		return []string{"a write needs Permission: " + canWrite}
	}
	return nil
}

func (f facts) pageProblems() []string {
	reads := func(page string) bool {
		return strings.HasPrefix(page, "https://learn.microsoft.com/") || isReasonedNone(page)
	}
	switch {
	case len(f.page) == 0:
		return []string{`no line "Page: https://learn.microsoft.com/..." and no "Page: none, REASON"`}
	case !slices.ContainsFunc(f.page, func(page string) bool { return !reads(page) }):
		return nil
	default:
		return []string{"a Page line is neither an address on learn.microsoft.com nor none with a reason"}
	}
}

// sendsNothing reports whether the only Graph line says so and why.
func (f facts) sendsNothing() bool {
	return len(f.graph) == 1 && isReasonedNone(f.graph[0])
}

func isReasonedNone(value string) bool {
	reason, ok := strings.CutPrefix(value, "none,")
	return ok && reason != ""
}

func isWrite(operation string) bool {
	return !strings.HasPrefix(operation, "GET ")
}

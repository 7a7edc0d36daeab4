package apicheck

import (
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// facts are what a comment says of a function: its operations, their permission, and their
// pages. A function of one or two operations says so in its last visible line:
//
//	Graph: POST /deployments (WindowsUpdates.ReadWrite.All)
//
// One of more operations has them in directives, which go doc hides, and the permission
// in a visible line:
//
//	Permission: WindowsUpdates.ReadWrite.All.
//
//	//graph:op GET /deployments
//	//graph:page https://learn.microsoft.com/graph/api/...
//
// An operation and a page can be "none" with a reason after a comma.
type facts map[string][]string

const (
	canRead  = "WindowsUpdates.Read.All"
	canWrite = "WindowsUpdates.ReadWrite.All"
)

var (
	pathLine   = regexp.MustCompile(`^  (/.*):$`)
	methodLine = regexp.MustCompile(`^    (get|post|put|patch|delete):$`)
	factLine   = regexp.MustCompile(`(?m)^  - (Graph|Permission|Page): (.*)$`)
	graphLine  = regexp.MustCompile(`(?m)^Graph: (.*) \((WindowsUpdates[^)]*)\)$`)
	permitLine = regexp.MustCompile(`(?m)^Permission: (.*?)\.?$`)
	directive  = regexp.MustCompile(`(?m)^graph:(op|page) (.*)$`)
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
	for _, e := range exports(p) {
		fn, ok := e.Object.(*types.Func)
		if !ok || !sends(fn.Signature()) {
			continue
		}
		for _, problem := range readFacts(e.comment).problems(known) {
			findings = append(findings, found(p, e, "%s: %s", e.name, problem))
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

func readFacts(comment string) facts {
	f := facts{}
	for _, match := range factLine.FindAllStringSubmatch(comment, -1) {
		f[match[1]] = append(f[match[1]], match[2])
	}
	for _, match := range graphLine.FindAllStringSubmatch(comment, -1) {
		f["Graph"] = append(f["Graph"], strings.Split(match[1], ", ")...)
		f["Permission"] = append(f["Permission"], match[2])
	}
	for _, match := range permitLine.FindAllStringSubmatch(comment, -1) {
		f["Permission"] = append(f["Permission"], match[1])
	}
	for _, match := range directive.FindAllStringSubmatch(comment, -1) {
		name := map[string]string{"op": "Graph", "page": "Page"}[match[1]]
		f[name] = append(f[name], match[2])
	}
	return f
}

func (f facts) problems(known map[string]bool) []string {
	return slices.Concat(f.graphProblems(known), f.permissionProblems(), f.pageProblems())
}

func (f facts) graphProblems(known map[string]bool) []string {
	var problems []string
	for _, operation := range f["Graph"] {
		if !known[anonymous(operation)] && !f.sendsNothing() {
			problems = append(problems, "the description has no operation "+operation)
		}
	}
	if len(f["Graph"]) == 0 {
		problems = append(problems, `no line "Graph: METHOD /path" and no "Graph: none, REASON"`)
	}
	return problems
}

func (f facts) permissionProblems() []string {
	permission := strings.Join(f["Permission"], ", ")
	isWrite := func(operation string) bool { return !strings.HasPrefix(operation, "GET ") }
	switch {
	case len(f["Permission"]) != 1:
		return []string{"not exactly one Permission line"}
	case f.sendsNothing() && (permission == "none" || permission == "depends on the route"):
		return nil
	case permission != canRead && permission != canWrite:
		return []string{"no such permission for an operation: " + permission}
	case permission == canRead && !f.sendsNothing() && slices.ContainsFunc(f["Graph"], isWrite):
		return []string{"a write needs Permission: " + canWrite}
	}
	return nil
}

func (f facts) pageProblems() []string {
	if len(f["Page"]) == 0 {
		return []string{`no line "Page: https://learn.microsoft.com/..." and no "Page: none, REASON"`}
	}
	for _, page := range f["Page"] {
		if !strings.HasPrefix(page, "https://learn.microsoft.com/") && !isReasonedNone(page) {
			return []string{"a Page line is neither an address on learn.microsoft.com nor none with a reason"}
		}
	}
	return nil
}

// sendsNothing reports whether the only Graph line says so and why.
func (f facts) sendsNothing() bool {
	return len(f["Graph"]) == 1 && isReasonedNone(f["Graph"][0])
}

func isReasonedNone(value string) bool {
	reason, ok := strings.CutPrefix(value, "none,")
	return ok && reason != ""
}

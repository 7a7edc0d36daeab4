package apicheck

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// coverage says of each operation of the description which methods send it, which
// tests call those, and whether the simulator answers it.
type coverage struct {
	operations map[string]bool
	methods    map[string][]string // of an operation: accessor and method, such as "Deployments.Get"
	tests      map[string][]string // of a method: package and function, such as "deployments.TestX"
	simulated  map[string]bool
	notOffered map[string]string // the reasons
	toDo       []string          // operations that may still lack a method or a simulation
}

// table is in Markdown, by path and method.
func (c coverage) table() string {
	var text strings.Builder
	text.WriteString("| Operation | Methods of the client | Tested, among others, by | Simulated |\n")
	text.WriteString("|---|---|---|---|\n")
	for _, operation := range slices.SortedFunc(maps.Keys(c.operations), byPath) {
		methods := c.methods[operation]
		offered := strings.Join(methods, ", ")
		if offered == "" {
			offered = "none: " + c.reason(operation)
		}
		simulated := "yes"
		if !c.simulated[operation] {
			simulated = "no"
		}
		tests := strings.Join(c.shown(methods), ", ")
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", operation, offered, tests, simulated)
	}
	return text.String()
}

func (c coverage) reason(operation string) string {
	if slices.Contains(c.toDo, operation) {
		return "to do"
	}
	return c.notOffered[operation]
}

// shown is the first test of each method.
func (c coverage) shown(methods []string) []string {
	var tests []string
	for _, method := range methods {
		if all := c.tests[method]; len(all) > 0 && !slices.Contains(tests, all[0]) {
			tests = append(tests, all[0])
		}
	}
	return tests
}

// gaps lists what has neither a method nor a reason, offers untested, or does not
// simulate.
func (c coverage) gaps() []string {
	var findings []string
	for _, operation := range slices.SortedFunc(maps.Keys(c.operations), byPath) {
		findings = append(findings, c.gapsOf(operation)...)
	}
	for _, operation := range slices.Sorted(maps.Keys(c.notOffered)) {
		if !c.operations[operation] {
			findings = append(findings, operation+" is not an operation")
		}
	}
	for _, operation := range c.toDo {
		if len(c.methods[operation]) > 0 && c.simulated[operation] || !c.operations[operation] {
			findings = append(findings, operation+" is nothing to do")
		}
	}
	return findings
}

func (c coverage) gapsOf(operation string) []string {
	var findings []string
	methods, reason, toDo := c.methods[operation], c.notOffered[operation], slices.Contains(c.toDo, operation)
	switch {
	case toDo && len(methods) == 0:
	case len(methods) == 0 && reason == "":
		findings = append(findings, operation+" has neither a method nor a reason")
	case len(methods) > 0 && reason != "":
		findings = append(findings, operation+" has a method, and a reason why not")
	}
	if !c.simulated[operation] && !toDo {
		findings = append(findings, operation+" is not simulated")
	}
	for _, method := range methods {
		if len(c.tests[method]) == 0 {
			findings = append(findings, operation+": no test calls "+method)
		}
	}
	return findings
}

// byPath sorts operations such as "GET /deployments".
func byPath(a, b string) int {
	turned := func(operation string) string {
		method, path, _ := strings.Cut(operation, " ")
		return path + " " + method
	}
	return strings.Compare(turned(a), turned(b))
}

// clients are the types that methods of updates.Client give, such as "catalog.Client",
// with the name of the method, such as "Catalog"; updates.Client itself has none.
type clients map[string]string

func accessors(updates *types.Package) clients {
	client := updates.Scope().Lookup("Client")
	found := clients{fullName(client): ""}
	for method := range client.Type().(*types.Named).Methods() {
		signature := method.Signature()
		if signature.Params().Len() > 0 || signature.Results().Len() != 1 {
			continue
		}
		if made := typeName(signature.Results().At(0).Type()); made != nil {
			found[fullName(made)] = method.Name()
		}
	}
	return found
}

// called is a method as callers write it, such as "Deployments.Get" or, for one of the
// client itself, "Check"; empty for other functions.
func (c clients) called(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil || typeName(recv.Type()) == nil {
		return ""
	}
	if accessor, ok := c[fullName(typeName(recv.Type()))]; ok {
		return strings.TrimPrefix(accessor+"."+fn.Name(), ".")
	}
	return ""
}

// senders lists the methods that send each operation, by the lines in their comments.
func senders(public []*packages.Package, c clients) map[string][]string {
	found := map[string][]string{}
	for _, p := range public {
		for _, e := range exports(p) {
			fn, ok := e.Object.(*types.Func)
			if !ok || c.called(fn) == "" {
				continue
			}
			for _, operation := range readFacts(e.comment)["Graph"] {
				operation = anonymous(operation)
				if name := c.called(fn); !slices.Contains(found[operation], name) {
					found[operation] = append(found[operation], name)
				}
			}
		}
	}
	return found
}

// callers lists the tests and examples that name each method.
func callers(tests []*packages.Package, c clients) map[string][]string {
	found := map[string][]string{}
	for _, p := range tests {
		for _, test := range testsIn(p) {
			name := path.Base(strings.TrimSuffix(p.PkgPath, "_test")) + "." + test.Name.Name
			for method := range methodsIn(p, test, c) {
				found[method] = append(found[method], name)
			}
		}
	}
	for _, tests := range found {
		slices.Sort(tests)
	}
	return found
}

func testsIn(p *packages.Package) []*ast.FuncDecl {
	var tests []*ast.FuncDecl
	for _, file := range p.Syntax {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && isTest(fn.Name.Name) {
				tests = append(tests, fn)
			}
		}
	}
	return tests
}

func isTest(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Example")
}

// methodsIn has the methods of clients that the names in a function resolve to.
func methodsIn(p *packages.Package, fn *ast.FuncDecl, c clients) map[string]bool {
	found := map[string]bool{}
	ast.Inspect(fn, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			if fn, ok := p.TypesInfo.Uses[name].(*types.Func); ok && c.called(fn) != "" {
				found[c.called(fn)] = true
			}
		}
		return true
	})
	return found
}

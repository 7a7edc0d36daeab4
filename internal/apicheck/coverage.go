package apicheck

import (
	"fmt"
	"go/ast"
	"iter"
	"maps"
	"slices"
	"strings"
)

// coverage says of each operation of the description which methods send it, which
// tests call those, and whether the simulator answers it.
type coverage struct {
	operations map[string]bool
	methods    map[string][]string // of an operation: accessor and method, such as "Deployments.Get"
	tests      map[string][]string // of a method: package and function, such as "deployments.TestX"
	simulated  map[string]bool
	notOffered map[string]string // the reasons
}

// table is in Markdown, by path and method.
func (c coverage) table() string {
	var text strings.Builder
	text.WriteString("| Operation | Methods of the client | Tested, among others, by | Simulated |\n|---|---|---|---|\n")
	for _, operation := range slices.SortedFunc(maps.Keys(c.operations), byPath) {
		methods := c.methods[operation]
		offered := strings.Join(methods, ", ")
		if offered == "" {
			offered = "none: " + c.notOffered[operation]
		}
		simulated := "yes"
		if !c.simulated[operation] {
			simulated = "no"
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", operation, offered, strings.Join(c.shown(methods), ", "), simulated)
	}
	return text.String()
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

// gaps lists what nobody offers and gave no reason for, offers untested, or does not
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
	return findings
}

func (c coverage) gapsOf(operation string) []string {
	var findings []string
	methods, reason := c.methods[operation], c.notOffered[operation]
	switch {
	case len(methods) == 0 && reason == "":
		findings = append(findings, operation+" has neither a method nor a reason")
	case len(methods) > 0 && reason != "":
		findings = append(findings, operation+" has a method, and a reason why not")
	}
	if !c.simulated[operation] {
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

// accessors are the clients that methods of updates.Client give, by the full name of
// their type, such as "deployments.Client": "Deployments".
func accessors(files []source) map[string]string {
	found := map[string]string{"updates.Client": ""}
	for _, s := range files {
		if s.in != "updates" {
			continue
		}
		for fn := range functions(s) {
			if receiver(fn) != "Client" || fn.Type.Params.NumFields() > 0 || fn.Type.Results.NumFields() != 1 {
				continue
			}
			if name := s.qualified(fn.Type.Results.List[0].Type); name != "" {
				found[short(name)] = fn.Name.Name
			}
		}
	}
	return found
}

// senders lists the methods that send each operation, by the lines in their comments.
func senders(files []source, clients map[string]string) map[string][]string {
	found := map[string][]string{}
	for _, s := range files {
		for fn := range functions(s) {
			accessor, ok := clients[s.in+"."+receiver(fn)]
			if !ok || !isAPI(fn) {
				continue
			}
			name := strings.TrimPrefix(accessor+"."+fn.Name.Name, ".")
			for _, operation := range readFacts(fn.Doc.Text()).graph {
				if operation = anonymous(operation); !slices.Contains(found[operation], name) {
					found[operation] = append(found[operation], name)
				}
			}
		}
	}
	return found
}

// callers lists the tests and examples that call each method, through an accessor in
// the same expression or a variable that was made by one.
func callers(files []source) map[string][]string {
	found := map[string][]string{}
	for _, s := range files {
		for fn := range functions(s) {
			if !isTest(fn.Name.Name) {
				continue
			}
			for method := range called(fn.Body) {
				found[method] = append(found[method], strings.TrimPrefix(s.in, "updates/")+"."+fn.Name.Name)
			}
		}
	}
	for _, tests := range found {
		slices.Sort(tests)
	}
	return found
}

func isTest(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Example")
}

// called has the methods that a function calls, such as "Deployments.Get"; a method
// of the client itself stands alone.
func called(body *ast.BlockStmt) map[string]bool {
	variables, found := map[string]string{}, map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			noteAccessors(n, variables)
		case *ast.SelectorExpr:
			found[n.Sel.Name] = true
			if accessor := accessorOf(n.X, variables); accessor != "" {
				found[accessor+"."+n.Sel.Name] = true
			}
		}
		return true
	})
	return found
}

// noteAccessors notes variables such as c := client.Deployments().
func noteAccessors(assign *ast.AssignStmt, variables map[string]string) {
	for i, value := range assign.Rhs {
		if name, ok := assign.Lhs[i].(*ast.Ident); ok && len(assign.Lhs) == len(assign.Rhs) {
			if accessor := accessorOf(value, nil); accessor != "" {
				variables[name.Name] = accessor
			}
		}
	}
}

// accessorOf is the name of the method that gave an expression, or the variable.
func accessorOf(expr ast.Expr, variables map[string]string) string {
	if name, ok := expr.(*ast.Ident); ok {
		return variables[name.Name]
	}
	call, ok := expr.(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return ""
	}
	if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
		return selector.Sel.Name
	}
	return ""
}

// functions are those of a file that have a body.
func functions(s source) iter.Seq[*ast.FuncDecl] {
	return func(yield func(*ast.FuncDecl) bool) {
		for _, decl := range s.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && !yield(fn) {
				return
			}
		}
	}
}

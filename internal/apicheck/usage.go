package apicheck

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// usage has the places where things are declared that tests, Examples and programs use.
// They are the same where a package is read once more for the tests of another one.
type usage map[token.Position]bool

// unused are the names that packages export and no user uses.
func (u usage) unused(public []*packages.Package) []string {
	var names []string
	for _, p := range public {
		for _, e := range exports(p) {
			if !u[p.Fset.Position(e.Pos())] && !isImplicit(e.name) {
				names = append(names, e.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// isImplicit reports whether a name is not for users, or that of a method that others
// call through an interface: the standard library, or ours where types are alike.
func isImplicit(name string) bool {
	switch name[strings.LastIndex(name, ".")+1:] {
	case "Internal":
		return true
	case "Error", "Is", "Unwrap", "String", "IsZero", "ServeHTTP", "Common", "Validate",
		"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText":
		return strings.Count(name, ".") > 1
	}
	return false
}

// read notes what the files of a package use that count as users: what they name, and
// the types of values, which need not be named.
func (u usage) read(p *packages.Package, counts func(file string) bool) {
	isUser := func(node ast.Node) bool { return counts(p.Fset.Position(node.Pos()).Filename) }
	for name, object := range p.TypesInfo.Uses {
		if isUser(name) {
			u[p.Fset.Position(object.Pos())] = true
		}
	}
	for expr, value := range p.TypesInfo.Types {
		if isUser(expr) {
			u.mark(p.Fset, value.Type)
		}
	}
}

func (u usage) mark(fset *token.FileSet, t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		u[fset.Position(t.Obj().Pos())] = true
	case *types.Tuple:
		for variable := range t.Variables() {
			u.mark(fset, variable.Type())
		}
	case *types.Signature:
		u.mark(fset, t.Results())
	case interface{ Elem() types.Type }: // pointer, slice, array, map, channel
		u.mark(fset, t.Elem())
	}
}

package apicheck

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// usage gathers what tests, Examples and programs use of what packages export.
type usage struct {
	compiled types.Importer
	exported map[types.Object]string // the names, such as "catalog.Client.Get"
	used     map[string]bool
}

func newUsage(compiled types.Importer, public []*types.Package) *usage {
	u := &usage{compiled: compiled, exported: map[types.Object]string{}, used: map[string]bool{}}
	for _, pkg := range public {
		maps.Copy(u.exported, exports(pkg))
	}
	return u
}

// unused are the names that nobody has used and that are no exception.
func (u *usage) unused(exceptions []string) []string {
	var names []string
	for _, name := range u.exported {
		if !u.used[name] && !isImplicit(name) && !slices.Contains(exceptions, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isImplicit reports whether a name is that of a method that others call through an
// interface: the standard library, or ours where types are alike.
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

// read notes what the files of a package use that count as users. The others are
// those of the package itself, which its inner tests need. What does not compile,
// as packages that only tests import are not known, is passed over.
func (u *usage) read(importPath string, fset *token.FileSet, files []*ast.File, counts func(*ast.File) bool) error {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: u.compiled, Error: func(error) {}}
	pkg, err := config.Check(importPath, fset, files, info)
	if pkg == nil {
		return err
	}
	inner := exports(pkg)
	for _, file := range files {
		if !counts(file) {
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			u.note(node, info, inner)
			return true
		})
	}
	return nil
}

// note marks what an identifier names and what type an expression has.
func (u *usage) note(node ast.Node, info *types.Info, inner map[types.Object]string) {
	expr, ok := node.(ast.Expr)
	if !ok {
		return
	}
	if name, ok := expr.(*ast.Ident); ok && info.Uses[name] != nil {
		u.mark(origin(info.Uses[name]), inner)
	}
	if t := info.Types[expr].Type; t != nil {
		u.markType(t, inner)
	}
}

func (u *usage) mark(object types.Object, inner map[types.Object]string) {
	u.used[u.exported[object]] = true
	u.used[inner[object]] = true
}

// markType marks the type of a value; its name need not be written.
func (u *usage) markType(t types.Type, inner map[types.Object]string) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		u.mark(t.Obj(), inner)
	case *types.Tuple:
		for variable := range t.Variables() {
			u.markType(variable.Type(), inner)
		}
	case *types.Signature:
		u.markType(t.Results(), inner)
	case interface{ Elem() types.Type }: // pointer, slice, array, map, channel
		u.markType(t.Elem(), inner)
	}
}

// origin is the generic form of a field or method.
func origin(object types.Object) types.Object {
	switch object := object.(type) {
	case *types.Func:
		return object.Origin()
	case *types.Var:
		return object.Origin()
	}
	return object
}

// exports are the exported things of a package with their fields and methods, and the
// names of them all.
func exports(pkg *types.Package) map[types.Object]string {
	found := map[types.Object]string{}
	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		full := short(pkg.Path()) + "." + name
		found[object] = full
		if named, ok := object.Type().(*types.Named); ok && named.Obj() == object {
			addMembers(found, full, named)
		}
	}
	return found
}

func addMembers(found map[types.Object]string, owner string, named *types.Named) {
	add := func(member types.Object) {
		if member.Exported() {
			found[member] = owner + "." + member.Name()
		}
	}
	for method := range named.Methods() {
		add(method)
	}
	switch t := named.Underlying().(type) {
	case *types.Struct:
		for field := range t.Fields() {
			add(field)
		}
	case *types.Interface:
		for method := range t.ExplicitMethods() {
			add(method)
		}
	}
}

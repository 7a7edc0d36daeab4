package apicheck

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// leaks lists the exported names of a package whose types mention something
// that users must not depend on. The constructors, such as
// "catalog.NewClient", may take types of internal/call.
func leaks(pkg *types.Package, constructors []string) []string {
	s := surface{pkg: pkg, seen: map[types.Type]bool{}}
	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() || isHooks(object) {
			continue
		}
		s.where = short(pkg.Path()) + "." + name
		s.constructor = slices.Contains(constructors, s.where)
		s.walk(object.Type())
	}
	return s.findings
}

// isHooks reports whether an object is the variable Internal, whose methods are for the
// other packages of this module.
func isHooks(object types.Object) bool {
	named, ok := object.Type().(*types.Named)
	_, isVariable := object.(*types.Var)
	return ok && isVariable && object.Name() == "Internal" && named.Obj().Name() == "hooks"
}

// surface walks all types that users can reach from one package.
type surface struct {
	pkg         *types.Package
	where       string // the exported name that is being looked at
	constructor bool   // it is one that may take internal/call
	seen        map[types.Type]bool
	findings    []string
}

// walk looks at a type and at whatever it is made of.
func (s *surface) walk(t types.Type) {
	if t == nil || s.seen[t] {
		return
	}
	switch t := t.(type) {
	case *types.Alias:
		s.mention(t)
		s.walk(t.Rhs())
	case *types.Named:
		s.mention(t)
		s.declaration(t.Origin())
	case *types.TypeParam:
		s.seen[t] = true
		s.walk(t.Constraint())
	default:
		s.parts(t)
	}
}

// parts looks at what a type without a name is made of.
func (s *surface) parts(t types.Type) {
	switch t := t.(type) {
	case *types.Signature:
		s.signature(t)
	case *types.Struct:
		s.fields(t)
	case *types.Interface:
		s.contract(t)
	case *types.Union:
		for term := range t.Terms() {
			s.walk(term.Type())
		}
	case *types.Map:
		s.walk(t.Key())
		s.walk(t.Elem())
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		s.walk(t.Elem())
	}
}

// mention looks at the name of a type and at its arguments.
func (s *surface) mention(t interface {
	Obj() *types.TypeName
	TypeArgs() *types.TypeList
}) {
	s.name(t.Obj())
	for argument := range t.TypeArgs().Types() {
		s.walk(argument)
	}
}

// name reports a type that users must not depend on.
func (s *surface) name(object *types.TypeName) {
	if object.Pkg() == nil || !isHidden(object.Pkg().Path()) {
		return
	}
	if s.constructor && short(object.Pkg().Path()) == "internal/call" {
		return
	}
	s.findings = append(s.findings, fmt.Sprintf("%s mentions %s.%s", s.where, short(object.Pkg().Path()), object.Name()))
}

// declaration looks into a type of this package, which users reach even where
// its own name is not exported. Types of other packages are theirs to check.
func (s *surface) declaration(t *types.Named) {
	if t.Obj().Pkg() != s.pkg || s.seen[t] {
		return
	}
	s.seen[t] = true
	outer, constructor := s.where, s.constructor
	s.constructor = false
	s.where = short(s.pkg.Path()) + "." + t.Obj().Name()
	s.parameters(t.TypeParams())
	s.walk(t.Underlying())
	for method := range t.Methods() {
		if method.Exported() {
			s.where = short(s.pkg.Path()) + "." + t.Obj().Name() + "." + method.Name()
			s.walk(method.Type())
		}
	}
	s.where, s.constructor = outer, constructor
}

func (s *surface) signature(t *types.Signature) {
	s.parameters(t.TypeParams())
	for variable := range t.Params().Variables() {
		s.walk(variable.Type())
	}
	for variable := range t.Results().Variables() {
		s.walk(variable.Type())
	}
}

// fields looks at exported fields and at embedded ones, whose members are
// promoted.
func (s *surface) fields(t *types.Struct) {
	for field := range t.Fields() {
		if field.Exported() || field.Embedded() {
			s.walk(field.Type())
		}
	}
}

func (s *surface) contract(t *types.Interface) {
	for method := range t.ExplicitMethods() {
		if method.Exported() {
			s.walk(method.Type())
		}
	}
	for embedded := range t.EmbeddedTypes() {
		s.walk(embedded)
	}
}

func (s *surface) parameters(list *types.TypeParamList) {
	for parameter := range list.TypeParams() {
		s.walk(parameter)
	}
}

// derived lists the exported types that are defined by one that users must not
// depend on. A compiled package no longer tells, so it takes the source.
func derived(s source) []string {
	var findings []string
	ast.Inspect(s.file, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if ok && spec.Name.IsExported() && isHidden(s.qualified(spec.Type)) {
			findings = append(findings, s.found(spec, "%s is defined by %s", spec.Name.Name, short(s.qualified(spec.Type))))
		}
		return true
	})
	return findings
}

// isHidden reports whether users must not depend on a package: it is one of our
// internal ones or of the runtime of the generated code.
func isHidden(importPath string) bool {
	return strings.HasPrefix(importPath, modulePath+"/") && isInternal(short(importPath)) ||
		strings.HasPrefix(importPath, "github.com/microsoft/kiota-") ||
		strings.HasPrefix(importPath, "github.com/std-uritemplate/")
}

// excess lists the constructors that are no exception, because they do not exist
// or take nothing internal, and those that are one too many for their client.
func excess(packages []*types.Package, constructors []string) []string {
	var findings []string
	makers := map[string]string{}
	for _, name := range constructors {
		client := madeBy(find(packages, name))
		switch {
		case client == "":
			findings = append(findings, name+" does not make a client of its package from internal/call")
		case makers[client] != "":
			findings = append(findings, fmt.Sprintf("%s and %s both make %s", makers[client], name, client))
		}
		makers[client] = name
	}
	return findings
}

// find looks up a name such as "catalog.NewClient"; nil when there is none.
func find(packages []*types.Package, name string) types.Object {
	in, member, _ := strings.Cut(name, ".")
	for _, pkg := range packages {
		if short(pkg.Path()) == in {
			return pkg.Scope().Lookup(member)
		}
	}
	return nil
}

// madeBy is the full name of what a function makes: a client or a value of its
// package from a type of internal/call, or the other way round; empty when it makes
// neither.
func madeBy(object types.Object) string {
	fn, ok := object.(*types.Func)
	if !ok || fn.Signature().Results().Len() != 1 {
		return ""
	}
	made := types.Unalias(fn.Signature().Results().At(0).Type())
	if pointer, ok := made.(*types.Pointer); ok {
		made = types.Unalias(pointer.Elem())
	}
	named, ok := made.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	const internal = modulePath + "/internal/call"
	own, of := fn.Pkg().Path(), named.Obj().Pkg().Path()
	reads, writes := of == own && takes(fn.Signature(), internal), of == internal && takes(fn.Signature(), own)
	if !reads && !writes {
		return ""
	}
	return short(of) + "." + named.Obj().Name()
}

// takes reports whether a parameter has a type of a package.
func takes(signature *types.Signature, importPath string) bool {
	for parameter := range signature.Params().Variables() {
		if strings.Contains(parameter.Type().String(), importPath+".") {
			return true
		}
	}
	return false
}

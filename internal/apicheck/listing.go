package apicheck

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// listing is the exported API of the packages, one line for each thing, so that a
// change of it shows in a diff.
func listing(packages []*types.Package) string {
	var lines []string
	for _, pkg := range packages {
		for _, name := range pkg.Scope().Names() {
			if object := pkg.Scope().Lookup(name); object.Exported() {
				for _, line := range described(object, qualifier(pkg)) {
					lines = append(lines, short(pkg.Path())+": "+line)
				}
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// described has a line for the object itself, and for each field and method.
func described(object types.Object, qualify types.Qualifier) []string {
	kind, isType := object.(*types.TypeName)
	constant, isConstant := object.(*types.Const)
	switch {
	case isConstant:
		return []string{types.ObjectString(object, qualify) + " = " + constant.Val().String()}
	case !isType:
		return []string{types.ObjectString(object, qualify)}
	case kind.IsAlias():
		return []string{"type " + kind.Name() + " = " + types.TypeString(types.Unalias(kind.Type()), qualify)}
	}
	lines := []string{"type " + types.TypeString(kind.Type(), qualify) + " " + form(kind.Type().Underlying(), qualify)}
	for _, member := range members(kind.Type(), qualify) {
		lines = append(lines, "type "+kind.Name()+", "+member)
	}
	return lines
}

// form leaves the members of structs and interfaces to lines of their own, but for what
// an interface embeds.
func form(underlying types.Type, qualify types.Qualifier) string {
	switch underlying := underlying.(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		parts := []string{"interface"}
		for embedded := range underlying.EmbeddedTypes() {
			parts = append(parts, types.TypeString(embedded, qualify))
		}
		return strings.Join(parts, " ")
	}
	return types.TypeString(underlying, qualify)
}

// members are the exported and embedded fields, the tags of which are part of the API,
// and the exported methods.
func members(t types.Type, qualify types.Qualifier) []string {
	var found []string
	if fields, ok := t.Underlying().(*types.Struct); ok {
		for i := range fields.NumFields() {
			if field := fields.Field(i); field.Exported() || field.Embedded() {
				of := types.TypeString(field.Type(), qualify)
				found = append(found, strings.TrimSpace(fmt.Sprintf("field %s %s %s", field.Name(), of, fields.Tag(i))))
			}
		}
	}
	methods := types.NewMethodSet(types.NewPointer(t))
	if types.IsInterface(t) {
		methods = types.NewMethodSet(t)
	}
	for method := range methods.Methods() {
		if method.Obj().Exported() && len(method.Index()) == 1 {
			found = append(found, "method "+types.ObjectString(method.Obj(), qualify))
		}
	}
	return found
}

// qualifier writes the names of other packages as an import does.
func qualifier(pkg *types.Package) types.Qualifier {
	return func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	}
}

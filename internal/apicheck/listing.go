package apicheck

import (
	"fmt"
	"go/types"
	"regexp"
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
				lines = append(lines, described(pkg, object)...)
			}
		}
	}
	slices.Sort(lines)
	return madeUp.ReplaceAllString(strings.Join(lines, "\n")+"\n", "")
}

// madeUp are names that the compiler gives to results without one, depending on
// the function's body.
var madeUp = regexp.MustCompile(`#rv\d+ `)

// described has a line for the object itself, and for each field and method.
func described(pkg *types.Package, object types.Object) []string {
	line := func(format string, args ...any) string {
		return short(pkg.Path()) + ": " + fmt.Sprintf(format, args...)
	}
	kind, ok := object.(*types.TypeName)
	if constant, isConstant := object.(*types.Const); isConstant {
		return []string{line("%s = %s", types.ObjectString(constant, qualifier(pkg)), constant.Val())}
	}
	if !ok {
		return []string{line("%s", types.ObjectString(object, qualifier(pkg)))}
	}
	if kind.IsAlias() {
		return []string{line("type %s = %s", kind.Name(), types.TypeString(types.Unalias(kind.Type()), qualifier(pkg)))}
	}
	lines := []string{line("type %s %s", kind.Name(), form(kind.Type().Underlying(), qualifier(pkg)))}
	for _, member := range members(kind.Type(), qualifier(pkg)) {
		lines = append(lines, line("type %s, %s", kind.Name(), member))
	}
	return lines
}

// form leaves the members of structs and interfaces to lines of their own.
func form(underlying types.Type, qualify types.Qualifier) string {
	switch underlying.(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	}
	return types.TypeString(underlying, qualify)
}

// members are the exported fields, the tags of which are part of the API, and the
// exported methods.
func members(t types.Type, qualify types.Qualifier) []string {
	var found []string
	if fields, ok := t.Underlying().(*types.Struct); ok {
		for i := range fields.NumFields() {
			if field := fields.Field(i); field.Exported() {
				of := types.TypeString(field.Type(), qualify)
				found = append(found, strings.TrimSpace(fmt.Sprintf("field %s %s %s", field.Name(), of, fields.Tag(i))))
			}
		}
	}
	methods := types.NewMethodSet(types.NewPointer(t))
	if _, ok := t.Underlying().(*types.Interface); ok {
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

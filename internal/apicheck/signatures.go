package apicheck

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// hidden are names of packages that users must not depend on: our internal ones, and the
// runtime of the generated code.
var hidden = regexp.MustCompile(`(` + modulePath + `/([\w/]+/)?internal/|github\.com/microsoft/kiota-|` +
	`github\.com/std-uritemplate/)[\w/.-]*\.\w+`)

// leaks lists what users meet in a package that mentions something hidden.
func leaks(p *packages.Package) []string {
	var findings []string
	for _, line := range append(reached(p.Types), derived(p)...) {
		for _, name := range hidden.FindAllString(line, -1) {
			line := strings.ReplaceAll(line, p.Types.Path()+".", "")
			finding := short(p.PkgPath) + ": " + line + " mentions " + name
			findings = append(findings, strings.ReplaceAll(finding, modulePath+"/", ""))
		}
	}
	return findings
}

// reached describes what a package exports, with full paths, and the types that are not
// exported and that it names there.
func reached(pkg *types.Package) []string {
	var lines []string
	own := regexp.MustCompile(regexp.QuoteMeta(pkg.Path()) + `\.(\w+)`)
	names := slices.DeleteFunc(pkg.Scope().Names(), func(name string) bool { return !ast.IsExported(name) })
	for i := 0; i < len(names); i++ { // names grows
		object := pkg.Scope().Lookup(names[i])
		if isHooks(object) {
			continue
		}
		of := described(object, (*types.Package).Path)
		lines = append(lines, of...)
		for _, named := range own.FindAllStringSubmatch(strings.Join(of, "\n"), -1) {
			if name := named[1]; pkg.Scope().Lookup(name) != nil && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return lines
}

// isHooks reports whether an object is the variable Internal, whose methods are for the
// other packages of this module.
func isHooks(object types.Object) bool {
	_, isVariable := object.(*types.Var)
	return isVariable && object.Name() == "Internal" && isNamed(object.Type(), object.Pkg().Path(), "hooks")
}

// derived are the exported types with what defines them, which only the source tells.
func derived(p *packages.Package) []string {
	var lines []string
	for _, file := range p.Syntax {
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() || spec.Assign.IsValid() {
				return true
			}
			if definition := p.TypesInfo.TypeOf(spec.Type); typeName(definition) != nil {
				lines = append(lines, "type "+spec.Name.Name+" "+types.TypeString(definition, (*types.Package).Path))
			}
			return true
		})
	}
	return lines
}

package apicheck

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// export is something that a package exports, or a field or method of it.
type export struct {
	types.Object
	name    string // such as "catalog.Client.Get"
	comment string
}

// exports are in the order of the source.
func exports(p *packages.Package) []export {
	e := exporter{comments: comments(p)}
	for _, name := range p.Types.Scope().Names() {
		object := p.Types.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		e.add(short(p.PkgPath), object)
		if named, ok := object.Type().(*types.Named); ok && named.Obj() == object {
			for method := range named.Methods() {
				e.add(fullName(object), method)
			}
			e.members(fullName(object), named.Underlying())
		}
	}
	slices.SortFunc(e.all, func(a, b export) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return e.all
}

type exporter struct {
	comments map[token.Pos]string
	all      []export
}

func (e *exporter) add(owner string, object types.Object) {
	if object.Exported() {
		e.all = append(e.all, export{object, owner + "." + object.Name(), e.comments[object.Pos()]})
	}
}

// members adds the fields and methods that a type without a name declares, however deep.
func (e *exporter) members(owner string, t types.Type) {
	switch t := t.(type) {
	case *types.Struct:
		for field := range t.Fields() {
			e.add(owner, field)
			if field.Exported() {
				e.members(owner+"."+field.Name(), field.Type())
			}
		}
	case *types.Interface:
		for method := range t.ExplicitMethods() {
			e.add(owner, method)
		}
	case interface{ Elem() types.Type }: // pointer, slice, array, map, channel
		e.members(owner, t.Elem())
	}
}

// comments are those of what the files of a package declare, by the place of its name.
func comments(p *packages.Package) map[token.Pos]string {
	found := map[token.Pos]string{}
	note := func(doc *ast.CommentGroup, names ...*ast.Ident) {
		for _, name := range names {
			found[name.Pos()] = doc.Text() + directives(doc)
		}
	}
	for _, file := range p.Syntax {
		forComments(file, note)
	}
	return found
}

// directives are the lines of a comment that go doc hides, without the slashes.
func directives(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	var lines strings.Builder
	for _, comment := range doc.List {
		if directive, ok := strings.CutPrefix(comment.Text, "//graph:"); ok {
			fmt.Fprintln(&lines, "graph:"+directive)
		}
	}
	return lines.String()
}

// forComments finds comments with the names that they speak of. One above parentheses
// speaks of the group, not of its members.
func forComments(file *ast.File, note func(doc *ast.CommentGroup, names ...*ast.Ident)) {
	var above *ast.CommentGroup
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GenDecl:
			above = node.Doc
			if node.Lparen.IsValid() {
				above = nil
			}
		case *ast.FuncDecl:
			note(node.Doc, node.Name)
		case *ast.TypeSpec:
			note(cmp.Or(node.Doc, above), node.Name)
		case *ast.ValueSpec:
			note(cmp.Or(node.Doc, above), node.Names...)
		case *ast.Field:
			note(node.Doc, node.Names...)
		}
		return true
	})
}

// fullName is that of something in the scope of a package, such as "catalog.Client".
func fullName(object types.Object) string {
	return short(object.Pkg().Path()) + "." + object.Name()
}

package apicheck

import (
	"go/ast"
	"slices"
	"strings"
)

// undocumented lists what a file exports without a comment: types, functions,
// methods, constants, variables and fields. Comments of types, functions and
// methods must start with the name and end with a full stop.
func undocumented(s source) []string {
	d := docs{source: s}
	for _, decl := range s.file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			d.function(decl)
		case *ast.GenDecl:
			d.group(decl)
		}
	}
	return d.findings
}

// docs gathers the findings of one file.
type docs struct {
	source
	findings []string
}

func (d *docs) add(node ast.Node, format string, args ...any) {
	d.findings = append(d.findings, d.found(node, format, args...))
}

func (d *docs) function(fn *ast.FuncDecl) {
	if isAPI(fn) {
		d.sentence(fn, fullName(fn), fn.Name.Name, fn.Doc)
	}
}

// group checks what one type, const or var declares, alone or in parentheses.
func (d *docs) group(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			d.typ(spec, own(decl, spec.Doc))
		case *ast.ValueSpec:
			d.value(spec, own(decl, spec.Doc))
		}
	}
}

// own is the comment of one spec. The comment above parentheses speaks of the
// group, not of its members.
func own(decl *ast.GenDecl, doc *ast.CommentGroup) *ast.CommentGroup {
	if doc == nil && !decl.Lparen.IsValid() {
		return decl.Doc
	}
	return doc
}

func (d *docs) typ(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	if !spec.Name.IsExported() {
		return
	}
	name := spec.Name.Name
	d.sentence(spec, name, name, doc, "A "+name, "An "+name, "The "+name)
	d.members(name, spec.Type)
}

func (d *docs) value(spec *ast.ValueSpec, doc *ast.CommentGroup) {
	for _, name := range spec.Names {
		if name.IsExported() && doc.Text() == "" {
			d.add(name, "%s has no comment", name.Name)
		}
	}
}

// members checks the fields and methods that a type literal declares, however
// deep.
func (d *docs) members(owner string, expr ast.Expr) {
	ast.Inspect(expr, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.StructType:
			d.named(owner, node.Fields.List)
		case *ast.InterfaceType:
			d.named(owner, node.Methods.List)
		default:
			return true
		}
		return false
	})
}

// named checks the fields of a struct or the methods of an interface. An
// embedded type has its own comment.
func (d *docs) named(owner string, members []*ast.Field) {
	for _, member := range members {
		for _, name := range member.Names {
			if name.IsExported() {
				d.member(owner+"."+name.Name, member)
			}
		}
	}
}

func (d *docs) member(name string, field *ast.Field) {
	if field.Doc.Text() == "" {
		d.add(field, "%s has no comment", name)
	}
	d.members(name, field.Type)
}

// sentence checks that a comment starts with the name or one of the other
// forms, and ends with a full stop.
func (d *docs) sentence(node ast.Node, shown, name string, doc *ast.CommentGroup, forms ...string) {
	text := doc.Text()
	starts := func(form string) bool { return hasFirstWords(text, form) }
	switch {
	case text == "":
		d.add(node, "%s has no comment", shown)
	case !slices.ContainsFunc(append(forms, name), starts):
		d.add(node, "the comment of %s does not start with its name", shown)
	case !endsWithStop(text):
		d.add(node, "the comment of %s does not end with a full stop", shown)
	}
}

func hasFirstWords(text, words string) bool {
	rest, ok := strings.CutPrefix(text, words)
	return ok && strings.ContainsAny(rest[:1], " \n,:'")
}

// endsWithStop looks at the last line of prose: facts about the request, link
// definitions and indented text that a colon announces may follow it.
func endsWithStop(text string) bool {
	last, announced := "", false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n ")
		switch {
		case line == "" || isFact(line) || isLink(line):
		case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"):
			announced = true
		default:
			last, announced = line, false
		}
	}
	return strings.HasSuffix(last, ".") || announced && strings.HasSuffix(last, ":")
}

func isLink(line string) bool {
	return strings.HasPrefix(line, "[") && strings.Contains(line, "]: ")
}

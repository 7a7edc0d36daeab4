package apicheck

import (
	"go/ast"
	"go/doc"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// undocumented lists what a package exports without a comment, also where linters look
// at the first of a group only: constants, variables, fields, and methods of interfaces.
// Comments of types and functions end with a full stop.
func undocumented(p *packages.Package) []string {
	d := docs{p: p}
	for fn, decl := range functions(p) {
		if isAPI(fn) {
			d.sentence(decl, nameOf(fn), decl.Doc)
		}
	}
	for _, file := range p.Syntax {
		for _, decl := range file.Decls {
			if group, ok := decl.(*ast.GenDecl); ok {
				d.group(group)
			}
		}
	}
	return d.findings
}

// storyProblem says what is wrong with the first sentence of a package's documentation,
// which tells one story: up to a colon, after which come its parts, it has no "and".
func storyProblem(p *packages.Package) string {
	var texts []string
	for _, file := range p.Syntax {
		if file.Doc != nil {
			texts = append(texts, file.Doc.Text())
		}
	}
	if len(texts) != 1 {
		return short(p.PkgPath) + " is not documented in one file"
	}
	story, _, _ := strings.Cut(new(doc.Package).Synopsis(texts[0]), ":")
	if !strings.HasPrefix(story, "Package "+p.Name+" ") || strings.Contains(story, " and ") {
		return short(p.PkgPath) + " has not one story: " + story
	}
	return ""
}

// docs gathers the findings of one package.
type docs struct {
	p        *packages.Package
	findings []string
}

func (d *docs) add(node ast.Node, text string) {
	d.findings = append(d.findings, found(d.p, node, "%s", text))
}

// group checks what one type, const or var declares. A comment above parentheses speaks
// of the group, not of its members.
func (d *docs) group(decl *ast.GenDecl) {
	own := func(doc *ast.CommentGroup) *ast.CommentGroup {
		if doc == nil && !decl.Lparen.IsValid() {
			return decl.Doc
		}
		return doc
	}
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() {
				d.sentence(spec, spec.Name.Name, own(spec.Doc))
				d.members(spec.Name.Name, spec.Type)
			}
		case *ast.ValueSpec:
			d.names("", spec.Names, own(spec.Doc))
		}
	}
}

// members checks the fields and methods that a type literal declares, however deep.
func (d *docs) members(owner string, expr ast.Expr) {
	ast.Inspect(expr, func(node ast.Node) bool {
		field, ok := node.(*ast.Field)
		if ok && len(field.Names) > 0 {
			d.names(owner+".", field.Names, field.Doc)
			if slices.ContainsFunc(field.Names, (*ast.Ident).IsExported) {
				d.members(owner+"."+field.Names[0].Name, field.Type)
			}
		}
		_, isFunction := node.(*ast.FuncType)
		return !ok && !isFunction
	})
}

func (d *docs) names(owner string, names []*ast.Ident, doc *ast.CommentGroup) {
	for _, name := range names {
		if name.IsExported() && doc.Text() == "" {
			d.add(name, owner+name.Name+" has no comment")
		}
	}
}

func (d *docs) sentence(node ast.Node, name string, doc *ast.CommentGroup) {
	switch text := doc.Text(); {
	case text == "":
		d.add(node, name+" has no comment")
	case !endsWithStop(text):
		d.add(node, "the comment of "+name+" does not end with a full stop")
	}
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

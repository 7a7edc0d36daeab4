package apicheck

import (
	"go/doc"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"
)

// undocumented lists what a package exports without a comment, also where linters look
// at the first of a group only. Sentences of types and functions end with a full stop.
func undocumented(p *packages.Package) []string {
	var findings []string
	for _, e := range exports(p) {
		variable, isVariable := e.Object.(*types.Var)
		_, isConstant := e.Object.(*types.Const)
		switch {
		case isVariable && variable.Embedded(): // its type has a comment
		case e.comment == "":
			findings = append(findings, found(p, e, "%s has no comment", e.name))
		case !isVariable && !isConstant && !endsWithStops(e.comment):
			findings = append(findings, found(p, e, "the comment of %s lacks a full stop", e.name))
		}
	}
	return findings
}

// endsWithStops looks at the paragraphs of prose. A colon announces the next one.
func endsWithStops(comment string) bool {
	for paragraph := range strings.SplitSeq(strings.TrimSpace(comment), "\n\n") {
		isProse := !strings.ContainsAny(paragraph[:1], " \t[#")
		isProse = isProse && !strings.HasPrefix(paragraph, "Graph: ") && !strings.HasPrefix(paragraph, "Permission: ")
		if isProse && !strings.HasSuffix(paragraph, ".") && !strings.HasSuffix(paragraph, ":") {
			return false
		}
	}
	return !strings.HasSuffix(comment, ":\n")
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

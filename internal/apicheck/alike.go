package apicheck

import (
	"go/ast"
	"go/doc"
	"strings"
)

// alike lists the methods of one type whose comments begin with the same sentence,
// save the name: it does not tell which of them a reader wants.
func alike(files []source) []string {
	var findings []string
	first := map[string]string{}
	for _, s := range files {
		for fn := range functions(s) {
			if !isAPI(fn) || fn.Recv == nil || fn.Doc == nil {
				continue
			}
			key := s.in + "." + receiver(fn) + ": " + firstSentence(fn)
			if other := first[key]; other != "" {
				findings = append(findings, s.found(fn, "%s begins as %s does: %s", fullName(fn), other, firstSentence(fn)))
				continue
			}
			first[key] = fullName(fn)
		}
	}
	return findings
}

// firstSentence is that of a function's comment, without its name.
func firstSentence(fn *ast.FuncDecl) string {
	sentence := new(doc.Package).Synopsis(fn.Doc.Text())
	return strings.TrimSpace(strings.TrimPrefix(sentence, fn.Name.Name))
}

package apicheck

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// unprefixed lists the constants whose first word is not that of the others of their type, or
// is not in its name. Completion does not list them together. proper are types whose constants
// are names that others gave.
func unprefixed(p *packages.Package, proper []string) []string {
	var findings []string
	prefixes := map[*types.TypeName]string{}
	for _, e := range exports(p) {
		kind := typeName(e.Type())
		if _, ok := e.Object.(*types.Const); !ok || kind == nil || !kind.Exported() || slices.Contains(proper, fullName(kind)) {
			continue
		}
		word := firstWord.FindString(e.Name())
		if prefixes[kind] == "" {
			prefixes[kind] = word
		}
		if word != prefixes[kind] || !strings.Contains(kind.Name(), word) {
			findings = append(findings, found(p, e, "%s is not named after %s, as all of that type are", e.name, kind.Name()))
		}
	}
	return findings
}

var firstWord = regexp.MustCompile(`^[A-Z][a-z]*`)

// oldWords lists where comments and strings of a Go file, or the prose of a Markdown file, use
// a word that was replaced. Names in backquotes may be old ones.
func oldWords(file, text string, old *regexp.Regexp) []string {
	var findings []string
	look := func(line int, text string) {
		for _, at := range old.FindAllStringIndex(text, -1) {
			line := line + strings.Count(text[:at[0]], "\n")
			findings = append(findings, fmt.Sprintf("%s:%d: says %s", file, line, text[at[0]:at[1]]))
		}
	}
	switch {
	case strings.HasSuffix(file, ".md"):
		look(1, quoted.ReplaceAllString(text, "``"))
	case strings.HasSuffix(file, ".go"):
		forTexts(text, look)
	}
	return findings
}

var quoted = regexp.MustCompile("`[^`\n]*`")

// forTexts finds the comments and strings of a Go file, with the lines where they begin.
func forTexts(text string, look func(line int, text string)) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(text)), []byte(text), nil, scanner.ScanComments)
	for {
		at, kind, literal := s.Scan()
		switch kind {
		case token.EOF:
			return
		case token.COMMENT, token.STRING:
			look(fset.Position(at).Line, literal)
		}
	}
}

// brokenRules lists the rules of values with a colon or semicolon, which separate the parts of an
// error. A rule is a string that begins with "must".
func brokenRules(file, text string) []string {
	var findings []string
	forTexts(text, func(line int, literal string) {
		rule := strings.Trim(literal, "\"`")
		if strings.HasPrefix(rule, "must ") && (strings.Contains(rule, "; ") || strings.Contains(rule, ": ")) {
			findings = append(findings, fmt.Sprintf("%s:%d: the rule %q has a colon or a semicolon", file, line, rule))
		}
	})
	return findings
}

package apicheck

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConstantsOfATypeBeginWithAWordOfItsName(t *testing.T) {
	t.Parallel()
	proper := []string{"auth/claims.Permission"} // Microsoft Graph names permissions
	for _, p := range packagesThat(t, isPublic) {
		report(t, unprefixed(p, proper))
	}
}

func TestConstantsWithoutTheirPrefixAreFound(t *testing.T) {
	t.Parallel()
	p := catalogOf(t, `type IssueStatus string
const StatusOpen, StatusDone, Resolved IssueStatus = "1", "2", "3"
type Kind string
const Feature, Driver Kind = "1", "2"
type Permission string
const ReadAll Permission = "1"
type RequestedState string
const RequestNone, Requested RequestedState = "1", "2"
const DefaultChunk, Limit = 200, 3
const other Kind = "3"
var Default Kind
`)
	findings := strings.Join(unprefixed(p, []string{"catalog.Permission"}), "\n")
	require.Equal(t, `catalog/a.go:3: catalog.Resolved is not named after IssueStatus, as all of that type are
catalog/a.go:5: catalog.Feature is not named after Kind, as all of that type are
catalog/a.go:5: catalog.Driver is not named after Kind, as all of that type are
catalog/a.go:9: catalog.Requested is not named after RequestedState, as all of that type are`, findings)
}

// replaced are words that others have taken the place of. This file is not searched.
var replaced = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{
	"vices?",                   // quirk
	"sights?",                  // poll
	"wish(es|ed)?",             // desired, target
	"mend(s|ed|ing)?",          // fix
	"anew",                     // again, new
	"on this side",             // client-side, locally
	"strangers?",               // unknown kind, unrelated
	"in step with",             // in sync with
	"hurry|hurried",            // expedite
	"half there",               // partially listed
	"lost answers?",            // lost response
	"nobody|somebody",          // you, the passive, or the actor
	"this version do(es)? not", // the SDK does not recognize
	// British forms, which misspell finds in Go files only, and would find here.
	"(un)?enro" + "l(s|ment)?", "licen" + "ces?", "(col|behavi|hon)our(s|ed)?", "recogni" + "s(e|es|ed|ing)",
}, "|") + `)\b`)

func TestReplacedWordsDoNotComeBack(t *testing.T) {
	t.Parallel()
	texts, err := readTexts(os.DirFS(top))
	require.NoError(t, err)
	for file, text := range texts {
		if file != "internal/apicheck/words_test.go" {
			report(t, oldWords(file, text, replaced))
		}
	}
}

func TestReplacedWordsAreFoundInCommentsStringsAndProse(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ file, text, want string }{
		"comment":        {"a.go", "package a\n\n// One.\n// A vice.\n", "a.go:4: says vice"},
		"block":          {"a.go", "package a\n/* One.\n   Anew. */\n", "a.go:3: says Anew"},
		"string":         {"a.go", "package a\nvar a = \"x: anew\"\n", "a.go:2: says anew"},
		"raw string":     {"a.go", "package a\nvar a = `x:\nanew`\n", "a.go:3: says anew"},
		"prose":          {"a.md", "# A\n\nMend it.\n", "a.md:3: says Mend"},
		"two words":      {"a.md", "Done on this side.\n", "a.md:1: says on this side"},
		"name":           {"a.go", "package a\n\nfunc mend() {}\n", ""},
		"quoted in text": {"a.md", "`Vices` is `Quirks` now.\n", ""},
		"after a quote":  {"a.md", "`a` vice `b`\n", "a.md:1: says vice"},
		"longer word":    {"a.md", "Services, insights, amendments.\n", ""},
		"British":        {"a.md", "Unenro" + "l a behavi" + "our; enrolled, enrollment.\n", "a.md:1: says Unenro" + "l\na.md:1: says behavi" + "our"},
		"another file":   {"a.yaml", "description: a vice\n", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, strings.Join(oldWords(c.file, c.text, replaced), "\n"))
		})
	}
}

func TestRulesOfValuesHaveNoSeparatorsOfErrors(t *testing.T) {
	t.Parallel()
	texts, err := readTexts(os.DirFS(top))
	require.NoError(t, err)
	for file, text := range texts {
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			report(t, brokenRules(file, text))
		}
	}
}

func TestRulesWithSeparatorsOfErrorsAreFound(t *testing.T) {
	t.Parallel()
	findings := brokenRules("a.go", `package a
// must not: be; a comment
var a, b = "must not be negative; 0 is the default", "must be JSON: " + c
var d = "must be a URL such as https://graph.microsoft.com, or empty"
`)
	require.Equal(t, []string{
		`a.go:3: the rule "must not be negative; 0 is the default" has a colon or a semicolon`,
		`a.go:3: the rule "must be JSON: " has a colon or a semicolon`,
	}, findings)
}

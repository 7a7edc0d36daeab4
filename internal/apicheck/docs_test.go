package apicheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

func TestWhateverIsExportedIsDocumented(t *testing.T) {
	t.Parallel()
	for _, p := range packagesThat(t, isPublic) {
		report(t, undocumented(p))
	}
}

func TestEachPackageTellsOneStory(t *testing.T) {
	t.Parallel()
	for _, p := range packagesThat(t, isPublic) {
		assert.Empty(t, storyProblem(p))
	}
}

func TestDocumentationThatHasNotOneStoryIsFound(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ doc, want string }{
		"one":            {"// Package catalog reads updates. And more.", ""},
		"parts":          {"// Package catalog reads updates: features and drivers.", ""},
		"two":            {"// Package catalog reads updates\n// and writes them.", "not one story: Package catalog reads updates and writes them."},
		"another name":   {"// Package catalogs reads updates.", "not one story: Package catalogs reads updates."},
		"another word":   {"// The package catalog reads updates.", "not one story: The package catalog"},
		"none":           {"", "not documented in one file"},
		"only directive": {"//go:debug x=1", "not one story"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := parser.ParseFile(token.NewFileSet(), "a.go", c.doc+"\npackage catalog\n", parser.ParseComments)
			require.NoError(t, err)
			problem := storyProblem(&packages.Package{Name: "catalog", Syntax: []*ast.File{file}})
			require.Equal(t, c.want == "", problem == "", problem)
			require.Contains(t, problem, c.want)
		})
	}
}

func TestExportedThingsWithoutACommentAreFound(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ source, want string }{
		"function":          {"func Get() {}", "catalog.Get has no comment"},
		"method":            {"// T is.\ntype T int\nfunc (t *T) Get() {}", "catalog.T.Get has no comment"},
		"generic method":    {"// T is.\ntype T[K any] struct{}\nfunc (t T[K]) Get() {}", "catalog.T.Get has no comment"},
		"type":              {"type T int", "catalog.T has no comment"},
		"alias":             {"type T = int", "catalog.T has no comment"},
		"type in group":     {"// Types are.\ntype (\n\tT int\n)", "catalog.T has no comment"},
		"constant":          {"const C = 1", "catalog.C has no comment"},
		"constant in group": {"// Constants are.\nconst (\n\tC = 1\n)", "catalog.C has no comment"},
		"constant at end":   {"const (\n\tC = 1 // C is.\n)", "catalog.C has no comment"},
		"variable":          {"var V = 1", "catalog.V has no comment"},
		"second variable":   {"var v, V = 1, 2", "catalog.V has no comment"},
		"field":             {"// T is.\ntype T struct {\n\tF int\n}", "catalog.T.F has no comment"},
		"field of a field":  {"// T is.\ntype T struct {\n\t// F is.\n\tF []struct {\n\t\tG int\n\t}\n}", "catalog.T.F.G has no comment"},
		"interface method":  {"// T is.\ntype T interface {\n\tM()\n}", "catalog.T.M has no comment"},
		"directive only":    {"//go:noinline\nfunc Get() {}", "catalog.Get has no comment"},
		"no full stop":      {"// Get gets it\nfunc Get() {}", "the comment of catalog.Get lacks a full stop"},
		"colon, no example": {"// Get gets:\nfunc Get() {}", "the comment of catalog.Get lacks a full stop"},
		"stop in facts":     {"// Get gets it\n//\n//   - Page: none, so.\nfunc Get() {}", "the comment of catalog.Get lacks a full stop"},
		"stop in example":   {"// Get gets it\n//\n//\tGet().\nfunc Get() {}", "the comment of catalog.Get lacks a full stop"},
		"stop before prose": {"// Get gets it. And\nfunc Get() {}", "the comment of catalog.Get lacks a full stop"},
		"first paragraph":   {"// Get gets it\n//\n// And more.\nfunc Get() {}", "the comment of catalog.Get lacks a full stop"},
		"method's full stop": {
			"// T is.\ntype T int\n// Get gets it\nfunc (T) Get() {}",
			"the comment of catalog.T.Get lacks a full stop",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := undocumented(catalogOf(t, c.source+"\n"))
			require.Len(t, findings, 1)
			require.Regexp(t, `^catalog/a\.go:\d+: `+c.want+`$`, findings[0])
		})
	}
}

func TestDocumentedAndPrivateThingsPass(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"function":            "// Get gets it.\nfunc Get() {}",
		"two lines":           "// Get gets\n// it.\nfunc Get() {}",
		"private function":    "func get() {}",
		"private type":        "type t struct {\n\tF int\n}\n\nfunc (t) Get() {}",
		"private field":       "// T is.\ntype T struct {\n\tf struct {\n\t\tG int\n\t}\n\t*embedded\n}\ntype embedded int",
		"article":             "// A T is.\ntype T int",
		"possessive":          "// T's values are.\ntype T int",
		"group":               "// Constants.\nconst (\n\t// C is.\n\tC = 1\n\tc = 2\n)",
		"single constant":     "// C is.\nconst C = 1",
		"embedded fields":     "// T is.\ntype T struct {\n\t*models.Ring\n\telsewhere.List[int]\n}",
		"two fields":          "// T is.\ntype T struct {\n\t// F and G are.\n\tF, G int\n}",
		"sealed interface":    "// T is.\ntype T interface {\n\t// M is.\n\tM()\n\tm()\n\terror\n}",
		"constraint":          "// T is.\ntype T interface {\n\t~int | models.Kind\n}",
		"parameters of field": "// T is.\ntype T struct {\n\t// F is.\n\tF func(Options struct{}) error\n}",
		"facts at the end":    "// Get gets it.\n//\n//   - Graph: GET /x\n//   - Permission: none\nfunc Get() {}",
		"link at the end":     "// Get gets it, see [page].\n//\n// [page]: https://example.com\nfunc Get() {}",
		"example at the end":  "// Get gets it:\n//\n//\tGet()\nfunc Get() {}",
		"heading":             "// T is.\n//\n// # More\n//\n// More.\ntype T int",
		"list at the end":     "// Get gets:\n//   - this;\n//   - that.\nfunc Get() {}",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, undocumented(catalogOf(t, text+"\n")))
		})
	}
}

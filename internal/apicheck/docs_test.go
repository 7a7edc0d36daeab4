package apicheck

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhateverIsExportedIsDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range publicSources(t) {
		report(t, undocumented(s))
	}
}

func TestExportedThingsWithoutACommentAreFound(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ source, want string }{
		"function":          {"func Get() {}", "Get has no comment"},
		"method":            {"// T is.\ntype T int\nfunc (t *T) Get() {}", "T.Get has no comment"},
		"generic method":    {"// T is.\ntype T[K any] struct{}\nfunc (t T[K]) Get() {}", "T.Get has no comment"},
		"type":              {"type T int", "T has no comment"},
		"alias":             {"type T = int", "T has no comment"},
		"type in group":     {"// Types are.\ntype (\n\tT int\n)", "T has no comment"},
		"constant":          {"const C = 1", "C has no comment"},
		"constant in group": {"// Constants are.\nconst (\n\tC = 1\n)", "C has no comment"},
		"constant at end":   {"const (\n\tC = 1 // C is.\n)", "C has no comment"},
		"variable":          {"var V = 1", "V has no comment"},
		"second variable":   {"var v, V = 1, 2", "V has no comment"},
		"field":             {"// T is.\ntype T struct {\n\tF int\n}", "T.F has no comment"},
		"field of a field":  {"// T is.\ntype T struct {\n\t// F is.\n\tF []struct {\n\t\tG int\n\t}\n}", "T.F.G has no comment"},
		"interface method":  {"// T is.\ntype T interface {\n\tM()\n}", "T.M has no comment"},
		"directive only":    {"//go:noinline\nfunc Get() {}", "Get has no comment"},
		"other first word":  {"// Gets it.\nfunc Get() {}", "the comment of Get does not start with its name"},
		"longer first word": {"// Getter is.\nfunc Get() {}", "the comment of Get does not start with its name"},
		"article, function": {"// The Get is.\nfunc Get() {}", "the comment of Get does not start with its name"},
		"type's first word": {"// Is it.\ntype T int", "the comment of T does not start with its name"},
		"no full stop":      {"// Get gets it\nfunc Get() {}", "the comment of Get does not end with a full stop"},
		"colon, no example": {"// Get gets:\nfunc Get() {}", "the comment of Get does not end with a full stop"},
		"stop in facts":     {"// Get gets it\n//\n//   - Page: none, so.\nfunc Get() {}", "the comment of Get does not end with a full stop"},
		"stop in example":   {"// Get gets it\n//\n//\tGet().\nfunc Get() {}", "the comment of Get does not end with a full stop"},
		"stop before prose": {"// Get gets it. And\nfunc Get() {}", "the comment of Get does not end with a full stop"},
		"method's full stop": {
			"// T is.\ntype T int\n// Get gets it\nfunc (T) Get() {}",
			"the comment of T.Get does not end with a full stop",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := undocumented(mustParse(t, "package catalog\n\n"+c.source+"\n"))
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
		"private field":       "// T is.\ntype T struct {\n\tf struct {\n\t\tG int\n\t}\n\tembedded\n}",
		"article":             "// A T is.\ntype T int",
		"possessive":          "// T's values are.\ntype T int",
		"group":               "// Constants.\nconst (\n\t// C is.\n\tC = 1\n\tc = 2\n)",
		"single constant":     "// C is.\nconst C = 1",
		"embedded fields":     "// T is.\ntype T struct {\n\t*other.F\n\tF[int]\n}",
		"two fields":          "// T is.\ntype T struct {\n\t// F and G are.\n\tF, G int\n}",
		"sealed interface":    "// T is.\ntype T interface {\n\t// M is.\n\tM()\n\tm()\n\terror\n}",
		"constraint":          "// T is.\ntype T interface {\n\t~int | Other\n}",
		"parameters of field": "// T is.\ntype T struct {\n\t// F is.\n\tF func(Options struct{}) error\n}",
		"facts at the end":    "// Get gets it.\n//\n//   - Graph: GET /x\n//   - Permission: none\nfunc Get() {}",
		"link at the end":     "// Get gets it, see [page].\n//\n// [page]: https://example.com\nfunc Get() {}",
		"example at the end":  "// Get gets it:\n//\n//\tGet()\nfunc Get() {}",
		"list at the end":     "// Get gets:\n//   - this;\n//   - that.\nfunc Get() {}",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, undocumented(mustParse(t, "package catalog\n\n"+text+"\n")))
		})
	}
}

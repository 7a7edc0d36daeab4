package apicheck

import (
	"go/types"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNothingInternalIsInAnExportedSignature(t *testing.T) {
	t.Parallel()
	for _, p := range packagesThat(t, isPublic) {
		report(t, leaks(p))
	}
}

func TestWhatUsersMustNotDependOnIsFoundWhereverItIs(t *testing.T) {
	t.Parallel()
	const ring = " mentions internal/graph/models.Ring"
	const ringable, kind = ring + "able", " mentions internal/graph/models.Kind"
	cases := map[string]struct{ source, want string }{
		"parameter":              {"func F(r models.Ring) {}", "func F(r internal/graph/models.Ring)" + ring},
		"variadic parameter":     {"func F(r ...*models.Ring) {}", "func F(r ...*internal/graph/models.Ring)" + ring},
		"result":                 {"func F() (int, []models.Ring) { return 0, nil }", "func F() (int, []internal/graph/models.Ring)" + ring},
		"method":                 {"type T int\nfunc (T) F() map[string]models.Ring { return nil }", "type T, method func (T).F()…" + ring},
		"pointer method":         {"type T int\nfunc (*T) F(chan models.Ring) {}", "type T, method func (*T).F(…" + ring},
		"generic method":         {"type T[K any] struct{}\nfunc (T[K]) F(models.Ring) {}", "type T, method func (T[K]).F(…" + ring},
		"field":                  {"type T struct { F *models.Ring }", "type T, field F *internal/graph/models.Ring" + ring},
		"field of a field":       {"type T struct { F struct { G [2]models.Ring } }", "type T, field F struct{G…" + ring},
		"embedded":               {"type T struct { models.Ring }", "type T, field Ring internal/graph/models.Ring" + ring},
		"embedded, private":      {"type ring = models.Ring\ntype T struct { ring }", "type ring = internal/graph/models.Ring" + ring},
		"function type":          {"type T func(models.Ring)", "type T func(internal/graph/models.Ring)" + ring},
		"interface method":       {"type T interface { F(models.Ring) }", "type T, method func (T).F(internal…" + ring},
		"embedded interface":     {"type T interface { models.Ringable }", "type T interface internal/graph/models.Ringable" + ringable},
		"constant":               {"const C models.Kind = 1", "const C internal/graph/models.Kind = 1" + kind},
		"variable":               {"var V models.Ring", "var V internal/graph/models.Ring" + ring},
		"inferred variable":      {"var V = models.New()", "var V *internal/graph/models.Ring" + ring},
		"alias":                  {"type T = models.Ring", "type T = internal/graph/models.Ring" + ring},
		"alias declared there":   {"func F(models.Name) {}", "func F(internal/graph/models.Name) mentions internal/graph/models.Name"},
		"through an alias":       {"type r = models.Ring\nfunc F(r) {}", "type r = internal/graph/models.Ring" + ring},
		"through a private type": {"type t struct { F models.Ring }\nfunc F() *t { return nil }", "type t, field F…" + ring},
		"method of private type": {
			"type t struct{}\nfunc (t) G() models.Ring { panic(0) }\nfunc F() t { panic(0) }", "type t, method func (t).G()…" + ring,
		},
		"through two of them": {
			"type t struct{ U u }\ntype u struct{ F models.Ring }\nfunc F() t { panic(0) }", "type u, field F…" + ring,
		},
		"type argument":          {"type L[T any] struct{}\nfunc F() L[models.Ring] { panic(0) }", "func F() L[internal…" + ring},
		"constraint":             {"func F[T models.Ringable]() {}", "func F[T internal/graph/models.Ringable]()" + ringable},
		"constraint of a type":   {"type T[K models.Ringable] struct{}", "type T[K internal/graph/models.Ringable] struct" + ringable},
		"union":                  {"type T interface { int | models.Kind }", "type T interface int | internal/graph/models.Kind" + kind},
		"definition":             {"type T models.Ring", "type T internal/graph/models.Ring" + ring},
		"Kiota":                  {"func F(kiota.Adapter) {}", "func F(… mentions github.com/microsoft/kiota-abstractions-go.Adapter"},
		"other internal package": {"func F(call.Caller) {}", "func F(internal/call.Caller) mentions internal/call.Caller"},
		"method of a client": {
			"type Client struct{}\nfunc (*Client) F(call.Caller) {}",
			"type Client, method func (*Client).F(… mentions internal/call.Caller",
		},
		"hooks, another name": {"type hooks struct{}\nvar Hooks hooks\nfunc (hooks) F(models.Ring) {}", "type hooks, method func (hooks).F(…" + ring},
		"hooks, returned": {
			"type hooks struct{}\nvar Internal hooks\nfunc (hooks) F(models.Ring) {}\nfunc Get() hooks { return Internal }",
			"type hooks, method func (hooks).F(…" + ring,
		},
		"hooks that are none": {"type other struct{}\nvar Internal other\nfunc (other) F(models.Ring) {}", "type other, method func (other).F(…" + ring},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := leaks(catalogOf(t, c.source))
			require.Len(t, findings, 1)
			begin, end, _ := strings.Cut("catalog: "+c.want, "…")
			require.Equal(t, []bool{true, true}, []bool{strings.HasPrefix(findings[0], begin), strings.HasSuffix(findings[0], end)}, findings[0])
		})
	}
}

func TestWhatUsersCannotReachMayBeInternal(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"private function":   "func f(models.Ring) {}",
		"private field":      "type T struct { f models.Ring }",
		"private type":       "type t struct { F models.Ring }\nfunc F() int { var x t; _ = x; return 0 }",
		"private definition": "type t models.Ring",
		"private method":     "type T struct{}\nfunc (T) f(models.Ring) {}",
		"sealing method":     "type T interface { f(models.Ring) }",
		"hooks":              "type hooks struct{}\nvar Internal hooks\nfunc (hooks) F(models.Ring) {}",
		"recursive types":    "type T struct { Next *T; All []T }\nfunc (T) F(t T) T { return t }\ntype G[K any] struct { G *G[K] }",
		"standard library":   "func F(error) {}",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, leaks(catalogOf(t, text)))
		})
	}
}

// publicTypes are the packages that users meet.
func publicTypes(t *testing.T) []*types.Package {
	t.Helper()
	var public []*types.Package
	for _, p := range packagesThat(t, isPublic) {
		public = append(public, p.Types)
	}
	return public
}

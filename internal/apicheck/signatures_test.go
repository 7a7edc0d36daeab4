package apicheck

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// constructors are exported functions that take or return something internal: none,
// since the variables named Internal have them.
func constructors() []string { return nil }

func TestNothingInternalIsInAnExportedSignature(t *testing.T) {
	t.Parallel()
	for _, pkg := range publicTypes(t) {
		report(t, leaks(pkg, constructors()))
	}
	for _, s := range publicSources(t) {
		report(t, derived(s))
	}
}

func TestEachClientHasOneConstructorForUpdates(t *testing.T) {
	t.Parallel()
	report(t, excess(publicTypes(t), constructors()))
}

func TestWhatUsersMustNotDependOnIsFoundWhereverItIs(t *testing.T) {
	t.Parallel()
	const model = " mentions internal/graph/models.Ring"
	cases := map[string]struct{ source, want string }{
		"parameter":              {"func F(r models.Ring) {}", "catalog.F" + model},
		"variadic parameter":     {"func F(r ...*models.Ring) {}", "catalog.F" + model},
		"result":                 {"func F() (int, []models.Ring) { return 0, nil }", "catalog.F" + model},
		"method":                 {"type T int\nfunc (T) F() map[string]models.Ring { return nil }", "catalog.T.F" + model},
		"pointer method":         {"type T int\nfunc (*T) F(chan models.Ring) {}", "catalog.T.F" + model},
		"field":                  {"type T struct { F *models.Ring }", "catalog.T" + model},
		"field of a field":       {"type T struct { F struct { G [2]models.Ring } }", "catalog.T" + model},
		"embedded":               {"type T struct { models.Ring }", "catalog.T" + model},
		"embedded, private":      {"type ring = models.Ring\ntype T struct { ring }", "catalog.T" + model},
		"function type":          {"type T func(models.Ring)", "catalog.T" + model},
		"interface method":       {"type T interface { F(models.Ring) }", "catalog.T" + model},
		"embedded interface":     {"type T interface { models.Ringable }", "catalog.T mentions internal/graph/models.Ringable"},
		"constant":               {"const C models.Kind = 1", "catalog.C mentions internal/graph/models.Kind"},
		"variable":               {"var V models.Ring", "catalog.V" + model},
		"inferred variable":      {"var V = models.New()", "catalog.V" + model},
		"alias":                  {"type T = models.Ring", "catalog.T" + model},
		"alias declared there":   {"func F(models.Name) {}", "catalog.F mentions internal/graph/models.Name"},
		"through an alias":       {"type r = models.Ring\nfunc F(r) {}", "catalog.F" + model},
		"through a private type": {"type t struct { F models.Ring }\nfunc F() *t { return nil }", "catalog.t" + model},
		"method of private type": {
			"type t struct{}\nfunc (t) G() models.Ring { panic(0) }\nfunc F() t { panic(0) }", "catalog.t.G" + model,
		},
		"type argument":          {"type L[T any] struct{}\nfunc F() L[models.Ring] { panic(0) }", "catalog.F" + model},
		"constraint":             {"func F[T models.Ringable]() {}", "catalog.F mentions internal/graph/models.Ringable"},
		"union":                  {"type T interface { int | models.Kind }", "catalog.T mentions internal/graph/models.Kind"},
		"Kiota":                  {"func F(kiota.Adapter) {}", "catalog.F mentions github.com/microsoft/kiota-abstractions-go.Adapter"},
		"other internal package": {"func F(call.Caller) {}", "catalog.F mentions internal/call.Caller"},
		"constructor and a model": {
			"type Client struct{}\nfunc NewClient(call.Caller, models.Ring) *Client { return nil }",
			"catalog.NewClient" + model,
		},
		"method of what is made": {
			"type client struct{}\nfunc NewClient(call.Caller) *client { return nil }\nfunc (*client) F(call.Caller) {}",
			"catalog.client.F mentions internal/call.Caller",
		},
		"hooks under another name": {
			"type other struct{}\nvar Internal other\nfunc (other) F(models.Ring) {}", "catalog.other.F" + model,
		},
		"method of a client": {
			"type Client struct{}\nfunc NewClient(call.Caller) *Client { return nil }\nfunc (*Client) F(call.Caller) {}",
			"catalog.Client.F mentions internal/call.Caller",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{c.want}, leaks(compile(t, c.source), []string{"catalog.NewClient"}))
		})
	}
}

func TestWhatUsersCannotReachMayBeInternal(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"private function":   "func f(models.Ring) {}",
		"private field":      "type T struct { f models.Ring }",
		"private type":       "type t struct { F models.Ring }\nfunc F() int { var x t; _ = x; return 0 }",
		"private method":     "type T struct{}\nfunc (T) f(models.Ring) {}",
		"sealing method":     "type T interface { f(models.Ring) }",
		"hooks":              "type hooks struct{}\nvar Internal hooks\nfunc (hooks) F(models.Ring) {}",
		"listed constructor": "type Client struct { c call.Caller }\nfunc NewClient(c call.Caller) *Client { return nil }",
		"recursive types":    "type T struct { Next *T; All []T }\nfunc (T) F(t T) T { return t }\ntype G[K any] struct { G *G[K] }",
		"standard library":   "func F(error) {}",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, leaks(compile(t, text), []string{"catalog.NewClient"}))
		})
	}
}

func TestATypeDefinedByAnInternalOneIsFound(t *testing.T) {
	t.Parallel()
	s := mustParse(t, `package catalog

import "`+modulePath+`/internal/graph/models"

type A models.Ring
type B = models.Ring
type C struct{ ring models.Ring }
type d models.Ring
`)
	require.Equal(t, []string{
		"catalog/a.go:5: A is defined by internal/graph/models.Ring",
		"catalog/a.go:6: B is defined by internal/graph/models.Ring",
	}, derived(s))
}

func TestListedConstructorsMustBeNeededAndOnePerClient(t *testing.T) {
	t.Parallel()
	const client = "type Client struct{}\n"
	cases := map[string]struct {
		source string
		listed []string
		want   []string
	}{
		"one":     {client + "func NewClient(call.Caller) *Client { return nil }", []string{"catalog.NewClient"}, nil},
		"value":   {client + "func NewClient(*call.Caller) Client { return Client{} }", []string{"catalog.NewClient"}, nil},
		"pointer": {client + "func NewClient(*call.Caller) *Client { return nil }", []string{"catalog.NewClient"}, nil},
		"two clients": {
			client + "type Other struct{}\nfunc NewClient(call.Caller) *Client { return nil }\nfunc " +
				"NewOther(call.Caller) *Other { return nil }",
			[]string{"catalog.NewClient", "catalog.NewOther"}, nil,
		},
		"writer": {"type Ring struct{}\nfunc WriteRing(Ring) call.Caller { panic(0) }", []string{"catalog.WriteRing"}, nil},
		"writer of none": {
			"func Write(int) call.Caller { panic(0) }", []string{"catalog.Write"},
			[]string{"catalog.Write does not make a client of its package from internal/call"},
		},
		"no package": {
			client, []string{"audience.NewClient"},
			[]string{"audience.NewClient does not make a client of its package from internal/call"},
		},
		"none": {
			client, []string{"catalog.NewClient"},
			[]string{"catalog.NewClient does not make a client of its package from internal/call"},
		},
		"not needed": {
			client + "func NewClient(int) *Client { return nil }", []string{"catalog.NewClient"},
			[]string{"catalog.NewClient does not make a client of its package from internal/call"},
		},
		"another result": {
			client + "func NewClient(call.Caller) *models.Ring { return nil }", []string{"catalog.NewClient"},
			[]string{"catalog.NewClient does not make a client of its package from internal/call"},
		},
		"twice": {
			client + "func NewClient(call.Caller) *Client { return nil }\nfunc NewOther(call.Caller) *Client { return nil }",
			[]string{"catalog.NewClient", "catalog.NewOther"},
			[]string{"catalog.NewClient and catalog.NewOther both make catalog.Client"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, excess([]*types.Package{compile(t, c.source)}, c.listed))
		})
	}
}

// publicTypes are the compiled packages that users meet.
func publicTypes(t *testing.T) []*types.Package {
	t.Helper()
	return publicTypesOf(t, compiledPackages(t))
}

func publicTypesOf(t *testing.T, compiled types.Importer) []*types.Package {
	t.Helper()
	var public []*types.Package
	for _, p := range ourPackages(t) {
		if isPublic(p) {
			pkg, err := compiled.Import(p.ImportPath)
			require.NoError(t, err, "%s does not build", p.ImportPath)
			public = append(public, pkg)
		}
	}
	return public
}

// compiledPackages has the packages of this module and all that they link.
func compiledPackages(t *testing.T) types.Importer {
	t.Helper()
	exports := map[string]string{}
	for _, p := range ourPackages(t) {
		exports[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(importPath string) (io.ReadCloser, error) {
		return os.Open(exports[importPath])
	})
}

// compile checks a source of the package catalog, which can use small stand-ins
// for what is internal.
func compile(t *testing.T, text string) *types.Package {
	t.Helper()
	known := imports{}
	known.add(t, modulePath+"/internal/graph/models", `package models
type Ring struct{}
type Ringable interface{ ring() }
type Kind int
type Name = string
func New() *Ring { return nil }`)
	known.add(t, modulePath+"/internal/call", "package call\ntype Caller struct{}")
	known.add(t, "github.com/microsoft/kiota-abstractions-go", "package kiota\ntype Adapter interface{}")
	return known.add(t, modulePath+"/catalog", `package catalog
import "`+modulePath+`/internal/graph/models"
import "`+modulePath+`/internal/call"
import kiota "github.com/microsoft/kiota-abstractions-go"
var _ models.Ring
var _ call.Caller
var _ kiota.Adapter
`+text)
}

// imports are packages that were compiled from text.
type imports map[string]*types.Package

func (known imports) Import(importPath string) (*types.Package, error) {
	if pkg, ok := known[importPath]; ok {
		return pkg, nil
	}
	return nil, fmt.Errorf("no package %s", importPath)
}

func (known imports) add(t *testing.T, importPath, text string) *types.Package {
	t.Helper()
	s := mustParse(t, text)
	config := types.Config{Importer: known}
	pkg, err := config.Check(importPath, s.fset, []*ast.File{s.file}, nil)
	require.NoError(t, err)
	known[importPath] = pkg
	return pkg
}

package kjson

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"
)

// generated can name another tree, to see what it needs before it is taken over:
//
//	go test ./internal/kjson -run TestGeneratedCode -v -generated DIR
var generated = flag.String("generated", "../graph", "the generated code whose calls are checked")

func TestGeneratedCodeCallsSupportedMethodsOnly(t *testing.T) {
	t.Parallel()
	nodes := callsIn(t, *generated, reflect.TypeFor[serialization.ParseNode]())
	writers := callsIn(t, *generated, reflect.TypeFor[serialization.SerializationWriter]())
	require.Contains(t, nodes, "GetStringValue")
	require.Contains(t, writers, "WriteStringValue")
	requireSupported(t, nodes, reflect.TypeFor[unsupportedNode]())
	requireSupported(t, writers, reflect.TypeFor[unsupportedWriter]())
	for _, call := range nodes["GetCollectionOfPrimitiveValues"] {
		of, ok := call.Args[0].(*ast.BasicLit)
		require.True(t, ok)
		name, err := strconv.Unquote(of.Value)
		require.NoError(t, err)
		require.NotNil(t, primitive(name), "lists of %s are not supported", name)
	}
}

func requireSupported(t *testing.T, calls map[string][]*ast.CallExpr, unsupported reflect.Type) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		t.Logf("%3d calls of %s", len(calls[name]), name)
		_, found := unsupported.MethodByName(name)
		require.False(t, found, "%s is not supported", name)
	}
}

// callsIn are the calls in a tree of generated code of methods that an interface
// has, by their names. The receiver is not looked at: a call too many is better
// than one too few.
func callsIn(t *testing.T, tree string, of reflect.Type) map[string][]*ast.CallExpr {
	t.Helper()
	calls := map[string][]*ast.CallExpr{}
	for _, file := range sourcesIn(t, tree) {
		for n := range ast.Preorder(file) {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				continue
			}
			if method, ok := call.Fun.(*ast.SelectorExpr); ok && hasMethod(of, method.Sel.Name) {
				calls[method.Sel.Name] = append(calls[method.Sel.Name], call)
			}
		}
	}
	return calls
}

func hasMethod(of reflect.Type, name string) bool {
	_, found := of.MethodByName(name)
	return found
}

func sourcesIn(t *testing.T, tree string) (files []*ast.File) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(tree, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	}))
	return files
}

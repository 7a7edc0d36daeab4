package apicheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhateverIsExportedIsUsed(t *testing.T) {
	t.Parallel()
	compiled := compiledPackages(t)
	u := newUsage(compiled, publicTypesOf(t, compiled))
	for _, p := range ourPackages(t) {
		switch {
		case isPublic(p):
			u.readFolder(t, p.ImportPath, p.Dir, isTestFile)
		case isOurs(p) && isUnder(short(p.ImportPath), "examples"):
			u.readFolder(t, p.ImportPath, p.Dir, isAnyFile)
		}
	}
	u.readFolder(t, "example.com/rollout", filepath.Join(top, "internal/testdata/consumer"), isAnyFile)
	for _, name := range u.unused(constructors()) {
		t.Error(name + " is used by no test, Example or program")
	}
}

func isTestFile(name string) bool { return strings.HasSuffix(name, "_test.go") }
func isAnyFile(string) bool       { return true }

// readFolder reads the packages of a folder: its own with inner tests, and that of its
// outer tests.
func (u *usage) readFolder(t *testing.T, importPath, folder string, counts func(name string) bool) {
	t.Helper()
	fset, packages := token.NewFileSet(), map[string][]*ast.File{}
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		packages[file.Name.Name] = append(packages[file.Name.Name], file)
	}
	for name, files := range packages {
		path := importPath
		if strings.HasSuffix(name, "_test") {
			path += "_test"
		}
		err := u.read(path, fset, files, func(file *ast.File) bool { return counts(fset.Position(file.Pos()).Filename) })
		require.NoError(t, err)
	}
}

func TestWhatNobodyUsesIsFound(t *testing.T) {
	t.Parallel()
	const catalog = `package catalog
type T struct { F, G int; f int }
func (*T) M() {}
func (*T) N() {}
func (T) String() string { return "" }
func (T) m() {}
type L[K any] struct { Items []K }
func (L[K]) All() {}
type Seen struct{}
func Made() []*Seen { return nil }
type I interface { Do() }
func Error() {}
const C, D = 1, 2
type hidden struct{ F int }
`
	cases := map[string]struct{ in, source, want string }{
		"nothing": {"other", "", "C D Error I I.Do L L.All L.Items Made Seen T T.F T.G T.M T.N"},
		"another package": {
			"other", "func f(i catalog.I) { i.Do(); catalog.Error(); var l catalog.L[int]; l.All(); _ = l.Items }",
			"C D Made Seen T T.F T.G T.M T.N",
		},
		"unnamed types": {"other", "func f() { catalog.Made() }", "C D Error I I.Do L L.All L.Items T T.F T.G T.M T.N"},
		"literals and embeds": {
			"other", "type e struct{ catalog.T }\nfunc f(v e) { v.M(); _ = catalog.T{F: catalog.C} }",
			"D Error I I.Do L L.All L.Items Made Seen T.G T.N",
		},
		"unknown imports": {
			"other", "import \"none\"\nfunc f() { none.Call(func() { _ = catalog.D }) }",
			"C Error I I.Do L L.All L.Items Made Seen T T.F T.G T.M T.N",
		},
		"an inner test": {"catalog", "func f(t T) { t.N(); _ = t.G }", "C D Error I I.Do L L.All L.Items Made Seen T.F T.M"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			known := imports{}
			u := newUsage(known, []*types.Package{known.add(t, modulePath+"/catalog", catalog)})
			user := mustParse(t, "package other\nimport \""+modulePath+"/catalog\"\n"+c.source)
			files, fset := []*ast.File{user.file}, user.fset
			if c.in == "catalog" {
				files, fset = inner(t, catalog, c.source)
			}
			last := files[len(files)-1]
			require.NoError(t, u.read(modulePath+"/"+c.in, fset, files, func(file *ast.File) bool { return file == last }))
			require.Equal(t, c.want, strings.ReplaceAll(strings.Join(u.unused(nil), " "), "catalog.", ""))
		})
	}
}

// inner is a package with a test in it.
func inner(t *testing.T, text, test string) ([]*ast.File, *token.FileSet) {
	t.Helper()
	var files []*ast.File
	fset := token.NewFileSet()
	for _, text := range []string{text, "package catalog\n" + test} {
		file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	return files, fset
}

package apicheck

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

// top is the module's own top folder.
const top = "../.."

var loadOurs = sync.OnceValues(func() ([]*packages.Package, error) { return load(context.Background(), top) })

// ourPackages are all packages of this module and their tests.
func ourPackages(t *testing.T) []*packages.Package {
	t.Helper()
	all, err := loadOurs()
	require.NoError(t, err)
	return all
}

// packagesThat are those of ours for which something holds.
func packagesThat(t *testing.T, holds func(*packages.Package) bool) []*packages.Package {
	t.Helper()
	all := slices.DeleteFunc(slices.Clone(ourPackages(t)), func(p *packages.Package) bool { return !holds(p) })
	require.NotEmpty(t, all)
	return all
}

func readOurs(t *testing.T, path string) string {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(top), path)
	require.NoError(t, err)
	return string(content)
}

// report fails the test once for each finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	for _, finding := range findings {
		t.Error(finding)
	}
}

// catalogOf is a package catalog with that text.
func catalogOf(t *testing.T, text string) *packages.Package {
	t.Helper()
	return standIns(t).add(t, modulePath+"/catalog", text)
}

// texts are packages that were made from text, by path.
type texts map[string]*packages.Package

// shared has the places of all, as for packages that are loaded.
var shared = token.NewFileSet()

// standIns has small packages in place of what others import.
func standIns(t *testing.T) texts {
	t.Helper()
	known := texts{}
	known.add(t, "context", "type Context interface{}")
	known.add(t, "example.com/elsewhere", "type (\n\tContext interface{}\n\tList[T any] struct{}\n)")
	known.add(t, modulePath+"/updates/odata", "type List[T any] struct{}")
	known.add(t, modulePath+"/internal/call", "type Caller struct{}")
	known.add(t, "github.com/microsoft/kiota-abstractions-go", "type Adapter interface{}")
	known.add(t, modulePath+"/internal/graph/models", `
type Ring struct{}
type Ringable interface{ ring() }
type Kind int
type Name = string
func New() *Ring { return nil }`)
	return known
}

// add makes a package of a text, and one of a test, which can name the other packages.
func (known texts) add(t *testing.T, importPath string, files ...string) *packages.Package {
	t.Helper()
	name, _, _ := strings.Cut(path.Base(importPath), "-")
	header := "package " + name
	for other := range known {
		if other != importPath {
			header += "; import " + strconv.Quote(other)
		}
	}
	p := &packages.Package{ID: importPath, PkgPath: importPath, Name: name, Fset: shared}
	for i, text := range files {
		place := path.Join(importPath, []string{"a.go", "a_test.go"}[i])
		file, err := parser.ParseFile(shared, place, header+"\n"+text, parser.ParseComments)
		require.NoError(t, err)
		p.Syntax = append(p.Syntax, file)
	}
	check(p, importer(known.find), func(err error) {
		var problem types.Error
		require.ErrorAs(t, err, &problem)
		require.True(t, problem.Soft, err) // such as an import that is not used
	})
	known[importPath] = p
	return p
}

func (known texts) find(importPath string) (*types.Package, error) {
	if p, ok := known[importPath]; ok {
		return p.Types, nil
	}
	return nil, fmt.Errorf("no package %s", importPath)
}

func TestEveryPackageBuilds(t *testing.T) {
	t.Parallel()
	for _, p := range ourPackages(t) {
		for _, err := range p.Errors {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
}

func TestAPackageThatDoesNotBuildIsLoadedWithItsErrors(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "go.mod", "module "+modulePath+"\n\ngo 1.26\n")
	require.NoError(t, os.MkdirAll(root+"/bad", 0o755))
	require.NoError(t, os.MkdirAll(root+"/good", 0o755))
	write(t, root, "good/good.go", "package good\n")
	write(t, root, "good/good_test.go", "package good\n\nvar y int = `text`\n")
	write(t, root, "bad/bad.go", "package bad\n\nvar x int = `text`\n")

	all, err := load(t.Context(), root)
	require.NoError(t, err)
	states := map[string]bool{}
	for _, p := range all {
		states[short(p.ID)] = len(p.Errors) == 0
	}
	require.False(t, states["bad"])
	require.True(t, states["good"])
	require.False(t, states["good ["+modulePath+"/good.test]"])
}

func TestADirectoryWithoutOurPackagesIsNotPassedAsGood(t *testing.T) {
	t.Parallel()
	_, err := load(t.Context(), t.TempDir())
	require.ErrorContains(t, err, "holds no package of "+modulePath)
}

func TestUsersMeetAllPackagesButInternalOnesAndExamples(t *testing.T) {
	t.Parallel()
	public := map[string]bool{
		modulePath + "/catalog":                true,
		modulePath + "/updates/odata":          true,
		modulePath + "/internal/call":          false,
		modulePath + "/updates/internal/x":     false,
		modulePath + "/examples/deploy":        false,
		modulePath + "/internals":              true,
		modulePath + "/catalog.test":           false,
		"github.com/stretchr/testify/require":  false,
		"fmt":                                  false,
		"github.com/winupdates/another/module": false,
	}
	for importPath, want := range public {
		require.Equal(t, want, isPublic(&packages.Package{ID: importPath, PkgPath: importPath}), importPath)
	}
	require.False(t, isPublic(&packages.Package{PkgPath: modulePath + "/catalog", ForTest: modulePath + "/catalog"}))
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(root+"/"+name, []byte(text), 0o644))
}

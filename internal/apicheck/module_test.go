package apicheck

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// top is the module's own top folder.
const top = "../.."

var listOurs = sync.OnceValues(func() ([]listed, error) { return list(context.Background(), top) })

// ourPackages are all packages of this module and all that they link.
func ourPackages(t *testing.T) []listed {
	t.Helper()
	packages, err := listOurs()
	require.NoError(t, err)
	return packages
}

// publicSources are the files of all packages that users meet.
func publicSources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, p := range ourPackages(t) {
		if !isPublic(p) {
			continue
		}
		files, err := sources(p)
		require.NoError(t, err)
		all = append(all, files...)
	}
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

// mustParse parses a file of the package catalog.
func mustParse(t *testing.T, text string) source {
	t.Helper()
	s, err := parse("catalog", "a.go", text)
	require.NoError(t, err)
	return s
}

// ours is a package of this module with what it imports and links; a name that
// has a dot is of another module or, like "context", of the standard library.
func ours(name string, imports ...string) listed {
	for i, imported := range imports {
		if !strings.Contains(imported, ".") {
			imports[i] = modulePath + "/" + imported
		}
	}
	return listed{ImportPath: modulePath + "/" + name, Imports: imports, Deps: imports}
}

func TestEveryPackageBuilds(t *testing.T) {
	t.Parallel()
	for _, p := range ourPackages(t) {
		if isOurs(p) && p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
	}
}

func TestAPackageThatDoesNotBuildIsListedWithItsError(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "go.mod", "module "+modulePath+"\n\ngo 1.26\n")
	write(t, root, "good.go", "package good\n")
	require.NoError(t, os.Mkdir(root+"/bad", 0o755))
	write(t, root, "bad/bad.go", "package bad\n\nvar x int = `text`\n")

	packages, err := list(t.Context(), root)
	require.NoError(t, err)
	states := map[string]bool{}
	for _, p := range packages {
		if p.ImportPath == modulePath || isOurs(p) {
			states[short(p.ImportPath)] = p.Error == nil && p.Export != ""
		}
	}
	require.Equal(t, map[string]bool{modulePath: true, "bad": false}, states)
}

func TestAFolderWithoutOurPackagesIsNotPassedAsGood(t *testing.T) {
	t.Parallel()
	_, err := list(t.Context(), t.TempDir())
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
		"github.com/stretchr/testify/require":  false,
		"fmt":                                  false,
		"github.com/winupdates/another/module": false,
	}
	for importPath, want := range public {
		require.Equal(t, want, isPublic(listed{ImportPath: importPath}), importPath)
	}
}

func TestSourcesOfOtherSystemsAreReadAndTestsAreNot(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "a.go", "package catalog\n")
	write(t, root, "a_windows.go", "package catalog\n")
	write(t, root, "a_test.go", "package catalog\n")
	files, err := sources(listed{ImportPath: modulePath + "/catalog", Dir: root})
	require.NoError(t, err)
	require.Len(t, files, 2)
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(root+"/"+name, []byte(text), 0o644))
}

package apicheck

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestNoTextTellsOfADevelopersMachine(t *testing.T) {
	t.Parallel()
	texts, err := readTexts(os.DirFS(top))
	require.NoError(t, err)
	require.Contains(t, texts, "go.mod")
	for file, text := range texts {
		report(t, traces(file, text))
	}
}

func TestTheTopDirectoryHoldsOnlyWhatTheDesignAllows(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(top)
	require.NoError(t, err)
	report(t, strays(entries, readOurs(t, ".gitignore")))
}

// The texts are put together from parts, so that this file has no trace itself.
func TestTracesOfAMachineAreFound(t *testing.T) {
	t.Parallel()
	const slash = "/"
	cases := map[string]struct{ file, text, want string }{
		"home":            {"a.go", `"` + slash + `home/me/x"`, "a.go:1: names " + slash + "home/m"},
		"second line":     {"a.md", "x\n" + slash + "Users/me", "a.md:2: names " + slash + "Users/m"},
		"root":            {"run", "cd " + slash + "root/go", "run:1: names " + slash + "root/g"},
		"Windows":         {"a.md", `C:\` + `Users\me`, `a.md:1: names :\` + `Users\`},
		"Windows, quoted": {"a.go", `"C:\\` + `Users\\me"`, `a.go:1: names :\\` + `Users\`},
		"temporary":       {"a.go", "x=" + slash + "tmp/x", "a.go:1: names " + slash + "tmp/x"},
		"registry":        {"run", "GOPROXY=https:" + "//proxy" + ".golang.org", "run:1: names proxy" + ".golang.org"},
		"other registry":  {"a.md", "registry" + ".npmjs.org", "a.md:1: names registry" + ".npmjs.org"},
		"checksums":       {"a.md", "sum" + ".golang.org", "a.md:1: names sum" + ".golang.org"},
		"home, in a test": {"a_test.go", slash + "home/me/x", "a_test.go:1: names " + slash + "home/m"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{c.want}, traces(c.file, c.text))
		})
	}
}

func TestAddressesAndRelativePathsAreNoTraces(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ file, text string }{
		"address":           {"a.md", "https://learn.microsoft.com/home/x https://example.com/root/y"},
		"Graph path":        {"a.go", "GET /users/{id}/home/x"},
		"relative path":     {"a.md", "./tmp/x ../home/y a/root/b"},
		"import":            {"a.go", `"golang.org/x/tools"`},
		"word":              {"a.md", "home/office, Users and roots"},
		"package page":      {"a.md", "https://pkg.go.dev/" + modulePath},
		"temporary in test": {"a_test.go", "/" + "tmp/x"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, traces(c.file, c.text))
		})
	}
}

func TestTextsOfOthersAndBinariesAreNotRead(t *testing.T) {
	t.Parallel()
	module := fstest.MapFS{
		".gitignore":               {Data: []byte("# Tests leave these.\n*.out\n/.idea/\n")},
		".git/config":              {},
		".idea/workspace.xml":      {},
		".ci/run":                  {},
		"cover.out":                {},
		"catalog/catalog.go":       {},
		"catalog/catalog.out":      {},
		"internal/graph/client.go": {},
		"internal/graphics/art.go": {},
		"auth/testdata/key.der":    {Data: []byte{'a', 0, 'b'}},
	}
	texts, err := readTexts(module)
	require.NoError(t, err)
	require.Equal(t, []string{".ci/run", ".gitignore", "catalog/catalog.go", "internal/graphics/art.go"}, slices.Sorted(maps.Keys(texts)))
}

func TestWithoutGitignoreTextsAreNotRead(t *testing.T) {
	t.Parallel()
	_, err := readTexts(fstest.MapFS{})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestStraysInTheTopDirectoryAreFound(t *testing.T) {
	t.Parallel()
	entries, err := fs.ReadDir(fstest.MapFS{
		"go.mod":             {},
		"README.md":          {},
		".golangci.yml":      {},
		".ci/run":            {},
		"cover.out":          {},
		"catalog/catalog.go": {},
		"main.go":            {},
		"docs/guide.md":      {},
		"LICENSE/text":       {},
		"updates":            {},
	}, ".")
	require.NoError(t, err)
	require.Equal(t, []string{
		"LICENSE has no place in the top folder",
		"docs has no place in the top folder",
		"main.go has no place in the top folder",
		"updates has no place in the top folder",
	}, strays(entries, "*.out\n"))
}

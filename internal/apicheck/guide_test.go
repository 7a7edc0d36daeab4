package apicheck

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	movingGuide = "MIGRATING.md"
	movingCode  = "updates/migrating_test.go"
)

func TestTheMovingGuideShowsFunctionsThatAreRun(t *testing.T) {
	t.Parallel()
	functions := functionsOf(t, readOurs(t, movingCode))
	for _, pair := range pairsOfGuide(t) {
		name := firstFunction(t, pair.ours.text)
		require.Equal(t, name, firstFunction(t, pair.official.text), "line %d", pair.ours.line)
		require.Equal(t, functions[name], pair.ours.text, "line %d", pair.ours.line)
		require.Contains(t, functions, "Example_"+name)
	}
}

func TestEachTaskOfTheMovingGuideIsShorterHere(t *testing.T) {
	t.Parallel()
	for _, pair := range pairsOfGuide(t) {
		require.Less(t, strings.Count(pair.ours.text, "\n"), strings.Count(pair.official.text, "\n"), "line %d", pair.ours.line)
		require.Less(t, len(pair.ours.text), len(pair.official.text), "line %d", pair.ours.line)
	}
}

func TestTheOtherSideOfTheMovingGuideIsFormattedToo(t *testing.T) {
	t.Parallel()
	for _, pair := range pairsOfGuide(t) {
		formatted, err := format.Source([]byte(pair.official.text))
		require.NoError(t, err, "line %d", pair.official.line)
		require.Equal(t, string(formatted), pair.official.text, "line %d", pair.official.line)
	}
}

func TestAllDecisionsAreListed(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(top, "internal/decisions/*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	list := readOurs(t, "internal/decisions/README.md")
	for _, path := range paths {
		if name := filepath.Base(path); name != "README.md" {
			require.Contains(t, list, "]("+name+")")
		}
	}
}

func TestADecisionFitsOnAScreen(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(top, "internal/decisions/[0-9]*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		decision, _, _ := strings.Cut(string(text), "\n## Old names\n") // which are looked up, not read
		require.LessOrEqual(t, strings.Count(decision, "\n"), 35, path)
	}
}

// pair is a task of the guide, done on both sides.
type pair struct{ official, ours block }

func pairsOfGuide(t *testing.T) []pair {
	t.Helper()
	all := blocks(readOurs(t, movingGuide))
	require.Len(t, all, 20, "ten tasks, twice each")
	var pairs []pair
	for i := 0; i < len(all); i += 2 {
		require.Equal(t, []string{"go", "go"}, []string{all[i].language, all[i+1].language})
		require.Equal(t, []string{"", movingCode}, []string{all[i].file, all[i+1].file}, "line %d", all[i].line)
		pairs = append(pairs, pair{official: all[i], ours: all[i+1]})
	}
	return pairs
}

// functionsOf are the texts of the functions of a file, without their comments.
func functionsOf(t *testing.T, text string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", text, 0)
	require.NoError(t, err)
	functions := map[string]string{}
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok {
			functions[f.Name.Name] = text[files.Position(f.Pos()).Offset:files.Position(f.End()).Offset] + "\n"
		}
	}
	return functions
}

// firstFunction is the name of the first function of a block.
func firstFunction(t *testing.T, text string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", "package guide\n"+text, 0)
	require.NoError(t, err)
	require.NotEmpty(t, file.Decls)
	f, ok := file.Decls[0].(*ast.FuncDecl)
	require.True(t, ok)
	return f.Name.Name
}

package recording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// top is the top directory of the module.
var top = filepath.Join("..", "..")

// newPackage makes a directory for the recordings of a package with one file of source.
func newPackage(t *testing.T, code string) (directory, recordings string) {
	t.Helper()
	directory = t.TempDir()
	recordings = filepath.Join(directory, "own", "testdata", "recordings")
	require.NoError(t, os.MkdirAll(recordings, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "own", "own_test.go"), []byte(code), 0o644))
	return directory, recordings
}

func put(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func TestRecordingsThatAreThereAreChecked(t *testing.T) {
	t.Parallel()
	directory, recordings := newPackage(t, "package own")
	good := contentOf(t, recordTo(t, answering(`{"n":1}`), func(rec *Recorder) { ask(t, rec, "GET", "/policies", "") }, wrote()))
	put(t, filepath.Join(recordings, "good.txtar"), good)
	put(t, filepath.Join(recordings, "README.md"), deviceGUID)
	put(t, filepath.Join(directory, "other.txtar"), deviceGUID)
	require.NoError(t, Check(directory))

	bad := put(t, filepath.Join(recordings, "bad.txtar"), strings.Replace(good, `"name-1": 1`, `"name-1": "`+deviceGUID+`"`, 1))
	for _, path := range []string{directory, bad} {
		err := Check(path)
		require.ErrorContains(t, err, "bad.txtar:\nline 10 (01 response) has a GUID")
		require.NotContains(t, err.Error(), deviceGUID)
	}
	put(t, bad, strings.Replace(good, "Content-Type: application/json", "Secret hunter2", 1))
	require.ErrorContains(t, Check(bad), "01 request is broken: its line 2 is no header")
	put(t, bad, strings.Replace(good, "01 response", "hunter2", 1))
	require.NotContains(t, Check(bad).Error(), "hunter2")
	put(t, bad, "broken")
	require.ErrorContains(t, Check(directory), "first line")
	require.ErrorIs(t, Check(filepath.Join(directory, "none")), os.ErrNotExist)
}

func TestACheckFindsWhatWouldNotBeKept(t *testing.T) {
	t.Parallel()
	_, recordings := newPackage(t, "package own\n\nvar names = []string{\"Monthly\", \"Pilots\"}")
	s := answering(`{"id":"` + deviceGUID + `","displayName":"Monthly","createdDateTime":"2025-12-01T09:00:00Z","n":5551234567}`)
	use := func(rec *Recorder) {
		ask(t, rec, "PATCH", "/policies/"+rec.Secret("policy"), `{"displayName":"Monthly","description":"`+rec.Secret("policy")+`"}`)
	}
	opts := []Option{wrote("Monthly"), KeepProperty("state"), environment{"UPDATES_SECRET_POLICY": otherGUID}.option()}
	good := contentOf(t, recordTo(t, s, use, opts...))
	file := put(t, filepath.Join(recordings, "a.txtar"), good)
	require.NoError(t, Check(file))
	for before, after := range map[string]string{
		`"id": "` + fakeID(1) + `"`:       `"id": "Alice"`,
		`"displayName": "Monthly",`:       `"displayName": "Alice",`,
		`"createdDateTime": "2025`:        `"createdDateTime": "about 2025`,
		`: 2000000001`:                    `: 5551234567`,
		"/policies/policy":                "/policies/Alice",
		`"displayName": "Monthly"` + "\n": `"displayName": "Weekly"` + "\n",
	} {
		require.Contains(t, good, before, before)
		put(t, file, strings.Replace(good, before, after, 1))
		err := Check(file)
		require.Error(t, err, after)
		require.Regexp(t, `line \d+ has a value that the recorder would not keep|exchange 01: the .* of the request has`, err.Error())
		requireNotPrinted(t, err, "Alice", "Weekly")
	}
	put(t, file, strings.Replace(good, "2000000001\n", "2000000001,\n  \"state\": \"up\"\n", 1))
	require.NoError(t, Check(file), "what the first line says is kept")
}

func TestADirectoryOfRecordingsIsCheckedWhereverOneStands(t *testing.T) {
	recordings := filepath.Join(t.TempDir(), "recordings")
	inner := filepath.Join(recordings, "tenant", "tests")
	require.NoError(t, os.MkdirAll(inner, 0o755))
	t.Chdir(recordings)
	for _, path := range []string{".", recordings, ".."} {
		require.ErrorContains(t, Check(path), "there is no recording to check")
	}
	put(t, filepath.Join(inner, "a.txtar"), "broken")
	for _, path := range []string{".", recordings, ".."} {
		require.ErrorContains(t, Check(path), "a.txtar: it is no recording")
	}
}

func TestTheRecordingsOfThisModuleHaveNothingElse(t *testing.T) {
	t.Parallel()
	require.FileExists(t, filepath.Join(top, "go.mod"))
	require.NoError(t, Check(top))
}

// What the SDK's own recordings have is known without being named: there is a rule for it
// in the table, or one test that keeps it.
func TestTheModuleKeepsAtMostOneThingByName(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	var kept []string
	err = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if full, _ := filepath.Abs(path); full == here {
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(path, ".go") {
			kept = append(kept, keepsIn(t, path)...)
		}
		return err
	})
	require.NoError(t, err)
	require.LessOrEqual(t, len(kept), 1, kept)
	require.Len(t, keepsIn(t, "example_own_test.go"), 1)
}

// keepsIn lists the calls of recording.KeepText and recording.KeepProperty in a file.
func keepsIn(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if ok && (selector.Sel.Name == "KeepText" || selector.Sel.Name == "KeepProperty") {
			found = append(found, path+": "+selector.Sel.Name)
		}
		return true
	})
	return found
}

package recording

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const program = `package own

const host, team = "https://api.example:8443/v1/teams?view=full", ` + "`back`" + `

type member struct {
	DisplayName string ` + "`json:\"display_name,omitempty\"`" + `
}

var body = "{\"state\":\"in \\\"use\\\"\",\"count\":1234567}"
var filter = "name eq 'O''Brien' and x eq '%s'"
var note = fmt.Sprintf("Ring of %-10s (%d)\n", name, 0x10)
var joined = "fabri" + "kam"
var big = 5_551_234_567
`

func TestLiteralsAndTheirPartsAreInTheSource(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "own.go"), []byte(program), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "own_test.go"), []byte("package own_test\n\nvar a = \"other\"\n\"broken"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "notes.txt"), []byte(`"not Go"`), 0o644))
	s, err := readSource(directory)
	require.NoError(t, err)
	for _, text := range []string{
		"https://api.example:8443/v1/teams?view=full", "api.example:8443", "api.example", "v1", "teams", "view", "full", "back",
		`in "use"`, "1234567", "O'Brien", "Ring of ", "name eq 'O''Brien' and x eq '%s'", "other", "5551234567",
	} {
		require.True(t, s.has(text), text)
	}
	for _, text := range []string{"fabrikam", "in", "use", "Brien", "Ring", "api", "not Go", "DisplayName"} {
		require.False(t, s.has(text), text)
	}
	for _, name := range []string{"displayName", "display_name", "state", "count", "view", "Host"} {
		require.True(t, s.hasName(name), name)
	}
	require.False(t, s.hasName("hunter2"))
}

func TestWithoutASourceNothingIsWritten(t *testing.T) {
	t.Parallel()
	s, err := readSource("")
	require.NoError(t, err)
	require.False(t, s.has(""))
	require.False(t, s.hasName("a"))
	s, err = readSource(t.TempDir())
	require.NoError(t, err)
	require.False(t, s.has("a"))
}

func TestTheSourceIsThatOfTheCallingTest(t *testing.T) {
	t.Parallel()
	directory, err := testDirectory()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(directory, "source_test.go"))
	done := make(chan string)
	go func() { done <- callingTest() }()
	require.Contains(t, <-done, "source_test.go", "in a goroutine of the test too")
}

// The test in testdata/own is built with and without paths, and run in a directory of its
// own, which has its source when there are no paths.
func TestTheSourceIsFoundInABinaryWithoutPaths(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"-trimpath", "-trimpath=false"} {
		trimmed := flag == "-trimpath"
		binary, directory := filepath.Join(t.TempDir(), "own.test"), t.TempDir()
		build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", flag, "-o", binary, "./testdata/own")
		out, err := build.CombinedOutput()
		require.NoError(t, err, string(out))
		if trimmed {
			require.NoError(t, os.CopyFS(directory, os.DirFS("testdata/own")))
		}

		text, err := runTest(t, binary, directory)
		require.NoError(t, err, text)
		require.Contains(t, contentOf(t, filepath.Join(directory, "testdata", "recordings", "TestOwn.txtar")), "GET https://api.example/teams\n")

		text, err = runTest(t, binary, directory, "OWN_JOINED=1")
		require.Error(t, err)
		require.Contains(t, text, "exchange 01: the URL of the request has a string that no response before it had")

		text, err = runTest(t, binary, directory, "OWN_CHDIR="+t.TempDir())
		require.Equal(t, trimmed, err != nil, text)
		require.Equal(t, trimmed, strings.Contains(text, "the source of the test is not in the working directory"))
	}
}

func runTest(t *testing.T, binary, directory string, variables ...string) (string, error) {
	t.Helper()
	test := exec.CommandContext(t.Context(), binary)
	test.Dir = directory
	test.Env = append(append(os.Environ(), EnvVar+"=."), variables...)
	out, err := test.CombinedOutput()
	return string(out), err
}

package openapi

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestTheGeneratedCodeIsWhatTheDescriptionGave(t *testing.T) {
	t.Parallel()
	differences, err := Check(os.DirFS("../.."))
	require.NoError(t, err)
	for _, difference := range differences {
		t.Error(difference)
	}
}

func TestEachKindOfDifferenceIsFoundAndSaysWhatToRun(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(fstest.MapFS)
		want   []string
	}{
		"no change": {
			change: func(fstest.MapFS) {},
		},
		"changed description": {
			change: func(m fstest.MapFS) { m[description] = file("openapi: 3.1.0\n") },
			want: []string{"internal/openapi/windowsupdates.yaml changed after the code was generated: " +
				"run go generate in internal/openapi"},
		},
		"edited file": {
			change: func(m fstest.MapFS) { m["internal/graph/models/ring.go"] = file("package models // edited\n") },
			want: []string{"internal/graph/models/ring.go was edited: " +
				"change the description instead and run go generate in internal/openapi"},
		},
		"missing file": {
			change: func(m fstest.MapFS) { delete(m, "internal/graph/client.go") },
			want:   []string{"internal/graph/client.go is missing: run go generate in internal/openapi"},
		},
		"surplus file": {
			change: func(m fstest.MapFS) { m["internal/graph/models/own.go"] = file("package models\n") },
			want: []string{"internal/graph/models/own.go is not in the manifest: " +
				"remove it, or run go generate in internal/openapi"},
		},
		"edited lock": {
			change: func(m fstest.MapFS) { m["internal/graph/kiota-lock.json"] = file("[]\n") },
			want: []string{"internal/graph/kiota-lock.json was edited: " +
				"change the description instead and run go generate in internal/openapi"},
		},
		"a file renamed": {
			change: func(m fstest.MapFS) {
				m["internal/graph/api.go"] = m["internal/graph/client.go"]
				delete(m, "internal/graph/client.go")
			},
			want: []string{
				"internal/graph/api.go is not in the manifest: remove it, or run go generate in internal/openapi",
				"internal/graph/client.go is missing: run go generate in internal/openapi",
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			module := generatedModule(t)
			c.change(module)
			differences, err := Check(module)
			require.NoError(t, err)
			require.Equal(t, c.want, differences)
		})
	}
}

func TestWithoutAReadableManifestOrDescriptionTheCheckFails(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(fstest.MapFS)
		want   string
	}{
		"no manifest":     {func(m fstest.MapFS) { delete(m, Manifest) }, "read the manifest (run go generate in internal/openapi)"},
		"broken manifest": {func(m fstest.MapFS) { m[Manifest] = file("one word\n") }, "is not a sum and a path"},
		"no description":  {func(m fstest.MapFS) { delete(m, description) }, "hash internal/openapi/windowsupdates.yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			module := generatedModule(t)
			c.change(module)
			_, err := Check(module)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestTheManifestIsSortedAndReadableBySha256sum(t *testing.T) {
	t.Parallel()
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	sums, err := Sum(fstest.MapFS{
		description:                file(""),
		"internal/graph/b.go":      file(""),
		"internal/graph/a/z.go":    file(""),
		"internal/openapi/doc.go":  file("not a generated file"),
		"internal/graphics/art.go": file("not a generated file"),
	})
	require.NoError(t, err)
	require.Equal(t, fmt.Sprintf("%s  internal/graph/a/z.go\n%[1]s  internal/graph/b.go\n%[1]s  %s\n", empty, description), sums)
}

func TestGoGenerateEndsWithTheManifest(t *testing.T) {
	t.Parallel()
	source, err := fs.ReadFile(os.DirFS("."), "generate.go")
	require.NoError(t, err)
	var tools []string
	for line := range strings.Lines(string(source)) {
		if command, ok := strings.CutPrefix(line, "//go:generate "); ok {
			tools = append(tools, strings.Join(strings.Fields(command)[:3], " "))
		}
	}
	require.Equal(t, []string{
		"kiota generate --language",
		"go run golang.org/x/tools/cmd/goimports@v0.52.0",
		"go run ./known",
		"go run ./manifest",
	}, tools)
}

// generatedModule is a small module whose manifest holds.
func generatedModule(t *testing.T) fstest.MapFS {
	t.Helper()
	module := fstest.MapFS{
		description:                      file("openapi: 3.0.4\n"),
		"internal/graph/client.go":       file("package graph\n"),
		"internal/graph/kiota-lock.json": file("{}\n"),
		"internal/graph/models/ring.go":  file("package models\n"),
	}
	sums, err := Sum(module)
	require.NoError(t, err)
	module[Manifest] = file(sums)
	return module
}

func file(content string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(content)}
}

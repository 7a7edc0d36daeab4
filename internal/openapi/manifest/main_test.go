package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/openapi"
)

func TestTheWrittenManifestHoldsUntilAGeneratedFileIsEdited(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	put(t, root, "internal/openapi/windowsupdates.yaml", "openapi: 3.0.4\n")
	put(t, root, "internal/graph/client.go", "package graph\n")

	require.NoError(t, write(root))
	differences, err := openapi.Check(os.DirFS(root))
	require.NoError(t, err)
	require.Empty(t, differences)

	put(t, root, "internal/graph/client.go", "package graph // edited\n")
	differences, err = openapi.Check(os.DirFS(root))
	require.NoError(t, err)
	require.Len(t, differences, 1)
}

func TestADirectoryWithoutADescriptionGetsNoManifest(t *testing.T) {
	t.Parallel()
	root := t.TempDir()

	require.ErrorIs(t, write(root), os.ErrNotExist)
	require.NoFileExists(t, filepath.Join(root, openapi.Manifest))
}

func put(t *testing.T, root, path, content string) {
	t.Helper()
	file := filepath.Join(root, path)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(content), 0o644))
}

package main

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// It is the only test of the program, as it redirects the output of all of them.
func TestTheREADMEShowsTheOutput(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	stdout := os.Stdout
	os.Stdout = w
	main()
	os.Stdout = stdout
	require.NoError(t, w.Close())
	printed, err := io.ReadAll(r)
	require.NoError(t, err)
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	require.Contains(t, string(readme), "```text\n"+string(printed)+"```\n")
}

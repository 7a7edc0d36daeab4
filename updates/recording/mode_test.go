//go:build unix

package recording

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// A temporary file is readable by its owner only; a recording is readable by everyone.
func TestARecordingIsAFileThatOthersCanRead(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "GET", "/x", "") })
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o644), info.Mode())
}

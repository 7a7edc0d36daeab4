package recording

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOfTwoRecordersOfOneFileOneSaves(t *testing.T) {
	t.Parallel()
	for range 40 {
		file := filepath.Join(t.TempDir(), "a.txtar")
		errs := make([]error, 2)
		var recorders []*Recorder
		for range errs {
			rec := Record(file, WithTransport(answering("{}")))
			ask(t, rec, "GET", "/policies", "")
			recorders = append(recorders, rec)
		}
		var group sync.WaitGroup
		for i, rec := range recorders {
			group.Go(func() { errs[i] = rec.Close() })
		}
		group.Wait()
		err := errors.Join(errs...)
		require.Error(t, err)
		require.True(t, errs[0] == nil || errs[1] == nil, err)
		require.Regexp(t, "it was changed while this recorder recorded|another recorder is writing it", err.Error())
		requireOnly(t, file)
	}
}

// requireOnly is for directories in which nothing else may be left.
func requireOnly(t *testing.T, file string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, filepath.Base(file), entries[0].Name())
}

func TestALockThatWasLeftIsNamed(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "GET", "/policies", "") })
	unlock, err := lock(file)
	require.NoError(t, err)
	rec := Record(file, WithTransport(answering(`{"n":1}`)), wrote("n"))
	ask(t, rec, "GET", "/policies", "")
	require.ErrorContains(t, rec.Close(), "another recorder is writing it; if none is, delete ")
	require.NotContains(t, contentOf(t, file), `"n"`)
	require.NoError(t, unlock())
	requireOnly(t, file)
}

func TestNamesThatDifferInCaseOnlyAreNotForTwoFiles(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "GET", "/policies", "") })
	other := filepath.Join(filepath.Dir(file), strings.ToUpper(filepath.Base(file)))
	rec := Record(other, WithTransport(answering("{}")))
	ask(t, rec, "GET", "/policies", "")
	require.ErrorContains(t, rec.Close(), "recordings/a.txtar differs from it in case only")
	requireOnly(t, file)

	_, err := Replay(other)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "recordings/a.txtar is there, which differs from it in case only")
	_, err = Replay(file)
	require.NoError(t, err)
}

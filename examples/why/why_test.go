package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// madeUp is an ID that the simulator generates.
var madeUp = regexp.MustCompile(`eployment [0-9a-f-]{36}`)

func TestTheProgramSaysWhyTheUpdateIsNotOffered(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), &out, simulator.New(nil)))
		require.Equal(t, string(want), madeUp.ReplaceAllString(out.String(), "eployment ID"))
	})
}

func TestAFailureBeforeTheExplanationEndsTheProgram(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/catalog/entries", "/updatableAssets/enrollAssets", "/deployments", "/deployments/{}/audience/updateAudience",
	} {
		service := simulator.New(nil)
		service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
		require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service), apierr.ErrForbidden, path)
	}
}

package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func TestTheProgramPrintsEachStep(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, simulator.New(nil)))
	require.Equal(t, string(want), guid.ReplaceAllString(out.String(), "ID"))
}

func TestWhatFailsEndsTheProgram(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/deploymentAudiences", "/deploymentAudiences/{}/updateAudience", "/updatePolicies",
		"/updatePolicies/{}/complianceChanges", "/catalog/entries",
	} {
		service := simulator.New(nil)
		service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
		require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service), apierr.ErrForbidden, path)
	}
}

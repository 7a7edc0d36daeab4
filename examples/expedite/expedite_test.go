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

func TestTheProgramSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, simulator.New(nil)))
	require.Equal(t, string(want), guid.ReplaceAllString(out.String(), "ID"))
}

func TestTheTestComesBeforeTheUpdate(t *testing.T) {
	t.Parallel()
	service := simulator.New(nil)
	require.NoError(t, run(t.Context(), &bytes.Buffer{}, service))
	var created []string
	for _, request := range service.Requests() {
		if request.Path == "/deployments" {
			created = append(created, string(request.Body))
		}
	}
	require.Len(t, created, 2)
	require.Contains(t, created[0], `"isReadinessTest":true`)
	require.NotContains(t, created[1], "isReadinessTest")
	require.Contains(t, created[1], `"daysUntilForcedReboot":2`)
}

func TestWhatFailsEndsTheProgram(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/catalog/entries", "/deployments", "/deployments/{}/audience/updateAudience"} {
		service := simulator.New(nil)
		service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
		require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service), apierr.ErrForbidden, path)
	}
}

package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var created = regexp.MustCompile(`Deployment (\S+) was created`)

var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// inNovember2026 runs a test in its own time, so that the dates are those of this day
// whenever the test runs.
func inNovember2026(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
		test(t)
	})
}

func TestTheProgramSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	inNovember2026(t, func(t *testing.T) {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), &out, simulator.New(nil)))
		require.Equal(t, string(want), guid.ReplaceAllString(out.String(), "ID"))
	})
}

func TestTheRolloutStopsAfterTheDevicesOfTwoWeeks(t *testing.T) {
	t.Parallel()
	inNovember2026(t, func(t *testing.T) {
		service := simulator.New(nil)
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), &out, service))
		service.Advance(60 * 24 * time.Hour)
		require.Len(t, service.Offers(created.FindStringSubmatch(out.String())[1]), 200)
	})
}

func TestALostResponseMakesNoSecondDeployment(t *testing.T) {
	t.Parallel()
	inNovember2026(t, func(t *testing.T) {
		service := simulator.New(nil)
		service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/deployments"})
		require.NoError(t, run(t.Context(), &bytes.Buffer{}, service))
		created := 0
		for _, request := range service.Requests() {
			if request.Method == "POST" && request.Path == "/deployments" {
				created++
			}
		}
		require.Equal(t, 1, created)
	})
}

func TestWhatFailsEndsTheProgram(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/catalog/entries", "/updatableAssets", "/deployments", "/deployments/{}/audience/members", "/deployments/{}/audience/updateAudience", "/deployments/{}"} {
		service := simulator.New(nil)
		service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
		require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service), apierr.ErrForbidden, path)
	}
}

func TestACredentialThatMayNotChangeAnythingEndsTheProgram(t *testing.T) {
	t.Parallel()
	for kind, ends := range map[updates.FindingKind]bool{
		updates.FindingReadOnly: true, updates.FindingNoPermission: true, updates.FindingNoRole: true,
		updates.FindingRoleUnknown: false, updates.FindingTokenUnreadable: false,
	} {
		err := mayChange(&updates.CheckReport{Findings: []updates.Finding{{Kind: updates.FindingTokenUnreadable}, {Kind: kind, Text: "look"}}})
		require.Equal(t, ends, err != nil, kind)
	}
	require.NoError(t, mayChange(&updates.CheckReport{}))
}

func TestAFaultedDeploymentEndsTheProgram(t *testing.T) {
	t.Parallel()
	inNovember2026(t, func(t *testing.T) {
		service := simulator.New(nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		require.ErrorContains(t, run(ctx, outdating{service}, service), "faulted")
	})
}

// outdating is an output that outdates the content once the devices are there.
type outdating struct{ service *simulator.Server }

var entry = regexp.MustCompile(`"id":"([^"]+)"`)

func (o outdating) Write(text []byte) (int, error) {
	if !bytes.HasSuffix(text, []byte("; verified\n")) {
		return len(text), nil
	}
	for _, request := range o.service.Requests() {
		if request.Method == "POST" && request.Path == "/deployments" {
			return len(text), o.service.OutdateContent(string(entry.FindSubmatch(request.Body)[1]))
		}
	}
	return len(text), nil
}

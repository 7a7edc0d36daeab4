package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func newTenant(t *testing.T) *simulator.Server {
	t.Helper()
	service, err := tenant()
	require.NoError(t, err)
	return service
}

func TestTheProgramPrintsEachStep(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, newTenant(t)))
	require.Equal(t, string(want), guid.ReplaceAllString(out.String(), "ID"))
}

func TestOnlyRecommendedDriversAreOffered(t *testing.T) {
	t.Parallel()
	service := newTenant(t)
	require.NoError(t, run(t.Context(), &bytes.Buffer{}, service))
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	require.NoError(t, err)
	all, err := client.Deployments().List(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 2, "only its vendor recommends the camera driver")
	require.Len(t, service.Offers(all[0].ID), 1)
	require.Len(t, service.Offers(all[1].ID), 2)
}

func TestARevocationWhoseResponseIsLostEndsAsUsual(t *testing.T) {
	t.Parallel()
	service := newTenant(t)
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "PATCH"})
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, service))
	require.Contains(t, out.String(), "1. revoked, deployment is archived")
}

func TestWhatFailsEndsTheProgram(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/updatableAssets/enrollAssets", "/deploymentAudiences", "/deploymentAudiences/{}/updateAudience",
		"/deploymentAudiences/{}/applicableContent",
		"/updatePolicies", "/updatePolicies/{}/complianceChanges", "/updatePolicies/{}/complianceChanges/{}",
	} {
		service := newTenant(t)
		service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
		require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service), apierr.ErrForbidden, path)
	}
}

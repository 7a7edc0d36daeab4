package audience_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestAPlanListsAllThatUseTheAudience(t *testing.T) {
	t.Parallel()
	w := newReachable(t)
	entry, err := w.admin.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	second, err := w.admin.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID).ToAudience(w.audience))
	require.NoError(t, err)
	policy, err := w.admin.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(w.audience))
	require.NoError(t, err)
	deploy(t, w.admin) // with an audience of its own

	for _, of := range []audience.Ref{
		audience.ByID(w.audience), audience.OfDeployment(second.ID), audience.OfUpdatePolicy(w.policy),
	} {
		plan, err := w.admin.Audiences().Plan(t.Context(), of, audience.Devices(device1), nil)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{w.deployment, second.ID}, plan.Deployments)
		require.ElementsMatch(t, []string{w.policy, policy.ID}, plan.UpdatePolicies)
		require.Contains(t, plan.String(), "\n  the audience is used by 2 deployments: ")
		require.Contains(t, plan.String(), "\n  the audience is used by 2 update policies: ")
		kept := new(audience.SyncPlan)
		require.NoError(t, json.Unmarshal(text(t, plan), kept))
		require.Equal(t, plan, kept)
	}
	seq, err := w.admin.Audiences().PlanSeq(t.Context(), audience.ByID(w.audience), each([]string{device1}), nil)
	require.NoError(t, err)
	require.Len(t, seq.Deployments, 2)
}

func TestADeploymentThatNoListHasYetUsesItsAudience(t *testing.T) {
	t.Parallel()
	w := newReachable(t)
	hidden := stub.NewClient(t, w.Credential(), stub.Lagging(w.Server, 1<<62))
	plan, err := hidden.Audiences().Plan(t.Context(), audience.OfDeployment(w.deployment), audience.Devices(device1), nil)
	require.NoError(t, err)
	require.Equal(t, []string{w.deployment}, plan.Deployments)
	plan, err = hidden.Audiences().Plan(t.Context(), audience.OfUpdatePolicy(w.policy), audience.Devices(device1), nil)
	require.NoError(t, err)
	require.Equal(t, []string{w.policy}, plan.UpdatePolicies)
}

func TestADeploymentThatCannotBeReadIsAnErrorOfThePlan(t *testing.T) {
	t.Parallel()
	site := stub.Site(map[string]string{"/deployments/d1/audience/members?$select=id": stub.NoItems})
	client := site.Client(t, stub.NoLimits).Audiences()
	_, err := client.Plan(t.Context(), audience.OfDeployment("d1"), audience.Devices(device1), nil)
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

const staying = "stay enrolled and get no feature update until something is deployed to them"

func TestARemovalSaysThatTheDevicesStayEnrolled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		of, ids := newAudience(t, client), stub.DeviceIDs(20)
		require.NoError(t, client.Audiences().AddDevices(t.Context(), of, ids, nil))
		plan, err := client.Audiences().Plan(t.Context(), of, wanting(ids[2:]...), nil)
		require.NoError(t, err)
		require.Contains(t, plan.String(), "\n  2 removed devices "+staying+"\n")

		_, err = client.Audiences().Sync(t.Context(), of, wanting(ids[11:]...), nil)
		require.EqualError(t, err, "audiences.Sync: too many removals: 11 of 20 members, limit 10; removed devices "+staying+
			"; to allow them, raise SyncOptions.RemovalLimit")

		report, err := client.Audiences().Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		require.True(t, strings.HasSuffix(report.String(), "verified\n2 removed devices "+staying), report)
		none, err := client.Audiences().Sync(t.Context(), of, wanting(ids[2:]...), nil)
		require.NoError(t, err)
		require.NotContains(t, none.String(), "stay enrolled")
		require.NotContains(t, none.Plan.String(), "stay enrolled")
	})
}

func TestAReportOfUnenrollingSaysWhatTheDevicesAreFreeFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		ids := stub.DeviceIDs(2)
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
		report, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, ids, audience.StateEnrolled, nil)
		require.NoError(t, err)
		require.NotContains(t, report.String(), "free")
		require.NoError(t, client.Devices().Unenroll(t.Context(), audience.CategoryFeature, ids, nil))
		report, err = client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, ids, audience.StateNotEnrolled, nil)
		require.NoError(t, err)
		require.Equal(t, "2 of 2 devices notEnrolled in feature updates; an unenrolled device is free to take what its own policies allow, "+
			"usually the newest version of Windows", report.String())
	})
}

func TestAFailureOfAGroupIsNamedAfterTheOperation(t *testing.T) {
	t.Parallel()
	service := stub.Serving(func(req *http.Request) (int, string) {
		if strings.Contains(req.URL.Path, "/updatableAssets/") {
			return http.StatusForbidden, `{"error":{"code":"Forbidden","message":"m"}}`
		}
		return http.StatusOK, stub.NoItems
	})
	_, err := service.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), audience.Groups("g"), nil)
	require.ErrorContains(t, err, "audiences.Sync: group g: 403 Forbidden: m")
	require.NotContains(t, err.Error(), "groups.ListMembers")
	require.Equal(t, http.StatusForbidden, apierr.StatusOf(err))
	require.ErrorIs(t, err, apierr.ErrForbidden)
}

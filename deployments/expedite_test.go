package deployments_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// qualityUpdate is one of the simulator's that can be expedited, or one that
// cannot.
func qualityUpdate(t *testing.T, client *updates.Client, expeditable bool) *catalog.QualityUpdate {
	t.Helper()
	for entry, err := range client.Catalog().List(nil).All(t.Context()) {
		require.NoError(t, err)
		if quality, ok := entry.(*catalog.QualityUpdate); ok && quality.Expeditable == expeditable {
			return quality
		}
	}
	require.Fail(t, "the simulator has no such update")
	return nil
}

// The settings of the two kinds of deployments of quality updates.
var (
	expedited     = deployments.ForExpedited(entryID).Settings
	readinessTest = deployments.ForReadinessTest(entryID).Settings
)

func TestQualityUpdatesAreDeployedExpeditedOrAsATest(t *testing.T) {
	t.Parallel()
	want := deployments.Spec{Kind: catalog.KindQuality, EntryID: entryID}
	want.Settings.Expedite.Expedited = true
	require.Equal(t, want, deployments.ForExpedited(entryID))
	require.Equal(t, want.Settings, expedited)
	want.Settings.UserExperience.DaysUntilForcedReboot = new(2)
	require.Equal(t, want, deployments.ForExpedited(entryID).With(deployments.Settings{}.RestartingWithin(2)))
	want.Settings.Expedite.ReadinessTest, want.AudienceID = true, audienceID
	require.Equal(t, want,
		deployments.ForReadinessTest(entryID).ToAudience(audienceID).With(deployments.Settings{}.RestartingWithin(2)))
}

// expedite deploys a quality update to three devices, which are not enrolled.
func expedite(t *testing.T, client *updates.Client, spec func(entryID string) deployments.Spec) *deployments.Deployment {
	t.Helper()
	entry := qualityUpdate(t, client, true)
	d, err := client.Deployments().Create(t.Context(), spec(entry.ID).With(deployments.Settings{}.RestartingWithin(2)))
	require.NoError(t, err)
	require.Equal(t, spec(entry.ID).Settings.Expedite, d.Settings.Expedite)
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.OfDeployment(d.ID), stub.DeviceIDs(3), nil))
	return d
}

func TestAnExpeditedUpdateIsOfferedImmediatelyAndWithoutEnrollment(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := expedite(t, client, deployments.ForExpedited)
	require.Equal(t, catalog.KindQuality, d.Content.Kind)
	require.Equal(t, new(2), d.Settings.UserExperience.DaysUntilForcedReboot)
	requireState(t, client, d.ID, deployments.StateOffering, "")
	require.Len(t, service.Offers(d.ID), 3)
}

func TestAReadinessTestOffersNothing(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := expedite(t, client, deployments.ForReadinessTest)
	service.Advance(week)
	require.Empty(t, service.Offers(d.ID))
	require.Equal(t, deploymentID, get(t, `{"@odata.context":"x/deployments('`+deploymentID+`_Readiness')/$entity"}`).ID)
}

func TestWhatCannotBeExpeditedIsRejectedByTheService(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	entry := qualityUpdate(t, client, false)
	d, err := client.Deployments().Create(t.Context(), deployments.ForExpedited(entry.ID))
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Nil(t, d)
}

func TestSafeguardsAndVendorsAreReadBackAndChanged(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ctx := t.Context()
	fit := deployments.Settings{}.DisregardingLikelyIssues().OfferedWhileRecommendedBy("Microsoft").Applicability
	d := create(t, client, deployments.Settings{Applicability: fit})
	require.Equal(t, fit, d.Settings.Applicability)

	require.NoError(t, client.Deployments().Update(ctx, d.ID, deployments.Update{Applicability: odata.Null[deployments.Applicability]()}))
	read, err := client.Deployments().Get(ctx, d.ID)
	require.NoError(t, err)
	require.Equal(t, deployments.Applicability{}, read.Settings.Applicability)

	fit = deployments.Settings{}.OfferedWhileRecommendedBy("Contoso").Applicability
	require.NoError(t, client.Deployments().Update(ctx, d.ID, deployments.Update{Applicability: odata.Set(fit)}))
	read, err = client.Deployments().Get(ctx, d.ID)
	require.NoError(t, err)
	require.Equal(t, fit, read.Settings.Applicability)
}

func TestAReadinessTestTurnsIntoAnExpeditedUpdate(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := expedite(t, client, deployments.ForReadinessTest)
	now := odata.Set(expedited.Expedite)
	require.NoError(t, client.Deployments().Update(t.Context(), d.ID, deployments.Update{Expedite: now}))
	require.Len(t, service.Offers(d.ID), 3)
}

// quirks are the habits of the service that concern deployments.
var quirks = map[string]simulator.Quirks{
	"no reasons":         {OmitReasons: true},
	"unknown values":     {UnknownValues: true},
	"unknown types":      {UnknownTypes: true},
	"old forms":          {LegacyFormats: true},
	"wrapped":            {WrapSingle: true},
	"nulls":              {NullItems: true},
	"nothing accepted":   {NoBodyOn202: true},
	"types without hash": {TypesWithoutHash: true},
	"empty pages":        {EmptyPages: true},
	"top ignored":        {IgnoreTop: true},
	"an older service": {
		OmitReasons: true, UnknownValues: true, LegacyFormats: true, WrapSingle: true,
		NullItems: true, NoBodyOn202: true, TypesWithoutHash: true, EmptyPages: true, IgnoreTop: true,
	},
	"a later service": {
		OmitReasons: true, UnknownValues: true, UnknownTypes: true, WrapSingle: true,
		NullItems: true, NoBodyOn202: true, TypesWithoutHash: true, EmptyPages: true, IgnoreTop: true,
	},
}

func TestEveryHabitOfTheServiceIsBorne(t *testing.T) {
	t.Parallel()
	for name, quirk := range quirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, nil)
			fit := deployments.Settings{}.DisregardingLikelyIssues().OfferedWhileRecommendedBy("Microsoft")
			entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
			require.NoError(t, err)
			service.SetQuirks(quirk)

			d, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID).With(
				fit.RollingOut(deployments.ByRate(10, 3)).PausingOnRollbacks(5)))
			require.NoError(t, err)
			require.Equal(t, entry.ID, d.Content.EntryID)
			change(t, client.Deployments(), d.ID)

			service.SetQuirks(simulator.Quirks{})
			read, err := client.Deployments().Get(t.Context(), d.ID)
			require.NoError(t, err)
			require.Equal(t, fit.Applicability, read.Settings.Applicability)
			require.Equal(t, deployments.Schedule{Start: start.UTC(), Rollout: deployments.ByRate(10, 3)}, read.Settings.Schedule)
			require.Equal(t, []deployments.MonitoringRule{deployments.PauseOnRollbacks(7)}, read.Settings.Monitoring.Rules)
			require.Equal(t, deployments.RequestNone, read.State.Requested)
		})
	}
}

// change reads and changes a deployment in every way that leaves it there.
func change(t *testing.T, c deployments.Client, id string) {
	t.Helper()
	ctx := t.Context()
	require.NoError(t, c.Pause(ctx, id))
	require.NoError(t, c.Resume(ctx, id))
	require.NoError(t, c.Reschedule(ctx, id, start))
	require.NoError(t, c.SetMonitoringRules(ctx, id, deployments.PauseOnRollbacks(7)))
	d, err := c.Get(ctx, id)
	require.NoError(t, err)
	require.NotEmpty(t, d.State.Effective)
	require.NotNil(t, d.Settings.Schedule.Rollout)
	all, err := c.List(&odata.Query{Top: 1}).Collect(ctx, 1)
	require.NoError(t, err)
	require.Equal(t, id, all[0].ID)
}

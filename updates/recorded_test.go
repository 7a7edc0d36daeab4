package updates_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/recording"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// The tests here and in recorded_errors_test.go replay the files in
// testdata/recordings. CONTRIBUTING.md says how to record them again.
//
// They run in bubbles of testing/synctest, on a day of their own, so that nothing
// is different when they are recorded again.

// Devices and groups of the recordings. Ids of this form tell nothing, and stay.
const (
	laptop  = "00000000-0000-4000-8000-0000000000d1"
	desktop = "00000000-0000-4000-8000-0000000000d2"
	kiosk   = "00000000-0000-4000-8000-0000000000d3"
	pilots  = "00000000-0000-4000-8000-0000000000e1"
)

// take is one run of a recorded test.
type take struct {
	client  *updates.Client
	rec     *recording.Recorder
	service *simulator.Server // nil where documented answers stand in for it
}

// onTape runs a test that is recorded on the simulator.
func onTape(t *testing.T, opts *simulator.Options, test func(t *testing.T, s *take)) {
	t.Helper()
	onTheDay(t, func(t *testing.T) {
		service := simulator.New(opts)
		s := newTake(t, service.Transport(), service.Credential(), "made on the simulator")
		s.service = service
		test(t, s)
	})
}

// onPaper runs a test whose recording has answers as they are documented.
func onPaper(t *testing.T, source string, answers http.RoundTripper, test func(t *testing.T, s *take)) {
	t.Helper()
	onTheDay(t, func(t *testing.T) {
		test(t, newTake(t, answers, stub.Token{}, "follows a documented exchange: "+source))
	})
}

// onTheDay runs a test on the day of all recordings.
func onTheDay(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Until(time.Date(2025, 12, 1, 9, 0, 0, 0, time.UTC)))
		test(t)
	})
}

func newTake(t *testing.T, to http.RoundTripper, cred azcore.TokenCredential, note string) *take {
	t.Helper()
	rec := recording.Open(t, recording.WithTransport(to), recording.WithCredential(cred), recording.WithNote(note))
	return &take{client: stub.NewClient(t, rec.Credential(), rec.Transport()), rec: rec}
}

// meanwhile is what happens at the service, which replaying needs no more.
func (s *take) meanwhile(t *testing.T, happens func(*simulator.Server) error) {
	t.Helper()
	if s.rec.IsRecording() {
		require.NoError(t, happens(s.service))
	}
}

// featureUpdate deploys a feature update to the laptop.
func (s *take) featureUpdate(t *testing.T, settings deployments.Settings) *deployments.Deployment {
	t.Helper()
	entry, err := s.client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 25H2")
	require.NoError(t, err)
	d, err := s.client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID).With(settings))
	require.NoError(t, err)
	s.addMembers(t, audience.OfDeployment(d.ID), laptop)
	return d
}

func (s *take) addMembers(t *testing.T, of audience.Ref, ids ...string) {
	t.Helper()
	require.NoError(t, s.client.Audiences().AddDevices(t.Context(), of, ids, nil))
}

// idsOf are the ids in a list of assets.
func idsOf(t *testing.T, list odata.List[audience.Asset]) []string {
	t.Helper()
	assets, err := list.Collect(t.Context(), 10)
	require.NoError(t, err)
	ids := []string{}
	for _, asset := range assets {
		ids = append(ids, asset.Common().ID)
	}
	return ids
}

func contentOf(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}

func TestAFeatureUpdateIsDeployedAsTheArticleSays(t *testing.T) {
	t.Parallel()
	answers := stub.Answering(
		stub.Answer(http.StatusOK, contentOf(t, "..", "catalog", "testdata", "list-entries.response.json")),
		stub.Answer(http.StatusCreated, contentOf(t, "..", "deployments", "testdata", "create-deployment.response.json")),
		stub.Answer(http.StatusAccepted, "", "Content-Type", ""))
	onPaper(t, "Deploy a feature update using Windows Autopatch", answers, func(t *testing.T, s *take) {
		entries, err := s.client.Catalog().ListFeatureUpdates(catalog.FeatureQuery{}).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, entries, 4)
		require.Equal(t, "22621", entries[0].Build)

		rollout := deployments.ByRate(100, 7)
		settings := deployments.Settings{}.RollingOut(rollout).PausingOnRollbacks(5).OfferedAsRequired()
		d, err := s.client.Deployments().Create(t.Context(), deployments.ForFeature(entries[0].ID).With(settings))
		require.NoError(t, err)
		require.Equal(t, deployments.StateOffering, d.State.Effective, "which the article calls value")
		require.Equal(t, 100, d.Settings.Schedule.Rollout.(*deployments.RateDriven).DevicesPerOffer,
			"which the article calls devicePerOffer")
		require.Equal(t, deployments.Days(7), d.Settings.Schedule.Rollout.Common().BetweenOffers)
		require.Equal(t, []deployments.MonitoringRule{deployments.PauseOnRollbacks(5)}, d.Settings.Monitoring.Rules)
		require.Zero(t, d.Created, "the article has a text where the time should be")

		s.addMembers(t, audience.OfDeployment(d.ID), laptop, desktop, kiosk)
	})
}

func TestTheNewestSecurityUpdateIsExpedited(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		newest, err := s.client.Catalog().FindLatestSecurityUpdate(t.Context())
		require.NoError(t, err)
		require.Equal(t, "2025.11 B", newest.ShortName)
		d, err := s.client.Deployments().Create(t.Context(), deployments.ForExpedited(newest.ID).
			With(deployments.Settings{}.RestartingWithin(2)))
		require.NoError(t, err)
		s.addMembers(t, audience.OfDeployment(d.ID), laptop)

		d, err = s.client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
		require.True(t, d.Settings.Expedite.Expedited)
		require.False(t, d.Settings.Expedite.ReadinessTest)
		require.Equal(t, 2, *d.Settings.UserExperience.DaysUntilForcedReboot)
		require.Equal(t, newest.ID, d.Content.Entry.Common().ID)
		require.Equal(t, catalog.KindQuality, d.Content.Entry.Common().Kind)
	})
}

func TestAReadinessTestIsADeploymentOfItsOwn(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		update, err := s.client.Catalog().FindByKB(t.Context(), 5066835)
		require.NoError(t, err)
		require.True(t, update.Expeditable)
		d, err := s.client.Deployments().Create(t.Context(), deployments.ForReadinessTest(update.ID))
		require.NoError(t, err)
		require.True(t, d.Settings.Expedite.Expedited)
		require.True(t, d.Settings.Expedite.ReadinessTest)
		s.addMembers(t, audience.OfDeployment(d.ID), laptop, desktop)
		require.Equal(t, []string{laptop, desktop}, idsOf(t, s.client.Audiences().ListMembers(audience.OfDeployment(d.ID), nil)))

		require.NoError(t, s.client.Deployments().Delete(t.Context(), d.ID))
		_, err = s.client.Deployments().Get(t.Context(), d.ID)
		require.ErrorIs(t, err, apierr.ErrNotFound)
	})
}

func TestAPauseByMonitoringEndsWithAHigherThreshold(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		require.NoError(t, s.client.Devices().Enroll(t.Context(), audience.CategoryFeature, []string{laptop, desktop}, nil))
		d := s.featureUpdate(t, deployments.Settings{}.PausingOnRollbacks(5))
		s.addMembers(t, audience.OfDeployment(d.ID), desktop)
		s.meanwhile(t, func(service *simulator.Server) error { return service.ReportRollback(d.ID, laptop) })

		d, err := s.client.Deployments().WaitForState(t.Context(), d.ID, deployments.StatePaused, nil)
		require.NoError(t, err)
		require.True(t, d.State.HasReason(deployments.ReasonPausedByMonitoring))
		require.Equal(t, deployments.RequestNone, d.State.Requested)
		require.ErrorIs(t, s.client.Deployments().Resume(t.Context(), d.ID), deployments.ErrPausedByMonitoring)

		require.NoError(t, s.client.Deployments().SetMonitoringRules(t.Context(), d.ID, deployments.PauseOnRollbacks(60)))
		d, err = s.client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
		require.Equal(t, 60, d.Settings.Monitoring.Rules[0].Threshold)
	})
}

// The service takes eight seconds to apply what it accepts.
func TestARescheduledDeploymentKeepsItsRollout(t *testing.T) {
	t.Parallel()
	onTape(t, &simulator.Options{Lag: 8 * time.Second}, func(t *testing.T, s *take) {
		monday := s.rec.Now().AddDate(0, 0, 7)
		d := s.featureUpdate(t, deployments.Settings{}.StartingAt(monday).RollingOut(deployments.ByRate(100, 7)))
		require.Equal(t, deployments.StateScheduled, d.State.Effective)

		require.NoError(t, s.client.Deployments().Reschedule(t.Context(), d.ID, time.Time{}))
		d, err := s.client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
		require.Zero(t, d.Settings.Schedule.Start)
		require.Equal(t, 100, d.Settings.Schedule.Rollout.(*deployments.RateDriven).DevicesPerOffer)
		require.Equal(t, deployments.Days(7), d.Settings.Schedule.Rollout.Common().BetweenOffers)
	})
}

func TestAnExcludedDeviceStaysAMember(t *testing.T) {
	t.Parallel()
	onTape(t, &simulator.Options{PageSize: 2}, func(t *testing.T, s *take) {
		client := s.client.Audiences()
		made, err := client.Create(t.Context())
		require.NoError(t, err)
		of := audience.ByID(made.ID)
		s.addMembers(t, of, laptop, desktop, kiosk)
		require.NoError(t, client.AddExclusions(t.Context(), of, []string{kiosk}, nil))

		require.Equal(t, []string{laptop, desktop, kiosk}, idsOf(t, client.ListMembers(of, nil)), "on two pages")
		require.Equal(t, []string{kiosk}, idsOf(t, client.ListExclusions(of, nil)))

		require.NoError(t, client.RemoveExclusions(t.Context(), of, []string{kiosk}, nil))
		require.NoError(t, client.RemoveDevices(t.Context(), of, []string{laptop}, nil))
		require.NoError(t, client.WaitForExactMembers(t.Context(), of, audience.Membership{Members: audience.Devices(desktop, kiosk)}, nil))
		require.NoError(t, client.Delete(t.Context(), made.ID))
	})
}

func TestADeviceThatCannotBeRegisteredSaysWhy(t *testing.T) {
	t.Parallel()
	onTape(t, &simulator.Options{Lag: time.Minute}, func(t *testing.T, s *take) {
		s.meanwhile(t, func(service *simulator.Server) error { return service.FailRegistration(kiosk, "missingTrustType") })
		require.NoError(t, s.client.Devices().Enroll(t.Context(), audience.CategoryFeature, []string{laptop}, nil))
		require.NoError(t, s.client.Devices().Enroll(t.Context(), audience.CategoryDriver, []string{kiosk}, nil), "so that it is known")

		// A pause is longer than the two minutes after which an error counts, so that
		// the number of requests does not depend on chance.
		rarely := &audience.PollOptions{InitialInterval: 3 * time.Minute}
		report, err := s.client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, []string{laptop, kiosk},
			audience.StateEnrolled, rarely)
		require.ErrorIs(t, err, audience.ErrRegistrationFailed)
		require.Equal(t, []string{kiosk}, report.Failed())

		enrolled, err := s.client.Devices().Get(t.Context(), laptop)
		require.NoError(t, err)
		require.True(t, enrolled.Feature.IsEnrolled())
		failed, err := s.client.Devices().Get(t.Context(), kiosk)
		require.NoError(t, err)
		require.Equal(t, audience.ReasonMissingTrustType, failed.Errors[0].Reason)
	})
}

func TestADriverIsApprovedAndRevoked(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		s.meanwhile(t, publishDriver)
		require.NoError(t, s.client.Devices().Enroll(t.Context(), audience.CategoryDriver, []string{laptop}, nil))
		made, err := s.client.Audiences().Create(t.Context())
		require.NoError(t, err)
		s.addMembers(t, audience.ByID(made.ID), laptop)
		policy, err := s.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(made.ID))
		require.NoError(t, err)

		match := onlyMatch(t, s.client, made.ID)
		require.Equal(t, "Contoso Firmware 2.0", match.Entry.Common().DisplayName)
		require.Equal(t, laptop, match.Device.DeviceID)
		require.True(t, match.Device.IsRecommendedBy("Microsoft"))

		approval, err := s.client.UpdatePolicies().Approve(t.Context(), policy.ID, updatepolicies.ForDriver(match.EntryID))
		require.NoError(t, err)
		approval, err = s.client.UpdatePolicies().GetApproval(t.Context(), policy.ID, approval.ID)
		require.NoError(t, err)
		require.Equal(t, deployments.StateOffering, approval.Deployments[0].State.Effective)

		require.NoError(t, s.client.UpdatePolicies().RevokeApproval(t.Context(), policy.ID, approval.ID))
		approval, err = s.client.UpdatePolicies().GetApproval(t.Context(), policy.ID, approval.ID)
		require.NoError(t, err)
		require.True(t, approval.Revoked)
		require.Equal(t, s.rec.Now(), approval.RevokedAt)
		require.Equal(t, deployments.StateArchived, approval.Deployments[0].State.Effective)
	})
}

// publishDriver publishes a driver that the laptop needs.
func publishDriver(service *simulator.Server) error {
	id, err := service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.driverUpdateCatalogEntry",
		"id":          "8c0d3f51a7e94b26f1d05c8e7a3b6924d7f08e15b3c64a92e0715d8f4a6b3c21",
		"displayName": "Contoso Firmware 2.0", "manufacturer": "Contoso", "driverClass": "Firmware", "version": "2.0",
		"releaseDateTime": "2025-11-20T00:00:00Z",
	})
	if err != nil {
		return err
	}
	return service.MakeApplicable(id, []string{"Microsoft", "Contoso"}, laptop)
}

func onlyMatch(t *testing.T, client *updates.Client, audienceID string) audience.Match {
	t.Helper()
	var all []audience.Match
	for match, err := range client.Audiences().AllMatches(t.Context(), audience.ByID(audienceID)) {
		require.NoError(t, err)
		all = append(all, match)
	}
	require.Len(t, all, 1)
	return all[0]
}

func TestASuspendedUpdateStaysAwayFromTheRings(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		s.meanwhile(t, func(service *simulator.Server) error { return service.PutGroup(pilots, laptop) })
		client := s.client.Policies()
		update, err := s.client.Catalog().FindLatestSecurityUpdate(t.Context())
		require.NoError(t, err)
		policy, err := client.Create(t.Context(), policies.QualityPolicy("Monthly").DescribedAs("Security updates").
			Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)))
		require.NoError(t, err)
		approval, err := client.Suspend(t.Context(), policy.ID, update.ID)
		require.NoError(t, err)
		ring, err := client.CreateRing(t.Context(), policy.ID, policies.QualityRing("Pilots").Including(pilots).OfferingHotpatches())
		require.NoError(t, err)
		require.Equal(t, []string{pilots}, ring.Common().Included.IDs())
		require.Equal(t, new(true), ring.(*policies.QualityUpdateRing).Hotpatch)

		require.NoError(t, client.ResumeApproval(t.Context(), policy.ID, approval.ID))
		approved, err := client.GetApproval(t.Context(), policy.ID, approval.ID)
		require.NoError(t, err)
		require.Equal(t, policies.StatusApproved, approved.Status)
		require.NoError(t, client.SuspendApproval(t.Context(), policy.ID, approval.ID))

		all, err := client.ListApprovals(policy.ID, nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, all, 1, "one update has one approval")
		require.Equal(t, policies.StatusSuspended, all[0].Status)
		require.Equal(t, update.ID, all[0].EntryID)
	})
}

func TestAScriptSetsUpRingsForFeatureUpdatesAndDrivers(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		s.meanwhile(t, func(service *simulator.Server) error { return service.PutGroup(pilots, laptop) })
		s.meanwhile(t, publishDriver)
		client := s.client.Policies()
		windows, err := client.EnsurePolicy(t.Context(), policies.FeaturePolicy("Windows").DescribedAs("Pilots first"))
		require.NoError(t, err)
		ring := policies.FeatureRing("Pilots").Including(pilots).OfferingEvery(7).OfferingFor(28)
		created, err := client.EnsureRing(t.Context(), windows.ID, ring)
		require.NoError(t, err)
		changed, err := client.EnsureRing(t.Context(), windows.ID, ring.DeferredBy(14).OfferingEvery(0))
		require.NoError(t, err)
		require.Equal(t, created.ID+" changed: deferralInDays from 0 to 14, offerIntervalInDays from 7 to 0", changed.String())
		require.NoError(t, client.PauseRing(t.Context(), windows.ID, created.ID))

		require.NoError(t, s.client.Devices().Enroll(t.Context(), audience.CategoryDriver, []string{laptop}, nil))
		drivers, err := client.Create(t.Context(), policies.DriverPolicy("Drivers").Approving(policies.DriverDeferredBy(60)))
		require.NoError(t, err)
		require.Equal(t, policies.Rules{policies.DriverDeferredBy(60)}, drivers.Rules)
		_, err = client.CreateRing(t.Context(), drivers.ID, policies.DriverRing("Pilots").Including(pilots))
		require.NoError(t, err)
		found, err := client.ListApplicableCatalogs(drivers.ID, nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, new(1), found[0].DeviceCount)
		devices, err := client.ListApplicableDevices(drivers.ID, found[0].EntryID, nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Equal(t, []*audience.ApplicableDevice{{DeviceID: laptop, Recommended: true}}, devices)
	})
}

func TestAKBHasKnownIssues(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		issues, err := s.client.KnownIssues().ListByKB(5066835).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, issues, 1)
		require.Equal(t, "WI1000001", issues[0].ID)
		require.False(t, issues[0].IsActive())
		require.Equal(t, "KB5066835", issues[0].Originating.ID)
		require.Equal(t, "KB5070773", issues[0].Resolving.ID)
	})
}

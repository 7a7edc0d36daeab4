package troubleshoot_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// question is a deployment of a feature update that reaches a device.
type question struct {
	t          *testing.T
	service    *simulator.Server
	transport  http.RoundTripper
	client     *updates.Client
	deployment string
	entry      string
}

// The device that is asked about, and others.
const (
	asked   = "9f0b6a4e-5a3c-4c60-9d4e-0000000000aa"
	another = "9f0b6a4e-5a3c-4c60-9d4e-0000000000ab"
	third   = "9f0b6a4e-5a3c-4c60-9d4e-0000000000ac"
	fourth  = "9f0b6a4e-5a3c-4c60-9d4e-0000000000ad"
)

func newQuestion(t *testing.T) *question {
	t.Helper()
	return newQuestionOn(t, simulator.New(nil))
}

func newQuestionOn(t *testing.T, service *simulator.Server) *question {
	t.Helper()
	q := &question{t: t, service: service, transport: assigned{service.Transport()}}
	q.client = stub.NewClient(t, service.Credential(), q.transport)
	q.entry = q.version("Windows 11, version 24H2")
	require.NoError(t, q.client.Devices().Enroll(t.Context(), audience.CategoryFeature, []string{asked}, nil))
	q.deploy(deployments.ForFeature(q.entry))
	return q
}

func (q *question) version(name string) string {
	q.t.Helper()
	return stub.Made[catalog.FeatureUpdate](q.t)(q.client.Catalog().FindFeatureUpdate(q.t.Context(), name)).ID
}

// deploy makes the deployment that the question is about, and gives it the device.
func (q *question) deploy(spec deployments.Spec) {
	q.t.Helper()
	q.deployment = q.other(spec)
}

func (q *question) other(spec deployments.Spec) string {
	q.t.Helper()
	id := stub.Made[deployments.Deployment](q.t)(q.client.Deployments().Create(q.t.Context(), spec)).ID
	require.NoError(q.t, q.client.Audiences().AddDevices(q.t.Context(), audience.OfDeployment(id), []string{asked, another}, nil))
	return id
}

func (q *question) edit(edit audience.Edit) {
	q.t.Helper()
	require.NoError(q.t, q.client.Audiences().Edit(q.t.Context(), audience.OfDeployment(q.deployment), edit, nil))
}

func (q *question) group(devices ...string) string {
	q.t.Helper()
	id := stub.Made[audience.Group](q.t)(q.client.Groups().Create(q.t.Context())).ID
	require.NoError(q.t, q.client.Groups().AddDevices(q.t.Context(), id, devices, nil))
	return id
}

func (q *question) explain() *troubleshoot.Explanation {
	q.t.Helper()
	return stub.Made[troubleshoot.Explanation](q.t)(q.client.Troubleshoot().Explain(q.t.Context(), q.deployment, asked))
}

// severe are the observations of a severity that are in the way or in doubt, by topic.
func severe(e *troubleshoot.Explanation) map[troubleshoot.Topic]troubleshoot.Effect {
	found := map[troubleshoot.Topic]troubleshoot.Effect{}
	for _, one := range e.Observations {
		if one.Effect != troubleshoot.EffectNone && one.Effect != troubleshoot.EffectNotVisible {
			found[one.Topic] = one.Effect
		}
	}
	return found
}

func TestADeviceThatIsOfferedTheUpdateHasNoReasons(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		q.service.ClearRequests()
		e := q.explain()
		require.Empty(t, severe(e))
		require.Contains(t, e.String(), "Nothing that the service reports keeps deployment "+q.deployment+" from device "+asked+".\n")
		for _, request := range q.service.Requests() {
			require.Equal(t, "GET", request.Method)
		}
	})
}

type found = map[troubleshoot.Topic]troubleshoot.Effect

func TestEachReasonIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make func(*question)
		want found
		text string
	}{
		"not enrolled": {func(q *question) {
			require.NoError(q.t, q.client.Devices().Delete(q.t.Context(), asked))
			q.edit(audience.Edit{AddMembers: audience.Devices(asked)})
		}, found{troubleshoot.TopicEnrollment: troubleshoot.EffectBlocks}, "not enrolled in feature updates"},
		"unknown to the service": {func(q *question) {
			require.NoError(q.t, q.client.Devices().Delete(q.t.Context(), asked))
		}, found{troubleshoot.TopicDevice: troubleshoot.EffectBlocks, troubleshoot.TopicMembership: troubleshoot.EffectBlocks}, "never enrolled"},
		"registration": {func(q *question) {
			require.NoError(q.t, q.service.FailRegistration(asked, "missingTrustType"))
		}, found{troubleshoot.TopicRegistration: troubleshoot.EffectBlocks}, "no join type"},
		"excluded": {func(q *question) {
			q.edit(audience.Edit{AddExclusions: audience.Devices(asked)})
		}, found{troubleshoot.TopicExclusion: troubleshoot.EffectBlocks}, "is excluded from the audience, which takes precedence"},
		"excluded through a group": {func(q *question) {
			q.edit(audience.Edit{AddExclusions: audience.Groups(q.group(another, asked))})
		}, found{troubleshoot.TopicExclusion: troubleshoot.EffectBlocks}, "Groups().RemoveDevices"},
		"member through a group": {func(q *question) {
			q.edit(audience.Edit{RemoveMembers: audience.Devices(asked), AddMembers: audience.Groups(q.group(asked))})
		}, found{}, "is a member of the audience through group "},
		"member itself and through a group": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(9, 7))))
			q.edit(audience.Edit{AddMembers: audience.Groups(q.group(asked))})
		}, found{}, "is a member of the audience.\n"},
		"no member": {func(q *question) {
			q.edit(audience.Edit{RemoveMembers: audience.Devices(asked)})
		}, found{troubleshoot.TopicMembership: troubleshoot.EffectBlocks}, "is not a member"},
		"no members at all": {func(q *question) {
			q.edit(audience.Edit{RemoveMembers: audience.Devices(asked, another)})
		}, found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear}, "lists no members"},
		"audience of Intune": {func(q *question) {
			a := stub.Made[audience.Audience](q.t)(q.client.Audiences().Get(q.t.Context(), audience.OfDeployment(q.deployment)))
			require.NoError(q.t, q.service.SetOwnedByIntune(a.ID))
		}, found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear, troubleshoot.TopicExclusion: troubleshoot.EffectUnclear}, "Intune"},
		"paused": {func(q *question) {
			require.NoError(q.t, q.client.Deployments().Pause(q.t.Context(), q.deployment))
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "Deployments().Resume"},
		"paused, without a reason": {func(q *question) {
			require.NoError(q.t, q.client.Deployments().Pause(q.t.Context(), q.deployment))
			q.service.SetQuirks(simulator.Quirks{OmitReasons: true})
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "Resume it with Deployments().Resume.\n"},
		"paused by a rule": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.PausingOnRollbacks(1)))
			require.NoError(q.t, q.service.ReportRollback(q.deployment, asked))
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "ClearMonitoringRules"},
		"paused by a rule, without a reason": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.PausingOnRollbacks(1)))
			require.NoError(q.t, q.service.ReportRollback(q.deployment, asked))
			q.service.SetQuirks(simulator.Quirks{OmitReasons: true})
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "ClearMonitoringRules"},
		"paused by a rule and by request": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.PausingOnRollbacks(1)))
			require.NoError(q.t, q.service.ReportRollback(q.deployment, asked))
			require.NoError(q.t, q.client.Deployments().Pause(q.t.Context(), q.deployment))
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "Resume it with Deployments().Resume. The monitoring rule rollback at 1% paused it"},
		"archived": {func(q *question) {
			require.NoError(q.t, q.client.Deployments().Archive(q.t.Context(), q.deployment))
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "cannot be resumed"},
		"faulted": {func(q *question) {
			require.NoError(q.t, q.service.OutdateContent(q.entry))
		}, found{troubleshoot.TopicState: troubleshoot.EffectBlocks}, "faultedByContentOutdated"},
		"unknown values": {func(q *question) {
			q.service.SetQuirks(simulator.Quirks{UnknownValues: true})
		}, found{troubleshoot.TopicState: troubleshoot.EffectUnclear, troubleshoot.TopicEnrollment: troubleshoot.EffectUnclear}, "strangeValue"},
		"unknown types": {func(q *question) {
			q.edit(audience.Edit{RemoveMembers: audience.Devices(asked), AddExclusions: audience.Devices(another)})
			q.service.SetQuirks(simulator.Quirks{UnknownTypes: true})
		}, found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear, troubleshoot.TopicExclusion: troubleshoot.EffectUnclear}, "of an unknown kind"},
		"start ahead": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.StartingAt(time.Date(2000, 1, 8, 6, 0, 0, 0, time.UTC))))
		}, found{troubleshoot.TopicState: troubleshoot.EffectDelays, troubleshoot.TopicSchedule: troubleshoot.EffectDelays}, "starts at 2000-01-08 06:00 UTC"},
		"start that has just come": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.StartingAt(time.Now().Add(time.Hour))))
			<-time.After(time.Hour)
		}, found{}, "The start has passed"},
		"first step of two": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))))
		}, found{troubleshoot.TopicRollout: troubleshoot.EffectDelays}, "to 2 devices in 2 steps, of which 1 began. The " +
			"service chooses the order. The device is offered the update with step 2 at the latest, at 2000-01-08 00:00 UTC."},
		"devices of groups are counted": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))))
			q.edit(audience.Edit{AddMembers: audience.Groups(q.group(third, fourth))})
		}, found{troubleshoot.TopicRollout: troubleshoot.EffectDelays}, "to 4 devices in 4 steps, of which 1 began"},
		"last step": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))))
			q.service.Advance(7 * 24 * time.Hour)
			<-time.After(7 * 24 * time.Hour)
		}, found{}, "The last of the 2 steps of the rollout began at 2000-01-08 00:00 UTC"},
		"rollout without devices": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))))
			q.edit(audience.Edit{RemoveMembers: audience.Devices(asked, another), AddMembers: audience.Groups(q.group())})
		}, found{troubleshoot.TopicMembership: troubleshoot.EffectBlocks, troubleshoot.TopicRollout: troubleshoot.EffectUnclear}, "number of its devices is not known"},
		"unknown rollout": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))))
			q.edit(audience.Edit{AddExclusions: audience.Devices(third)})
			q.service.SetQuirks(simulator.Quirks{UnknownTypes: true})
		}, found{troubleshoot.TopicRollout: troubleshoot.EffectUnclear, troubleshoot.TopicExclusion: troubleshoot.EffectUnclear}, "number of its devices is not known"},
		"a newer update": {func(q *question) {
			q.other(deployments.ForFeature(q.version("Windows 11, version 25H2")))
		}, found{troubleshoot.TopicOtherDeployments: troubleshoot.EffectBlocks}, "newer update of the same kind, which takes precedence"},
		"an older update": {func(q *question) {
			q.other(deployments.ForFeature(q.version("Windows 11, version 23H2")))
		}, found{}, "No other deployment"},
		"an update of the same time": {func(q *question) {
			q.other(deployments.ForFeature(q.twin()))
		}, found{}, "No other deployment"},
		"a newer update to other devices": {func(q *question) {
			other := q.other(deployments.ForFeature(q.version("Windows 11, version 25H2")))
			require.NoError(q.t, q.client.Audiences().RemoveDevices(q.t.Context(), audience.OfDeployment(other), []string{asked}, nil))
		}, found{}, "No other deployment"},
		"a newer update of another kind": {func(q *question) {
			q.other(deployments.ForExpedited(q.quality()))
		}, found{}, "No other deployment"},
		"a newer update as a readiness test": {func(q *question) {
			q.deploy(deployments.ForExpedited(q.older()))
			q.other(deployments.ForReadinessTest(q.quality()))
		}, found{}, "No other deployment"},
		"a newer quality update": {func(q *question) {
			q.deploy(deployments.ForExpedited(q.older()))
			q.other(deployments.ForExpedited(q.quality()))
		}, found{troubleshoot.TopicOtherDeployments: troubleshoot.EffectBlocks}, "which takes precedence"},
		"a newer update that waits": {func(q *question) {
			later := deployments.Settings{}.StartingAt(time.Now().Add(time.Hour))
			q.other(deployments.ForFeature(q.version("Windows 11, version 25H2")).With(later))
		}, found{}, "No other deployment"},
		"a newer update for others": {func(q *question) {
			other := q.other(deployments.ForFeature(q.version("Windows 11, version 25H2")))
			require.NoError(q.t, q.client.Audiences().AddExclusions(q.t.Context(), audience.OfDeployment(other), []string{asked}, nil))
		}, found{}, "No other deployment"},
		"readiness test": {func(q *question) {
			q.deploy(deployments.ForReadinessTest(q.quality()))
		}, found{troubleshoot.TopicReadinessTest: troubleshoot.EffectBlocks}, "install nothing"},
		"expedited without enrollment": {func(q *question) {
			require.NoError(q.t, q.client.Devices().Delete(q.t.Context(), asked))
			q.deploy(deployments.ForExpedited(q.quality()))
		}, found{}, "need no enrollment"},
		"deployment that does not exist": {func(q *question) {
			q.deployment = "00000000-0000-4000-8000-000000000000"
		}, found{troubleshoot.TopicDeployment: troubleshoot.EffectBlocks}, "does not exist"},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			q := newQuestion(t)
			c.make(q)
			e := q.explain()
			require.Equal(t, c.want, severe(e), e.String())
			require.Contains(t, e.String(), c.text)
			require.Len(t, e.ByEffect(troubleshoot.EffectNotVisible), 6, "what the service does not report is always listed")
		})
	}
}

// twin is another update with the release time of the deployed one.
func (q *question) twin() string {
	q.t.Helper()
	entry := stub.Made[catalog.FeatureUpdate](q.t)(q.client.Catalog().FindFeatureUpdate(q.t.Context(), "Windows 11, version 24H2"))
	id, err := q.service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry", "version": "Windows 11, version 24H2, twin",
		"releaseDateTime": entry.Released.Format(time.RFC3339Nano),
	})
	require.NoError(q.t, err)
	return id
}

// older is a quality update that is older than that of quality.
func (q *question) older() string {
	q.t.Helper()
	list := q.client.Catalog().ListQualityUpdates(catalog.QualityQuery{}.ExpeditableOnly().NewestFirst())
	all, err := list.Collect(q.t.Context(), 100)
	require.NoError(q.t, err)
	return all[len(all)-1].ID
}

func (q *question) quality() string {
	q.t.Helper()
	list := q.client.Catalog().ListQualityUpdates(catalog.QualityQuery{}.ExpeditableOnly().NewestFirst())
	return stub.Made[catalog.QualityUpdate](q.t)(list.First(q.t.Context())).ID
}

func TestADriverIsOfferedToDevicesThatItAppliesToAndIsRecommendedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		applies func(*simulator.Server, string) error
		only    bool
		want    found
		text    string
	}{
		"not applicable": {nil, false, found{troubleshoot.TopicApplicability: troubleshoot.EffectBlocks}, "does not apply to the device"},
		"applicable to another": {
			func(s *simulator.Server, entry string) error { return s.MakeApplicable(entry, nil, another) }, false,
			found{troubleshoot.TopicApplicability: troubleshoot.EffectBlocks}, "does not apply to the device",
		},
		"applicable": {
			func(s *simulator.Server, entry string) error { return s.MakeApplicable(entry, nil, asked) }, false,
			found{}, "The driver applies to the device.",
		},
		"not recommended": {
			func(s *simulator.Server, entry string) error { return s.MakeApplicable(entry, nil, asked) }, true,
			found{troubleshoot.TopicRecommendation: troubleshoot.EffectBlocks}, "for the device it has no recommendation",
		},
		"recommended by another": {func(s *simulator.Server, entry string) error {
			return s.MakeApplicable(entry, []string{"Contoso"}, asked)
		}, true, found{troubleshoot.TopicRecommendation: troubleshoot.EffectBlocks}, "by Microsoft, and for the device it is recommended by Contoso"},
		"recommended": {func(s *simulator.Server, entry string) error {
			return s.MakeApplicable(entry, []string{"microsoft"}, asked)
		}, true, found{}, "is recommended for the device."},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			q := newQuestion(t)
			driver := q.service.AddDriver("Contoso", "Firmware", "1.2.3")
			require.NoError(t, q.client.Devices().Enroll(t.Context(), audience.CategoryDriver, []string{asked, another}, nil))
			if c.applies != nil {
				require.NoError(t, c.applies(q.service, driver))
			}
			q.deployment = q.approve(driver, c.only)
			e := q.explain()
			require.Equal(t, c.want, severe(e), e.String())
			require.Contains(t, e.String(), c.text)
		})
	}
}

// approve returns the deployment of an approval of a driver.
func (q *question) approve(driver string, recommendedOnly bool) string {
	q.t.Helper()
	ctx := q.t.Context()
	settings := deployments.Settings{}
	if recommendedOnly {
		settings = settings.OfferedWhileRecommendedBy("Microsoft")
	}
	of := stub.Made[audience.Audience](q.t)(q.client.Audiences().Create(ctx)).ID
	require.NoError(q.t, q.client.Audiences().AddDevices(ctx, audience.ByID(of), []string{asked, another}, nil))
	policy := stub.Made[updatepolicies.Policy](q.t)(q.client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(of).With(settings)))
	approval := stub.Made[updatepolicies.Approval](q.t)(q.client.UpdatePolicies().Approve(ctx, policy.ID, updatepolicies.ForDriver(driver)))
	approval = stub.Made[updatepolicies.Approval](q.t)(q.client.UpdatePolicies().GetApproval(ctx, policy.ID, approval.ID))
	require.Len(q.t, approval.Deployments, 1)
	return approval.Deployments[0].ID
}

func TestAnUnreadableObjectIsReportedAndTheRestIsExplained(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]found{
		"/updatableAssets/{}":                {troubleshoot.TopicDevice: troubleshoot.EffectUnclear},
		"/deployments/{}":                    {troubleshoot.TopicDeployment: troubleshoot.EffectUnclear},
		"/deploymentAudiences/{}/members":    {troubleshoot.TopicMembership: troubleshoot.EffectUnclear},
		"/deploymentAudiences/{}/exclusions": {troubleshoot.TopicExclusion: troubleshoot.EffectUnclear},
		"/catalog/entries/{}":                {troubleshoot.TopicOtherDeployments: troubleshoot.EffectUnclear},
	} {
		stub.InBubble(t, path[1:], func(t *testing.T) {
			q := newQuestion(t)
			q.service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
			e := q.explain()
			require.Equal(t, want, severe(e), e.String())
			require.Contains(t, e.String(), "could not be read: ")
			require.Contains(t, e.String(), "It is unclear whether")
			require.Len(t, e.ByEffect(troubleshoot.EffectNotVisible), 6)
		})
	}
}

func TestADriverWhoseDevicesCannotBeReadIsUnclear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		driver := q.service.AddDriver("Contoso", "Firmware", "1.2.3")
		require.NoError(t, q.client.Devices().Enroll(t.Context(), audience.CategoryDriver, []string{asked}, nil))
		q.deployment = q.approve(driver, false)
		q.service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: "/deploymentAudiences/{}/applicableContent"})
		require.Equal(t, found{troubleshoot.TopicApplicability: troubleshoot.EffectUnclear}, severe(q.explain()))
	})
}

func TestAGroupThatCannotBeReadMakesMembershipUnclear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		q.edit(audience.Edit{RemoveMembers: audience.Devices(asked), AddMembers: audience.Groups(q.group(asked))})
		q.service.FailRandomly(1, simulator.Status(403), 1,
			simulator.Match{Path: "/updatableAssets/{}/microsoft.graph.windowsUpdates.updatableAssetGroup/members"})
		require.Equal(t, found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear}, severe(q.explain()))
	})
}

func TestAGroupThatCannotBeReadMakesOtherDeploymentsUnclear(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(group string) audience.Edit{
		"of members": func(group string) audience.Edit {
			return audience.Edit{RemoveMembers: audience.Devices(asked), AddMembers: audience.Groups(group)}
		},
		"of exclusions": func(group string) audience.Edit { return audience.Edit{AddExclusions: audience.Groups(group)} },
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			q := newQuestion(t)
			newer := q.other(deployments.ForFeature(q.version("Windows 11, version 25H2")))
			of := audience.OfDeployment(newer)
			require.NoError(t, q.client.Audiences().Edit(t.Context(), of, edit(q.group(asked)), nil))
			const members = "/updatableAssets/{}/microsoft.graph.windowsUpdates.updatableAssetGroup/members"
			q.service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: members})
			require.Equal(t, found{troubleshoot.TopicOtherDeployments: troubleshoot.EffectUnclear}, severe(q.explain()))
		})
	}
}

func TestAnExplanationIsTheSameAfterJSONAndHasTheWorstFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.StartingAt(time.Now().Add(time.Hour))))
		q.edit(audience.Edit{AddExclusions: audience.Devices(asked)})
		e := q.explain()
		require.Equal(t, troubleshoot.TopicExclusion, e.Observations[0].Topic)
		require.Equal(t, troubleshoot.EffectDelays, e.Observations[1].Effect)
		require.Len(t, e.ByTopic(troubleshoot.TopicExclusion), 1)
		require.Equal(t, time.Now().UTC(), e.At)
		stub.RequireStored(t, *e)
	})
}

func TestAnExplanationNeedsIDsAndEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		q.service.ClearRequests()
		for _, ids := range [][2]string{{"", asked}, {q.deployment, ""}} {
			_, err := q.client.Troubleshoot().Explain(t.Context(), ids[0], ids[1])
			require.ErrorIs(t, err, apierr.ErrInvalid)
		}
		require.Empty(t, q.service.Requests())
		q.service.FailRandomly(1, simulator.Hang(), 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		e, err := q.client.Troubleshoot().Explain(ctx, q.deployment, asked)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Nil(t, e)
	})
}

func TestAListIsReadUntilTheDeviceIsFoundUnlessAllAreCounted(t *testing.T) {
	t.Parallel()
	newer := func(q *question) string {
		return q.other(deployments.ForFeature(q.version("Windows 11, version 25H2")))
	}
	both := audience.Devices(asked, another)
	for name, c := range map[string]struct {
		make                func(*question)
		members, exclusions int // requests, of one asset each
	}{
		"a member":    {func(*question) {}, 1, 1},
		"an excluded": {func(q *question) { q.edit(audience.Edit{AddExclusions: both}) }, 1, 1},
		"a member with others to count": {func(q *question) {
			q.deploy(deployments.ForFeature(q.entry).With(deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))))
		}, 2, 1},
		"a member elsewhere too": {func(q *question) { newer(q) }, 2, 2},
		"an excluded elsewhere": {func(q *question) {
			of := audience.OfDeployment(newer(q))
			require.NoError(q.t, q.client.Audiences().Edit(q.t.Context(), of, audience.Edit{AddExclusions: both}, nil))
		}, 2, 2},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			q := newQuestionOn(t, simulator.New(&simulator.Options{PageSize: 1}))
			c.make(q)
			q.service.ClearRequests()
			q.explain()
			sent := map[string]int{}
			for _, request := range q.service.Requests() {
				sent[path.Base(request.Path)]++
			}
			require.Equal(t, c.members, sent["members"])
			require.Equal(t, c.exclusions, sent["exclusions"])
		})
	}
}

// assigned is a service that has assigned a policy to each device that is enrolled in feature updates, as it does some
// time after a deployment.
type assigned struct{ http.RoundTripper }

func (a assigned) RoundTrip(req *http.Request) (*http.Response, error) {
	const without, with = `"feature":{"enrollmentState":"enrolled"`, `"feature":{"enrollmentState":"enrolledWithPolicy"`
	return retold{a.RoundTripper, "/updatableAssets/" + asked, without, with}.RoundTrip(req)
}

// retold is a service that uses another word in its responses at a path.
type retold struct {
	http.RoundTripper
	at, word, other string
}

func (r retold) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.RoundTripper.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, r.at) {
		return resp, err
	}
	text, err := io.ReadAll(resp.Body)
	text = bytes.ReplaceAll(text, []byte(r.word), []byte(r.other))
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp, err
}

func (q *question) retell(at, word, other string) {
	q.t.Helper()
	q.client = stub.NewClient(q.t, q.service.Credential(), retold{q.transport, at, word, other})
}

func TestTheSameUpdateInCapitalsIsNotAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		q.other(deployments.ForFeature(q.entry))
		require.NotEqual(t, strings.ToUpper(q.entry), q.entry)
		q.retell("/deployments", q.entry, strings.ToUpper(q.entry))
		require.Empty(t, severe(q.explain()))
	})
}

func TestAnEnrollmentInProgressIsReported(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]troubleshoot.Effect{
		"enrolling": troubleshoot.EffectDelays, "unenrolling": troubleshoot.EffectBlocks, "notEnrolled": troubleshoot.EffectBlocks,
	} {
		stub.InBubble(t, state, func(t *testing.T) {
			q := newQuestion(t)
			q.retell("/updatableAssets/"+asked, `"enrolledWithPolicy"`, `"`+state+`"`)
			require.Equal(t, found{troubleshoot.TopicEnrollment: want}, severe(q.explain()))
		})
	}
}

func TestWhetherUnknownContentNeedsEnrollmentIsUnclear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuestion(t)
		q.retell("/deployments/"+q.deployment, "featureUpdateCatalogEntry", "lunarUpdateCatalogEntry")
		require.Equal(t, found{troubleshoot.TopicEnrollment: troubleshoot.EffectUnclear}, severe(q.explain()))
	})
}

// What could not be read blocks nothing and excuses nothing.
func TestWhatCouldNotBeReadOfADeviceIsUnclear(t *testing.T) {
	t.Parallel()
	const device = `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + asked + `","errors":7,"enrollment":7}`
	site := stub.Site(map[string]string{
		"/updatableAssets/" + asked: device,
		"/deployments/d":            `{"id":"d","content":{"catalogEntry":{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"e"}}}`,
	})
	e, err := site.Client(t).Troubleshoot().Explain(t.Context(), "d", asked)
	require.NoError(t, err)
	for _, topic := range []troubleshoot.Topic{troubleshoot.TopicRegistration, troubleshoot.TopicEnrollment} {
		var effects []troubleshoot.Effect
		for _, o := range e.Observations {
			if o.Topic == topic {
				effects = append(effects, o.Effect)
			}
		}
		require.Equal(t, []troubleshoot.Effect{troubleshoot.EffectUnclear}, effects, "%v", e)
	}
}

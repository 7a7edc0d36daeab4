package audience_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// withoutLists is a service that lists no deployments, as it may for those that it made for approvals.
type withoutLists struct{ http.RoundTripper }

func (w withoutLists) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.RoundTripper.RoundTrip(request)
	if err == nil && request.Method == http.MethodGet && strings.HasSuffix(request.URL.Path, "/updates/deployments") {
		_ = response.Body.Close()
		response.Body = io.NopCloser(strings.NewReader(stub.NoItems))
		response.ContentLength = int64(len(stub.NoItems))
	}
	return response, err
}

// policyWorld is what an update policy offers. Its audience also has a deployment in steps.
type policyWorld struct {
	policy   func(updatepolicies.Spec) updatepolicies.Spec
	approval func(updatepolicies.ApprovalSpec) updatepolicies.ApprovalSpec // nil for none
	revoked  bool
}

var (
	inSteps = deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))
	drivers = updatepolicies.DriversStartingAfter(7)
)

func plainPolicy(s updatepolicies.Spec) updatepolicies.Spec { return s }

func plainApproval(s updatepolicies.ApprovalSpec) updatepolicies.ApprovalSpec { return s }

func policyInSteps(s updatepolicies.Spec) updatepolicies.Spec { return s.With(inSteps) }

func approvalIn(settings deployments.Settings) func(updatepolicies.ApprovalSpec) updatepolicies.ApprovalSpec {
	return func(s updatepolicies.ApprovalSpec) updatepolicies.ApprovalSpec { return s.With(settings) }
}

func policyWith(settings deployments.Settings, rules ...updatepolicies.Rule) func(updatepolicies.Spec) updatepolicies.Spec {
	return func(s updatepolicies.Spec) updatepolicies.Spec { return s.With(settings).Approving(rules...) }
}

func (p policyWorld) make(t *testing.T) reachable {
	t.Helper()
	admin, service := stub.OnSimulator(t, nil, stub.NoLimits)
	entry, err := admin.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	d, err := admin.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID).With(inSteps))
	require.NoError(t, err)
	policy, err := admin.UpdatePolicies().Create(t.Context(), p.policy(updatepolicies.ForAudience(d.Audience.ID)))
	require.NoError(t, err)
	if p.approval != nil {
		a, err := admin.UpdatePolicies().Approve(t.Context(), policy.ID, p.approval(updatepolicies.ForFeature(entry.ID)))
		require.NoError(t, err)
		if p.revoked {
			require.NoError(t, admin.UpdatePolicies().RevokeApproval(t.Context(), policy.ID, a.ID))
		}
	}
	g, err := admin.Groups().Create(t.Context())
	require.NoError(t, err)
	return reachable{Server: service, admin: admin, audience: d.Audience.ID, deployment: d.ID, policy: policy.ID, group: g.ID}
}

// client has a limit of 3 immediate offers.
func (p policyWorld) client(t *testing.T, w reachable) *updates.Client {
	t.Helper()
	return stub.NewClient(t, w.Credential(), withoutLists{w.Transport()}, stub.NoLimits,
		func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
}

// An update policy offers updates before a list has a deployment of it.
func TestWhatAnUpdatePolicyOffersImmediatelyCounts(t *testing.T) {
	t.Parallel()
	later := deployments.Settings{}.StartingAt(time.Now().AddDate(1, 0, 0))
	calls := adders()
	calls["Groups.AddDevices"] = growing
	maps.Copy(calls, includers())
	for name, world := range map[string]policyWorld{
		"rules":                         {policy: policyWith(deployments.Settings{}, drivers)},
		"rules with a start":            {policy: policyWith(later, drivers)},
		"an approval":                   {policy: plainPolicy, approval: plainApproval},
		"an approval without a rollout": {policy: policyInSteps, approval: approvalIn(later)},
	} {
		for entry, call := range calls {
			for n, isRefused := range map[int]bool{2: false, 3: false, 4: true} {
				stub.InBubble(t, name+" by "+entry, func(t *testing.T) {
					w, ids := world.make(t), stub.DeviceIDs(n)
					call.prepare(t, w, ids)
					w.ClearRequests()
					client := world.client(t, w)
					err := call.call(t.Context(), client, w, ids, 0)
					if !isRefused {
						require.NoError(t, err)
						require.Len(t, stub.Changes(w.Server), 1)
						return
					}
					require.ErrorIs(t, err, apierr.ErrTooManyDevices)
					require.ErrorContains(t, err, "4 would be offered the update immediately, limit 3 (Limits.ImmediateOffers)")
					require.ErrorContains(t, err, "update policy "+w.policy)
					require.Empty(t, stub.Changes(w.Server))
					require.NoError(t, call.call(t.Context(), client, w, ids, n))
					require.Len(t, stub.Changes(w.Server), 1)
				})
			}
		}
	}
}

func TestAnUpdatePolicyThatOffersNothingImmediatelyDoesNotCount(t *testing.T) {
	t.Parallel()
	test := deployments.Settings{Expedite: deployments.Expedite{Expedited: true, ReadinessTest: true}}
	for name, world := range map[string]policyWorld{
		"no rules and approvals":     {policy: plainPolicy},
		"rules in steps":             {policy: policyWith(inSteps, drivers)},
		"a rollout of the policy":    {policy: policyInSteps, approval: plainApproval},
		"a rollout of the approval":  {policy: plainPolicy, approval: approvalIn(inSteps)},
		"a revoked approval":         {policy: plainPolicy, approval: plainApproval, revoked: true},
		"readiness tests by a rule":  {policy: policyWith(test, drivers)},
		"settings without a rollout": {policy: policyInSteps, approval: approvalIn(deployments.Settings{}.OfferedAsOptional())},
	} {
		for entry, call := range map[string]reaching{"AddDevices": adders()["AddDevices"], "Groups.AddDevices": growing} {
			stub.InBubble(t, name+" by "+entry, func(t *testing.T) {
				w, ids := world.make(t), stub.DeviceIDs(9)
				call.prepare(t, w, ids)
				require.NoError(t, call.call(t.Context(), world.client(t, w), w, ids, 0))
			})
		}
	}
}

// What could not be read is a rule, and no rollout.
func TestAnUpdatePolicyThatCouldNotBeReadCounts(t *testing.T) {
	t.Parallel()
	const steps = `{"schedule":{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
		`"devicesPerOffer":1}}}`
	for _, c := range []struct {
		policy, approval string
		isRefused        bool
	}{
		{`"complianceChangeRules":[],"deploymentSettings":` + steps, `{}`, false},
		{`"complianceChangeRules":7`, ``, true},
		{`"complianceChangeRules":[{}],"deploymentSettings":7`, ``, true},
		{`"complianceChangeRules":[{}],"deploymentSettings":{"schedule":7}`, ``, true},
		{`"complianceChangeRules":[{}],"deploymentSettings":{"schedule":{"gradualRollout":7}}`, ``, true},
		{`"complianceChangeRules":[{}],"deploymentSettings":` + steps, ``, false},
		{`"deploymentSettings":` + steps, `{"deploymentSettings":7}`, true},
		{`"deploymentSettings":` + steps, `{"isRevoked":7}`, false},
		{`"deploymentSettings":{}`, `{"isRevoked":7}`, true},
		{`"deploymentSettings":{}`, `{"deploymentSettings":` + steps + `}`, false},
		{`"deploymentSettings":` + steps, `{"deploymentSettings":{"schedule":{}}}`, false},
	} {
		service := stub.Serving(func(request *http.Request) (int, string) {
			switch path := request.URL.Path; {
			case strings.HasSuffix(path, "/updatePolicies"):
				return http.StatusOK, stub.Page("", `{"id":"p","audience":{"id":"a"},`+c.policy+`}`)
			case strings.HasSuffix(path, "contentApproval") && c.approval != "":
				return http.StatusOK, stub.Page("", c.approval)
			case request.Method == http.MethodGet:
				return http.StatusOK, stub.NoItems
			}
			return http.StatusAccepted, ""
		})
		client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
		err := client.Audiences().AddDevices(t.Context(), audience.ByID("a"), stub.DeviceIDs(4), nil)
		if c.isRefused {
			require.ErrorIs(t, err, apierr.ErrTooManyDevices, "%v", c)
		} else {
			require.NoError(t, err, "%v", c)
		}
	}
}

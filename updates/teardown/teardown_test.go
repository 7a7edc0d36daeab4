package teardown_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
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
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// site is a tenant with an update policy that has every kind of dependent: a rule, two
// approvals with their deployments, one revoked, the archived deployment of a third that
// was deleted, devices, a group and an exclusion.
type site struct {
	t        *testing.T
	service  *simulator.Server
	client   *updates.Client
	audience string
	policy   string
	entry    string
}

func newSite(t *testing.T, opts *simulator.Options) *site {
	t.Helper()
	s := &site{t: t, service: simulator.New(opts)}
	s.client = s.through(s.service.Transport())
	ctx, all := t.Context(), s.client.UpdatePolicies()
	s.audience = stub.Made[audience.Audience](t)(s.client.Audiences().Create(ctx)).ID
	group := stub.Made[audience.Group](t)(s.client.Groups().Create(ctx))
	require.NoError(t, s.client.Groups().AddDevices(ctx, group.ID, []string{stub.DeviceID(3)}, nil))
	members := slices.Concat(audience.Devices(stub.DeviceID(1), stub.DeviceID(2)), audience.Groups(group.ID))
	require.NoError(t, s.client.Audiences().Edit(ctx, audience.ByID(s.audience),
		audience.Edit{AddMembers: members, AddExclusions: audience.Devices(stub.DeviceID(2))}, nil))
	s.policy = stub.Made[updatepolicies.Policy](t)(all.Create(ctx, updatepolicies.ForAudience(s.audience).Approving(updatepolicies.DriversStartingAfter(7)))).ID
	s.entry = stub.Made[catalog.FeatureUpdate](t)(s.client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")).ID
	s.approve(s.policy)
	revoked := s.approve(s.policy)
	deleted := s.approve(s.policy)
	require.NoError(t, all.RevokeApproval(ctx, s.policy, revoked))
	require.NoError(t, all.DeleteApproval(ctx, s.policy, deleted))
	<-time.After(time.Hour) // until all of it shows
	return s
}

func (s *site) through(transport http.RoundTripper) *updates.Client {
	s.t.Helper()
	return stub.NewClient(s.t, s.service.Credential(), transport)
}

func (s *site) approve(policy string) string {
	s.t.Helper()
	return stub.Made[updatepolicies.Approval](s.t)(s.client.UpdatePolicies().Approve(s.t.Context(), policy, updatepolicies.ForFeature(s.entry))).ID
}

func (s *site) deploy() string {
	s.t.Helper()
	return stub.Made[deployments.Deployment](s.t)(s.client.Deployments().Create(s.t.Context(),
		deployments.ForFeature(s.entry).ToAudience(s.audience))).ID
}

func (s *site) target() teardown.Target {
	return teardown.Target{UpdatePolicyID: s.policy}
}

func (s *site) plan(target teardown.Target) *teardown.Plan {
	s.t.Helper()
	plan, err := s.client.Teardown().Plan(s.t.Context(), target)
	require.NoError(s.t, err)
	return plan
}

// left counts what is left: policies, deployments and audiences.
func (s *site) left() string {
	s.t.Helper()
	s.service.SetQuirks(simulator.Quirks{})
	s.service.ClearFailures()
	all, err := s.client.UpdatePolicies().List(nil).Collect(s.t.Context(), 100)
	require.NoError(s.t, err)
	deployed, err := s.client.Deployments().List(nil).Collect(s.t.Context(), 100)
	require.NoError(s.t, err)
	audiences, err := s.client.Audiences().List(nil).Collect(s.t.Context(), 100)
	require.NoError(s.t, err)
	return fmt.Sprintf("%d policies, %d deployments, %d audiences", len(all), len(deployed), len(audiences))
}

const nothingLeft = "0 policies, 0 deployments, 0 audiences"

// changed are the requests since the log was emptied that were to change something.
func (s *site) changed() []simulator.Request {
	return slices.DeleteFunc(s.service.Requests(), func(r simulator.Request) bool { return r.Method == http.MethodGet })
}

// deletions picks the requests that delete something at a path.
func deletions(path string) simulator.Match {
	return simulator.Match{Method: http.MethodDelete, Path: path}
}

func TestAnUpdatePolicyIsDeletedWithItsDependents(t *testing.T) {
	t.Parallel()
	type habit struct {
		opts   simulator.Options
		quirks simulator.Quirks
		worse  func(*site)
	}
	for name, h := range map[string]habit{
		"well-behaved":            {},
		"lag":                     {opts: simulator.Options{Lag: 50 * time.Second}},
		"pages of one":            {opts: simulator.Options{PageSize: 1}},
		"empty audience is 404":   {quirks: simulator.Quirks{EmptyAudienceIs404: true}},
		"groups expanded":         {quirks: simulator.Quirks{ExpandGroups: true}},
		"rules cannot be changed": {quirks: simulator.Quirks{RejectRuleUpdates: true}},
		"nulls and empty pages":   {quirks: simulator.Quirks{NullItems: true, EmptyPages: true}},
		"unknown types":           {quirks: simulator.Quirks{UnknownTypes: true}},
		"no bodies, no reasons":   {quirks: simulator.Quirks{NoBodyOn202: true, OmitReasons: true}},
		"audience of Intune": {worse: func(s *site) {
			require.NoError(s.t, s.service.SetOwnedByIntune(s.audience))
		}},
		"throttling": {worse: func(s *site) {
			s.service.FailRandomly(0.2, simulator.Throttle().RetryAfter(time.Second), 1)
		}},
		"broken connections": {worse: func(s *site) {
			s.service.FailRandomly(0.2, simulator.Break().AfterEffect(), 2)
		}},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := newSite(t, &h.opts)
			s.service.SetQuirks(h.quirks)
			if h.worse != nil {
				h.worse(s)
			}
			plan := s.plan(s.target())
			report, err := s.client.Teardown().Run(t.Context(), plan, nil)
			require.NoError(t, err)
			require.Empty(t, report.Remaining)
			require.Len(t, report.Done, len(plan.Steps))
			require.Equal(t, nothingLeft, s.left())
		})
	}
}

func TestUnknownStatesKeepNoPolicyFromGoing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		s.service.SetQuirks(simulator.Quirks{UnknownValues: true})
		_, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		require.Equal(t, nothingLeft, s.left())
	})
}

func TestAPlanHasTheOrderThatTheServiceNeeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		s.service.ClearRequests()
		plan := s.plan(s.target())
		require.Empty(t, s.changed(), "a plan changes nothing")
		var actions []teardown.Action
		for _, step := range plan.Steps {
			actions = append(actions, step.Action)
		}
		require.Equal(t, []teardown.Action{
			teardown.ActionClearRules, teardown.ActionDeleteApproval, teardown.ActionDeleteApproval,
			teardown.ActionDeleteDeployment, teardown.ActionDeleteDeployment, teardown.ActionDeleteDeployment, teardown.ActionWaitForDeployments,
			teardown.ActionRemoveMembers, teardown.ActionDeletePolicy, teardown.ActionDeleteAudience,
		}, actions)
		text := plan.String()
		require.Contains(t, text, "1. clear the rules of update policy "+s.policy+" (1 rule)\n")
		require.Contains(t, text, "(archived, of "+s.entry+")")
		require.Contains(t, text, "7. wait until the deployments are deleted\n")
		require.Contains(t, text, "8. remove the members and exclusions of audience "+s.audience+" (3 members and 1 exclusion listed)\n")
	})
}

func TestAPlanAndAReportAreTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		target := s.target()
		target.Also = []string{s.deploy()}
		plan := s.plan(target)
		stub.RequireStored(t, *plan)
		report, err := s.client.Teardown().Run(t.Context(), stub.ThroughJSON(t, plan), nil)
		require.NoError(t, err)
		stub.RequireStored(t, *report)
	})
}

func TestWhatElseUsesTheAudienceIsInTheWayUntilItIsNamed(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(*site) string{
		"deployment": (*site).deploy,
		"policy": func(s *site) string {
			return stub.Made[updatepolicies.Policy](s.t)(s.client.UpdatePolicies().Create(s.t.Context(), updatepolicies.ForAudience(s.audience))).ID
		},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := newSite(t, nil)
			other := use(s)
			_, err := s.client.Teardown().Plan(t.Context(), s.target())
			require.ErrorIs(t, err, teardown.ErrAudienceInUse)
			planErr, ok := errors.AsType[*teardown.PlanError](err)
			require.True(t, ok)
			require.Len(t, planErr.Found, 1)
			require.Equal(t, other, planErr.Found[0].ID)
			require.Equal(t, teardown.ErrAudienceInUse, planErr.Err)
			require.ErrorContains(t, err, other)

			target := s.target()
			target.Also = []string{strings.ToUpper(other)}
			_, err = s.client.Teardown().Run(t.Context(), s.plan(target), nil)
			require.NoError(t, err)
			require.Equal(t, nothingLeft, s.left())
		})
	}
}

func TestAnAudienceThatIsKeptKeepsItsOtherUsersAndMembers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		other := s.deploy()
		target := s.target()
		target.KeepAudience = true
		_, err := s.client.Teardown().Run(t.Context(), s.plan(target), nil)
		require.NoError(t, err)
		require.Equal(t, "0 policies, 2 deployments, 1 audiences", s.left(),
			"the other one, and an archived one that no approval names any more")
		members, err := s.client.Audiences().ListMembers(audience.OfDeployment(other), nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, members, 3)
	})
}

func TestAnAudienceGoesWithAllThatUsesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, &simulator.Options{Lag: time.Minute})
		s.deploy()
		require.NoError(t, s.client.UpdatePolicies().SetRules(t.Context(), s.policy))
		_, err := s.client.Teardown().Run(t.Context(), s.plan(teardown.Target{AudienceID: s.audience}), nil)
		require.NoError(t, err)
		require.Equal(t, nothingLeft, s.left())
	})
}

func TestAPlanThatIsOutOfDateChangesNothing(t *testing.T) {
	t.Parallel()
	for name, add := range map[string]func(*site){
		"deployment": func(s *site) { s.deploy() },
		"approval":   func(s *site) { s.approve(s.policy) },
		"policy": func(s *site) {
			stub.Made[updatepolicies.Policy](s.t)(s.client.UpdatePolicies().Create(s.t.Context(), updatepolicies.ForAudience(s.audience)))
		},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(s.target())
			add(s)
			s.service.ClearRequests()
			report, err := s.client.Teardown().Run(t.Context(), plan, nil)
			require.ErrorIs(t, err, teardown.ErrPlanOutdated)
			require.Empty(t, s.changed())
			require.Empty(t, report.Done)
			require.Equal(t, plan.Steps, report.Remaining)
		})
	}
}

func TestAnArchivedDeploymentThatIsNewPutsNoPlanOutOfDate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		require.NoError(t, s.client.Deployments().Archive(t.Context(), s.deploy()))
		_, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		require.Equal(t, nothingLeft, s.left())
	})
}

func TestAnArchivedDeploymentThatIsNewGoesBeforeTheAudience(t *testing.T) {
	t.Parallel()
	for status, left := range map[int]string{404: nothingLeft, 403: "0 policies, 1 deployments, 1 audiences"} {
		stub.InBubble(t, fmt.Sprint(status), func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(s.target())
			require.NoError(t, s.client.Deployments().Archive(t.Context(), s.deploy()))
			client := s.through(watched{s.service.Transport(), func(r *http.Request) {
				if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/updatePolicies/"+s.policy) {
					s.service.FailNext(1, simulator.Status(status), deletions("/deployments/{}"))
				}
			}})
			_, err := client.Teardown().Run(t.Context(), plan, nil)
			require.Equal(t, left == nothingLeft, err == nil, "%v", err)
			require.Equal(t, left, s.left())
		})
	}
}

func TestEachStepFindsWhatItIsAbout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		report, err := s.client.Teardown().Run(t.Context(), s.plan(s.target()), nil)
		require.NoError(t, err)
		for _, step := range report.Done {
			require.NotEqual(t, "already deleted", step.Note, step)
		}
	})
}

func TestDevicesAndGroupsAreRemovedAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		s.service.ClearRequests()
		_, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		removal := slices.DeleteFunc(s.changed(), func(r simulator.Request) bool { return r.Method != http.MethodPost })
		require.Len(t, removal, 1)
		require.Equal(t, 3, strings.Count(string(removal[0].Body), "azureADDevice"), "two members and an exclusion")
		require.Equal(t, 1, strings.Count(string(removal[0].Body), "updatableAssetGroup"))
	})
}

// A dependent that is added while a teardown runs is not deleted with the audience.
func TestALateUserOfTheAudienceStopsTheTeardown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		late := ""
		client := s.through(watched{s.service.Transport(), func(r *http.Request) {
			if late == "" && r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/updatePolicies/"+s.policy) {
				late = s.deploy()
			}
		}})
		report, err := client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, teardown.ErrPlanOutdated)
		require.ErrorContains(t, err, late)
		require.Equal(t, []teardown.Step{plan.Steps[len(plan.Steps)-1]}, report.Remaining)
		require.Equal(t, "0 policies, 1 deployments, 1 audiences", s.left())
	})
}

func TestALateUserOfTheAudienceKeepsItsMembers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		s.deploy()
		plan, members, late := s.plan(teardown.Target{AudienceID: s.audience}), s.members(), ""
		require.NotZero(t, members)
		client := s.through(watched{s.service.Transport(), func(r *http.Request) {
			if late == "" && r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "/deployments/") {
				late = "now"
				late = s.deploy()
			}
		}})
		_, err := client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, teardown.ErrPlanOutdated)
		require.ErrorContains(t, err, late)
		require.Equal(t, members, s.members())
	})
}

func TestAnAudienceWhoseUsersCannotBeReadStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		client := s.through(watched{s.service.Transport(), func(r *http.Request) {
			if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/updatePolicies/"+s.policy) {
				s.service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Method: http.MethodGet, Path: "/deployments"})
			}
		}})
		report, err := client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		require.Equal(t, teardown.ActionDeleteAudience, report.Remaining[0].Action)
		require.Equal(t, "0 policies, 0 deployments, 1 audiences", s.left())
	})
}

// The policy still exists in a dry run, which cannot know when it is deleted.
func TestADryRunOfATeardownEndsWhereItWouldWait(t *testing.T) {
	t.Parallel()
	s, _ := newBareSite(t, 0, nil)
	s.policy = stub.Made[updatepolicies.Policy](t)(s.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(s.audience))).ID
	plan := s.plan(s.target())
	kept, err := s.client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		_, err := c.Teardown().Run(ctx, plan, nil)
		return err
	})
	require.ErrorIs(t, err, updates.ErrDryRunIncomplete)
	require.NotErrorIs(t, err, teardown.ErrPlanOutdated)
	require.Len(t, kept, 1)
	require.Equal(t, "/updatePolicies/"+s.policy, kept[0].Path)
}

func (s *site) members() int {
	s.t.Helper()
	all, err := s.client.Audiences().ListMembers(audience.ByID(s.audience), nil).Collect(s.t.Context(), 100)
	require.NoError(s.t, err)
	return len(all)
}

// watched calls a function for each request before it is sent.
type watched struct {
	http.RoundTripper
	before func(*http.Request)
}

func (w watched) RoundTrip(req *http.Request) (*http.Response, error) {
	w.before(req)
	return w.RoundTripper.RoundTrip(req)
}

// dying is a connection that ends for good at its nth request, which has an effect or
// not.
type dying struct {
	http.RoundTripper
	lives  *atomic.Int64
	effect bool
}

func (d dying) RoundTrip(req *http.Request) (*http.Response, error) {
	lives := d.lives.Add(-1)
	if lives > 0 {
		return d.RoundTripper.RoundTrip(req)
	}
	if lives == 0 && d.effect {
		resp, err := d.RoundTripper.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		resp.Body.Close()
	}
	return nil, io.ErrUnexpectedEOF
}

func TestATeardownThatWasInterruptedAnywhereCanBeRunAgain(t *testing.T) {
	t.Parallel()
	for _, effect := range []bool{false, true} {
		stub.InBubble(t, fmt.Sprintf("with effect %v", effect), func(t *testing.T) {
			for n := int64(1); ; n++ {
				s := newSite(t, &simulator.Options{Lag: 30 * time.Second})
				plan := s.plan(s.target())
				transport := dying{s.service.Transport(), &atomic.Int64{}, effect}
				transport.lives.Store(n)
				report, err := stub.NewClient(t, s.service.Credential(), transport, stub.Attempts(1)).Teardown().Run(t.Context(), plan, nil)
				if err == nil {
					require.Greater(t, n, int64(20), "it was interrupted at each request")
					return
				}
				require.Equal(t, len(plan.Steps), len(report.Done)+len(report.Remaining))
				require.Equal(t, plan.Steps[len(report.Done):], report.Remaining)
				report, err = s.client.Teardown().Run(t.Context(), plan, nil)
				require.NoErrorf(t, err, "after the end at request %d", n)
				require.Empty(t, report.Remaining)
				require.Equalf(t, nothingLeft, s.left(), "after the end at request %d", n)
			}
		})
	}
}

func TestAPlanForATargetThatIsPartlyDeletedContinues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		for approval, err := range s.client.UpdatePolicies().ListApprovals(s.policy, nil).All(t.Context()) {
			require.NoError(t, err)
			require.NoError(t, s.client.UpdatePolicies().DeleteApproval(t.Context(), s.policy, approval.ID))
		}
		_, err := s.client.Teardown().Run(t.Context(), s.plan(s.target()), nil)
		require.NoError(t, err)
		require.Equal(t, nothingLeft, s.left())
	})
}

func TestACompletedTeardownCanBeRunAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		_, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		require.Empty(t, report.Remaining)
		require.Contains(t, report.Done[0].Note, "already deleted: GET /updatePolicies/")
		_, err = s.client.Teardown().Plan(t.Context(), s.target())
		require.ErrorIs(t, err, apierr.ErrNotFound)
	})
}

func TestARejectedChangeOfRulesIsNoted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, &simulator.Options{Quirks: simulator.Quirks{RejectRuleUpdates: true}})
		report, err := s.client.Teardown().Run(t.Context(), s.plan(s.target()), nil)
		require.NoError(t, err)
		require.Contains(t, report.Done[0].Note, "rejects changes of rules")
		require.Contains(t, report.String(), "rejects changes of rules")
	})
}

func TestAnApprovalThatCannotBeDeletedIsRevoked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		s.service.FailNext(2, simulator.Status(400), deletions("/updatePolicies/{}/complianceChanges/{}"))
		s.service.ClearRequests()
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		require.Contains(t, report.Done[1].Note, "revoked")
		revoked := slices.DeleteFunc(s.changed(), func(r simulator.Request) bool {
			return r.Method != http.MethodPatch || !strings.Contains(r.Path, "/complianceChanges/")
		})
		require.Len(t, revoked, 1, "the other one is revoked already")
		require.Equal(t, nothingLeft, s.left())
	})
}

func TestAnApprovalThatCannotBeReadIsNotRevoked(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 403} {
		stub.InBubble(t, fmt.Sprint(status), func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(s.target())
			s.service.FailNext(1, simulator.Status(400), deletions("/updatePolicies/{}/complianceChanges/{}"))
			refused := false
			client := s.through(watched{s.service.Transport(), func(r *http.Request) {
				if !refused && r.Method == http.MethodDelete {
					refused = true
					s.service.FailNext(1, simulator.Status(status), simulator.Match{Method: http.MethodGet})
					s.service.ClearRequests()
				}
			}})
			report, err := client.Teardown().Run(t.Context(), plan, nil)
			require.False(t, slices.ContainsFunc(s.changed(), func(r simulator.Request) bool { return r.Method == http.MethodPatch }))
			if status == 403 {
				require.Equal(t, status, apierr.StatusOf(err))
				return
			}
			require.NoError(t, err)
			require.Empty(t, report.Done[1].Note, "the approval exists, so its deletion is retried")
		})
	}
}

func TestATeardownThatCannotCheckItsPlanChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		s.service.FailNext(1, simulator.Status(403), simulator.Match{Method: http.MethodGet})
		s.service.ClearRequests()
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		require.ErrorContains(t, err, "teardown.Run (checking the plan)")
		require.Empty(t, s.changed())
		require.Equal(t, plan.Steps, report.Remaining)
	})
}

func TestACanceledTeardownReportsTheRemainingSteps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, &simulator.Options{Lag: 24 * time.Hour})
		<-time.After(48 * time.Hour)
		plan := s.plan(s.target())
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		report, err := s.client.Teardown().Run(ctx, plan, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(began))
		require.Equal(t, teardown.ActionWaitForDeployments, report.Remaining[0].Action)
		require.Contains(t, report.String(), "Remaining:\n1. wait until the deployments are deleted\n")
		require.ErrorContains(t, err, "teardown.Run")
	})
}

func TestARejectionThatStaysEndsATeardown(t *testing.T) {
	t.Parallel()
	for status, path := range map[int]string{409: "/deploymentAudiences/{}", 400: "/updatePolicies/{}", 423: "/deployments/{}"} {
		stub.InBubble(t, path, func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(s.target())
			s.service.FailRandomly(1, simulator.Status(status), 1, deletions(path))
			began := time.Now()
			report, err := s.client.Teardown().Run(t.Context(), plan, nil)
			require.Equal(t, status, apierr.StatusOf(err))
			require.ErrorContains(t, err, report.Remaining[0].String())
			require.GreaterOrEqual(t, time.Since(began), 2*time.Minute, "it may pass")
			require.Less(t, time.Since(began), 4*time.Minute)
		})
	}
}

func TestAPermanentRejectionEndsATeardownImmediately(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/deploymentAudiences/{}", "/updatePolicies/{}", "/deployments/{}", "/updatePolicies/{}/complianceChanges/{}",
	} {
		stub.InBubble(t, path, func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(s.target())
			s.service.FailRandomly(1, simulator.Status(403), 1, deletions(path))
			began := time.Now()
			report, err := s.client.Teardown().Run(t.Context(), plan, nil)
			require.ErrorIs(t, err, apierr.ErrForbidden)
			require.ErrorContains(t, err, report.Remaining[0].String())
			require.Less(t, time.Since(began), time.Minute)
		})
	}
}

func TestARejectedDeletionIsRetriedWhenTheServiceAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		s.service.FailNext(5, simulator.Status(423).RetryAfter(10*time.Minute), deletions("/deploymentAudiences/{}"))
		s.service.ClearRequests()
		_, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		sent := slices.DeleteFunc(s.changed(), func(r simulator.Request) bool {
			return !strings.Contains(r.Path, "/deploymentAudiences/") || r.Method != http.MethodDelete
		})
		require.Len(t, sent, 6)
		require.Equal(t, 2*time.Minute, sent[1].Time.Sub(sent[0].Time), "the longest Retry-After of a call")
		require.Equal(t, 10*time.Minute, sent[5].Time.Sub(sent[0].Time))
	})
}

// newBareSite is a tenant with an audience that n deployments use.
func newBareSite(t *testing.T, n int, opts *simulator.Options) (s *site, deployed []string) {
	t.Helper()
	s = &site{t: t, service: simulator.New(opts)}
	s.client = s.through(s.service.Transport())
	s.audience = stub.Made[audience.Audience](t)(s.client.Audiences().Create(t.Context())).ID
	s.entry = stub.Made[catalog.FeatureUpdate](t)(s.client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")).ID
	for range n {
		deployed = append(deployed, s.deploy())
	}
	return s, deployed
}

// tornDown tears the audience down, and returns when it was done with the deployments.
func (s *site) tornDown(transport http.RoundTripper, plan *teardown.Plan) (took time.Duration) {
	s.t.Helper()
	began := time.Now()
	client := s.through(watched{transport, func(r *http.Request) {
		if took == 0 && r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "/deploymentAudiences/") {
			took = time.Since(began)
		}
	}})
	_, err := client.Teardown().Run(s.t.Context(), plan, nil)
	require.NoError(s.t, err)
	require.Equal(s.t, nothingLeft, s.left())
	return took
}

func TestDeploymentsAreWaitedForUntilTheLastOneIsDeleted(t *testing.T) {
	t.Parallel()
	for _, first := range []int{0, 1} {
		stub.InBubble(t, fmt.Sprint(first), func(t *testing.T) {
			const lag = 10 * time.Minute
			s, deployed := newBareSite(t, 2, &simulator.Options{Lag: lag})
			<-time.After(2 * lag)
			plan := s.plan(teardown.Target{AudienceID: s.audience})
			require.NoError(t, s.client.Deployments().Delete(t.Context(), deployed[first]))
			<-time.After(2 * lag)
			require.GreaterOrEqual(t, s.tornDown(s.service.Transport(), plan), lag)
		})
	}
}

func TestADeploymentThatIsMissingInOnePollIsNotDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lag = 10 * time.Minute
		s, _ := newBareSite(t, 1, &simulator.Options{Lag: lag})
		<-time.After(2 * lag)
		plan := s.plan(teardown.Target{AudienceID: s.audience})
		looks := 0
		require.GreaterOrEqual(t, s.tornDown(watched{s.service.Transport(), func(r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/deployments/") {
				if looks++; looks%2 == 1 {
					s.service.FailNext(1, simulator.Status(404), simulator.Match{Method: http.MethodGet, Path: "/deployments/{}"})
				}
			}
		}}, plan), lag)
		require.Greater(t, looks, 4)
	})
}

func TestDeploymentsThatCannotBeReadAreNotDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lag = 10 * time.Minute
		s, _ := newBareSite(t, 1, &simulator.Options{Lag: lag})
		<-time.After(2 * lag)
		plan := s.plan(teardown.Target{AudienceID: s.audience})
		s.service.FailRandomly(1, simulator.Status(503), 1, simulator.Match{Method: http.MethodGet, Path: "/deployments/{}"})
		time.AfterFunc(time.Minute, s.service.ClearFailures)
		require.GreaterOrEqual(t, s.tornDown(s.service.Transport(), plan), lag)
	})
}

func TestATargetAndAPlanAreCheckedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	for name, target := range map[string]teardown.Target{
		"none":                  {},
		"both":                  {UpdatePolicyID: "p", AudienceID: "a"},
		"kept audience":         {AudienceID: "a", KeepAudience: true},
		"kept audience, others": {UpdatePolicyID: "p", KeepAudience: true, Also: []string{"d"}},
		"empty id":              {UpdatePolicyID: "p", Also: []string{""}},
	} {
		_, err := client.Teardown().Plan(t.Context(), target)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
	}
	good := teardown.Target{AudienceID: "a"}
	for want, plan := range map[string]*teardown.Plan{"plan must not be nil": nil, "Target must have either": {}} {
		_, err := client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, want)
	}
	for name, step := range map[string]teardown.Step{
		"unknown action":          {Action: "burn", ID: "a"},
		"no id":                   {Action: teardown.ActionDeleteAudience},
		"approval of no policy":   {Action: teardown.ActionDeleteApproval, ID: "x"},
		"deployment of a policy":  {Action: teardown.ActionDeleteDeployment, ID: "x", UpdatePolicyID: "p"},
		"wait for one deployment": {Action: teardown.ActionWaitForDeployments, ID: "x"},
	} {
		plan := &teardown.Plan{Target: good, Steps: []teardown.Step{{Action: teardown.ActionDeletePolicy, ID: "p"}, step}}
		_, err := client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.EqualError(t, err, "teardown.Run: plan.Steps[1] must be a step made by Plan", name)
	}
	for field, opts := range map[string]teardown.PollOptions{"InitialInterval": {InitialInterval: -1}, "MaxInterval": {MaxInterval: -1}} {
		_, err := client.Teardown().Run(t.Context(), &teardown.Plan{Target: good}, &opts)
		require.EqualError(t, err, "teardown.Run: PollOptions."+field+" must not be negative (got -1ns)")
	}
	require.Empty(t, service.Requests())
}

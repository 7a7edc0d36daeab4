package updatepolicies_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// making is something that can be made once: an update policy or an approval. Both
// follow the same rules, so one set of tests is for both.
type making struct {
	lists  string // the path of the list where it shows
	posts  string // the path where it is created
	create func(ctx context.Context) (id string, created time.Time, err error)
	once   func(ctx context.Context, opts *deployments.CreateOnceOptions) (id string, err error)
	find   func(ctx context.Context, since time.Time) (id string, err error)
	ids    func(t *testing.T) []string // of all that there are
}

// makings are what can be made in a tenant.
func (n *tenant) makings(t *testing.T) map[string]making {
	t.Helper()
	policy := n.policy(t, updatepolicies.Spec{})
	spec := updatepolicies.ForDriver(n.driver(t)).With(deployments.Settings{}.StartingAt(time.Now().Add(day)).OfferedWhileRecommendedBy("Microsoft"))
	return map[string]making{
		"policy":   n.makingPolicies(rich(n.audience)),
		"approval": n.makingApprovals(policy.ID, spec),
	}
}

// rich is a spec with something of all that is compared.
func rich(audienceID string) updatepolicies.Spec {
	return updatepolicies.ForAudience(audienceID).EnrollingIn(audience.CategoryQuality, audience.CategoryDriver).
		Approving(updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly), updatepolicies.DriversStartingAfter(3), updatepolicies.RemediationsStartingAfter(1, updatepolicies.RemediationInPlaceUpgrade)).
		With(deployments.Settings{}.OfferingHotpatches().RollingOut(deployments.ByRate(100, 1)))
}

func (n *tenant) makingPolicies(spec updatepolicies.Spec) making {
	c := n.client.UpdatePolicies()
	id := func(p *updatepolicies.Policy, err error) (string, error) {
		if err != nil {
			return "", err
		}
		return p.ID, nil
	}
	return making{
		lists: "/updatePolicies", posts: "/updatePolicies",
		create: func(ctx context.Context) (string, time.Time, error) {
			p, err := c.Create(ctx, spec)
			if err != nil {
				return "", time.Time{}, err
			}
			return p.ID, p.Created, nil
		},
		once: func(ctx context.Context, opts *deployments.CreateOnceOptions) (string, error) {
			return id(c.CreateOnce(ctx, spec, opts))
		},
		find: func(ctx context.Context, since time.Time) (string, error) { return id(c.FindCreated(ctx, spec, since)) },
		ids:  n.ruledPolicies,
	}
}

// ruledPolicies are the policies that have rules: not those that tests need for
// something else.
func (n *tenant) ruledPolicies(t *testing.T) []string {
	t.Helper()
	found, err := n.client.UpdatePolicies().List(nil).Collect(t.Context(), 1000)
	require.NoError(t, err)
	var all []string
	for _, p := range found {
		if len(p.Rules) > 0 {
			all = append(all, p.ID)
		}
	}
	return all
}

func (n *tenant) makingApprovals(policyID string, spec updatepolicies.ApprovalSpec) making {
	c := n.client.UpdatePolicies()
	id := func(a *updatepolicies.Approval, err error) (string, error) {
		if err != nil {
			return "", err
		}
		return a.ID, nil
	}
	return making{
		lists: "/updatePolicies/{}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval", posts: "/updatePolicies/{}/complianceChanges",
		create: func(ctx context.Context) (string, time.Time, error) {
			a, err := c.Approve(ctx, policyID, spec)
			if err != nil {
				return "", time.Time{}, err
			}
			return a.ID, a.Created, nil
		},
		once: func(ctx context.Context, opts *deployments.CreateOnceOptions) (string, error) {
			return id(c.ApproveOnce(ctx, policyID, spec, opts))
		},
		find: func(ctx context.Context, since time.Time) (string, error) {
			return id(c.FindCreatedApproval(ctx, policyID, spec, since))
		},
		ids: func(t *testing.T) []string {
			t.Helper()
			found, err := c.ListApprovals(policyID, nil).Collect(t.Context(), 1000)
			require.NoError(t, err)
			return ids(found)
		},
	}
}

func (m making) creates() simulator.Match { return simulator.Match{Method: "POST", Path: m.posts} }

// eachMaking runs a test for all that can be made, each in a bubble of its own.
func eachMaking(t *testing.T, name string, test func(t *testing.T, n *tenant, m making)) {
	t.Helper()
	for _, kind := range []string{"policy", "approval"} {
		t.Run(kind+" "+name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := newTenant(t)
				test(t, n, n.makings(t)[kind])
			})
		})
	}
}

// lostAnswers are responses that leave the outcome of a request unknown.
func lostAnswers() map[string]simulator.Failure {
	return map[string]simulator.Failure{
		"unavailable": simulator.Status(503), "broken": simulator.Break(), "gateway": simulator.HTML(502), "silent": simulator.Hang(),
	}
}

func TestALostResponseMakesOneOfEach(t *testing.T) {
	t.Parallel()
	for name, failure := range lostAnswers() {
		for effect, failure := range map[string]simulator.Failure{"with effect": failure.AfterEffect(), "without": failure} {
			eachMaking(t, name+" "+effect, func(t *testing.T, n *tenant, m making) {
				twin, _, err := m.create(t.Context())
				require.NoError(t, err)
				n.FailNext(1, failure, m.creates())
				made, err := m.once(t.Context(), nil)
				require.NoError(t, err)
				require.Equal(t, []string{twin, made}, m.ids(t))
			})
		}
	}
}

func TestAResponseThatIsNotLostEndsTheCallImmediately(t *testing.T) {
	t.Parallel()
	eachMaking(t, "created", func(t *testing.T, _ *tenant, m making) {
		began := time.Now()
		made, err := m.once(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, []string{made}, m.ids(t))
		require.Zero(t, time.Since(began))
	})
	eachMaking(t, "rejected", func(t *testing.T, n *tenant, m making) {
		began := time.Now()
		n.ClearRequests()
		n.FailNext(1, simulator.Status(400), m.creates())
		_, err := m.once(t.Context(), nil)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.Zero(t, time.Since(began))
		require.Len(t, n.Requests(), 2)
	})
	eachMaking(t, "not listed", func(t *testing.T, n *tenant, m making) {
		n.ClearRequests()
		n.FailRandomly(1, simulator.Status(403), 1)
		_, err := m.once(t.Context(), nil)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		require.Len(t, n.Requests(), 1, "nothing is created")
	})
}

func TestTheThirdLostResponseIsTheError(t *testing.T) {
	t.Parallel()
	eachMaking(t, "lost", func(t *testing.T, n *tenant, m making) {
		n.ClearRequests()
		n.FailRandomly(1, simulator.Break(), 1, m.creates())
		_, err := m.once(t.Context(), nil)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		posts := slices.DeleteFunc(n.Requests(), func(r simulator.Request) bool { return r.Method != http.MethodPost })
		require.Len(t, posts, 3)
	})
}

func TestWhatWasThereBeforeIsNotFound(t *testing.T) {
	t.Parallel()
	eachMaking(t, "before", func(t *testing.T, _ *tenant, m making) {
		old, created, err := m.create(t.Context())
		require.NoError(t, err)
		_, err = m.find(t.Context(), created.Add(1))
		require.ErrorIs(t, err, apierr.ErrNotFound)
		found, err := m.find(t.Context(), created)
		require.NoError(t, err)
		require.Equal(t, old, found)
	})
}

func TestSeveralCandidatesAreListed(t *testing.T) {
	t.Parallel()
	eachMaking(t, "by a poll", func(t *testing.T, _ *tenant, m making) {
		since := time.Now()
		for range 2 {
			_, _, err := m.create(t.Context())
			require.NoError(t, err)
		}
		_, err := m.find(t.Context(), since)
		requireCandidates(t, err, m.ids(t)...)
		require.ErrorIs(t, err, apierr.ErrAmbiguous)
	})
	eachMaking(t, "after a lost response", func(t *testing.T, n *tenant, m making) {
		n.FailNext(1, simulator.Status(503).AfterEffect(), m.creates())
		time.AfterFunc(time.Minute, func() { _, _, _ = m.create(context.Background()) })
		_, err := m.once(t.Context(), nil)
		requireCandidates(t, err, m.ids(t)...)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.Len(t, m.ids(t), 2)
	})
	eachMaking(t, "without a time", func(t *testing.T, n *tenant, m making) {
		_, _, err := m.create(t.Context())
		require.NoError(t, err)
		n.SetQuirks(simulator.Quirks{LegacyFormats: true})
		_, err = m.find(t.Context(), time.Now())
		requireCandidates(t, err, m.ids(t)...)
	})
}

func requireCandidates(t *testing.T, err error, ids ...string) {
	t.Helper()
	several, ok := errors.AsType[*apierr.AmbiguousError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, ids, several.IDs)
}

func TestASearchThatIsCutOffKeepsTheOutcomeUnknown(t *testing.T) {
	t.Parallel()
	eachMaking(t, "by the deadline, found", func(t *testing.T, n *tenant, m making) {
		n.FailNext(1, simulator.Status(503).AfterEffect(), m.creates())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := m.once(ctx, nil)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		requireCandidates(t, err, m.ids(t)...)
	})
	eachMaking(t, "by a refusal, not found", func(t *testing.T, n *tenant, m making) {
		n.FailNext(1, simulator.Status(503), m.creates())
		time.AfterFunc(time.Minute, func() {
			n.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Method: "GET", Path: m.lists})
		})
		_, err := m.once(t.Context(), nil)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		_, several := errors.AsType[*apierr.AmbiguousError](err)
		require.False(t, several)
	})
}

func TestTheWindowEndsTheSearch(t *testing.T) {
	t.Parallel()
	for name, window := range map[string]time.Duration{"2 minutes, the default": 0, "an hour": time.Hour} {
		eachMaking(t, name, func(t *testing.T, n *tenant, m making) {
			n.FailNext(1, simulator.Status(503).AfterEffect(), m.creates())
			began := time.Now()
			_, err := m.once(t.Context(), &deployments.CreateOnceOptions{SearchWindow: window})
			require.NoError(t, err)
			least := max(window, 2*time.Minute)
			require.GreaterOrEqual(t, time.Since(began), least)
			require.Less(t, time.Since(began), least+least/4)
		})
	}
}

func TestWhatIsMadeOnceIsCheckedFirst(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[]}`))
	c := service.Client(t).UpdatePolicies()
	wrong := &deployments.CreateOnceOptions{SearchWindow: -1}
	_, created := c.CreateOnce(t.Context(), updatepolicies.Spec{}, wrong)
	_, approved := c.ApproveOnce(t.Context(), policyID, updatepolicies.ApprovalSpec{}, wrong)
	for op, err := range map[string]error{"updatePolicies.CreateOnce": created, "updatePolicies.ApproveOnce": approved} {
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, op)
		require.ErrorContains(t, err, "ID must not be empty")
		require.ErrorContains(t, err, "CreateOnceOptions.SearchWindow must not be negative (got -1ns)")
	}
	_, err := c.FindCreated(t.Context(), updatepolicies.Spec{}, time.Time{})
	require.ErrorIs(t, err, apierr.ErrInvalid)
	_, err = c.FindCreatedApproval(t.Context(), policyID, updatepolicies.ApprovalSpec{}, time.Time{})
	require.ErrorIs(t, err, apierr.ErrInvalid)
	_, err = c.ApproveOnce(t.Context(), "", updatepolicies.ForDriver(driverID), nil)
	require.ErrorContains(t, err, "updatePolicies.ApproveOnce: policyID must not be empty")
	require.Empty(t, service.Requests())
}

// histories are fewer than rounds, as each one has a service of its own and may wait for
// three windows.
const histories = 60

func TestRandomHistoriesMakeNoDuplicate(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"policy", "approval"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for seed := range uint64(histories) {
					history(t, rand.New(rand.NewPCG(seed, 8)), kind, fmt.Sprint("seed ", seed))
				}
			})
		})
	}
}

// history makes something once through lost responses, failing lists, quirks and an index
// that is behind, in addition to an equal one from before.
func history(t *testing.T, r *rand.Rand, kind, name string) {
	t.Helper()
	n := newTenant(t)
	lag := time.Duration(r.Int64N(int64(2 * time.Minute)))
	n.client = stub.NewClient(t, n.Credential(), stub.Lagging(n.Server, lag))
	m := n.makings(t)[kind]
	_, _, err := m.create(t.Context())
	require.NoError(t, err)
	<-time.After(time.Duration(r.Int64N(int64(10 * time.Minute))))
	n.misbehave(r, m)
	made, err := m.once(t.Context(), nil)
	n.ClearFailures()
	n.SetQuirks(simulator.Quirks{})
	<-time.After(lag)
	all := m.ids(t)
	if err == nil {
		require.Equal(t, []string{all[0], made}, all, name)
		return
	}
	several, isListed := errors.AsType[*apierr.AmbiguousError](err)
	require.True(t, isListed || errors.Is(err, apierr.ErrUnknownOutcome), "%s: %v", name, err)
	if isListed {
		require.Subset(t, all, several.IDs, name)
	}
	require.LessOrEqual(t, len(all), 2, name)
}

// misbehave lets creates lose their answers, and lists fail now and then.
func (n *tenant) misbehave(r *rand.Rand, m making) {
	failure := []simulator.Failure{simulator.Break(), simulator.Status(503), simulator.HTML(502), simulator.Hang(), simulator.BreakBody()}[r.IntN(5)]
	if r.IntN(2) == 0 {
		failure = failure.AfterEffect()
	}
	n.SetQuirks(simulator.Quirks{
		NullItems: r.IntN(2) == 0, EmptyPages: r.IntN(2) == 0, UnknownTypes: r.IntN(2) == 0, TypesWithoutHash: r.IntN(2) == 0,
		UnknownValues: r.IntN(2) == 0, WrapSingle: r.IntN(2) == 0,
	})
	n.FailRandomly(r.Float64(), failure, r.Uint64(), m.creates())
	n.FailRandomly(r.Float64()/4, simulator.Status(503), r.Uint64(), simulator.Match{Method: "GET"})
}

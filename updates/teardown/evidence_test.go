package teardown_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/teardown"
)

// reads picks the requests that read something at a path.
func reads(path string) simulator.Match { return simulator.Match{Method: http.MethodGet, Path: path} }

func TestA404OfAListIsNotADeletedAudience(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"/updatePolicies", "/deployments"} {
		stub.InBubble(t, list, func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(teardown.Target{AudienceID: s.audience})
			client := s.through(watched{s.service.Transport(), func(r *http.Request) {
				if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/updatePolicies/"+s.policy) {
					s.service.FailRandomly(1, simulator.Status(404), 1, reads(list))
				}
			}})
			report, err := client.Teardown().Run(t.Context(), plan, nil)
			require.ErrorContains(t, err, "404")
			require.NotErrorIs(t, err, apierr.ErrNotFound)
			require.Equal(t, teardown.ActionDeleteAudience, report.Remaining[0].Action)
			require.Equal(t, "0 policies, 0 deployments, 1 audiences", s.left())
		})
	}
}

func TestA404OfAListIsNotAMissingTarget(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"/updatePolicies", "/deployments", "/updatePolicies/{}/complianceChanges"} {
		stub.InBubble(t, list, func(t *testing.T) {
			s := newSite(t, nil)
			s.service.FailRandomly(1, simulator.Status(404), 1, reads(list))
			_, err := s.client.Teardown().Plan(t.Context(), teardown.Target{AudienceID: s.audience})
			require.ErrorContains(t, err, "404")
			require.NotErrorIs(t, err, apierr.ErrNotFound)
		})
	}
}

// The list has the deployment without its audience, and the first request for that is 404.
func TestOne404OfAnAudienceHidesNoDeployment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		bodies := map[string]string{
			"/updatePolicies/p1":                   `{"id":"p1","audience":{"id":"a1"}}`,
			"/updatePolicies":                      `{"value":[{"id":"p1","audience":{"id":"a1"}}]}`,
			"/deployments":                         `{"value":[{"id":"foreign"}]}`,
			"/deploymentAudiences/a1":              `{"id":"a1"}`,
			"/deploymentAudiences/a1/members":      `{"value":[]}`,
			"/deploymentAudiences/a1/exclusions":   `{"value":[]}`,
			"/updatePolicies/p1/complianceChanges": `{"value":[]}`,
			"/updatePolicies/p1/complianceChanges/microsoft.graph.windowsUpdates.contentApproval": `{"value":[]}`,
		}
		client := stub.NewClient(t, stub.Token{}, stub.Serving(func(req *http.Request) (int, string) {
			_, path, _ := strings.Cut(req.URL.Path, "/admin/windows/updates")
			if path == "/deployments/foreign/audience" {
				if asked++; asked > 1 {
					return http.StatusOK, `{"id":"a1"}`
				}
			}
			if text, ok := bodies[path]; ok {
				return http.StatusOK, text
			}
			return http.StatusNotFound, `{"error":{"code":"NotFound","message":"not here"}}`
		}))
		_, err := client.Teardown().Plan(t.Context(), teardown.Target{UpdatePolicyID: "p1"})
		require.ErrorIs(t, err, teardown.ErrAudienceInUse)
		require.ErrorContains(t, err, "foreign")
	})
}

// The approval of another program must not be deleted with the policy.
func TestOne404OfAPolicyOrApprovalDoesNotHideAnApproval(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"policy": "", "approval": "/complianceChanges/{}"} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := newSite(t, nil)
			target := s.target()
			target.KeepAudience = true
			plan := s.plan(target)
			foreign := s.approve(s.policy)
			<-time.After(time.Hour)
			s.service.ClearRequests()
			s.service.FailNext(1, simulator.Status(404), reads("/updatePolicies/"+s.policy+strings.ReplaceAll(path, "{}", foreign)))
			_, err := s.through(s.service.Transport()).Teardown().Run(t.Context(), plan, nil)
			require.ErrorIs(t, err, teardown.ErrPlanOutdated)
			require.Empty(t, s.changed())
		})
	}
}

func TestEachDeletedObjectNamesTheRequestThatShowedIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		_, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		for _, step := range report.Done {
			if step.Action != teardown.ActionWaitForDeployments {
				require.Regexp(t, `^already deleted: GET /\S+ returned 404$`, step.Note, step)
			}
		}
	})
}

func TestAWrong404OfADeletionIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/updatePolicies/{}", "/deploymentAudiences/{}", "/deployments/{}", "/updatePolicies/{}/complianceChanges/{}",
	} {
		stub.InBubble(t, path, func(t *testing.T) {
			s := newSite(t, nil)
			plan := s.plan(s.target())
			s.service.FailNext(1, simulator.Status(404), deletions(path))
			_, err := s.client.Teardown().Run(stub.Within(t, time.Hour), plan, nil)
			require.NoError(t, err)
			require.Equal(t, nothingLeft, s.left())
		})
	}
}

func TestExclusionsAreRemovedWithTheMembers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		require.Contains(t, plan.String(), "remove the members and exclusions of audience "+s.audience+" (3 members and 1 exclusion listed)")
		s.service.FailRandomly(1, simulator.Status(403), 1, deletions("/deploymentAudiences/{}"))
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		i := slices.IndexFunc(report.Done, func(step teardown.Step) bool { return step.Action == teardown.ActionRemoveMembers })
		require.Equal(t, "3 members and 1 exclusion", report.Done[i].Note)
		removal := slices.DeleteFunc(s.changed(), func(r simulator.Request) bool { return r.Method != http.MethodPost })
		require.Contains(t, string(removal[len(removal)-1].Body), `"removeExclusions"`)
	})
}

func TestASecondRunSkipsWhatTheFirstOneDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		plan := s.plan(s.target())
		s.service.FailRandomly(1, simulator.Status(403), 1, deletions("/deploymentAudiences/{}"))
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		s.service.ClearFailures()
		second := stub.ThroughJSON(t, plan.After(report))
		require.True(t, second.Steps[len(second.Steps)-2].Deleted)
		require.Contains(t, second.String(), "delete update policy "+s.policy+" (already deleted)\n")
		s.service.ClearRequests()
		report, err = s.client.Teardown().Run(t.Context(), second, nil)
		require.NoError(t, err)
		require.Len(t, report.Done, len(plan.Steps))
		for _, r := range s.changed() {
			require.NotContains(t, r.Path, "/deployments/")
			require.NotContains(t, r.Path, "/updatePolicies/")
		}
		require.Equal(t, nothingLeft, s.left())
	})
}

func TestAnEndOfTimeNamesTheStepAndTheObject(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, deployed := newBareSite(t, 1, &simulator.Options{Lag: 24 * time.Hour})
		<-time.After(48 * time.Hour)
		plan := s.plan(teardown.Target{AudienceID: s.audience})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		_, err := s.client.Teardown().Run(ctx, plan, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "teardown.Run (wait until the deployments are deleted): ")
		require.ErrorContains(t, err, "deployment "+deployed[0]+" still exists")
	})
}

func TestTheWaitForADeploymentThatIsNeverDeletedEnds(t *testing.T) {
	t.Parallel()
	for _, atMost := range []time.Duration{0, 20 * time.Minute} {
		stub.InBubble(t, atMost.String(), func(t *testing.T) {
			s, deployed := newBareSite(t, 1, &simulator.Options{Lag: 24 * time.Hour})
			<-time.After(48 * time.Hour)
			plan := s.plan(teardown.Target{AudienceID: s.audience})
			began := time.Now()
			report, err := s.client.Teardown().Run(t.Context(), plan, &teardown.PollOptions{Timeout: atMost})
			require.ErrorIs(t, err, teardown.ErrNotDeleted)
			require.ErrorContains(t, err, "deployment "+deployed[0]+" still exists")
			require.Equal(t, teardown.ActionWaitForDeployments, report.Remaining[0].Action)
			want := max(atMost, 20*time.Minute)
			if atMost == 0 {
				want = 2 * time.Hour
			}
			require.InDelta(t, want.Minutes(), time.Since(began).Minutes(), 2)
		})
	}
}

// What could not be read, or was found deleted once, is not said to exist.
func TestAnEndOfTimeSaysOnlyWhatWasRead(t *testing.T) {
	t.Parallel()
	for want, status := range map[string]int{"could not be read: 503": 503, "was found deleted by one poll only": 404} {
		for _, byContext := range []bool{false, true} {
			stub.InBubble(t, fmt.Sprint(want, byContext), func(t *testing.T) {
				s, deployed := newBareSite(t, 1, &simulator.Options{Lag: 24 * time.Hour})
				<-time.After(48 * time.Hour)
				plan := s.plan(teardown.Target{AudienceID: s.audience})
				s.client = stub.NewClient(t, s.service.Credential(), s.service.Transport(), stub.Attempts(1))
				fail := func() { s.service.FailRandomly(1, simulator.Status(status), 1, reads("/deployments/{}")) }
				time.AfterFunc(30*time.Second, fail) // after the first poll, before the second
				ctx, opts := t.Context(), &teardown.PollOptions{InitialInterval: time.Minute, Timeout: 40 * time.Second}
				if byContext {
					ctx, opts.Timeout = stub.Within(t, 80*time.Second), time.Hour
				}
				_, err := s.client.Teardown().Run(ctx, plan, opts)
				require.ErrorContains(t, err, "teardown.Run (wait until the deployments are deleted): ")
				require.ErrorContains(t, err, "deployment "+deployed[0]+" "+want)
				require.NotContains(t, err.Error(), "still exists")
				require.Equal(t, byContext, errors.Is(err, context.DeadlineExceeded))
				require.Equal(t, !byContext, errors.Is(err, teardown.ErrNotDeleted))
			})
		}
	}
}

func TestProtectedDevicesStayExclusions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		group := stub.Made[audience.Group](t)(s.client.Groups().Create(t.Context()))
		require.NoError(t, s.client.Groups().AddDevices(t.Context(), group.ID, []string{stub.DeviceID(4)}, nil))
		exclude := audience.Edit{AddExclusions: append(audience.Groups(group.ID), audience.Devices(stub.DeviceID(3))...)}
		require.NoError(t, s.client.Audiences().Edit(t.Context(), audience.ByID(s.audience), exclude, nil))
		s.client = stub.NewClient(t, s.service.Credential(), s.service.Transport(), func(o *updates.Options) {
			o.Limits.Protected = []string{stub.DeviceID(2), stub.DeviceID(4)}
		})
		const note = "3 members and 1 exclusion"
		plan := s.plan(s.target())
		require.Contains(t, plan.String(), "("+note+" listed; 2 protected exclusions stay)")
		report, err := s.client.Teardown().Run(t.Context(), plan, nil)
		require.NoError(t, err)
		i := slices.IndexFunc(report.Done, func(step teardown.Step) bool { return step.Action == teardown.ActionRemoveMembers })
		require.Equal(t, note+"; 2 protected exclusions stay", report.Done[i].Note)
	})
}

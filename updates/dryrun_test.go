package updates_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const madeUp = "00000000-0000-0000-0000-000000000001"

// noCredential has no token for anybody.
type noCredential struct{}

func (noCredential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{}, errors.New("no user is signed in")
}

func TestADryRunSendsNoChange(t *testing.T) {
	t.Parallel()
	byCall := func(method string) stub.Operation {
		return stub.Operation{Name: method + " by Call", Run: func(ctx context.Context, c *updates.Client) error {
			return c.Call(ctx, method, "/x/y?$z=1", map[string]int{"a": 1}, &map[string]any{})
		}}
	}
	for _, op := range []stub.Operation{
		stub.Action(), stub.Patch(), stub.Remove(), stub.Create(), byCall("POST"), byCall("PATCH"), byCall("PUT"), byCall("DELETE"),
	} {
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(stub.Answer(500, ""))
			requests, err := stub.NewClient(t, noCredential{}, s).DryRun(t.Context(), op.Run)
			require.NoError(t, err, "nothing is read, so no sign-in is needed")
			require.Len(t, requests, 1)
			require.Empty(t, s.Requests())
		})
	}
}

func TestReadsOfADryRunAreSentWithTheTokenOfTheClient(t *testing.T) {
	t.Parallel()
	for _, op := range []stub.Operation{stub.Read(), stub.List()} {
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			s, cred := stub.Answering(op.Success), &stub.Issuer{}
			client := stub.NewClient(t, cred, s)
			require.NoError(t, op.Run(t.Context(), client))
			requests, err := client.DryRun(t.Context(), op.Run)
			require.NoError(t, err)
			require.Equal(t, []updates.DryRunRequest{}, requests)
			require.Len(t, s.Requests(), 2)
			require.Equal(t, "Bearer token-1", s.Requests()[1].Header.Get("Authorization"))
		})
	}
}

func TestReadsOfADryRunAreRetriedAndItsChangesAreNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := stub.Answering(stub.Answer(503, ""), stub.Answer(429, "", "Retry-After", "30"), stub.Answer(200, stub.Deployment))
		requests, err := stub.NewClient(t, stub.Token{}, s).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
			return errors.Join(stub.Remove().Run(ctx, c), stub.Read().Run(ctx, c), stub.Remove().Run(ctx, c))
		})
		require.NoError(t, err)
		require.Len(t, requests, 2)
		require.Len(t, s.Requests(), 3)
		for _, sent := range s.Requests() {
			require.Equal(t, http.MethodGet, sent.Method)
		}
	})
}

func TestADryRunReturnsItsRequestsInOrder(t *testing.T) {
	t.Parallel()
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(500, ""))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		return errors.Join(
			c.Audiences().AddDevices(ctx, audience.ByID("a1"), stub.DeviceIDs(1), nil),
			c.Deployments().Delete(ctx, "d1"),
			c.Call(ctx, "PATCH", "/x?$y=<1>&z", json.RawMessage(`{ "b": "<&>", "a": 12345678901234567890.10 }`), nil),
		)
	})
	require.NoError(t, err)
	require.Equal(t, []updates.DryRunRequest{
		{
			Op: "audiences.AddDevices", Method: "POST", Path: "/deploymentAudiences/a1/updateAudience",
			Body: json.RawMessage(`{"addMembers":[{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + stub.DeviceID(0) + `"}]}`),
		},
		{Op: "deployments.Delete", Method: "DELETE", Path: "/deployments/d1"},
		{Op: "updates.Call", Method: "PATCH", Path: "/x?$y=<1>&z", Body: json.RawMessage(`{"a":12345678901234567890.10,"b":"<&>"}`)},
	}, requests)
}

func TestARequestOfADryRunPrintsLikeAMessage(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]updates.DryRunRequest{
		"DELETE /beta/admin/windows/updates/deployments/d1": {Method: "DELETE", Path: "/deployments/d1"},
		"POST /beta/admin/windows/updates/x\nContent-Type: application/json\n\n{\n  \"a\": [\n    1\n  ]\n}": {
			Op: "updates.Call", Method: "POST", Path: "/x", Body: json.RawMessage(`{"a":[1]}`),
		},
		"POST /beta/admin/windows/updates/x\n\nno JSON": {Method: "POST", Path: "/x", Body: json.RawMessage(`no JSON`)},
	} {
		require.Equal(t, want, r.String())
	}
}

func TestARequestOfADryRunIsTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	for _, want := range []updates.DryRunRequest{
		{}, {Op: "o", Method: "PATCH", Path: "/p?q", Body: json.RawMessage(`{"a":[null,1]}`)},
	} {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got updates.DryRunRequest
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, want, got)
	}
}

func TestAnObjectCreatedInADryRunCanBeChangedInIt(t *testing.T) {
	t.Parallel()
	var made *deployments.Deployment
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(500, ""))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		var err error
		made, err = c.Deployments().Create(ctx, deployments.ForFeature("e1"))
		if err != nil {
			return err
		}
		return errors.Join(
			c.Audiences().AddDevices(ctx, audience.ByID(made.Audience.ID), stub.DeviceIDs(1), nil),
			c.Deployments().Pause(ctx, made.ID),
		)
	})
	require.NoError(t, err)
	require.Equal(t, madeUp, made.ID)
	require.Equal(t, "e1", made.Content.EntryID, "the answer is what was to be made")
	require.Len(t, requests, 3)
	require.Equal(t, "/deploymentAudiences/00000000-0000-0000-0000-000000000002/updateAudience", requests[1].Path)
	require.Equal(t, "/deployments/"+madeUp, requests[2].Path)
}

func TestACreateThatNamesItsPartsKeepsThem(t *testing.T) {
	t.Parallel()
	var out map[string]any
	for sent, want := range map[string]string{
		`{"id":"own","audience":{"id":"a1"}}`: `{"id":"own","audience":{"id":"a1"}}`,
		`{"audience":{"id":"a1"}}`:            `{"id":"` + madeUp + `","audience":{"id":"a1"}}`,
		`[1]`:                                 `{"id":"` + madeUp + `","audience":{"id":"00000000-0000-0000-0000-000000000002"}}`,
	} {
		_, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(500, ""))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
			out = nil
			return c.Call(ctx, "POST", "/deployments", json.RawMessage(sent), &out)
		})
		require.NoError(t, err)
		got, err := json.Marshal(out)
		require.NoError(t, err)
		require.JSONEq(t, want, string(got), sent)
	}
}

func TestOnlyADeploymentGetsAnAudienceOfItsOwn(t *testing.T) {
	t.Parallel()
	_, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(500, ""))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		for i, path := range []string{"/updatePolicies", "/updatableAssets", "/deploymentAudiences", "/deployments/x/y"} {
			var out map[string]any
			require.NoError(t, c.Call(ctx, "POST", path, map[string]any{}, &out), path)
			require.Equal(t, map[string]any{"id": fmt.Sprintf("00000000-0000-0000-0000-%012d", i+1)}, out, path)
		}
		return nil
	})
	require.NoError(t, err)
}

func TestEveryCreateSucceedsInADryRun(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	note := func(id string, err error) error {
		made[id] = true
		return err
	}
	noApprovals := stub.Answering(stub.Answer(200, `{"value":[]}`))
	requests, err := stub.NewClient(t, stub.Token{}, noApprovals).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		a, err := c.Audiences().Create(ctx)
		require.NoError(t, note(a.ID, err))
		g, err := c.Groups().Create(ctx)
		require.NoError(t, note(g.ID, err))
		p, err := c.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(a.ID))
		require.NoError(t, note(p.ID, err))
		require.Equal(t, a.ID, p.Audience.ID)
		content, err := c.UpdatePolicies().Approve(ctx, p.ID, updatepolicies.ForDriver("e1"))
		require.NoError(t, note(content.ID, err))
		q, err := c.Policies().Create(ctx, policies.QualityPolicy("Monthly"))
		require.NoError(t, note(q.ID, err))
		ring, err := c.Policies().CreateRing(ctx, q.ID, policies.QualityRing("Pilot").Including(g.ID))
		require.NoError(t, note(ring.Common().ID, err))
		quality, err := c.Policies().Approve(ctx, "q1", "e1")
		require.NoError(t, note(quality.ID, err))
		workspace, err := c.Tenant().CreateConnection(ctx, tenant.LogAnalyticsWorkspace{Subscription: "s", ResourceGroup: "g", Workspace: "w"})
		require.NoError(t, note(workspace.ID, err))
		app, err := c.Tenant().CreateMDMApp(ctx, tenant.MDMApp{ID: "0000000a-0000-0000-c000-000000000000", Hotpatch: new(true)})
		require.Equal(t, new(true), app.Hotpatch)
		return err
	})
	require.NoError(t, err)
	require.Len(t, requests, 9)
	require.Len(t, noApprovals.Requests(), 1, "only approvals are listed before one is made")
	require.Len(t, made, 8, "each has an id of its own")
}

// stepBeyond is a step that a dry run cannot take, and its error. sending is for
// mistakes: the client that sends.
type stepBeyond struct {
	take func(ctx context.Context, c, sending *updates.Client) error
	want string
}

func stepsBeyond() map[string]stepBeyond {
	return map[string]stepBeyond{
		"a read of what was made": {func(ctx context.Context, c, _ *updates.Client) error {
			d, err := c.Deployments().Create(ctx, deployments.ForFeature("e1"))
			if err == nil {
				_, err = c.Deployments().Get(ctx, d.ID)
			}
			return err
		}, "deployments.Get: the dry run ends at a read of " + madeUp + ", which only deployments.Create would make"},
		"a list by what was made": {func(ctx context.Context, c, _ *updates.Client) error {
			a, err := c.Audiences().Create(ctx)
			if err == nil {
				err = c.Call(ctx, "GET", "/deployments?$filter=audience/id eq '"+a.ID+"'", nil, nil)
			}
			return err
		}, "updates.Call: the dry run ends at a read of " + madeUp + ", which only audiences.Create would make"},
		"a pause of a ring that was made": {func(ctx context.Context, c, _ *updates.Client) error {
			ring, err := c.Policies().CreateRing(ctx, "p1", policies.QualityRing("Pilot"))
			if err == nil {
				err = c.Policies().PauseRing(ctx, "p1", ring.Common().ID)
			}
			return err
		}, "the dry run ends at a read of " + madeUp + ", which only policies.CreateRing would make"},
		"a query of what was made": {func(ctx context.Context, c, _ *updates.Client) error {
			p, err := c.Policies().Create(ctx, policies.DriverPolicy("Drivers"))
			if err == nil {
				_, err = c.Policies().ListRings(p.ID, &odata.Query{Top: 1}).First(ctx)
			}
			return err
		}, "the dry run ends at a read of " + madeUp + ", which only policies.Create would make"},
		"a wait": {func(ctx context.Context, c, _ *updates.Client) error {
			_, err := c.Deployments().WaitForState(ctx, "d1", deployments.StatePaused, nil)
			return err
		}, "the dry run ends at a wait, because nothing changes in it"},
		"another context": {func(_ context.Context, c, _ *updates.Client) error {
			return c.Deployments().Delete(context.Background(), "d1")
		}, "deployments.Delete: the dry run ends at a call without the context that the function was given"},
		"another client": {func(ctx context.Context, _, sending *updates.Client) error {
			return sending.Deployments().Delete(ctx, "d1")
		}, "deployments.Delete: the dry run ends at a call of another client than the function was given"},
	}
}

func TestADryRunEndsWhereItWouldHaveToGuess(t *testing.T) {
	t.Parallel()
	for name, step := range stepsBeyond() {
		stub.InBubble(t, name, func(t *testing.T) {
			s := stub.Answering(stub.Answer(200, stub.Deployment))
			sending, start := stub.NewClient(t, stub.Token{}, s), time.Now()
			requests, err := sending.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
				require.NoError(t, c.Deployments().Pause(ctx, "first"))
				return step.take(ctx, c, sending)
			})
			require.ErrorIs(t, err, updates.ErrDryRunIncomplete)
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.ErrorContains(t, err, step.want)
			require.Equal(t, "/deployments/first", requests[0].Path)
			require.Zero(t, time.Since(start), "nothing is tried again or waited for")
			for _, sent := range s.Requests() {
				require.Equal(t, http.MethodGet, sent.Method)
				require.NotContains(t, sent.URL.RequestURI(), madeUp)
			}
		})
	}
}

func TestAfterItsEndADryRunKeepsNoRequests(t *testing.T) {
	t.Parallel()
	for name, step := range stepsBeyond() {
		stub.InBubble(t, name, func(t *testing.T) {
			sending := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, stub.Deployment)))
			requests, err := sending.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
				require.Error(t, step.take(ctx, c, sending))
				for _, op := range append(stub.Repeatable(), stub.Creates()...) {
					require.ErrorIs(t, op.Run(ctx, c), updates.ErrDryRunIncomplete)
				}
				return nil
			})
			require.ErrorIs(t, err, updates.ErrDryRunIncomplete)
			require.ErrorContains(t, err, "updates.DryRun: the dry run ends at")
			require.LessOrEqual(t, len(requests), 1)
		})
	}
}

func TestAWaitThatEndsImmediatelyDoesNotEndADryRun(t *testing.T) {
	t.Parallel()
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, stub.Deployment))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().WaitForState(ctx, "d1", deployments.StateOffering, nil)
		return errors.Join(err, c.Deployments().Pause(ctx, "d1"))
	})
	require.NoError(t, err)
	require.Len(t, requests, 1)
}

func TestTheErrorOfTheFunctionIsReturnedWithItsRequests(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(500, ""))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		return errors.Join(c.Deployments().Pause(ctx, "d1"), mine)
	})
	require.ErrorIs(t, err, mine)
	require.NotErrorIs(t, err, updates.ErrDryRunIncomplete)
	require.Len(t, requests, 1)
}

func TestARejectedReadDoesNotEndADryRun(t *testing.T) {
	t.Parallel()
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(404, ""))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		require.ErrorIs(t, stub.Read().Run(ctx, c), apierr.ErrNotFound)
		return c.Deployments().Pause(ctx, "d1")
	})
	require.NoError(t, err)
	require.Len(t, requests, 1)
}

func TestTheClientOfADryRunCannotBeUsedAfterIt(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.Answer(200, stub.Deployment))
	var kept *updates.Client
	var within context.Context
	_, err := stub.NewClient(t, stub.Token{}, s).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		kept, within = c, ctx
		return nil
	})
	require.NoError(t, err)
	for _, ctx := range []context.Context{within, t.Context()} {
		for _, op := range append(stub.Repeatable(), stub.Creates()...) {
			require.ErrorIs(t, op.Run(ctx, kept), updates.ErrDryRunIncomplete, op.Name)
		}
	}
	require.Empty(t, s.Requests())
}

func TestADryRunInADryRunSendsNoChangeEither(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.Answer(200, stub.Deployment))
	outer, err := stub.NewClient(t, stub.Token{}, s).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		inner, err := c.DryRun(ctx, func(ctx context.Context, c *updates.Client) error {
			return errors.Join(stub.Read().Run(ctx, c), stub.Remove().Run(ctx, c))
		})
		require.Len(t, inner, 1)
		return errors.Join(err, stub.Patch().Run(ctx, c))
	})
	require.NoError(t, err)
	require.Len(t, outer, 1)
	require.Len(t, s.Requests(), 1)
}

func TestADryRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Hang)).DryRun(ctx, func(ctx context.Context, c *updates.Client) error {
		err := stub.Remove().Run(ctx, c)
		cancel()
		return errors.Join(err, stub.Remove().Run(ctx, c))
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, requests, 1)
}

func TestADryRunNeedsAFunctionAndAClient(t *testing.T) {
	t.Parallel()
	_, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(500, ""))).DryRun(t.Context(), nil)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	_, err = new(updates.Client).DryRun(t.Context(), func(context.Context, *updates.Client) error { return nil })
	require.ErrorContains(t, err, "was not made by updates.NewClient")
}

func TestGoroutinesCanShareADryRun(t *testing.T) {
	t.Parallel()
	const many = 20
	requests, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, stub.Deployment))).DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		errs := make(chan error)
		for range many {
			go func() { errs <- errors.Join(stub.Create().Run(ctx, c), stub.Read().Run(ctx, c)) }()
		}
		var err error
		for range many {
			err = errors.Join(err, <-errs)
		}
		return err
	})
	require.NoError(t, err)
	require.Len(t, requests, many)
}

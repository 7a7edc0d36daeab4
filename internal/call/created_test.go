package call_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// usesOfNewObjects create something and use it immediately.
func usesOfNewObjects() map[string]func(*testing.T, *updates.Client) error {
	ids := stub.DeviceIDs(3)
	return map[string]func(*testing.T, *updates.Client) error{
		"the README's flow": func(t *testing.T, c *updates.Client) error {
			return c.Audiences().AddDevices(t.Context(), audience.OfDeployment(aDeployment(t, c).ID), ids, nil)
		},
		"the audience of a deployment": func(t *testing.T, c *updates.Client) error {
			return c.Audiences().AddDevices(t.Context(), audience.ByID(aDeployment(t, c).Audience.ID), ids, nil)
		},
		"a read": func(t *testing.T, c *updates.Client) error {
			_, err := c.Deployments().Get(t.Context(), aDeployment(t, c).ID)
			return err
		},
		"a PATCH": func(t *testing.T, c *updates.Client) error {
			return c.Deployments().Pause(t.Context(), aDeployment(t, c).ID)
		},
		"a DELETE": func(t *testing.T, c *updates.Client) error {
			return c.Deployments().Delete(t.Context(), aDeployment(t, c).ID)
		},
		"by Call": func(t *testing.T, c *updates.Client) error {
			return c.Call(t.Context(), "GET", "/deployments/"+aDeployment(t, c).ID, nil, nil)
		},
		"created by Call": func(t *testing.T, c *updates.Client) error {
			var made struct{ ID string }
			require.NoError(t, c.Call(t.Context(), "POST", "/deploymentAudiences", struct{}{}, &made))
			_, err := c.Audiences().Get(t.Context(), audience.ByID(made.ID))
			return err
		},
		"a list": func(t *testing.T, c *updates.Client) error {
			a := stub.Made[audience.Audience](t)(c.Audiences().Create(t.Context()))
			_, err := c.Audiences().ListMembers(audience.ByID(a.ID), nil).Collect(t.Context(), 10)
			return err
		},
		"a create below it": func(t *testing.T, c *updates.Client) error {
			p := stub.Made[policies.Policy](t)(c.Policies().Create(t.Context(), policies.QualityPolicy("p")))
			_, err := c.Policies().CreateRing(t.Context(), p.ID, policies.QualityRing("r"))
			return err
		},
		"an approval": func(t *testing.T, c *updates.Client) error {
			a := stub.Made[audience.Audience](t)(c.Audiences().Create(t.Context()))
			p := stub.Made[updatepolicies.Policy](t)(c.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(a.ID)))
			entry, err := c.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
			require.NoError(t, err)
			_, err = c.UpdatePolicies().Approve(t.Context(), p.ID, updatepolicies.ForFeature(entry.ID))
			return err
		},
		"a sync": func(t *testing.T, c *updates.Client) error {
			_, err := c.Audiences().Sync(t.Context(), audience.OfDeployment(aDeployment(t, c).ID), audience.Devices(ids...), nil)
			return err
		},
		"a read in a dry run": func(t *testing.T, c *updates.Client) error {
			id := aDeployment(t, c).ID
			_, err := c.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
				_, err := c.Deployments().Get(ctx, id)
				return err
			})
			return err
		},
	}
}

func TestANewObjectThatIsNotFoundAtFirstIsUsedALittleLater(t *testing.T) {
	t.Parallel()
	for name, use := range usesOfNewObjects() {
		for _, lag := range []time.Duration{0, 5 * time.Second} {
			stub.InBubble(t, fmt.Sprint(name, " ", lag), func(t *testing.T) {
				client, _ := stub.OnSimulator(t, &simulator.Options{NewObjectLag: lag})
				require.NoError(t, use(t, client))
			})
		}
	}
}

// missing is a service that creates d1, d2, … and finds none of them.
func missing() *stub.Transport {
	made := 0
	return stub.Answering(func(req *http.Request) (*http.Response, error) {
		switch req.Method {
		case http.MethodPost:
			made++
			return stub.Answer(201, fmt.Sprintf(`{"id":"d%d","audience":{"id":"a%d"}}`, made, made))(req)
		case http.MethodDelete:
			return stub.Answer(204, "")(req)
		}
		return stub.Answer(404, "{}")(req)
	})
}

// attempts returns how often a read of an object that is not found is sent.
func attempts(t *testing.T, s *stub.Transport, client *updates.Client, id string) int {
	t.Helper()
	before := len(s.Requests())
	_, err := client.Deployments().Get(t.Context(), id)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	return len(s.Requests()) - before
}

func TestOnlyAnObjectThatTheClientHasJustCreatedIsLookedForAgain(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "by its age", func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s)
		require.Equal(t, 1, attempts(t, s, client, "d1"), "it is not created yet")
		require.NoError(t, stub.Create().Run(t.Context(), client))
		began := time.Now()
		require.Equal(t, 5, attempts(t, s, client, "D1"))
		require.Greater(t, time.Since(began), 5*time.Second, "no attempt is wasted by a short delay")
		require.LessOrEqual(t, time.Since(began), 7500*time.Millisecond)
		require.Equal(t, 1, attempts(t, s, client, "d2"))
		wait(2*time.Minute - time.Since(began))
		require.Equal(t, 1, attempts(t, s, client, "d1"))
	})
	stub.InBubble(t, "the latest 64", func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s)
		for range 33 { // each has an audience
			require.NoError(t, stub.Create().Run(t.Context(), client))
		}
		require.Equal(t, 1, attempts(t, s, client, "d1"))
		require.Equal(t, 5, attempts(t, s, client, "d2"))
		require.Equal(t, 5, attempts(t, s, client, "d33"))
	})
	stub.InBubble(t, "not an audience that was there before", func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s, stub.NoLimits)
		_, err := client.Deployments().Create(t.Context(), deployments.ForFeature("e1").ToAudience("a1"))
		require.NoError(t, err)
		require.NoError(t, client.Call(t.Context(), "POST", "/updatePolicies", map[string]any{"audience": map[string]any{"id": "a2"}}, nil))
		require.Equal(t, 1, attempts(t, s, client, "a1"))
		require.Equal(t, 1, attempts(t, s, client, "a2"))
		require.Equal(t, 5, attempts(t, s, client, "d2"))
	})
	stub.InBubble(t, "within the attempts of a call", func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s, stub.Attempts(1))
		require.NoError(t, stub.Create().Run(t.Context(), client))
		require.Equal(t, 1, attempts(t, s, client, "d1"))
	})
	stub.InBubble(t, "not a fake of a dry run", func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s)
		var fake string
		_, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
			d, err := c.Deployments().Create(ctx, deployments.ForFeature("e1"))
			fake = d.ID
			return err
		})
		require.NoError(t, err)
		require.Equal(t, 1, attempts(t, s, client, fake))
	})
}

func TestADeletedObjectIsNoLongerNew(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "deleted", func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s)
		require.NoError(t, stub.Create().Run(t.Context(), client))
		_, err := client.DryRun(t.Context(), stub.Remove().Run)
		require.NoError(t, err)
		require.Equal(t, 5, attempts(t, s, client, "d1"), "a dry run deletes nothing")
		require.NoError(t, client.Deployments().Delete(t.Context(), "d1"))
		require.Equal(t, 1, attempts(t, s, client, "d1"))
	})
	stub.InBubble(t, "by a request whose response was lost", func(t *testing.T) {
		s := stub.Answering(stub.Create().Success, stub.Fail(stub.ErrReset), stub.Answer(404, "{}"))
		client := stub.NewClient(t, stub.Token{}, s)
		require.NoError(t, stub.Create().Run(t.Context(), client))
		require.NoError(t, client.Deployments().Delete(t.Context(), "d1"))
		require.Len(t, s.Requests(), 4, "two 404s show that it is deleted")
		require.Equal(t, 1, attempts(t, s, client, "d1"))
	})
}

func TestAPollDoesNotRepeatItsRequestsForANewObject(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]func(context.Context, *updates.Client) error{
		"WaitForState": func(ctx context.Context, c *updates.Client) error {
			_, err := c.Deployments().WaitForState(ctx, "d1", deployments.StateOffering, nil)
			return err
		},
		"WaitForMembers": func(ctx context.Context, c *updates.Client) error {
			wanted := audience.Membership{Members: audience.Devices(stub.DeviceIDs(1)...)}
			return c.Audiences().WaitForMembers(ctx, audience.OfDeployment("d1"), wanted, nil)
		},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := missing()
			client := stub.NewClient(t, stub.Token{}, s)
			require.NoError(t, stub.Create().Run(t.Context(), client))
			require.ErrorIs(t, wait(t.Context(), client), apierr.ErrNotFound)
			for i, pause := range s.Waits()[1:] {
				require.True(t, pause == 0 || pause >= 3*time.Second, "wait %d is %v", i, pause)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s := missing()
		client := stub.NewClient(t, stub.Token{}, s)
		require.NoError(t, stub.Create().Run(t.Context(), client))
		require.NoError(t, client.Deployments().WaitForDeletion(t.Context(), "d1", nil))
		require.Len(t, s.Requests(), 3, "two polls")
	})
}

func TestACreateBelowANewObjectHasMadeNothingIfThatIsNotFound(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "five times", func(t *testing.T) {
		s := stub.Answering(stub.Answer(201, `{"id":"p1"}`), stub.Answer(404, "{}"))
		client := stub.NewClient(t, stub.Token{}, s)
		_, err := client.Policies().Create(t.Context(), policies.QualityPolicy("p"))
		require.NoError(t, err)
		_, err = client.Policies().CreateRing(t.Context(), "p1", policies.QualityRing("r"))
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Len(t, s.Requests(), 6)
	})
}

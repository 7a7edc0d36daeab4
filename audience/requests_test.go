package audience_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// documented are calls by the name of the request that they should send.
var documented = map[string]func(context.Context, *updates.Client) error{
	"create audience": func(ctx context.Context, c *updates.Client) error {
		_, err := c.Audiences().Create(ctx)
		return err
	},
	"update audience": func(ctx context.Context, c *updates.Client) error {
		return c.Audiences().Edit(ctx, audience.ByID(audienceID), audience.Edit{
			AddMembers:    slices.Concat(audience.Devices(device1), audience.Groups(group1)),
			AddExclusions: audience.Devices(device2),
		}, nil)
	},
	"update audience by id": func(ctx context.Context, c *updates.Client) error {
		return c.Audiences().Edit(ctx, audience.ByID(audienceID), audience.Edit{AddMembers: audience.Devices(device1, device2)}, compact)
	},
	"enroll": func(ctx context.Context, c *updates.Client) error {
		return c.Devices().Enroll(ctx, audience.CategoryFeature, []string{device1, device2}, nil)
	},
	"enroll by id": func(ctx context.Context, c *updates.Client) error {
		return c.Devices().Enroll(ctx, audience.CategoryDriver, []string{device1, device2}, &audience.EnrollOptions{CompactRequests: true})
	},
	"create group": func(ctx context.Context, c *updates.Client) error {
		_, err := c.Groups().Create(ctx)
		return err
	},
	"add group members by id": func(ctx context.Context, c *updates.Client) error {
		return c.Groups().AddDevices(ctx, group1, []string{device1}, nil)
	},
}

func TestRequestsAreAsDocumented(t *testing.T) {
	t.Parallel()
	stub.EachDocumented(t, documented, func(t *testing.T, want stub.Documented, send func(context.Context, *updates.Client) error) {
		t.Helper()
		service := stub.Answering(stub.Answer(202, `{"id":"a"}`))
		require.NoError(t, send(t.Context(), service.Client(t, stub.NoLimits)))
		got := service.Only(t)
		require.Equal(t, want.Method+" "+want.Path, got.Route())
		require.JSONEq(t, string(want.Body), got.Body)
	})
}

func TestTheAudienceOfThePageIsSentMemberByMember(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	ids := stub.DeviceIDs(3)
	require.NoError(t, service.Client(t).Audiences().AddDevices(t.Context(), audience.OfDeployment("x"), ids, nil))
	want := stub.Testdata(t, "update-audience.request.json")
	for _, id := range ids {
		want = strings.Replace(want, "String (identifier)", id, 1)
	}
	require.Equal(t, "POST /deployments/x/audience/updateAudience", service.Only(t).Route())
	require.JSONEq(t, want, service.Last(t).Body)
}

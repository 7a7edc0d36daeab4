package audience_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// adding are the calls that take device IDs which the service has not listed.
var adding = map[string]func(context.Context, *updates.Client, []string) error{
	"deviceIDs of Enroll": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil)
	},
	"deviceIDs of Unenroll": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Devices().Unenroll(ctx, audience.CategoryFeature, ids, nil)
	},
	"deviceIDs of WaitForEnrollment": func(ctx context.Context, c *updates.Client, ids []string) error {
		_, err := c.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, nil)
		return err
	},
	"deviceIDs of AddDevices": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Audiences().AddDevices(ctx, audience.ByID("a"), ids, nil)
	},
	"deviceIDs of AddExclusions": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Audiences().AddExclusions(ctx, audience.ByID("a"), ids, nil)
	},
	"deviceIDs of Groups.AddDevices": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Groups().AddDevices(ctx, "g", ids, nil)
	},
	"AddMembers of Edit": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Audiences().Edit(ctx, audience.ByID("a"), audience.Edit{AddMembers: audience.Devices(ids...)}, nil)
	},
	"AddExclusions of Edit": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Audiences().Edit(ctx, audience.ByID("a"), audience.Edit{AddExclusions: audience.Devices(ids...)}, nil)
	},
	"desired of Sync": func(ctx context.Context, c *updates.Client, ids []string) error {
		_, err := c.Audiences().Sync(ctx, audience.ByID("a"), audience.Devices(ids...), nil)
		return err
	},
	"desired of Plan": func(ctx context.Context, c *updates.Client, ids []string) error {
		_, err := c.Audiences().Plan(ctx, audience.ByID("a"), audience.Devices(ids...), nil)
		return err
	},
	"Members of WaitForMembers": func(ctx context.Context, c *updates.Client, ids []string) error {
		return c.Audiences().WaitForMembers(ctx, audience.ByID("a"), audience.Membership{Members: audience.Devices(ids...)}, nil)
	},
}

func TestWhatIsNotADeviceIDIsNotSent(t *testing.T) {
	t.Parallel()
	guid := "0f0e0d0c-0000-4000-8000-000000000001"
	for _, id := range []string{
		"DESKTOP-1234", "jane@contoso.example", "{" + guid + "}", strings.ReplaceAll(guid, "-", ""), "\ufeff" + guid,
		"00000000-0000-0000-0000-000000000000", "urn:uuid:" + guid, guid[:35] + "g",
	} {
		for name, add := range adding {
			service := stub.Answering(stub.Answer(202, `{"value":[]}`))
			err := add(t.Context(), service.Client(t), []string{device1, id})
			require.ErrorIs(t, err, apierr.ErrInvalid, name)
			require.ErrorContains(t, err, strings.Fields(name)[0]+"[1]", id)
			require.ErrorContains(t, err, "must be a Microsoft Entra device ID, a GUID with hyphens", name)
			require.ErrorContains(t, err, "which Reports().ResolveNames finds by name", name)
			require.ErrorContains(t, err, `(got "`+id+`")`, name)
			require.Empty(t, service.Requests(), name)
		}
	}
}

func TestWhatTheServiceListsCanBeRemoved(t *testing.T) {
	t.Parallel()
	service, odd := stub.Answering(stub.Answer(202, "")), []string{"DESKTOP-1234"}
	client := service.Client(t)
	require.NoError(t, client.Audiences().RemoveDevices(t.Context(), audience.ByID("a"), odd, nil))
	require.NoError(t, client.Audiences().RemoveExclusions(t.Context(), audience.ByID("a"), odd, nil))
	require.NoError(t, client.Groups().RemoveDevices(t.Context(), "g", odd, nil))
	require.Len(t, service.Requests(), 3)
}

func TestADeviceThatIsGivenTwiceIsSentOnce(t *testing.T) {
	t.Parallel()
	low := "abcdef00-0000-4000-8000-000000000001"
	twice := []string{low, device1, strings.ToUpper(low), low}
	for _, name := range []string{
		"deviceIDs of Enroll", "deviceIDs of Unenroll", "deviceIDs of AddDevices", "deviceIDs of AddExclusions",
		"deviceIDs of Groups.AddDevices", "AddMembers of Edit", "AddExclusions of Edit",
	} {
		service := stub.Answering(stub.Answer(202, ""))
		require.NoError(t, adding[name](t.Context(), service.Client(t), twice), name)
		body := strings.ToLower(service.Requests()[0].Body)
		require.Equal(t, 1, strings.Count(body, low), name)
		require.Equal(t, 1, strings.Count(body, device1), name)
	}
}

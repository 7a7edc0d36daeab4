package audience_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// enrolling are the two operations in both forms, by their routes.
var enrolling = map[string]enrolls{
	"enrollAssets":       {"devices.Enroll", audience.DeviceClient.Enroll, false},
	"enrollAssetsById":   {"devices.Enroll", audience.DeviceClient.Enroll, true},
	"unenrollAssets":     {"devices.Unenroll", audience.DeviceClient.Unenroll, false},
	"unenrollAssetsById": {"devices.Unenroll", audience.DeviceClient.Unenroll, true},
}

type enrolls struct {
	name      string // in errors
	call      func(audience.DeviceClient, context.Context, audience.Category, []string, *audience.EnrollOptions) error
	isCompact bool
}

func (e enrolls) send(t *testing.T, service *stub.Transport, category audience.Category, ids []string, chunk int) error {
	t.Helper()
	opts := &audience.EnrollOptions{ChunkSize: chunk, CompactRequests: e.isCompact}
	return e.call(service.Client(t).Devices(), t.Context(), category, ids, opts)
}

// enrolled is the body of a request in either form.
type enrolled struct {
	UpdateCategory   string   `json:"updateCategory"`
	MemberEntityType string   `json:"memberEntityType"`
	IDs              []string `json:"ids"`
	Assets           []asset  `json:"assets"`
}

func TestDevicesAreEnrolledInChunks(t *testing.T) {
	t.Parallel()
	for route, op := range enrolling {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			service, ids := stub.Answering(stub.Answer(202, "")), stub.DeviceIDs(201)
			require.NoError(t, op.send(t, service, audience.CategoryDriver, ids, 0))
			requests := service.Requests()
			require.Len(t, requests, 2)
			var got []string
			for _, request := range requests {
				require.Equal(t, "POST /updatableAssets/"+route, request.Method+" "+request.Path)
				var body enrolled
				require.NoError(t, json.Unmarshal([]byte(request.Body), &body))
				require.Equal(t, "driver", body.UpdateCategory)
				got = append(got, idsOf(t, body)...)
			}
			require.Equal(t, ids, got)
		})
	}
}

// idsOf reads the ids of a body, which has the type of its assets exactly once.
func idsOf(t *testing.T, body enrolled) []string {
	t.Helper()
	if body.MemberEntityType != "" {
		require.Equal(t, "#microsoft.graph.windowsUpdates.azureADDevice", body.MemberEntityType)
		require.Nil(t, body.Assets)
		return body.IDs
	}
	require.Nil(t, body.IDs)
	var ids []string
	for _, one := range body.Assets {
		require.Equal(t, "#microsoft.graph.windowsUpdates.azureADDevice", one.Type)
		ids = append(ids, one.ID)
	}
	return ids
}

func TestAnUnfinishedEnrollmentGoesOnFromItsRest(t *testing.T) {
	t.Parallel()
	for _, op := range enrolling {
		for accepted := range 3 {
			service := stub.Answering(append(slices.Repeat([]stub.Reply{stub.Answer(202, "")}, accepted), stub.Answer(429, `{}`))...)
			ids := stub.DeviceIDs(7)

			err := op.send(t, service, audience.CategoryFeature, ids, 3)

			var failed *audience.EnrollError
			require.ErrorAs(t, err, &failed)
			require.ErrorIs(t, err, apierr.ErrThrottled)
			require.ErrorContains(t, err, op.name+": 429")
			done, end := 3*accepted, min(3*accepted+3, 7)
			require.Equal(t, audience.CategoryFeature, failed.Category)
			require.Equal(t, ids[:done], failed.Sent)
			require.Equal(t, ids[done:end], failed.Failed)
			require.Equal(t, ids[end:], failed.Unsent)
			require.Equal(t, ids[done:], failed.Remaining())
			require.Len(t, service.Requests(), accepted+1)
		}
	}
}

func TestAnEnrollmentWhoseAnswerIsLostIsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	for route, op := range enrolling {
		err := op.send(t, stub.Answering(stub.Answer(504, "")), audience.CategoryFeature, stub.DeviceIDs(1), 0)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome, route)
	}
}

func TestAnEnrollErrorSaysHowMuchIsLeft(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""), stub.Answer(403, `{}`))
	err := service.Client(t).Devices().Enroll(t.Context(), audience.CategoryFeature, stub.DeviceIDs(5), &audience.EnrollOptions{ChunkSize: 2})
	require.ErrorContains(t, err, "2 of 5 assets accepted, 2 failed, 1 not sent")
}

func TestAnEnrollErrorSharesNothingWithTheList(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(3)
	err := stub.Answering(stub.Answer(202, ""), stub.Answer(403, `{}`)).Client(t).Devices().
		Enroll(t.Context(), audience.CategoryFeature, ids, &audience.EnrollOptions{ChunkSize: 1})
	var failed *audience.EnrollError
	require.ErrorAs(t, err, &failed)
	_ = append(failed.Sent, "other")
	failed.Remaining()[0] = "changed"
	failed.Unsent[0] = "changed"
	require.Equal(t, stub.DeviceIDs(3), ids)
	require.Equal(t, stub.DeviceIDs(3)[1:2], failed.Failed)
}

func TestABadEnrollmentIsRejected(t *testing.T) {
	t.Parallel()
	for _, op := range enrolling {
		for want, c := range map[string]struct {
			category audience.Category
			ids      []string
			chunk    int
		}{
			`category must be CategoryFeature, CategoryQuality, or CategoryDriver`: {"", stub.DeviceIDs(1), 0},
			`deviceIDs[2] must not be empty`:                                       {audience.CategoryQuality, []string{device1, device2, ""}, 0},
			`EnrollOptions.ChunkSize must not be negative (got -3)`:                {audience.CategoryQuality, stub.DeviceIDs(1), -3},
		} {
			service := stub.Answering(stub.Answer(202, ""))
			err := op.send(t, service, c.category, c.ids, c.chunk)
			require.EqualError(t, err, op.name+": "+want)
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.Empty(t, service.Requests())
		}
	}
}

func TestACategoryOfTheFutureIsSent(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	require.NoError(t, service.Client(t).Devices().Enroll(t.Context(), "firmware", stub.DeviceIDs(1), nil))
	require.Contains(t, service.Requests()[0].Body, `"updateCategory":"firmware"`)
}

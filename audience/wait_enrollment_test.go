package audience_test

import (
	"context"
	"encoding/json"
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
)

// lagging is a client on a simulator whose writes show after half a minute.
func lagging(t *testing.T) (*updates.Client, *simulator.Server) {
	t.Helper()
	return stub.OnSimulator(t, &simulator.Options{Lag: 30 * time.Second, PageSize: 7})
}

func TestAnEnrollmentIsWaitedForUntilItShows(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 20, 21, 60} {
		for _, vices := range []simulator.Quirks{
			{},
			{EmptyPages: true, NullItems: true, UnknownTypes: true, LegacyFormats: true, WrapSingle: true, TypesWithoutHash: true, IgnoreTop: true},
		} {
			synctest.Test(t, func(t *testing.T) {
				client, service := lagging(t)
				service.SetQuirks(vices)
				began, ids := time.Now(), stub.DeviceIDs(n)
				require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
				report, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, ids, audience.StateEnrolled, nil)
				require.NoError(t, err)
				require.Len(t, report.Devices, n)
				require.Empty(t, report.Remaining())
				require.GreaterOrEqual(t, time.Since(began), 30*time.Second)
				require.Less(t, time.Since(began), 2*time.Minute)

				require.NoError(t, client.Devices().Unenroll(t.Context(), audience.CategoryFeature, ids, nil))
				report, err = client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, ids, audience.StateNotEnrolled, nil)
				require.NoError(t, err)
				require.Empty(t, report.Remaining())
			})
		}
	}
}

func TestManyDevicesAreReadAsAListAndFewByID(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{20: 20, 21: 3} { // pages of 7
		client, service := stub.OnSimulator(t, &simulator.Options{PageSize: 7})
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryDriver, stub.DeviceIDs(40), nil))
		sent := len(service.Requests())
		_, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryDriver, stub.DeviceIDs(n), audience.StateEnrolled, nil)
		require.NoError(t, err)
		require.Len(t, service.Requests(), sent+want)
	}
}

func TestAnEnrollmentByPolicyCounts(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(
		200,
		`{"@odata.type":"#`+types+`azureADDevice","id":"`+device1+`","enrollment":{"quality":{"enrollmentState":"enrolledWithPolicy"}}}`,
	))
	report, err := service.Client(t).Devices().WaitForEnrollment(t.Context(), audience.CategoryQuality, []string{device1}, audience.StateEnrolled, nil)
	require.NoError(t, err)
	require.Equal(t,
		[]audience.DeviceEnrollment{{ID: device1, Outcome: audience.OutcomeDone, State: audience.StateEnrolledWithPolicy}},
		report.Devices)
}

func TestDevicesAreComparedWithoutCaseAndReportedOnce(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ids := make([]string, 30)
	for i := range ids {
		ids[i] = "00000000-0000-4000-8000-0000000000" + "abcdef"[i/5:i/5+1] + "01234"[i%5:i%5+1]
	}
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	given := append([]string{strings.ToUpper(ids[29])}, ids...)
	report, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, given, audience.StateEnrolled, nil)
	require.NoError(t, err)
	require.Len(t, report.Devices, 30)
	require.Equal(t, given[0], report.Devices[0].ID)
}

func TestAtTheDeadlineTheReportSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		ids := stub.DeviceIDs(4)
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[:1], nil))
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryDriver, ids[1:3], nil))
		require.NoError(t, service.FailRegistration(ids[2], "missingTrustType"))
		report, err := client.Devices().WaitForEnrollment(stub.Within(t, 10*time.Hour), audience.CategoryFeature, ids, audience.StateEnrolled, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "devices.WaitForEnrollment: 1 of 4 devices enrolled in feature updates (1 without a policy); "+
			"1 pending: "+ids[1]+"; 1 failed: "+ids[2]+"; 1 unknown: "+ids[3])
		require.Equal(t, []string{ids[1], ids[3]}, report.Remaining())
		require.Equal(t, []string{ids[2]}, report.Failed())
		require.Equal(t, []audience.RegistrationError{{Reason: audience.ReasonMissingTrustType}}, report.Devices[2].Errors)
		kept, again := text(t, report), new(audience.EnrollmentReport)
		require.NoError(t, json.Unmarshal(kept, again))
		require.Equal(t, report, again)

		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, report.Remaining(), nil))
		report, err = client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, report.Remaining(), audience.StateEnrolled, nil)
		require.NoError(t, err)
		require.Len(t, report.Devices, 2)
	})
}

func TestARegistrationErrorEndsTheWaitWhenItHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		ids, began := stub.DeviceIDs(2), time.Now()
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[:1], nil))
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryDriver, ids[1:], nil))
		require.NoError(t, service.FailRegistration(ids[1], "invalidAzureADJoin"))
		report, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, ids, audience.StateEnrolled, nil)
		require.ErrorIs(t, err, audience.ErrRegistrationFailed)
		require.Equal(t, ids[1:], report.Failed())
		require.GreaterOrEqual(t, time.Since(began), 2*time.Minute)
		require.Less(t, time.Since(began), 10*time.Minute)
	})
}

func TestARegistrationErrorDoesNotEndAWaitForTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, stub.DeviceIDs(1), nil))
		require.NoError(t, service.FailRegistration(stub.DeviceIDs(1)[0], "invalidAzureADJoin"))
		report, err := client.Devices().WaitForEnrollment(stub.Within(t, time.Hour), audience.CategoryFeature, stub.DeviceIDs(1),
			audience.StateNotEnrolled, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, stub.DeviceIDs(1), report.Remaining())
	})
}

func TestADeregisteredDeviceIsNotEnrolled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		for _, n := range []int{1, 30} {
			report, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, stub.DeviceIDs(n), audience.StateNotEnrolled, nil)
			require.NoError(t, err)
			require.Len(t, report.Devices, n)
		}
	})
}

func TestAnUnknownStateIsWaitedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, &simulator.Options{Quirks: simulator.Quirks{UnknownValues: true}})
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, stub.DeviceIDs(1), nil))
		report, err := client.Devices().WaitForEnrollment(stub.Within(t, time.Minute), audience.CategoryFeature, stub.DeviceIDs(1), audience.StateEnrolled, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualValues(t, "strangeValue", report.Devices[0].State)
		service.SetQuirks(simulator.Quirks{})
		_, err = client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, report.Remaining(), audience.StateEnrolled, nil)
		require.NoError(t, err)
	})
}

func TestFailuresThatPassAreWaitedOut(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 30} {
		synctest.Test(t, func(t *testing.T) {
			client, service := lagging(t)
			require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, stub.DeviceIDs(n), nil))
			service.FailNext(12, simulator.HTML(502))
			_, err := client.Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, stub.DeviceIDs(n), audience.StateEnrolled, nil)
			require.NoError(t, err)
		})
	}
}

func TestAWaitForEnrollmentRejectsWhatItCannotAsk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		category audience.Category
		id       string
		want     audience.EnrollmentState
		opts     audience.PollOptions
		text     string
	}{
		"category": {"", device1, audience.StateEnrolled, audience.PollOptions{}, "category must be"},
		"id":       {audience.CategoryFeature, "", audience.StateEnrolled, audience.PollOptions{}, "deviceIDs[0] must not be empty"},
		"want": {
			audience.CategoryFeature, device1, audience.StateEnrolling, audience.PollOptions{},
			"want must be StateEnrolled or StateNotEnrolled",
		},
		"first": {
			audience.CategoryFeature, device1, audience.StateEnrolled, audience.PollOptions{InitialInterval: -1},
			"PollOptions.InitialInterval must not be negative",
		},
		"longest": {
			audience.CategoryFeature, device1, audience.StateEnrolled, audience.PollOptions{MaxInterval: -1},
			"PollOptions.MaxInterval must not be negative",
		},
	} {
		service := stub.Answering(stub.Answer(500, ""))
		_, err := service.Client(t).Devices().WaitForEnrollment(t.Context(), c.category, []string{c.id}, c.want, &c.opts)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.ErrorContains(t, err, c.text, name)
		require.Empty(t, service.Requests(), name)
	}
}

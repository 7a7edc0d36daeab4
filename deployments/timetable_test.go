package deployments_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var firstOfMay = time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC)

// timetable is that of settings from the first of May.
func timetable(t *testing.T, settings deployments.Settings, devices int) deployments.Timetable {
	t.Helper()
	table, err := settings.Timetable(devices, firstOfMay)
	require.NoError(t, err)
	return table
}

func sizes(table deployments.Timetable) []int {
	var sizes []int
	for step := range table.Steps() {
		sizes = append(sizes, step.Devices)
	}
	return sizes
}

func TestAHundredAWeekForFiftyThousandDevicesTakeFiveHundredWeeks(t *testing.T) {
	t.Parallel()
	table := timetable(t, rolling(deployments.ByRate(100, 7)), 50_000)
	require.Equal(t, 500, table.StepCount)
	require.Len(t, sizes(table), 500)
	require.Equal(t, deployments.TimetableStep{At: firstOfMay.AddDate(0, 0, 499*7), Devices: 100, Total: 50_000}, table.Last())
	require.False(t, table.Approximate)
}

func TestATimetableDividesTheDevices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings deployments.Settings
		devices  int
		every    deployments.Days
		want     []int
	}{
		"at once":                     {deployments.Settings{}, 7, 0, []int{7}},
		"by rate":                     {rolling(deployments.ByRate(3, 7)), 7, 7, []int{3, 3, 1}},
		"by rate, evenly":             {rolling(deployments.ByRate(3, 7)), 6, 7, []int{3, 3}},
		"by rate, one step":           {rolling(deployments.ByRate(100, 7)), 7, 7, []int{7}},
		"by rate, the service's days": {rolling(deployments.ByRate(4, 0)), 7, 1, []int{4, 3}},
		"by date":                     {rolling(deployments.ByDate(firstOfMay.AddDate(0, 0, 28), 7)), 10, 7, []int{3, 3, 2, 2}},
		"by date, a second later": {
			rolling(deployments.ByDate(firstOfMay.AddDate(0, 0, 28).Add(time.Second), 7)), 10, 7,
			[]int{2, 2, 2, 2, 2},
		},
		"by date, a nanosecond later": {
			rolling(deployments.ByDate(firstOfMay.AddDate(0, 0, 28).Add(1), 7)), 10, 7,
			[]int{2, 2, 2, 2, 2},
		},
		"by date, both with a fraction of a second": {
			rolling(deployments.ByDate(firstOfMay.AddDate(0, 0, 28).Add(2), 7)).StartingAt(firstOfMay.Add(2)), 10, 7,
			[]int{3, 3, 2, 2},
		},
		"by date, more steps than this": {rolling(deployments.ByDate(firstOfMay.AddDate(0, 0, 28), 7)), 2, 7, []int{1, 1}},
		"by date that has passed":       {rolling(deployments.ByDate(firstOfMay.AddDate(0, 0, -1), 7)), 10, 7, []int{10}},
		"by duration":                   {rolling(deployments.ByDuration(14, 5)), 10, 5, []int{4, 3, 3}},
		"by duration below a step":      {rolling(deployments.ByDuration(1, 30)), 10, 30, []int{10}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := timetable(t, c.settings, c.devices)
			require.Equal(t, c.want, sizes(table))
			require.Equal(t, len(c.want), table.StepCount)
			require.Equal(t, slices.Max(c.want), table.DevicesPerStep)
			require.Equal(t, c.every, table.Every)
			require.Equal(t, c.devices, table.Last().Total)
			require.Equal(t, strings.Contains(name, "by d"), table.Approximate)
		})
	}
}

func TestATimetableBeginsWithTheScheduleOrNow(t *testing.T) {
	t.Parallel()
	for want, start := range map[time.Time]time.Time{
		firstOfMay.Add(week): firstOfMay.Add(week).In(time.FixedZone("", 3600)),
		firstOfMay:           firstOfMay.Add(-week),
	} {
		require.Equal(t, want, timetable(t, deployments.Settings{}.StartingAt(start), 1).Start)
	}
	require.Equal(t, firstOfMay, timetable(t, deployments.Settings{}, 1).Start)
}

func TestATimetableIsWhatTheSimulatorOffers(t *testing.T) {
	t.Parallel()
	for name, rollout := range map[string]deployments.Rollout{
		"at once":     nil,
		"by rate":     deployments.ByRate(7, 2),
		"by date":     deployments.ByDate(time.Now().AddDate(0, 0, 30), 4),
		"by duration": deployments.ByDuration(20, 3),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, nil)
			start := service.Now().Add(48 * time.Hour).Truncate(time.Second)
			settings := deployments.Settings{}.StartingAt(start).RollingOut(rollout)
			d := deploy(t, client, 50, settings)
			table, err := settings.Timetable(50, service.Now())
			require.NoError(t, err)
			service.Advance(60 * 24 * time.Hour)
			require.Equal(t, offered(service, d.ID), slices.Collect(table.Steps()))
		})
	}
}

// offered are the offers of a deployment, put together by their times.
func offered(service *simulator.Server, id string) []deployments.TimetableStep {
	var steps []deployments.TimetableStep
	for i, offer := range service.Offers(id) {
		if len(steps) == 0 || !steps[len(steps)-1].At.Equal(offer.At) {
			steps = append(steps, deployments.TimetableStep{At: offer.At})
		}
		last := &steps[len(steps)-1]
		last.Devices, last.Total = last.Devices+1, i+1
	}
	return steps
}

func TestTheLargestTimetableIsComputedAsItIsRead(t *testing.T) {
	t.Parallel()
	table := timetable(t, rolling(deployments.ByRate(1, 30)), math.MaxInt32)
	require.Equal(t, math.MaxInt32, table.Last().Total)
	for step := range table.Steps() {
		require.Equal(t, deployments.TimetableStep{At: firstOfMay, Devices: 1, Total: 1}, step)
		break
	}
	require.Equal(t, 21, strings.Count(table.String(), "\n"))
}

func TestATimetableRejectsWhatItCannotTell(t *testing.T) {
	t.Parallel()
	var none *deployments.RateDriven
	tooMany := stub.MoreThanInt32()
	odd := deployments.ByRate(1, 0)
	odd.Extra = map[string]json.RawMessage{"durationBetweenOffers": json.RawMessage(`"PT5H"`)}
	for want, c := range map[string]struct {
		rollout deployments.Rollout
		devices int
	}{
		"devices must be 1 to 2147483647 (got 0)":                                             {nil, 0},
		fmt.Sprintf("devices must be 1 to 2147483647 (got %d)", tooMany):                      {nil, tooMany},
		"Settings.Schedule.Rollout.Length must be 1 day or more (got 0)":                      {deployments.ByDuration(0, 1), 1},
		"Settings.Schedule.Rollout must be of a kind that the SDK recognizes (got \"waves\")": {&deployments.UnknownRollout{Kind: "waves"}, 1},
		"Settings.Schedule.Rollout.durationBetweenOffers must be whole days (got \"PT5H\")":   {odd, 1},
		"Settings.Schedule.Rollout must not be a nil pointer":                                 {none, 1},
	} {
		_, err := deployments.Settings{Schedule: deployments.Schedule{Rollout: c.rollout}}.Timetable(c.devices, firstOfMay)
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, apierr.ErrInvalid)
	}
}

func TestATimetableIsDrawn(t *testing.T) {
	t.Parallel()
	for file, table := range map[string]deployments.Timetable{
		"timetable_500_weeks.txt": timetable(t, rolling(deployments.ByRate(100, 7)), 50_000),
		"timetable_21_steps.txt":  timetable(t, rolling(deployments.ByRate(1, 1)), 21),
		"timetable_by_date.txt":   timetable(t, rolling(deployments.ByDate(firstOfMay.AddDate(0, 1, 0), 7)), 1234),
		"timetable_one_step.txt":  timetable(t, deployments.Settings{}, 1),
		"timetable_zero.txt":      {},
	} {
		require.Equal(t, stub.Testdata(t, file), table.String(), file)
	}
}

// Such timetables come from a file, or from nowhere.
func TestATimetableThatCannotBeIsDrawnWithinItsBar(t *testing.T) {
	t.Parallel()
	for _, table := range []deployments.Timetable{
		{StepCount: 1}, {StepCount: 3, DevicesPerStep: 5}, {StepCount: 1, Devices: -1, DevicesPerStep: math.MinInt}, {StepCount: 2, Devices: -5, Approximate: true},
		{StepCount: math.MaxInt, Devices: 3, DevicesPerStep: math.MaxInt, Every: -1},
	} {
		for line := range strings.Lines(table.String()) {
			require.Less(t, len(line), 200, "%#v", table)
		}
	}
}

func TestATimetableIsStoredAndReadBack(t *testing.T) {
	t.Parallel()
	table := timetable(t, rolling(deployments.ByDuration(14, 7)), 10)
	text, err := json.Marshal(table)
	require.NoError(t, err)
	require.JSONEq(t, `{"devices":10,"start":"2026-05-01T06:00:00Z","every":"P7D","stepCount":2,"devicesPerStep":5,"approximate":true}`, string(text))
	var read deployments.Timetable
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, table, read)
	require.Zero(t, deployments.Timetable{}.Last())
}

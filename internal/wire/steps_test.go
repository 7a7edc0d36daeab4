package wire

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestARolloutTakesStepsIfItLastsLongerThanOne(t *testing.T) {
	t.Parallel()
	require.False(t, TakesSteps(1, 0), "a step takes a day if nothing is said")
	require.True(t, TakesSteps(2, 0))
	require.False(t, TakesSteps(7, 7))
	require.True(t, TakesSteps(8, 7))
	require.False(t, TakesSteps(-3, 1), "one that has ended")
}

func TestDaysAreRoundedUpOverManyYears(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 12, 0, 0, 5, time.UTC)
	for end, want := range map[time.Time]int64{
		start: 0, start.Add(1): 1, start.AddDate(0, 0, 1): 1, start.AddDate(0, 0, 1).Add(1): 2,
		start.Add(-time.Hour): 0, start.AddDate(0, 0, -2): -2, start.AddDate(0, 0, 400_000): 400_000,
	} {
		require.Equal(t, want, DaysUntil(start, end), end)
	}
	require.Equal(t, start, Later(start, start.Add(-1)))
	require.Equal(t, start, Later(start.Add(-1), start))
}

package deployments_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
)

func TestDaysAreWrittenAsDays(t *testing.T) {
	t.Parallel()
	for days, want := range map[deployments.Days]string{0: "P0D", 1: "P1D", 7: "P7D", 30: "P30D", 365: "P365D"} {
		require.Equal(t, want, days.String())
		text, err := json.Marshal(days)
		require.NoError(t, err)
		require.Equal(t, `"`+want+`"`, string(text))
	}
}

func TestDaysAreReadFromDaysWeeksAndHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]deployments.Days{
		"P7D": 7, "P1W": 7, "PT168H": 7, "P1DT24H": 2, "P1W1D": 8, "P0D": 0, "PT0H": 0, "P999999D": 999999,
	} {
		var got deployments.Days
		require.NoError(t, got.UnmarshalText([]byte(text)), text)
		require.Equal(t, want, got, text)
	}
}

func TestSpansThatAreNotWholeDaysAreRejected(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "P", "PT", "P1DT", "7", "7D", "P7", "p7d", "P1M", "P1Y", "PT12H", "PT30M", "P1DT1H", "-P1D", "P-1D",
		"P1.5D", "P1D ", "P9999999D",
	} {
		got := deployments.Days(3)
		require.ErrorContains(t, got.UnmarshalText([]byte(text)), "duration must be whole days, such as \"P7D\" (got \""+text+"\")")
		require.Equal(t, deployments.Days(3), got, "the value is kept")
	}
}

func TestANegativeSpanCannotBeWritten(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(deployments.ByRate(1, -3))
	require.ErrorContains(t, err, "the number of days must not be negative (got -3)")
}

func TestWrittenDaysAreReadAgain(t *testing.T) {
	t.Parallel()
	for days := range deployments.Days(400) {
		text, err := days.MarshalText()
		require.NoError(t, err)
		var got deployments.Days
		require.NoError(t, got.UnmarshalText(text))
		require.Equal(t, days, got)
	}
}

func FuzzDaysAreReadOrRejected(f *testing.F) {
	for _, seed := range []string{"P7D", "P1W", "PT168H", "P1W1DT24H", "PT12H", "P", "P1M", "-P1D", "P0D", "P٣D"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var days, again deployments.Days
		if days.UnmarshalText([]byte(text)) != nil {
			require.Zero(t, days)
			return
		}
		require.GreaterOrEqual(t, days, deployments.Days(0))
		if days < 1_000_000 {
			require.NoError(t, again.UnmarshalText([]byte(days.String())))
			require.Equal(t, days, again)
		}
	})
}

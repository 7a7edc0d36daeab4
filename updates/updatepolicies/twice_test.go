package updatepolicies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestASecondCallWithItemsAddsThem(t *testing.T) {
	t.Parallel()
	drivers, repairs := updatepolicies.DriversStartingAfter(7), updatepolicies.RemediationsStartingAfter(0, "inPlaceUpgrade")
	require.Equal(t, updatepolicies.ForAudience("a").Approving(drivers, repairs),
		updatepolicies.ForAudience("a").Approving(drivers).Approving(repairs))
	require.Equal(t, updatepolicies.ForAudience("a").EnrollingIn(audience.CategoryDriver, audience.CategoryQuality),
		updatepolicies.ForAudience("a").EnrollingIn(audience.CategoryDriver).EnrollingIn(audience.CategoryQuality))
}

func TestASecondCallWithSettingsReplacesThem(t *testing.T) {
	t.Parallel()
	first, second := deployments.Settings{}.StartingAt(time.Unix(1, 0)), deployments.Settings{}.RollingOut(deployments.ByRate(1, 1))
	require.Equal(t, second, updatepolicies.ForAudience("a").With(first).With(second).Settings)
	require.Equal(t, second, updatepolicies.ForDriver("e").With(first).With(second).Settings)
}

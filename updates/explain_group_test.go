package updates_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestADeviceThatIsNotListedMayBeInAGroupThatIsListedAsItsDevices(t *testing.T) {
	t.Parallel()
	for expands, want := range map[bool]updates.Severity{true: updates.Unclear, false: ""} {
		q := newQuestion(t)
		group := q.group(asked)
		require.NoError(t, q.client.Devices().Unenroll(t.Context(), audience.Feature, []string{asked}, nil))
		require.NoError(t, q.client.Devices().Enroll(t.Context(), audience.Driver, []string{"another"}, nil))
		q.edit(audience.Edit{AddMembers: append(audience.Groups(group), audience.Devices("another")...)})
		q.edit(audience.Edit{RemoveMembers: audience.Devices(asked)})
		q.service.Behave(simulator.Vices{ExpandGroups: expands})
		require.Equal(t, want, severe(q.explain())[updates.AboutMembership])
	}
}

func TestADeviceOfWhichNoEnrolmentIsToldIsNotEnrolled(t *testing.T) {
	t.Parallel()
	q := newQuestion(t)
	require.NoError(t, q.client.Devices().Unenroll(t.Context(), audience.Feature, []string{asked}, nil))
	q.service.Behave(simulator.Vices{OldForms: true})
	require.Equal(t, updates.Blocks, severe(q.explain())[updates.AboutEnrollment])
}

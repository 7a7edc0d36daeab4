package troubleshoot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
)

func TestADeviceThatIsNotListedMayBeInAGroupThatIsListedAsItsDevices(t *testing.T) {
	t.Parallel()
	for expands, want := range map[bool]troubleshoot.Severity{true: troubleshoot.Unclear, false: ""} {
		q := newQuestion(t)
		group := q.group(asked)
		require.NoError(t, q.client.Devices().Unenroll(t.Context(), audience.Feature, []string{asked}, nil))
		require.NoError(t, q.client.Devices().Enroll(t.Context(), audience.Driver, []string{another}, nil))
		q.edit(audience.Edit{AddMembers: append(audience.Groups(group), audience.Devices(another)...)})
		q.edit(audience.Edit{RemoveMembers: audience.Devices(asked)})
		q.service.Behave(simulator.Vices{ExpandGroups: expands})
		require.Equal(t, want, severe(q.explain())[troubleshoot.AboutMembership])
	}
}

func TestADeviceOfWhichNoEnrolmentIsToldIsNotEnrolled(t *testing.T) {
	t.Parallel()
	q := newQuestion(t)
	require.NoError(t, q.client.Devices().Unenroll(t.Context(), audience.Feature, []string{asked}, nil))
	q.service.Behave(simulator.Vices{OldForms: true})
	require.Equal(t, troubleshoot.Blocks, severe(q.explain())[troubleshoot.AboutEnrollment])
}

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
	for expands, want := range map[bool]troubleshoot.Effect{true: troubleshoot.EffectUnclear, false: ""} {
		q := newQuestion(t)
		group := q.group(asked)
		require.NoError(t, q.client.Devices().Unenroll(t.Context(), audience.CategoryFeature, []string{asked}, nil))
		require.NoError(t, q.client.Devices().Enroll(t.Context(), audience.CategoryDriver, []string{another}, nil))
		q.edit(audience.Edit{AddMembers: append(audience.Groups(group), audience.Devices(another)...)})
		q.edit(audience.Edit{RemoveMembers: audience.Devices(asked)})
		q.service.SetQuirks(simulator.Quirks{ExpandGroups: expands})
		require.Equal(t, want, severe(q.explain())[troubleshoot.TopicMembership])
	}
}

func TestADeviceWithoutEnrollmentInTheResponseIsNotEnrolled(t *testing.T) {
	t.Parallel()
	q := newQuestion(t)
	require.NoError(t, q.client.Devices().Unenroll(t.Context(), audience.CategoryFeature, []string{asked}, nil))
	q.service.SetQuirks(simulator.Quirks{LegacyFormats: true})
	require.Equal(t, troubleshoot.EffectBlocks, severe(q.explain())[troubleshoot.TopicEnrollment])
}

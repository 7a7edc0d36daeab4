package policies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// A ring that sends false brings restarts back, because hotpatches are on by default.
func TestARingLeavesHotpatchesToTheServiceByDefault(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
	_, err := service.Client(t).Policies().CreateRing(t.Context(), "x", policies.RingSpec{DisplayName: "Pilot"})
	require.NoError(t, err)
	require.NotContains(t, service.Last(t).Body, "isHotpatchEnabled")
}

func TestARingSendsWhatWasDecidedAboutHotpatches(t *testing.T) {
	t.Parallel()
	ring := policies.RingSpec{DisplayName: "Pilot"}
	for want, spec := range map[string]policies.RingSpec{
		`"isHotpatchEnabled":true`: ring.OfferingHotpatches(), `"isHotpatchEnabled":false`: ring.WithholdingHotpatches(),
	} {
		service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		_, err := service.Client(t).Policies().CreateRing(t.Context(), "x", spec)
		require.NoError(t, err)
		require.Contains(t, service.Last(t).Body, want)
	}
}

// What the service does not say is not false.
func TestARingThatDoesNotSayWhetherItOffersHotpatchesHasNil(t *testing.T) {
	t.Parallel()
	require.Nil(t, getRing(t, `{"id":"x"}`).Hotpatch)
	require.Equal(t, new(false), getRing(t, `{"id":"x","isHotpatchEnabled":false}`).Hotpatch)
	require.Equal(t, new(true), getRing(t, `{"id":"x","@odata.type":"#`+types+`qualityUpdateRing","isHotpatchEnabled":true}`).Hotpatch)
}

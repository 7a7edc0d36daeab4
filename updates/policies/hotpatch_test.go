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
	_, err := service.Client(t).Policies().CreateRing(t.Context(), "x", policies.QualityRing("Pilot"))
	require.NoError(t, err)
	require.NotContains(t, service.Last(t).Body, "isHotpatchEnabled")
}

func TestARingSendsWhatWasDecidedAboutHotpatches(t *testing.T) {
	t.Parallel()
	ring := policies.QualityRing("Pilot")
	for want, spec := range map[string]policies.QualityRingSpec{
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
	require.Equal(t, &policies.UnknownRing{RingBase: policies.RingBase{ID: "x"}}, getRing(t, `{"id":"x"}`))
	require.Nil(t, hotpatch(t, `{"id":"x","@odata.type":"#`+types+`qualityUpdateRing"}`))
	require.Equal(t, new(false), hotpatch(t, `{"id":"x","isHotpatchEnabled":false}`))
	require.Equal(t, new(true), hotpatch(t, `{"id":"x","@odata.type":"#`+types+`qualityUpdateRing","isHotpatchEnabled":true}`))
}

// hotpatch is what a ring for quality updates says about hotpatches.
func hotpatch(t *testing.T, body string) *bool {
	t.Helper()
	ring, ok := getRing(t, body).(*policies.QualityUpdateRing)
	require.True(t, ok, body)
	return ring.Hotpatch
}

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

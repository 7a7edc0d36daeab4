package troubleshoot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
)

func TestAnExplanationListsWhatTheServiceDoesNotReport(t *testing.T) {
	t.Parallel()
	q := newQuestion(t)
	why, err := q.client.Troubleshoot().Explain(t.Context(), q.deployment, asked)
	require.NoError(t, err)
	require.Equal(t, q.deployment, why.DeploymentID)
	require.Equal(t, asked, why.DeviceID)

	var topics []troubleshoot.Topic
	for _, o := range why.ByEffect(troubleshoot.EffectNotVisible) {
		topics = append(topics, o.Topic)
	}
	require.Equal(t, []troubleshoot.Topic{
		troubleshoot.TopicSafeguards, troubleshoot.TopicLicense, troubleshoot.TopicScanSource,
		troubleshoot.TopicDevicePolicies, troubleshoot.TopicEligibility, troubleshoot.TopicInstallation,
	}, topics)
}

func TestAReasonOfARegistrationErrorIsHumanReadable(t *testing.T) {
	t.Parallel()
	cases := map[audience.RegistrationReason]string{
		audience.ReasonInvalidGlobalDeviceID: "The device could not be registered: it has no valid global device ID.",
		audience.ReasonInvalidDeviceID:       "The device could not be registered: Microsoft Entra has no device with this ID.",
		"aNewReason":                         "The device could not be registered: aNewReason.",
	}
	for reason, want := range cases {
		t.Run(string(reason), func(t *testing.T) {
			t.Parallel()
			q := newQuestion(t)
			require.NoError(t, q.service.FailRegistration(asked, string(reason)))
			why, err := q.client.Troubleshoot().Explain(t.Context(), q.deployment, asked)
			require.NoError(t, err)
			said := why.ByTopic(troubleshoot.TopicRegistration)
			require.Len(t, said, 1)
			require.Equal(t, troubleshoot.EffectBlocks, said[0].Effect)
			require.Equal(t, want, said[0].Text)
			require.Contains(t, said[0].Advice, "Fix the registration in Microsoft Entra")
		})
	}
}

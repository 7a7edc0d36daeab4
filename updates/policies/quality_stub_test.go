package policies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	qualityPolicyID   = "00000000-0000-4000-8000-0000000000c1"
	ringID            = "00000000-0000-4000-8000-0000000000c2"
	qualityApprovalID = "00000000-0000-4000-8000-0000000000c3"
	pilots            = "00000000-0000-4000-8000-0000000000e1"
	everybody         = "00000000-0000-4000-8000-0000000000e2"
)

// quality is the client for quality update policies, which does not repeat requests.
func (s *stub) quality(t *testing.T) policies.QualityPolicyClient {
	t.Helper()
	return s.client(t, 1).QualityPolicies()
}

// lossy is a client whose first answer is lost, whose second is this refusal, and
// which reads this after it.
func lossy(t *testing.T, refusal int, read string) policies.QualityPolicyClient {
	t.Helper()
	service := answering(reply{503, ``}, reply{refusal, `{"error":{"code":"x"}}`}, reply{200, read})
	client, err := updates.NewClient(token{}, &updates.Options{
		Transport: service, Retry: updates.RetryOptions{MaxAttempts: 2, MaxDelay: 1},
	})
	require.NoError(t, err)
	return client.QualityPolicies()
}

// simulated is a client on a new simulator.
func simulated(t *testing.T, opts *simulator.Options) (*updates.Client, *simulator.Server) {
	t.Helper()
	service := simulator.New(opts)
	client, err := updates.NewClient(service.Credential(), &updates.Options{
		Transport: service.Transport(), Retry: updates.RetryOptions{MaxDelay: 1},
	})
	require.NoError(t, err)
	return client, service
}

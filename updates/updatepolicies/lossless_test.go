package updatepolicies_test

import (
	"testing"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// What is stored is sent, or refused: nothing gets lost on the way.
func TestNoMemberOfAStoredPolicyIsLost(t *testing.T) {
	t.Parallel()
	text := func(seed uint64) []byte { r := seeded(seed); return r.Stored(t, r.spec()) }
	stub.RequireLossless(t, text, func(c *updates.Client, spec updatepolicies.Spec) error {
		_, err := c.UpdatePolicies().Create(t.Context(), spec)
		return err
	}, stub.SentAs, stub.StoredRounds/10)
}

func TestNoMemberOfAStoredApprovalIsLost(t *testing.T) {
	t.Parallel()
	text := func(seed uint64) []byte { r := seeded(seed); return r.Stored(t, r.approvalSpec()) }
	stub.RequireLossless(t, text, func(c *updates.Client, spec updatepolicies.ApprovalSpec) error {
		_, err := c.UpdatePolicies().Approve(t.Context(), policyID, spec)
		return err
	}, stub.SentAs, stub.StoredRounds/10)
}

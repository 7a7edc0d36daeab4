package updatepolicies_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// storedRounds is the number of texts of a kind.
const storedRounds = 1000

// sentAs is where a property of a stored policy or approval is in the request.
func sentAs(path, value string) string {
	switch {
	case isZero(path, value):
		return ""
	case path == ".kind":
		return ".content.catalogentry.@odata.type"
	case path == ".entryid":
		return ".content.catalogentry.id"
	case path == ".audienceid":
		return ".audience.id"
	}
	return regexp.MustCompile(`(gradualrollout|contentfilter|rules\.\d+)\.type$`).
		ReplaceAllString(path, "$1.@odata.type")
}

// isZero reports whether a value is what the property is without it.
func isZero(path, value string) bool {
	switch value {
	case "null", "{}", "", "0001-01-01 00:00:00 +0000 UTC":
		return true
	case "P0D":
		return strings.HasSuffix(path, ".durationbetweenoffers") || strings.HasSuffix(path, ".durationbeforedeploymentstart")
	case "false":
		return strings.HasSuffix(path, ".isexpedited") || strings.HasSuffix(path, ".isreadinesstest")
	}
	return false
}

// requireLossless reads random texts with read, which returns what to send. They are sent
// whole, or refused.
func requireLossless(
	t *testing.T, text func(random) any, read func([]byte) (func(updatepolicies.Client) error, error),
) {
	t.Helper()
	refused, sent := 0, 0
	for seed := range uint64(storedRounds) {
		r := seeded(seed)
		text := r.Stored(t, text(r))
		send, err := read(text)
		if err != nil {
			refused++
			continue
		}
		service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		if err := send(service.Client(t, stub.NoLimits).UpdatePolicies()); err != nil {
			require.Empty(t, service.Requests(), "seed %d: %v", seed, err)
			continue
		}
		sent++
		body := service.Only(t).Body
		require.Empty(t, stub.Lost(t, text, []byte(body), sentAs), "seed %d\n%s\n%s", seed, text, body)
	}
	require.Greater(t, sent, storedRounds/10)
	require.Greater(t, refused, storedRounds/10)
}

// What is stored is sent, or refused: nothing gets lost on the way.
func TestNoMemberOfAStoredPolicyIsLost(t *testing.T) {
	t.Parallel()
	requireLossless(t, func(r random) any { return r.spec() }, func(text []byte) (func(updatepolicies.Client) error, error) {
		var spec updatepolicies.Spec
		return func(c updatepolicies.Client) error {
			_, err := c.Create(t.Context(), spec)
			return err
		}, json.Unmarshal(text, &spec)
	})
}

func TestNoMemberOfAStoredApprovalIsLost(t *testing.T) {
	t.Parallel()
	requireLossless(t, func(r random) any { return r.approvalSpec() }, func(text []byte) (func(updatepolicies.Client) error, error) {
		var spec updatepolicies.ApprovalSpec
		return func(c updatepolicies.Client) error {
			_, err := c.Approve(t.Context(), policyID, spec)
			return err
		}, json.Unmarshal(text, &spec)
	})
}

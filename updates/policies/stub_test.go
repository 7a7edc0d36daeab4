package policies_test

import (
	"testing"
	"time"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/policies"
)

const (
	// types is what the names of the service's types begin with.
	types   = "microsoft.graph.windowsUpdates."
	day     = 24 * time.Hour
	refusal = `{"error":{"code":"BadRequest","message":"no"}}`

	policyID   = "00000000-0000-4000-8000-0000000000c1"
	ringID     = "00000000-0000-4000-8000-0000000000c2"
	approvalID = "00000000-0000-4000-8000-0000000000c3"
	pilots     = "00000000-0000-4000-8000-0000000000e1"
	everybody  = "00000000-0000-4000-8000-0000000000e2"
	device1    = "00000000-0000-4000-8000-0000000000d1"
	device2    = "00000000-0000-4000-8000-0000000000d2"
	device3    = "00000000-0000-4000-8000-0000000000d3"
)

// lossyChange is lossy, after a read of what is changed.
func lossyChange(t *testing.T, refusal int, read string) policies.Client {
	t.Helper()
	service := stub.Answering(
		stub.Answer(200, `{"id":"x"}`), stub.Answer(503, ``), stub.Answer(refusal, `{"error":{"code":"x"}}`), stub.Answer(200, read),
	)
	return service.Client(t, stub.Attempts(2)).Policies()
}

// lossy is a client whose first answer is lost, whose second is this refusal, and
// which reads this after it.
func lossy(t *testing.T, refusal int, read string) policies.Client {
	t.Helper()
	service := stub.Answering(stub.Answer(503, ``), stub.Answer(refusal, `{"error":{"code":"x"}}`), stub.Answer(200, read))
	return service.Client(t, stub.Attempts(2)).Policies()
}

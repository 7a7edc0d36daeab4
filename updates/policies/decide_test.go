package policies_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

type decision = func(policies.Client, context.Context, string, string) (*policies.Approval, error)

var (
	approveEntry decision = policies.Client.Approve
	suspendEntry decision = policies.Client.Suspend
)

func TestADecisionChangesTheApprovalsThatThereAre(t *testing.T) {
	t.Parallel()
	const (
		old           = `{"id":"old","catalogEntryId":"E","status":"approved","createdDateTime":"2026-12-01T08:00:00Z"}`
		newer         = `{"id":"new","catalogEntryId":"e","status":"suspended","createdDateTime":"2026-12-02T08:00:00Z"}`
		other         = `{"id":"other","catalogEntryId":"f","status":"approved","createdDateTime":"2026-12-03T08:00:00Z"}`
		strange       = `{"id":"strange","catalogEntryId":"e","status":"pondered"}`
		create, patch = "POST /policies/x/approvals", "PATCH /policies/x/approvals/"
	)
	for name, c := range map[string]struct {
		decide decision
		found  string
		id     string
		sent   []string
	}{
		"none yet":                 {suspendEntry, "", "made", []string{create}},
		"one of another update":    {suspendEntry, other, "made", []string{create}},
		"suspended, so approved":   {approveEntry, newer, "new", []string{patch + "new"}},
		"approved, so suspended":   {suspendEntry, old, "old", []string{patch + "old"}},
		"approved already":         {approveEntry, old, "old", nil},
		"suspended already":        {suspendEntry, newer, "new", nil},
		"several that contradict":  {suspendEntry, newer + "," + old + "," + other, "new", []string{patch + "old"}},
		"an older one contradicts": {approveEntry, old + "," + newer, "new", []string{patch + "new"}},
		"of a strange status":      {suspendEntry, strange, "strange", []string{patch + "strange"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"value":[`+c.found+`]}`), stub.Answer(200, `{"id":"made"}`))
			approval, err := c.decide(service.Client(t).Policies(), t.Context(), "x", "e")
			require.NoError(t, err)
			require.Equal(t, c.id, approval.ID)
			var changes []string
			for _, r := range service.Requests()[1:] {
				changes = append(changes, r.Method+" "+r.Path)
			}
			require.Equal(t, c.sent, changes)
		})
	}
}

func TestADecisionSaysWhatItCameTo(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"a","catalogEntryId":"e","status":"approved"}]}`), stub.Answer(204, ``))
	approval, err := service.Client(t).Policies().Suspend(t.Context(), "x", "e")
	require.NoError(t, err)
	require.Equal(t, policies.StatusSuspended, approval.Status)
}

func TestApprovalsOnLaterPagesAreFoundBeforeOneIsMade(t *testing.T) {
	t.Parallel()
	service := stub.Answering(
		stub.Answer(200, `{"value":[],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/n"}`),
		stub.Answer(200, `{"value":[{"id":"a","catalogEntryId":"e","status":"approved"}]}`),
	)
	approval, err := service.Client(t).Policies().Approve(t.Context(), "x", "e")
	require.NoError(t, err)
	require.Equal(t, "a", approval.ID)
	require.Len(t, service.Requests(), 2)
}

func TestNothingIsDecidedWithoutKnowingWhatThereIs(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(403, refusal))
	_, err := service.Client(t).Policies().Approve(t.Context(), "x", "e")
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.ErrorContains(t, err, "policies.Approve: ")
	require.Len(t, service.Requests(), 1)
}

func TestADecisionThatIsRejectedIsAnError(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"a","catalogEntryId":"e","status":"approved"}]}`), stub.Answer(403, refusal))
	_, err := service.Client(t).Policies().Suspend(t.Context(), "x", "e")
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.ErrorContains(t, err, "policies.Suspend: ")
}

func TestWhatARuleApprovedCanBeSuspendedAndApprovedAgain(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	quality, ctx := client.Policies(), t.Context()
	require.NoError(t, service.PutGroup(pilots, device1))
	p, r := newRing(t, client, monthlyPolicy, pilotRing)
	entry := newestQuality(t, client)
	offers := func() (count int) {
		for _, offer := range service.RingOffers(r.ID) {
			if offer.EntryID == entry.ID {
				count++
			}
		}
		return count
	}
	service.Advance(day)
	require.Equal(t, 1, offers(), "the rule approved it")

	for range 2 {
		_, err := quality.Suspend(ctx, p.ID, entry.ID)
		require.NoError(t, err)
	}
	require.NoError(t, service.PutGroup(pilots, device1, device2))
	service.Advance(day)
	require.Equal(t, 1, offers())

	for range 2 {
		_, err := quality.Approve(ctx, p.ID, entry.ID)
		require.NoError(t, err)
	}
	service.Advance(day)
	require.Equal(t, 2, offers())
	all, err := quality.ListApprovals(p.ID, nil).Collect(ctx, 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

// Approvals that another program has piled up all get the same status.
func TestNoApprovalOfAnUpdateContradictsTheLastDecision(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	p, _ := newRing(t, client, named, pilotRing)
	entry := newestQuality(t, client)
	for _, status := range []string{"approved", "suspended", "approved"} {
		body := map[string]string{"catalogEntryId": entry.ID, "status": status}
		require.NoError(t, client.Call(t.Context(), "POST", "/policies/"+p.ID+"/approvals", body, nil))
	}
	_, err := client.Policies().Suspend(t.Context(), p.ID, entry.ID)
	require.NoError(t, err)
	all, err := client.Policies().ListApprovals(p.ID, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 3)
	for _, a := range all {
		require.Equal(t, policies.StatusSuspended, a.Status)
	}
}

func TestADecisionWhoseResponseIsLostIsFoundWhenItIsMadeAgain(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	p, _ := newRing(t, client, named, pilotRing)
	entry := newestQuality(t, client)
	service.FailRandomly(1, simulator.Break().AfterEffect(), 1, simulator.Match{Method: "POST", Path: "/policies/{}/approvals"})
	_, err := client.Policies().Approve(t.Context(), p.ID, entry.ID)
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	_, err = client.Policies().Approve(t.Context(), p.ID, entry.ID)
	require.NoError(t, err)
	all, err := client.Policies().ListApprovals(p.ID, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

package updatepolicies_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// approved is an approval as the service writes it. Days count from now; none is no
// time.
func approved(id, entry string, created, start, revoked int) string {
	day := func(n int) string {
		return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.RFC3339)
	}
	a := fmt.Sprintf(`{"@odata.type":"#%scontentApproval","id":%q,"createdDateTime":%q`, types, id, day(created))
	if entry != "" {
		a += fmt.Sprintf(`,"content":{"@odata.type":"#%scatalogContent","catalogEntry":{"@odata.type":"#%[1]sdriverUpdateCatalogEntry",`+
			`"id":%q}}`, types, entry)
	}
	if start != none {
		a += fmt.Sprintf(`,"deploymentSettings":{"schedule":{"startDateTime":%q}}`, day(start))
	}
	if revoked != none {
		return a + fmt.Sprintf(`,"isRevoked":true,"revokedDateTime":%q}`, day(revoked))
	}
	return a + `,"isRevoked":false,"revokedDateTime":"0001-01-01T00:00:00Z"}`
}

const none = 1000

func TestAllApprovalsOfAnUpdateComeToOneState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ofPolicy  string // the start of the policy
		approvals []string
		want      string // state, start, approval that decides, duplicates, history
	}{
		"nothing is approved":   {"", nil, ""},
		"one without a start":   {"", []string{approved("a", "e", -3, none, none)}, "e started 1999-12-29 a [] [a]"},
		"one that starts later": {"", []string{approved("a", "e", -3, 2, none)}, "e scheduled 2000-01-03 a [] [a]"},
		"one that has started":  {"", []string{approved("a", "e", -3, -1, none)}, "e started 1999-12-31 a [] [a]"},
		"one that starts now":   {"", []string{approved("a", "e", -3, 0, none)}, "e started 2000-01-01 a [] [a]"},
		"the policy starts later": {
			"2000-01-09T00:00:00Z", []string{approved("a", "e", -3, none, none)}, "e scheduled 2000-01-09 a [] [a]",
		},
		"the policy started long before": {
			"1999-12-01T00:00:00Z", []string{approved("a", "e", -3, none, none)}, "e started 1999-12-29 a [] [a]",
		},
		"approved with a start that is over": {"", []string{approved("a", "e", -3, -30, none)}, "e started 1999-12-29 a [] [a]"},
		"two that start before they were made": {
			"", []string{approved("a", "e", -1, -30, none), approved("b", "e", -5, -10, none)}, "e started 1999-12-27 b [a] [b a]",
		},
		"another kind of change": {
			"", []string{
				strings.Replace(approved("a", "e", -3, none, none), "contentApproval", "lunarChange", 1), approved("b", "e", -1, 2, none),
			},
			"e scheduled 2000-01-03 b [] [b]",
		},
		"of the abstract type": {
			"", []string{strings.Replace(approved("a", "e", -3, none, none), "contentApproval", "complianceChange", 1)},
			"e started 1999-12-29 a [] [a]",
		},
		"its own start wins": {"2000-01-09T00:00:00Z", []string{approved("a", "e", -3, -1, none)}, "e started 1999-12-31 a [] [a]"},
		"revoked":            {"", []string{approved("a", "e", -3, 2, -1)}, "e revoked 0001-01-01 a [] [a]"},
		"revoked and again": {
			"", []string{approved("b", "e", -1, none, none), approved("a", "e", -3, none, -2)}, "e started 1999-12-31 b [] [a b]",
		},
		"again and that revoked": {
			"", []string{approved("a", "e", -5, none, -4), approved("b", "e", -3, none, -2)}, "e revoked 0001-01-01 b [] [a b]",
		},
		"the newer revoked first": {
			"", []string{approved("a", "e", -5, none, -1), approved("b", "e", -3, none, -2)}, "e revoked 0001-01-01 a [] [a b]",
		},
		"revoked simultaneously": {
			"", []string{approved("a", "e", -5, none, -1), approved("b", "e", -3, none, -1)}, "e revoked 0001-01-01 b [] [a b]",
		},
		"two that stand": {
			"", []string{approved("a", "e", -5, 4, none), approved("b", "e", -3, 2, none)}, "e scheduled 2000-01-03 b [a] [a b]",
		},
		"three, one starts first": {
			"", []string{approved("c", "e", -1, 9, none), approved("a", "e", -5, 4, none), approved("b", "e", -3, -2, none)},
			"e started 1999-12-30 b [a c] [a b c]",
		},
		"two that start simultaneously": {
			"", []string{approved("b", "e", -3, 2, none), approved("a", "e", -5, 2, none)}, "e scheduled 2000-01-03 a [b] [a b]",
		},
		"stands with a revoked": {
			"", []string{approved("a", "e", -5, -4, -3), approved("b", "e", -2, 2, none)}, "e scheduled 2000-01-03 b [] [a b]",
		},
		"two updates": {
			"", []string{approved("b", "f", -1, none, none), approved("a", "e", -5, none, none)},
			"e started 1999-12-27 a [] [a]; f started 1999-12-31 b [] [b]",
		},
		"updates without an ID": {
			"", []string{approved("a", "", -2, none, none), approved("b", "", -1, none, none)},
			" started 1999-12-30 a [] [a];  started 1999-12-31 b [] [b]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				policy := `{"id":"p"}`
				if c.ofPolicy != "" {
					policy = `{"id":"p","deploymentSettings":{"schedule":{"startDateTime":"` + c.ofPolicy + `"}}}`
				}
				service := stub.Answering(stub.Answer(200, policy), stub.Answer(200, `{"value":[`+strings.Join(c.approvals, ",")+`]}`))
				states, err := service.Client(t).UpdatePolicies().EntryStates(t.Context(), policyID)
				require.NoError(t, err)
				require.Equal(t, c.want, printed(states))
			})
		})
	}
}

// printed are states in a line.
func printed(states []updatepolicies.EntryState) string {
	lines := make([]string, len(states))
	for i, s := range states {
		lines[i] = fmt.Sprintf("%s %s %s %s %v %v", s.EntryID, s.State, s.Start.Format(time.DateOnly), s.Approval.ID, ids(s.Duplicates),
			ids(s.History))
	}
	return strings.Join(lines, "; ")
}

func ids(approvals []*updatepolicies.Approval) []string {
	all := []string{}
	for _, a := range approvals {
		all = append(all, a.ID)
	}
	return all
}

func TestAStateNamesTheKindOfItsUpdate(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"id":"p"}`), stub.Answer(200, `{"value":[`+approved("a", "e", 0, none, none)+`]}`))
	states, err := service.Client(t).UpdatePolicies().EntryStates(t.Context(), policyID)
	require.NoError(t, err)
	require.Equal(t, catalog.KindDriver, states[0].Kind)
	require.Nil(t, states[0].Duplicates)
}

func TestApprovalsOfAllPagesCount(t *testing.T) {
	t.Parallel()
	page := func(items, next string) stub.Reply {
		return stub.Answer(200, `{"value":[`+items+`],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/`+next+`"}`)
	}
	service := stub.Answering(stub.Answer(200, `{"id":"p"}`),
		page(approved("a", "e", -2, none, none), "n?1"), page("", "n?2"),
		stub.Answer(200, `{"value":[`+approved("b", "e", -1, none, -1)+`]}`))
	states, err := service.Client(t).UpdatePolicies().EntryStates(t.Context(), policyID)
	require.NoError(t, err)
	require.Len(t, states, 1)
	require.Equal(t, []string{"a", "b"}, ids(states[0].History))
}

func TestAStateIsNotComputedFromHalfOfTheApprovals(t *testing.T) {
	t.Parallel()
	policy, notFound := stub.Answer(200, `{"id":"p"}`), stub.Answer(404, refusal)
	first := stub.Answer(200, `{"value":[],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/n"}`)
	for name, replies := range map[string][]stub.Reply{
		"no policy":    {notFound},
		"no approvals": {policy, notFound},
		"no next page": {policy, first, notFound},
	} {
		states, err := stub.Answering(replies...).Client(t).UpdatePolicies().EntryStates(t.Context(), policyID)
		require.ErrorIs(t, err, apierr.ErrNotFound, name)
		require.ErrorContains(t, err, "updatePolicies.EntryStates: 404", name)
		require.Nil(t, states, name)
	}
}

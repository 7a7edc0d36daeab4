package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestTheKnownIssuesAreOfSeveralSorts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	issues := n.list("/knownIssues?$orderby=id")
	require.Len(t, issues, 3)
	status := []any{}
	for _, i := range issues {
		status = append(status, i["status"])
		require.Equal(t, i["status"] == "confirmed", i["resolvedDateTime"] == nil)
		body := i["knownIssueHistories"].([]any)[0].(object)["body"].(object)
		require.Equal(t, "html", body["contentType"])
		require.Contains(t, body["content"], "<p>")
		require.NotContains(t, i, "originatingKnowledgeBaseArticle")
	}
	require.Equal(t, []any{"resolved", "mitigated", "confirmed"}, status)
	require.Equal(t, []any{56318982.0}, issues[2]["safeguardHoldIds"])
	require.Len(t, n.filtered("/knownIssues", "status eq 'confirmed' and resolvedDateTime eq null").body["value"], 1)
}

func TestAKnownIssueIsFoundByIDAndArticle(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.get("/knownIssues('WI1000001')?$expand=resolvingKnowledgeBaseArticle")
	require.Equal(t, "KB5070773", r.body["resolvingKnowledgeBaseArticle"].(object)["id"])
	require.Equal(t,
		"https://graph.example/beta/$metadata#admin/windows/updates/knownIssues('WI1000001')/resolvingKnowledgeBaseArticle/$entity",
		r.body["resolvingKnowledgeBaseArticle@odata.context"])
	require.Nil(t, n.get("/knownIssues/WI1000003?$expand=resolvingKnowledgeBaseArticle").body["resolvingKnowledgeBaseArticle"])
	require.Equal(t, http.StatusNotFound, n.get("/knownIssues/WI1").status)

	require.Equal(t, []string{"WI1000001"}, ids(n.list("/knownIssues/findByKbNumber(kbNumber=5066835)")))
	require.Equal(t, []string{"WI1000001"}, ids(n.list("/knownIssues/FindByKbNumber(kbNumber=5070773)")))
	require.Empty(t, n.list("/knownIssues/findByKbNumber(kbNumber=5068861)"))
	require.Equal(t, "https://graph.example/beta/$metadata#Collection("+namespace+"knownIssue)",
		n.get("/knownIssues/findByKbNumber(kbNumber=1)").body["@odata.context"])
}

func TestKnownIssuesBelongToProducts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.Equal(t, []string{"WI1000001", "WI1000003"}, ids(n.list("/products/1105/knownIssues")))
	require.Empty(t, n.list("/products/1102/knownIssues"))
	require.Equal(t, http.StatusNotFound, n.get("/products/99/knownIssues").status)
	require.Equal(t, http.StatusNotFound, n.get("/products/99/getKnownIssuesByTimeRange(daysInPast=1)").status)
}

func TestTheTimeRangeIsForWhatWasResolvedInIt(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for id, resolved := range map[string]any{"old": n.Now().AddDate(0, 0, -30), "new": n.Now().AddDate(0, 0, -5), "open": nil} {
		_, err := n.AddKnownIssue(object{"id": id, "resolvedDateTime": resolved}, "1102")
		require.NoError(t, err)
	}
	for path, want := range map[string][]string{
		"getKnownIssuesByTimeRange(daysInPast=10,includeAllActive=false)":                                                 {"new"},
		"GetKnownIssuesByTimeRange(daysInPast=10,includeAllActive=true)":                                                  {"new", "open"},
		"getKnownIssuesByTimeRange(daysInPast=31,includeAllActive=false)":                                                 {"new", "old"},
		"getKnownIssuesByTimeRange(daysInPast=1,includeAllActive=false)":                                                  {},
		"getKnownIssuesByTimeRange(daysInPast=31)":                                                                        {"new", "old"},
		namespace + "getKnownIssuesByTimeRange(includeAllActive=@includeAllActive,daysInPast=0)?%40includeAllActive=true": {"open"},
		"getKnownIssuesByTimeRange(daysInPast=@d,includeAllActive=@a)?@a=false&@d=10&$top=5":                              {"new"},
	} {
		require.ElementsMatch(t, want, ids(n.list("/products/1102/"+path)), path)
	}
}

func TestATimeRangeBeginsToTheInstant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		_, err := n.AddKnownIssue(object{"id": "x", "resolvedDateTime": n.Now()}, "1102")
		require.NoError(t, err)
		const path = "/products/1102/getKnownIssuesByTimeRange(daysInPast=1)"
		n.Advance(day)
		require.Equal(t, []string{"x"}, ids(n.list(path)))
		n.Advance(100)
		require.Empty(t, n.list(path))
	})
}

func TestANextLinkKeepsTheArguments(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 1})
	sizes, all := n.walk("/products/1104/getKnownIssuesByTimeRange(daysInPast=36500,includeAllActive=@a)?@a=true")
	require.Equal(t, []int{1, 1, 1}, sizes)
	require.Equal(t, []string{"WI1000001", "WI1000002", "WI1000003"}, all)
}

func TestAnAddedKnownIssueIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	members := object{"title": "Moonlight", "startDateTime": time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), "phase": "new",
		"originatingKnowledgeBaseArticle": object{"id": "KB5068861"}}
	id, err := n.AddKnownIssue(members, product24H2, "1105")
	require.NoError(t, err)
	require.Equal(t, "WI1000004", id)
	require.NotContains(t, members, "id")
	members["phase"] = "full"
	r := n.get("/knownIssues/" + id)
	require.Equal(t, "new", r.body["phase"])
	require.Equal(t, "2025-01-02T03:04:05Z", r.body["startDateTime"])
	require.Equal(t, []string{id}, ids(n.list("/knownIssues/findByKbNumber(kbNumber=5068861)")))
	require.Contains(t, ids(n.list("/products/1105/knownIssues")), id)
}

func TestKnownIssuesThatCannotBeAdded(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for name, c := range map[string]struct {
		members  object
		products []string
	}{
		"unknown product": {object{}, []string{product24H2, "99"}},
		"taken id":        {object{"id": "WI1000001"}, nil},
		"empty id":        {object{"id": ""}, nil},
		"number id":       {object{"id": 5}, nil},
		"not JSON":        {object{"phase": func() {}}, nil},
	} {
		_, err := n.AddKnownIssue(c.members, c.products...)
		require.ErrorContains(t, err, "simulator: add known issue", name)
	}
	require.Len(t, n.list("/knownIssues"), 3)
}

func TestComputedValuesOfIssuesAreUnknownAndApprovalsAreNot(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.qualityPolicy(monthlySecurity)
	approval := n.decide(policy, n.quality("2025.11 B"), "suspended")
	n.SetQuirks(simulator.Quirks{UnknownValues: true})
	issue := n.do(n.preferring(n.request(http.MethodGet, "/knownIssues/WI1000001", ""))).body
	require.Equal(t, "strangeValue", issue["status"])
	require.Equal(t, "strangeValue", issue["knownIssueHistories"].([]any)[0].(object)["body"].(object)["contentType"])
	require.Equal(t, "suspended", n.get(approval).body["status"])
	require.Contains(t, n.get("/policies/"+policy).text, `"cadence":"monthly"`)
	require.Len(t, n.filtered("/knownIssues", "status eq 'resolved'").body["value"], 1)
}

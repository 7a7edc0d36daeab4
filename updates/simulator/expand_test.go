package simulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnExpandedListIsShapedByItsOptions(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for options, want := range map[string][]string{
		"$filter=isHotpatchUpdate eq true":                                          {"10.0.26100.7092", "10.0.26100.4851"},
		"$filter=isHotpatchUpdate eq true;$orderby=id":                              {"10.0.26100.4851", "10.0.26100.7092"},
		"$orderby=releaseDateTime desc;$top=1":                                      {"10.0.26100.7171"},
		"$top=1;$skip=1":                                                            {"10.0.26100.7092"},
		"top=1; skip=1":                                                             {"10.0.26100.7092"},
		"$filter=contains(displayName,'7092') or id eq 'x(;'":                       {"10.0.26100.7092"},
		"$expand=catalogEntry($expand=" + qualityCast + "/productRevisions);$top=1": {"10.0.26100.7171"},
	} {
		r := n.get("/products/4?$expand=" + url.QueryEscape("revisions("+options+")"))
		require.Equal(t, http.StatusOK, r.status, r.text)
		found := []string{}
		for _, item := range r.body["revisions"].([]any) {
			found = append(found, item.(object)["id"].(string))
		}
		require.Equal(t, want, found, options)
	}
}

func TestWhatIsExpandedHasOnlyWhatWasSelected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.get("/products/4?$select=id&$expand=" + url.QueryEscape("revisions($select=version;$top=1),editions($select=name;$top=1)"))
	require.Equal(t, []any{object{"version": "24H2"}}, r.body["revisions"])
	require.Equal(t, []any{object{"name": "Home"}}, r.body["editions"])
	require.NotContains(t, r.body, "name")
	require.NotContains(t, r.body, "knownIssues")
}

func TestAnArticleComesWithTheRevisionsOfAnEntry(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	path := "/catalog/entries/" + n.quality("2025.11 B") + "?$expand=" + qualityCast + "/productRevisions"
	for _, options := range []string{"", "($top=1)", "($expand=catalogEntry)"} {
		revision := n.get(path + options).body["productRevisions"].([]any)[0].(object)
		require.Contains(t, revision, "knowledgeBaseArticle", options)
		require.NotContains(t, revision, "catalogEntry", options)
	}
}

func TestExpansionsThatAreRefused(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, expand := range []string{
		"", "name", "revisions,", "revisions(", "revisions)", "revisions()x", "revisions($expand=editions)",
		"revisions($expand=catalogEntry",
		"revisions($top=x)", "revisions($colour=blue)", "revisions($select=nothing)", "revisions($filter=id eq 'x)",
		"revisions($top=1;$top=2)",
		"revisions($filter=();)", "revisions('", "knownIssues($expand=)",
	} {
		r := n.get("/products?$expand=" + url.QueryEscape(expand))
		require.Equal(t, http.StatusBadRequest, r.status, expand)
	}
}

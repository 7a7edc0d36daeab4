package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzFilter(f *testing.F) {
	for _, filter := range []string{
		"", "true", "id eq 'f'", "isof('" + qualityCast + "')", "not (id in ('a','b'))",
		qualityCast + "/productRevisions/any(p:p/isHotpatchUpdate eq true)", "releaseDateTime ge 2025-01-01",
		"contains(displayName,'o') or startswith(displayName,'x') and displayName ne null", "((((", "'", "id eq -1e400", "any(p:p)",
		"a/any(a:a/b)", qualityCast + "/cveSeverityInformation/maxBaseScore lt 5", "in in (in)", "not", "id eq 'x' and not",
	} {
		f.Add(filter)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		n := newTenant(t, nil)
		r := n.filtered("/catalog/entries", filter)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, r.status, r.text)
	})
}

func FuzzRequest(f *testing.F) {
	for _, seed := range [][4]string{
		{"GET", "/catalog/entries", "$top=1&$count=true", ""},
		{"POST", "/deployments", "", deploymentOf("feature", "x", `{}`)},
		{"POST", "/deployments", "", `{"content":{"@odata.type":"` + namespace + `catalogContent","catalogEntry":{}},"settings":{"schedule":{"gradualRollout":[]}}}`},
		{"PATCH", "/deployments/known", "", `{"settings":` + gradual("dateDriven", `"endDateTime":"0001-01-01T00:00:00Z"`) + `}`},
		{"PATCH", "/deployments('known')", "", `{"settings":` + gradual("durationDriven", `"durationUntilDeploymentEnd":"P36500D"`) + `}`},
		{"PATCH", "/deployments/known", "", `{"settings":` + monitored(pauseAt5) + `,"state":{"requestedValue":"none"}}`},
		{"POST", "/deployments/known/audience/updateAudience", "", `{"addMembers":[{"@odata.type":"#` + namespace + `azureADDevice","id":"x"}]}`},
		{"POST", "/updatableAssets/enrollAssetsById", "", byID([]string{"a"}, `"updateCategory":"feature","ids"`)},
		{"DELETE", "/updatableAssets/a", "", ""},
		{"GET", "/updatableAssets/%zz('", "$skiptoken=%00;", "\x00"},
		{"HEAD", "/products/findByKbNumber(kbNumber=1)", "", "null"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(3)...)
		known := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
		n.add(known, devices(3)...)
		r := n.request(http.MethodGet, "", body)
		r.Method = method
		r.URL = &url.URL{Scheme: "https", Host: "x", RawQuery: query,
			Path: "/beta/admin/windows/updates" + strings.ReplaceAll(path, "known", known)}
		answer, err := n.Transport().RoundTrip(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.NotEqual(t, http.StatusInternalServerError, answer.StatusCode)
		n.Advance(40 * day)
		n.Offers(known)
	})
}

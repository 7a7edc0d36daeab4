package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// catalogOfThree has entries of three types with the ids f, q and x.
func catalogOfThree(t *testing.T) *tenant {
	n := newTenant(t, &simulator.Options{Empty: true})
	for _, entry := range []object{
		{
			"@odata.type": "#" + namespace + "featureUpdateCatalogEntry", "id": "f", "displayName": "Windows 11", "version": "it's 11",
			"releaseDateTime": "2024-10-01T00:00:00Z", "deployableUntilDateTime": nil,
		},
		{
			"@odata.type": "#" + namespace + "qualityUpdateCatalogEntry", "id": "q", "displayName": "Monthly", "isExpeditable": true,
			"releaseDateTime": "2025-11-11T00:00:00Z", "deployableUntilDateTime": "2030-01-01T00:00:00Z",
			"cveSeverityInformation": object{"maxBaseScore": 9.8, "maxSeverity": "critical"},
			"productRevisions": []any{
				object{"id": "10.0.1", "isHotpatchUpdate": false, "osBuild": object{"buildNumber": 26100}},
				object{"id": "10.0.2", "isHotpatchUpdate": true},
			},
		},
		{
			"@odata.type": "#" + namespace + "moonUpdateCatalogEntry", "id": "x", "displayName": "Moon",
			"releaseDateTime": "2026-01-01T00:00:00Z", "phase": "new", "version": "it's 11",
		},
	} {
		_, err := n.AddEntry(entry)
		require.NoError(t, err)
	}
	return n
}

func TestFilters(t *testing.T) {
	t.Parallel()
	const feature, quality = namespace + "featureUpdateCatalogEntry", namespace + "qualityUpdateCatalogEntry"
	for filter, want := range map[string]string{ // what is listed, or "?" where the filter is refused
		"isof('" + feature + "')":                                                                        "f",
		"isof('" + namespace + "softwareUpdateCatalogEntry')":                                            "f q",
		"not isof('" + feature + "')":                                                                    "q x",
		"not not isof('" + feature + "')":                                                                "f",
		"isof('" + feature + "') or isof('" + quality + "')":                                             "f q",
		"id eq 'f' or id eq 'q' and id eq 'x'":                                                           "f",
		"(id eq 'f' or id eq 'q') and not (id eq 'f')":                                                   "q",
		feature + "/version eq 'it''s 11'":                                                               "f",
		feature + "/version ne 'it''s 11'":                                                               "q x",
		feature + "/version eq null":                                                                     "q x",
		feature + "/id eq 'f'":                                                                           "f",
		quality + "/isExpeditable eq true":                                                               "q",
		quality + "/isExpeditable":                                                                       "q",
		"true eq " + quality + "/isExpeditable":                                                          "q",
		quality + "/isExpeditable ne true":                                                               "f x",
		quality + "/cveSeverityInformation/maxBaseScore ge 9.8":                                          "q",
		quality + "/cveSeverityInformation/maxBaseScore gt 9.8":                                          "",
		quality + "/cveSeverityInformation/maxBaseScore lt 1e1":                                          "q",
		quality + "/cveSeverityInformation/maxBaseScore gt -1":                                           "q",
		quality + "/cveSeverityInformation/maxSeverity eq 'critical'":                                    "q",
		quality + "/productRevisions/any(p:p/isHotpatchUpdate eq true)":                                  "q",
		quality + "/productRevisions/any(p:p/isHotpatchUpdate eq true and p/id eq '10.0.1')":             "",
		quality + "/productRevisions/any(p:p/osBuild/buildNumber eq 26100 and displayName eq 'Monthly')": "q",
		"releaseDateTime gt 2025-11-10T23:59:59Z":                                                        "q x",
		"releaseDateTime ge 2025-11-11T01:00:00+01:00":                                                   "q x",
		"releaseDateTime le 2025-11-11":                                                                  "f q",
		"releaseDateTime lt 2025-11-11":                                                                  "f",
		"deployableUntilDateTime lt 2040-01-01T00:00:00Z":                                                "q",
		"deployableUntilDateTime eq null":                                                                "f x",
		"displayName gt 'Moo'":                                                                           "f x",
		"contains(displayName,'on')":                                                                     "q x",
		"startswith(displayName, 'Mo')":                                                                  "q x",
		"endswith( displayName , '11' )":                                                                 "f",
		"contains(displayName,'on') eq true":                                                             "?",
		"id in ('f','x', 'y')":                                                                           "f x",
		"not (id in ('f'))":                                                                              "q x",
		"  id   eq 'f'  ":                                                                                "f",
		"true":                                                                                           "f q x",
		"false":                                                                                          "",
		"":                                                                                               "?",
		"id":                                                                                             "?",
		"id eq":                                                                                          "?",
		"id eq f":                                                                                        "?",
		"id eq 'f":                                                                                       "?",
		"id eq \"f\"":                                                                                    "?",
		"id == 'f'":                                                                                      "?",
		"id eq 'f' and":                                                                                  "?",
		"id eq 'f' id eq 'f'":                                                                            "?",
		"id eq 5":                                                                                        "?",
		"id eq true":                                                                                     "?",
		"(id eq 'f'":                                                                                     "?",
		"id eq 'f')":                                                                                     "?",
		"ID eq 'f'":                                                                                      "?",
		"id EQ 'f'":                                                                                      "?",
		"id in 'f'":                                                                                      "?",
		"id in ('f' 'x')":                                                                                "?",
		"id in ('f',5)":                                                                                  "?",
		"id in ()":                                                                                       "?",
		"version eq 'it''s 11'":                                                                          "?",
		"phase eq 'new'":                                                                                 "?",
		"isExpeditable eq true":                                                                          "?",
		quality + "/isExpeditable gt false":                                                              "?",
		quality + "/isExpeditable eq 'true'":                                                             "?",
		quality + "/version eq 'x'":                                                                      "?",
		quality + " eq 'x'":                                                                              "?",
		quality + "/cveSeverityInformation eq 'x'":                                                       "?",
		quality + "/cveSeverityInformation/colour eq 'x'":                                                "?",
		quality + "/productRevisions eq 'x'":                                                             "?",
		quality + "/productRevisions/any()":                                                              "?",
		quality + "/productRevisions/any(p:isHotpatchUpdate)":                                            "?",
		quality + "/productRevisions/any(p p/isHotpatchUpdate)":                                          "?",
		quality + "/productRevisions/any(p:p/isHotpatchUpdate":                                           "?",
		quality + "/productRevisions/all(p:p/isHotpatchUpdate)":                                          "?",
		quality + "/productRevisions/any(p:p/productRevisions/any(p:true))": "?",
		"id/any(p:p eq 'x')": "?",
		"'a' eq " + quality + "/productRevisions/any(p:p/isHotpatchUpdate)": "?",
		"releaseDateTime gt '2025-11-10'":                                   "?",
		"releaseDateTime gt 2025-13-10":                                     "?",
		"isof('#" + feature + "')":                                          "?",
		"isof('featureUpdateCatalogEntry')":                                 "?",
		"isof('" + namespace + "azureADDevice')":                            "?",
		"isof(" + feature + ")":                                             "?",
		"isof(id,'" + feature + "')":                                        "?",
		"length(id) eq 1":                                                   "?",
		"contains(id)":                                                      "?",
		"contains(id,5)":                                                    "?",
		"id eq 'f' and length(id) eq 1":                                     "?",
		namespace + "azureADDevice/errors eq null":                          "?",
		"/id eq 'f'":                                                        "?",
		"id/ eq 'f'":                                                        "?",
		"id eq 'f'\x00":                                                     "?",
		"id eq 'f'\tor id eq 'x'":                                           "?",
		strings.Repeat("(", 10000):                                          "?",
		strings.Repeat("(", 65) + "true" + strings.Repeat(")", 65):          "?",
		strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60):          "f q x",
	} {
		t.Run(filter[:min(len(filter), 100)], func(t *testing.T) {
			t.Parallel()
			n := catalogOfThree(t)
			r := n.filtered("/catalog/entries", filter)
			if want == "?" {
				require.Equal(t, http.StatusBadRequest, r.status, r.text)
				require.Equal(t, "BadRequest", r.code())
				return
			}
			require.Equal(t, http.StatusOK, r.status, r.text)
			got := n.list("/catalog/entries?$filter=" + url.QueryEscape(filter))
			require.Equal(t, want, strings.Join(ids(got), " "))
		})
	}
}

func TestFiltersReachIntoDeploymentsAndDevices(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", "a")
	n.add(n.deploy(`{}`), "a", "b")
	paused := n.deploy(`{"schedule":{"startDateTime":"2030-01-01T00:00:00Z"}}`)
	n.patch("/deployments/"+paused, `{"state":{"requestedValue":"paused"}}`)
	require.NoError(t, n.FailRegistration("b", "missingTrustType"))
	audience := n.get("/deployments/" + paused).body["audience"].(object)["id"].(string)
	device := namespace + "azureADDevice/"
	for filter, path := range map[string]string{
		"audience/id eq '" + audience + "'":                                                                     "/deployments",
		"state/effectiveValue eq 'paused'":                                                                      "/deployments",
		"state/reasons/any(r:r/value eq 'pausedByRequest')":                                                     "/deployments",
		"settings/schedule/startDateTime gt 2029-01-01":                                                         "/deployments",
		device + "enrollment/feature/enrollmentState eq 'enrolled'":                                             "/updatableAssets",
		device + "errors/any(e:e/" + namespace + "azureADDeviceRegistrationError/reason eq 'missingTrustType')": "/updatableAssets",
	} {
		r := n.filtered(path, filter)
		require.Equal(t, http.StatusOK, r.status, r.text)
		require.Len(t, r.body["value"], 1, filter)
	}
	content := "content/" + namespace + "catalogContent/catalogEntry/" + namespace + "featureUpdateCatalogEntry/version" +
		" eq '" + version24 + "'"
	require.Len(t, n.filtered("/deployments", content).body["value"], 2)
	require.Equal(t, http.StatusBadRequest, n.filtered("/updatableAssets", "errors/any(e:true)").status)
	require.Equal(t, http.StatusOK, n.filtered("/updatableAssets/"+namespace+"azureADDevice", "errors/any(e:true)").status)
}

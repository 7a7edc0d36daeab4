package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestTheCatalogHasFeatureUpdatesThatStayDeployable(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	builds := map[string]string{}
	for _, entry := range n.list("/catalog/entries?$filter=isof('" + featureCast + "')") {
		version := entry["version"].(string)
		builds[version] = entry["buildNumber"].(string)
		require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, entry["id"])
		until, ends := entry["deployableUntilDateTime"].(string)
		if version == "Windows 11, version 21H2" {
			require.Less(t, until, "2026")
		} else if ends {
			require.Greater(t, until, "2030")
		}
	}
	require.Equal(t, map[string]string{
		"Windows 10, version 22H2": "19045", "Windows 11, version 21H2": "22000", "Windows 11, version 22H2": "22621",
		"Windows 11, version 23H2": "22631", "Windows 11, version 24H2": "26100", "Windows 11, version 25H2": "26200",
		"Windows 11, version 26H1": "28000", "Windows 11, version 26H2": "26300",
	}, builds)
}

func TestTheCatalogHasQualityUpdatesOfAllSorts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	entries := n.list("/catalog/entries?$filter=isof('" + qualityCast + "')")
	require.Len(t, entries, 24)
	for _, entry := range entries {
		require.Regexp(t, "^[0-9a-f]{64}$", entry["id"])
		require.Regexp(t, `^\d\d/\d\d/\d{4} - \d{4}\.\d\d (B|D|OOB) (SecurityUpdate|Update) for Windows 10 and later$`,
			entry["displayName"])
		isSecurity := entry["qualityUpdateClassification"] == "security"
		require.Equal(t, isSecurity, entry["isExpeditable"])
		require.Equal(t, isSecurity, entry["cveSeverityInformation"] != nil)
		require.IsType(t, "", entry["releaseDateTime"])
	}
	for filter, want := range map[string]int{
		qualityCast + "/isExpeditable eq true":                              17,
		qualityCast + "/qualityUpdateCadence eq 'outOfBand'":                3,
		qualityCast + "/productRevisions/any(p:p/isHotpatchUpdate eq true)": 9,
	} {
		require.Len(t, n.filtered("/catalog/entries", filter).body["value"], want, filter)
	}
}

// revisionsOf returns the revisions of a quality update for a build number, as "revision" or "revision
// hotpatch".
func (n *tenant) revisionsOf(name, number string) []string {
	path := "/catalog/entries/" + n.quality(name) + "?$expand=" + qualityCast + "/productRevisions"
	found := []string{}
	for _, item := range n.get(path).body["productRevisions"].([]any) {
		revision, ok := strings.CutPrefix(item.(object)["id"].(string), "10.0."+number+".")
		if item.(object)["isHotpatchUpdate"] == true {
			revision += " hotpatch"
		}
		if ok {
			found = append(found, revision)
		}
	}
	return found
}

func TestAHotpatchIsLowerThanTheCumulativeUpdateOfItsMonthAndBaselinesHaveNone(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, number := range []string{"26100", "26200"} {
		for name, want := range map[string][]string{
			"2025.12 B": {"7462", "7392 hotpatch"}, "2026.01 B": {"7623"}, "2026.02 B": {"7840", "7781 hotpatch"},
			"2026.03 B": {"8037", "7979 hotpatch"}, "2026.03 OOB": {"7982 hotpatch"}, "2026.04 B": {"8246"},
			"2026.05 B": {"8457", "8390 hotpatch"}, "2026.06 B": {"8655"}, "2026.06 D": {"8737"}, "2026.07 B": {"8875"},
			"2026.08 B": {"9168", "9104 hotpatch"}, "2026.09 B": {"9445", "9382 hotpatch"}, "2026.09 OOB": {"9457"},
		} {
			require.Equal(t, want, n.revisionsOf(name, number), name)
		}
	}
	require.Equal(t, []string{"2954"}, n.revisionsOf("2026.09 B", "28000"))
	require.Equal(t, []string{"9457"}, n.revisionsOf("2026.09 OOB", "26300"))
	hotpatches := n.filtered("/products", "revisions/any(r:r/isHotpatchUpdate eq true)")
	require.Len(t, hotpatches.body["value"], 2)
	require.NotContains(t, hotpatches.text, "26H1")
}

func TestAnswersFromTheCatalogHaveContextAndTip(t *testing.T) {
	t.Parallel()
	r := newTenant(t, nil).get("/catalog/entries")
	require.Equal(t, "https://graph.example/beta/$metadata#admin/windows/updates/catalog/entries", r.body["@odata.context"])
	require.Contains(t, r.body, "@microsoft.graph.tips")
}

func TestAnEntryIsFoundByItsID(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.entry(version24)
	require.Equal(t, version24, n.get("/catalog/entries/" + id).body["version"])
	r := n.get("/catalog/entries/nothing")
	require.Equal(t, http.StatusNotFound, r.status)
	require.Equal(t, "NotFound", r.code())
}

func TestAnEmptySimulatorHasNoCatalog(t *testing.T) {
	t.Parallel()
	require.Empty(t, newTenant(t, &simulator.Options{Empty: true}).list("/catalog/entries"))
}

func TestAnAddedEntryIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Empty: true})
	members := object{
		"@odata.type": "#" + namespace + "moonUpdateCatalogEntry", "phase": "new",
		"releaseDateTime": time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), "craters": []int{1, 2},
	}
	id, err := n.AddEntry(members)
	require.NoError(t, err)
	require.Regexp(t, "^[0-9a-f]{64}$", id)
	require.NotContains(t, members, "id")
	members["phase"] = "full"
	require.Equal(t, []object{{
		"@odata.type": "#" + namespace + "moonUpdateCatalogEntry", "id": id, "phase": "new",
		"releaseDateTime": "2025-01-02T03:04:05Z", "craters": []any{1.0, 2.0},
	}}, n.list("/catalog/entries"))
}

func TestAddedEntriesGetIDsOfTheirForm(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id, err := n.AddEntry(object{"@odata.type": namespace + "featureUpdateCatalogEntry"})
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, id)
	id, err = n.AddEntry(object{"@odata.type": "#" + qualityCast, "id": "mine"})
	require.NoError(t, err)
	require.Equal(t, "mine", id)
}

func TestEntriesThatCannotBeAdded(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Empty: true})
	_, err := n.AddEntry(object{"@odata.type": "#" + qualityCast, "id": "taken"})
	require.NoError(t, err)
	for name, members := range map[string]object{
		"nothing":   nil,
		"no type":   {"id": "x"},
		"taken id":  {"@odata.type": "#" + qualityCast, "id": "taken"},
		"empty id":  {"@odata.type": "#" + qualityCast, "id": ""},
		"number id": {"@odata.type": "#" + qualityCast, "id": 5},
		"not JSON":  {"@odata.type": "#" + qualityCast, "phase": func() {}},
	} {
		_, err := n.AddEntry(members)
		require.ErrorContains(t, err, "simulator: add entry", name)
	}
	require.Len(t, n.list("/catalog/entries"), 1)
}

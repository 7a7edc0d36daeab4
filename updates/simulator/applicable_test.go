package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const driverCast = namespace + "driverUpdateCatalogEntry"

// driverFor is a new driver that devices need and Microsoft recommends.
func (n *tenant) driverFor(devices ...string) string {
	id := n.AddDriver("Contoso", "Firmware", "1.2.3")
	require.NoError(n.t, n.MakeApplicable(id, []string{"Microsoft"}, devices...))
	return id
}

// audienceOf is an audience of devices that are enrolled for drivers.
func (n *tenant) audienceOf(devices ...string) string {
	n.enroll("driver", devices...)
	id := n.audience()
	n.mustAccept(n.update(id, `{"addMembers":`+typed(devices...)+`}`))
	return id
}

// applicable are the IDs of the content that is applicable to an audience.
func (n *tenant) applicable(audience string) []string {
	found := []string{}
	for _, item := range n.list("/deploymentAudiences/" + audience + "/applicableContent") {
		found = append(found, item["catalogEntryId"].(string))
	}
	return found
}

// matched are the IDs of devices in the pages that a path leads to.
func (n *tenant) matched(path string) []string {
	found := []string{}
	for path != "" {
		r := n.get(path)
		require.Equal(n.t, http.StatusOK, r.status, r.text)
		for _, item := range r.body["value"].([]any) {
			found = append(found, item.(object)["deviceId"].(string))
		}
		next, _ := r.body["@odata.nextLink"].(string)
		path = strings.TrimPrefix(next, root)
	}
	return found
}

func TestADriverIsFoundThroughTheDevicesThatNeedIt(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Empty: true})
	driver := n.AddDriver("Contoso", "Firmware", "1.2.3")
	audience := n.audienceOf(deviceA, deviceB, deviceC)
	require.Regexp(t, "^[0-9a-f]{64}$", driver)
	require.Empty(t, n.list("/catalog/entries"))
	require.Empty(t, n.applicable(audience))

	require.NoError(t, n.MakeApplicable(driver, []string{"Microsoft", "Contoso"}, deviceA, stranger))
	require.NoError(t, n.MakeApplicable(driver, nil, deviceB))
	path := "/deploymentAudiences/" + audience + "/applicableContent"
	require.Equal(t, []object{{"catalogEntryId": driver}}, n.list(path))
	require.Equal(t, []object{
		{"deviceId": deviceA, "recommendedBy": []any{"Microsoft", "Contoso"}},
		{"deviceId": deviceB, "recommendedBy": []any{}},
	}, n.list(path+"/"+driver+"/matchedDevices"))

	require.NoError(t, n.MakeNotApplicable(driver, deviceA, deviceC))
	require.Equal(t, []string{deviceB}, n.matched(path+"('"+driver+"')/matchedDevices"))
	require.NoError(t, n.MakeNotApplicable(driver, deviceB))
	require.Empty(t, n.applicable(audience))
	require.Empty(t, n.list(path+"/"+driver+"/matchedDevices"))
	require.Equal(t, http.StatusNotFound, n.get(path+"/"+driver).status)
}

func TestOnlyEnrolledMembersCount(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.driverFor(deviceA)
	audience := n.audience()
	n.mustAccept(n.update(audience, `{"addMembers":`+typed(deviceA)+`}`))
	require.Empty(t, n.applicable(audience), "not enrolled")
	n.enroll("feature", deviceA)
	require.Empty(t, n.applicable(audience), "enrolled for something else")
	n.enroll("driver", deviceA)
	require.Equal(t, []string{driver}, n.applicable(audience))
	n.mustAccept(n.update(audience, `{"addExclusions":`+typed(deviceA)+`}`))
	require.Empty(t, n.applicable(audience), "excluded")
}

func TestExpandedContentHasItsEntryAndALinkToItsDevices(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 2})
	driver := n.driverFor(deviceA, deviceB, deviceC)
	audience := n.audienceOf(deviceA, deviceB, deviceC)
	path := "/deploymentAudiences/" + audience + "/applicableContent"
	items := n.list(path + "?$expand=catalogEntry,matchedDevices")
	require.Len(t, items, 1)
	require.Equal(t, []any{}, items[0]["matchedDevices"])
	link := items[0]["matchedDevices@odata.nextLink"].(string)
	require.Contains(t, link, "/matchedDevices?$skiptoken=")
	require.Equal(t, []string{deviceA, deviceB, deviceC}, n.matched(strings.TrimPrefix(link, root)))
	entry := items[0]["catalogEntry"].(object)
	require.Equal(t, driver, entry["id"])
	require.Equal(t, "#"+driverCast, entry["@odata.type"])
	require.Equal(t, "Contoso - Firmware - 1.2.3", entry["displayName"])

	items = n.list(path + "?$expand=catalogEntry")
	require.NotContains(t, items[0], "matchedDevices")
	require.NotContains(t, items[0], "matchedDevices@odata.nextLink")
	one := n.get(path + "/" + driver + "?$expand=matchedDevices").body
	require.Equal(t, link, one["matchedDevices@odata.nextLink"])
	require.NotContains(t, one, "catalogEntry")
}

func TestContentAndItsDevicesComeInPages(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.audienceOf(devices(101)...)
	for range 101 {
		n.driverFor(devices(1)...)
	}
	last := n.driverFor(devices(101)...)
	path := "/deploymentAudiences/" + audience + "/applicableContent?$expand=catalogEntry,matchedDevices"
	first := n.get(path).body
	require.Len(t, first["value"], 100)
	second := n.list(strings.TrimPrefix(first["@odata.nextLink"].(string), root))
	require.Len(t, second, 2)
	require.Equal(t, last, second[1]["catalogEntryId"])

	link := strings.TrimPrefix(second[1]["matchedDevices@odata.nextLink"].(string), root)
	require.Len(t, n.list(link), 100)
	require.ElementsMatch(t, devices(101), n.matched(link))
	n.SetQuirks(simulator.Quirks{EmptyPages: true})
	require.Empty(t, n.list(link))
	require.ElementsMatch(t, devices(101), n.matched(link))
}

func TestAnIDOfAnEntryIsWrittenIntoALinkSoThatItCanBeRead(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	const id = "it's/(x) ?"
	_, err := n.AddEntry(object{"@odata.type": "#" + driverCast, "id": id})
	require.NoError(t, err)
	require.NoError(t, n.MakeApplicable(id, nil, deviceA))
	items := n.list("/deploymentAudiences/" + n.audienceOf(deviceA) + "/applicableContent?$expand=matchedDevices")
	require.Equal(t, []string{deviceA}, n.matched(strings.TrimPrefix(items[0]["matchedDevices@odata.nextLink"].(string), root)))
}

func TestDevicesComeWithTheContentAsTheyDidIn2023(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{InlineMatches: true}})
	driver := n.driverFor(deviceA, deviceB)
	path := "/deploymentAudiences/" + n.audienceOf(deviceA, deviceB) + "/applicableContent"
	for _, query := range []string{"", "?$expand=catalogEntry", "?$expand=catalogEntry,matchedDevices"} {
		item := n.list(path + query)[0]
		require.Equal(t, []any{
			object{"deviceId": deviceA, "recommendedBy": []any{"Microsoft"}}, object{"deviceId": deviceB, "recommendedBy": []any{"Microsoft"}},
		}, item["matchedDevices"], query)
		require.NotContains(t, item, "matchedDevices@odata.nextLink", query)
	}
	require.Len(t, n.get(path + "/" + driver).body["matchedDevices"], 2)
}

func TestContentIsReachedThroughWhateverHasTheAudience(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.driverFor(deviceA)
	audience := n.audienceOf(deviceA)
	policy := n.updatePolicy(audience, ``)
	deployment := n.approve(policy, driver, ``)
	for _, owner := range []string{
		"/deploymentAudiences/" + audience, "/deployments/" + deployment + "/audience", "/updatePolicies/" + policy + "/audience",
	} {
		path := owner + "/applicableContent"
		items := n.list(path + "?$expand=matchedDevices")
		require.Len(t, items, 1, owner)
		require.Equal(t, []string{deviceA}, n.matched(strings.TrimPrefix(items[0]["matchedDevices@odata.nextLink"].(string), root)), owner)
		require.Equal(t, driver, n.get(path + "/" + driver).body["catalogEntryId"], owner)
		require.Equal(t, http.StatusNotFound, n.get(path+"/nothing").status, owner)
		require.Equal(t, http.StatusNotFound, n.get(path+"/nothing/matchedDevices").status, owner)
		require.Equal(t, http.StatusMethodNotAllowed, n.post(path, `{}`).status, owner)
	}
}

func TestContentCanBeSelectedAndFiltered(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver, other := n.driverFor(deviceA), n.driverFor(deviceA)
	path := "/deploymentAudiences/" + n.audienceOf(deviceA) + "/applicableContent"
	found := n.filtered(path, "catalogEntryId eq '"+other+"'").body["value"].([]any)
	require.Equal(t, []any{object{"catalogEntryId": other}}, found)
	require.Equal(t, []object{{"deviceId": deviceA}}, n.list(path+"/"+driver+"/matchedDevices?$select=deviceId"))
	require.Len(t, n.list(path+"?$top=1"), 1)
}

func TestADriverIsOfferedToEnrolledDevicesThatNeedIt(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.driverFor(deviceA, deviceB)
	audience := n.audienceOf(deviceA, deviceC)
	n.mustAccept(n.update(audience, `{"addMembers":`+typed(deviceB)+`}`))
	deployment := n.approve(n.updatePolicy(audience, ``), driver, ``)
	require.Equal(t, []string{deviceA}, n.offered(deployment))
	n.enroll("driver", deviceB)
	require.Equal(t, []string{deviceA, deviceB}, n.offered(deployment))
	require.NoError(t, n.MakeApplicable(driver, nil, deviceC))
	require.Equal(t, []string{deviceA, deviceB, deviceC}, n.offered(deployment))
}

func TestADriverIsOfferedWhileItIsRecommended(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.AddDriver("Contoso", "Net", "2")
	require.NoError(t, n.MakeApplicable(driver, []string{"Contoso"}, deviceA))
	require.NoError(t, n.MakeApplicable(driver, []string{"Fabrikam", "MICROSOFT"}, deviceB))
	policy := n.updatePolicy(n.audienceOf(deviceA, deviceB), ``)
	recommended := n.approve(policy, driver, `{"contentApplicability":{"offerWhileRecommendedBy":["microsoft"]}}`)
	anyway := n.approve(policy, driver, `{"contentApplicability":{"offerWhileRecommendedBy":[]}}`)
	require.Equal(t, []string{deviceB}, n.offered(recommended))
	require.Equal(t, []string{deviceA, deviceB}, n.offered(anyway))
	require.NoError(t, n.MakeApplicable(driver, []string{"Microsoft"}, deviceA))
	require.ElementsMatch(t, []string{deviceA, deviceB}, n.offered(recommended))
}

func TestADriverThatIsNoLongerNeededIsNotOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		driver := n.driverFor(deviceA, deviceB)
		deployment := n.approve(n.updatePolicy(n.audienceOf(deviceA, deviceB), ``), driver, `{"schedule":{"startDateTime":"2000-01-08T00:00:00Z"}}`)
		require.NoError(t, n.MakeNotApplicable(driver, deviceA))
		<-time.After(8 * day)
		require.Equal(t, []simulator.Offer{{DeviceID: deviceB, At: time.Date(2000, 1, 8, 0, 0, 0, 0, time.UTC)}}, n.Offers(deployment))
	})
}

func TestMatchesThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.AddDriver("Contoso", "Net", "2")
	audience := n.audienceOf(deviceA)
	require.ErrorContains(t, n.MakeApplicable("nothing", nil, deviceA), `catalog entry "nothing" does not exist`)
	require.ErrorContains(t, n.MakeNotApplicable("nothing", deviceA), `catalog entry "nothing" does not exist`)
	require.ErrorContains(t, n.MakeApplicable(driver, nil, deviceA, ""), "must be GUIDs")
	require.ErrorContains(t, n.MakeNotApplicable(driver, ""), "must be GUIDs")
	require.Empty(t, n.applicable(audience))
}

func TestTheVendorsOfADriverAreCopied(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver, vendors := n.AddDriver("Contoso", "Net", "2"), []string{"Contoso"}
	require.NoError(t, n.MakeApplicable(driver, vendors, deviceA))
	vendors[0] = "Fabrikam"
	path := "/deploymentAudiences/" + n.audienceOf(deviceA) + "/applicableContent/" + driver + "/matchedDevices"
	require.Equal(t, []any{"Contoso"}, n.list(path)[0]["recommendedBy"])
}

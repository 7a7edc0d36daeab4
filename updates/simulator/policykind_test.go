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

// policyFor creates a policy for a kind of updates, such as feature, with rules in JSON.
func (n *tenant) policyFor(kind string, rules ...string) string {
	body := strings.Replace(qualityPolicyOf(strings.Join(rules, ",")), "qualityUpdatePolicy", kind+"UpdatePolicy", 1)
	r := n.post("/policies", body)
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

// ringFor creates a ring like [tenant.ring] for a kind of updates.
func (n *tenant) ringFor(kind, policyID, members string) string {
	r := n.post("/policies/"+policyID+"/rings", ringOfKind(kind, members))
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

func ringOfKind(kind, members string) string {
	return strings.Replace(ringOf(members), "qualityUpdateRing", kind+"UpdateRing", 1)
}

// released adds a feature update that is released now.
func (n *tenant) released() string {
	id, err := n.AddEntry(object{"@odata.type": "#" + namespace + "featureUpdateCatalogEntry", "releaseDateTime": n.Now()})
	require.NoError(n.t, err)
	return id
}

const recommendedDrivers = `{"@odata.type":"#` + namespace + `driverUpdateApprovalRule","deferralInDays":3}`

func TestPoliciesOfAllKindsAreSentBackAsTheyWereMade(t *testing.T) {
	t.Parallel()
	for kind, rules := range map[string]string{"quality": monthlySecurity, "feature": "", "driver": recommendedDrivers} {
		n := newTenant(t, nil)
		id := n.policyFor(kind, rules)
		r := n.get("/policies/" + id)
		require.Equal(t, "#"+namespace+kind+"UpdatePolicy", r.body["@odata.type"])
		require.JSONEq(t, "["+rules+"]", text(r.body["approvalRules"]))
		require.Len(t, n.list("/policies?$filter=isof('"+namespace+kind+"UpdatePolicy')"), 1)

		ring := n.get("/policies/" + id + "/rings/" + n.ringFor(kind, id, `"deferralInDays":2`))
		require.Equal(t, "#"+namespace+kind+"UpdateRing", ring.body["@odata.type"])
		require.Equal(t, kind == "quality", strings.Contains(ring.text, "isHotpatchEnabled"))
		require.Equal(t, kind == "feature", strings.Contains(ring.text, "offerIntervalInDays"))
		require.Equal(t, kind == "feature", strings.Contains(ring.text, "offerDurationInDays"))
	}
}

func TestAFeatureRingIsChangedInParts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.policyFor("feature")
	path := "/policies/" + policy + "/rings/" + n.ringFor("feature", policy, `"offerIntervalInDays":7,"offerDurationInDays":28`)
	r := n.patch(path, `{"offerIntervalInDays":0,"deferralInDays":90,"isHotpatchEnabled":true}`)
	require.Equal(t, http.StatusOK, r.status, r.text)
	require.EqualValues(t, 0, r.body["offerIntervalInDays"])
	require.EqualValues(t, 28, r.body["offerDurationInDays"])
	require.EqualValues(t, 90, r.body["deferralInDays"])
	require.NotContains(t, r.body, "isHotpatchEnabled")
	require.Nil(t, n.patch(path, `{"offerDurationInDays":null}`).body["offerDurationInDays"])
	for _, body := range []string{`{"offerIntervalInDays":-1}`, `{"offerDurationInDays":1.5}`, `{"offerIntervalInDays":"P7D"}`} {
		require.Equal(t, http.StatusBadRequest, n.patch(path, body).status, body)
	}
	rings := "/policies/" + policy + "/rings"
	require.Len(t, n.filtered(rings, namespace+"featureUpdateRing/offerIntervalInDays eq 0").body["value"], 1)
}

func TestAPolicyAcceptsItsOwnKindsOnly(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policies := map[string]string{}
	for _, kind := range []string{"quality", "feature", "driver"} {
		policies[kind] = n.policyFor(kind)
	}
	driver := n.AddDriver("Contoso", "Display", "1.0")
	entries := map[string]string{"quality": n.quality("2025.11 B"), "feature": n.entry(version24), "driver": driver}
	rules := map[string]string{"quality": monthlySecurity, "driver": recommendedDrivers}
	for kind, id := range policies {
		for other := range policies {
			want := http.StatusBadRequest
			if other == kind {
				want = http.StatusCreated
			}
			approval := `{"status":"approved","catalogEntryId":"` + entries[other] + `"}`
			require.Equal(t, want, n.post("/policies/"+id+"/approvals", approval).status, kind+other)
			require.Equal(t, want, n.post("/policies/"+id+"/rings", ringOfKind(other, "")).status, kind+other)
			if rules[other] != "" && other != kind {
				require.Equal(t, want, n.patch("/policies/"+id, `{"approvalRules":[`+rules[other]+`]}`).status, kind+other)
			}
		}
	}
	require.Equal(t, http.StatusCreated, n.post("/policies", `{"@odata.type":"`+namespace+
		`featureUpdatePolicy","displayName":"No rules","description":""}`).status)
}

func TestAnAbstractPolicyIsOfTheKindOfItsRules(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for rule, want := range map[string]string{monthlySecurity: "quality", recommendedDrivers: "driver", "": "quality"} {
		r := n.post("/policies", strings.Replace(qualityPolicyOf(rule), "qualityUpdatePolicy", "policy", 1))
		require.Equal(t, "#"+namespace+want+"UpdatePolicy", r.body["@odata.type"], r.text)
		r = n.post("/policies/"+r.body["id"].(string)+"/rings", strings.Replace(ringOf(""), "qualityUpdateRing", "ring", 1))
		require.Equal(t, "#"+namespace+want+"UpdateRing", r.body["@odata.type"], r.text)
	}
}

func TestPoliciesOfAllKindsCanHaveTheirAbstractNames(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{AbstractTypes: true, CreatedIs200: true}})
	for _, kind := range []string{"quality", "feature", "driver"} {
		r := n.post("/policies", strings.Replace(qualityPolicyOf(""), "qualityUpdatePolicy", kind+"UpdatePolicy", 1))
		require.Equal(t, http.StatusOK, r.status)
		require.Equal(t, "#"+namespace+"policy", r.body["@odata.type"])
		r = n.post("/policies/"+r.body["id"].(string)+"/rings", ringOfKind(kind, ""))
		require.Equal(t, http.StatusOK, r.status)
		require.Equal(t, "#"+namespace+"ring", r.body["@odata.type"])
	}
	require.Equal(t, http.StatusCreated, n.post("/deploymentAudiences", `{}`).status)
}

func TestARingOffersAPartOfItsDevicesEachInterval(t *testing.T) {
	t.Parallel()
	orders := map[string]bool{}
	for seed := range uint64(3) {
		synctest.Test(t, func(t *testing.T) {
			n := newTenant(t, &simulator.Options{Seed: seed})
			all := devices(8)
			require.NoError(t, n.PutGroup("in", all...))
			n.enroll("feature", all[:7]...)
			policy := n.policyFor("feature")
			ring := n.ringFor("feature", policy, `"deferralInDays":2,"offerIntervalInDays":7,"offerDurationInDays":20`)
			entry := n.released()
			n.decide(policy, entry, "approved")
			n.Advance(2*day - 1)
			require.Empty(t, n.RingOffers(ring))
			n.Advance(60 * day)
			counts, order := map[float64]int{}, ""
			for _, o := range n.RingOffers(ring) {
				require.Equal(t, entry, o.EntryID)
				require.NotEqual(t, all[7], o.DeviceID)
				counts[o.At.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Hours()/24]++
				order += o.DeviceID[len(o.DeviceID)-1:]
			}
			require.Equal(t, map[float64]int{2: 3, 9: 2, 16: 2}, counts)
			orders[order] = true
		})
	}
	require.Greater(t, len(orders), 1)
}

func TestWithoutAnIntervalOrADurationARingOffersToAllAtOnce(t *testing.T) {
	t.Parallel()
	for _, members := range []string{"", `"offerIntervalInDays":0,"offerDurationInDays":28`, `"offerIntervalInDays":7`} {
		synctest.Test(t, func(t *testing.T) {
			n := newTenant(t, nil)
			require.NoError(t, n.PutGroup("in", deviceA, deviceB))
			n.enroll("feature", deviceA, deviceB)
			policy := n.policyFor("feature")
			ring := n.ringFor("feature", policy, members)
			n.decide(policy, n.released(), "approved")
			n.Advance(0)
			require.Len(t, n.RingOffers(ring), 2, members)
		})
	}
}

func TestADeviceThatIsEnrolledLateIsOfferedWhatItsPartWasOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		policy := n.policyFor("feature")
		ring := n.ringFor("feature", policy, `"offerIntervalInDays":1,"offerDurationInDays":5`)
		approval := n.decide(policy, n.released(), "approved")
		n.Advance(30 * day)
		require.Empty(t, n.RingOffers(ring))
		n.patch("/policies/"+policy+"/rings/"+ring, `{"isPaused":true}`)
		n.enroll("feature", deviceA)
		require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceA, "feature"))
		require.Empty(t, n.RingOffers(ring))
		n.patch("/policies/"+policy+"/rings/"+ring, `{"isPaused":false}`)
		require.Len(t, n.RingOffers(ring), 1)

		n.patch(approval, `{"status":"suspended"}`)
		n.enroll("feature", deviceB)
		require.Equal(t, "enrolled", n.enrollment(deviceB, "feature"))
		require.NoError(t, n.PutGroup("in", deviceB))
		require.Len(t, n.RingOffers(ring), 1)
		require.Equal(t, "enrolled", n.enrollment(deviceA, "feature"))
		require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceB, "feature"))
	})
}

func TestARuleApprovesDriversThatAreRecommendedForItsDevices(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA, deviceB, deviceC))
		n.enroll("driver", deviceA, deviceB)
		policy := n.policyFor("driver", recommendedDrivers)
		ring := n.ringFor("driver", policy, `"deferralInDays":2`)
		recommended, other := n.AddDriver("Contoso", "Display", "1.0"), n.AddDriver("Contoso", "Display", "2.0")
		require.NoError(t, n.MakeApplicable(recommended, []string{"Microsoft"}, deviceA, deviceC, deviceD))
		require.NoError(t, n.MakeApplicable(other, nil, deviceA, deviceB))
		n.Advance(5*day - 1)
		require.Empty(t, n.RingOffers(ring))
		n.Advance(20 * day)
		require.Equal(t, []string{recommended + " to a on day 5"}, n.offers(ring))

		n.Advance(1)
		n.decide(policy, other, "approved")
		n.Advance(2 * day)
		require.Equal(t, []string{recommended + " to a on day 5", other + " to a on day 27", other + " to b on day 27"}, n.offers(ring))
	})
}

func TestAPolicysCatalogsAreWhatItsDevicesNeed(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.NoError(t, n.PutGroup("in", deviceA, deviceB, deviceC))
	n.enroll("driver", deviceA, deviceB)
	policy := n.policyFor("driver")
	n.ringFor("driver", policy, "")
	n.ringFor("driver", policy, "")
	catalogs := "/policies/" + policy + "/applicableCatalogs"
	require.Empty(t, n.list(catalogs))

	driver, plain := n.AddDriver("Contoso", "Display", "1.0"), n.AddDriver("Contoso", "Audio", "2.0")
	require.NoError(t, n.MakeApplicable(driver, []string{"Microsoft"}, deviceB, deviceC))
	require.NoError(t, n.MakeApplicable(driver, nil, deviceA))
	require.NoError(t, n.MakeApplicable(plain, nil, deviceA))
	require.NoError(t, n.MakeApplicable(n.entry(version24), nil, deviceA))
	require.JSONEq(t, `[{"id":"`+driver+`","deviceCount":2,"hasRecommendedDevice":true},
		{"id":"`+plain+`","deviceCount":1,"hasRecommendedDevice":false}]`, text(n.list(catalogs)))
	one := n.get(catalogs + "/" + driver)
	require.Equal(t, http.StatusOK, one.status)
	require.EqualValues(t, 2, one.body["deviceCount"])
	require.JSONEq(t, `[{"id":"`+deviceA+`","isRecommended":false},{"id":"`+deviceB+`","isRecommended":true}]`,
		text(n.list(catalogs+"/"+driver+"/devices")))
	require.Len(t, n.list("/policies/"+policy+"/applicableContent"), 2)

	require.NoError(t, n.MakeNotApplicable(driver, deviceA, deviceB))
	require.Equal(t, []string{plain}, ids(n.list(catalogs)))
	require.Empty(t, n.list(catalogs+"/"+driver+"/devices"))
	require.Equal(t, http.StatusNotFound, n.get(catalogs+"/"+driver).status)
	require.Equal(t, http.StatusNotFound, n.get(catalogs+"/none/devices").status)
	require.Equal(t, http.StatusNotFound, n.get("/policies/none/applicableCatalogs").status)
}

func TestCatalogsOfAPolicyAcceptDocumentedOptionsOnly(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 1})
	require.NoError(t, n.PutGroup("in", deviceA, deviceB))
	policy := n.policyFor("quality")
	n.ring(policy, "")
	catalogs := "/policies/" + policy + "/applicableCatalogs"
	for _, name := range []string{"2025.11 B", "2025.10 B"} {
		require.NoError(t, n.MakeApplicable(n.quality(name), nil, deviceA, deviceB))
	}
	first := n.quality("2025.11 B")
	r := n.get(catalogs + "?$count=true&$orderby=deviceCount&$select=id&$top=2&$filter=hasRecommendedDevice%20eq%20false")
	require.EqualValues(t, 2, r.body["@odata.count"], r.text)
	next, _ := strings.CutPrefix(r.body["@odata.nextLink"].(string), root)
	require.Equal(t, []string{n.quality("2025.10 B")}, ids(n.list(next)))
	for _, path := range []string{
		catalogs + "?$skip=1", catalogs + "?$expand=catalogEntry", catalogs + "?expand=devices", catalogs + "/" + first + "?$select=id",
		catalogs + "/" + first + "/devices?$skip=1", catalogs + "?$search=x",
	} {
		require.Equal(t, http.StatusBadRequest, n.get(path).status, path)
	}
	require.Equal(t, http.StatusOK, n.get(catalogs+"/"+first+"?unrelated=1").status)
	require.Equal(t, http.StatusMethodNotAllowed, n.post(catalogs, `{}`).status)
}

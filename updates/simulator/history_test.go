package simulator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// history makes random changes of policies with rings and of devices, and keeps what must follow.
type history struct {
	*tenant
	random   *rand.Rand
	devices  []string
	drivers  []string
	policies []*historicPolicy
	groups   map[string][]string // devices by group
	profiles map[string]string   // paths by device
}

type historicPolicy struct {
	id, kind string
	rings    []historicRing
}

// historicRing is a ring with the group that it includes.
type historicRing struct{ id, group string }

func newHistory(t *testing.T, seed uint64) *history {
	opts := &simulator.Options{Seed: seed, Start: october2026, InstallWithin: time.Duration(seed%3) * 5 * day}
	return &history{
		tenant: newTenant(t, opts), random: rand.New(rand.NewPCG(seed, 1)), devices: devices(9),
		groups: map[string][]string{}, profiles: map[string]string{},
	}
}

// begin sets up some policies with rings for enrolled devices.
func (h *history) begin() {
	h.putGroup()
	for range 4 {
		h.addPolicy()
		h.addRing()
	}
	h.enroll("feature", h.devices...)
	h.enroll("driver", h.devices...)
}

func pick[T any](h *history, from []T) T { return from[h.random.IntN(len(from))] }

func (h *history) some() []string {
	return slices.DeleteFunc(slices.Clone(h.devices), func(string) bool { return h.random.IntN(2) == 0 })
}

// step makes one change, which must succeed.
func (h *history) step() {
	changes := []func(){
		h.putGroup, h.addPolicy, h.addRing, h.addRing, h.changeRing, h.removePolicy, h.decideRandomly, h.decideRandomly, h.addDriver,
		h.putProfile, h.installSomething, h.installSomething, h.goBack, h.reportDriver,
		func() { h.enroll(pick(h, []string{"feature", "driver"}), h.some()...) },
		func() { h.unenroll(pick(h, []string{"feature", "driver"}), pick(h, h.devices)) },
		func() { h.Advance(time.Duration(h.random.IntN(20*24)) * time.Hour) },
	}
	pick(h, changes)()
}

func (h *history) putGroup() {
	group := pick(h, []string{"g1", "g2", "g3"})
	h.groups[group] = h.some()
	require.NoError(h.t, h.PutGroup(group, h.groups[group]...))
}

func (h *history) addPolicy() {
	kind := pick(h, []string{"quality", "feature", "driver"})
	rules := map[string]string{"quality": monthlySecurity, "driver": recommendedDrivers}
	h.policies = append(h.policies, &historicPolicy{h.policyFor(kind, rules[kind]), kind, nil})
}

func (h *history) addRing() {
	if len(h.policies) == 0 {
		return
	}
	p, group := pick(h, h.policies), pick(h, []string{"g1", "g2", "g3"})
	body := ringOfKind(p.kind, fmt.Sprintf(`"deferralInDays":%d,"offerIntervalInDays":%d,"offerDurationInDays":%d`,
		h.random.IntN(9), h.random.IntN(4), h.random.IntN(20)))
	r := h.post("/policies/"+p.id+"/rings", strings.Replace(body, `"in"`, `"`+group+`"`, 1))
	require.Equal(h.t, http.StatusCreated, r.status, r.text)
	p.rings = append(p.rings, historicRing{r.body["id"].(string), group})
}

func (h *history) changeRing() {
	if len(h.policies) == 0 {
		return
	}
	p := pick(h, h.policies)
	for _, r := range p.rings {
		body := fmt.Sprintf(`{"isPaused":%t,"deferralInDays":%d}`, h.random.IntN(4) == 0, h.random.IntN(9))
		require.Equal(h.t, http.StatusOK, h.patch("/policies/"+p.id+"/rings/"+r.id, body).status)
	}
}

func (h *history) removePolicy() {
	if len(h.policies) > 4 {
		require.Equal(h.t, http.StatusNoContent, h.delete("/policies/"+h.policies[0].id).status)
		h.policies = h.policies[1:]
	}
}

func (h *history) decideRandomly() {
	if len(h.policies) == 0 {
		return
	}
	p := pick(h, h.policies)
	entries := map[string][]string{
		"quality": {h.quality("2026.09 B"), h.quality("2026.08 B")}, "feature": {h.entry("Windows 11, version 26H2"), h.entry(version24)},
		"driver": h.drivers,
	}[p.kind]
	if len(entries) > 0 {
		h.decide(p.id, pick(h, entries), pick(h, []string{"approved", "approved", "suspended"}))
	}
}

func (h *history) addDriver() {
	id := h.AddDriver("Contoso", "Display", fmt.Sprint(len(h.drivers)))
	h.drivers = append(h.drivers, id)
	require.NoError(h.t, h.MakeApplicable(id, pick(h, [][]string{nil, {"Microsoft"}}), h.some()...))
}

func (h *history) putProfile() {
	device := pick(h, h.devices)
	if h.profiles[device] == "" {
		build := pick(h, []string{"10.0.26100.8246", "10.0.26200.9168", "10.0.28000.2113", "10.0.26200.8875", "unknown"})
		h.profiles[device] = h.profile(simulator.Profile{DeviceID: device, Build: build, HotpatchReadiness: pick(h, []string{"ready", ""})})
	}
}

// installSomething installs an update if it applies, and then the device does not need it.
func (h *history) installSomething() {
	device := pick(h, h.devices)
	entry := pick(h, append([]string{h.quality("2026.09 B"), h.entry("Windows 11, version 26H2")}, h.drivers...))
	if h.Install(device, entry) == nil {
		require.ErrorContains(h.t, h.Install(device, entry), "does not apply")
	}
}

// goBack installs an update and undoes it, which restores the build.
func (h *history) goBack() {
	device, entry := pick(h, h.devices), h.quality("2026.08 B")
	if h.profiles[device] == "" {
		return
	}
	before := h.build(h.profiles[device])
	if h.Install(device, entry) == nil {
		require.NotEqual(h.t, before, h.build(h.profiles[device]))
		require.NoError(h.t, h.Uninstall(device, entry))
		require.Equal(h.t, before, h.build(h.profiles[device]))
	}
}

func (h *history) reportDriver() {
	if len(h.drivers) > 0 {
		require.NoError(h.t, h.ReportDriver(pick(h, h.drivers), pick(h, h.devices), "installing", "downloadStart"))
	}
}

// devicesOf are the devices in the rings of a policy.
func (h *history) devicesOf(p *historicPolicy) map[string]bool {
	found := map[string]bool{}
	for _, r := range p.rings {
		for _, device := range h.groups[r.group] {
			found[device] = true
		}
	}
	return found
}

// check compares the data area with what was changed, and with other routes.
func (h *history) check() {
	assigned := map[string]bool{}
	for _, a := range h.list("/data/policyAssignments") {
		assigned[a["policyId"].(string)+a["azureAdDeviceId"].(string)] = true
	}
	count := 0
	needed := map[string]map[string]bool{} // devices by entry
	for _, p := range h.policies {
		devices := h.devicesOf(p)
		count += len(devices)
		for device := range devices {
			require.True(h.t, assigned[p.id+device])
		}
		h.checkCatalogs(p, devices, needed)
		h.checkOffers(p)
	}
	require.Len(h.t, assigned, count)
	h.checkSummaries(needed)
	h.checkDrivers()
}

// checkCatalogs compares the catalogs of a policy with its applicable content.
func (h *history) checkCatalogs(p *historicPolicy, devices map[string]bool, needed map[string]map[string]bool) {
	catalogs := h.list("/policies/" + p.id + "/applicableCatalogs")
	require.Len(h.t, h.list("/policies/"+p.id+"/applicableContent"), len(catalogs))
	for _, c := range catalogs {
		id := c["id"].(string)
		some := h.list("/policies/" + p.id + "/applicableCatalogs/" + id + "/devices")
		matches := h.list("/policies/" + p.id + "/applicableContent/" + id + "/matchedDevices")
		require.EqualValues(h.t, len(some), c["deviceCount"])
		require.Len(h.t, matches, len(some))
		if needed[id] == nil {
			needed[id] = map[string]bool{}
		}
		recommended := false
		for i, d := range some {
			require.Equal(h.t, matches[i]["deviceId"], d["id"])
			require.Equal(h.t, len(matches[i]["recommendedBy"].([]any)) > 0, d["isRecommended"])
			require.True(h.t, devices[d["id"].(string)])
			recommended = recommended || d["isRecommended"].(bool)
			needed[id][d["id"].(string)] = true
		}
		require.Equal(h.t, recommended, c["hasRecommendedDevice"])
	}
}

func (h *history) checkSummaries(needed map[string]map[string]bool) {
	summaries := h.list("/data/applicableCatalogSummaries")
	require.Len(h.t, summaries, len(needed))
	for _, s := range summaries {
		id := s["id"].(string)
		require.EqualValues(h.t, len(needed[id]), s["aggregatedDeviceCount"])
		require.Len(h.t, h.list("/data/applicableCatalogSummaries/"+id+"/aggregatedDevices"), len(needed[id]))
	}
}

// checkOffers requires that nothing is offered twice, and no cumulative update after a newer one.
func (h *history) checkOffers(p *historicPolicy) {
	for _, ring := range p.rings {
		seen, last := map[string]bool{}, map[string]string{}
		for _, o := range h.RingOffers(ring.id) {
			require.False(h.t, seen[o.EntryID+o.DeviceID])
			require.False(h.t, o.At.After(h.Now()))
			seen[o.EntryID+o.DeviceID] = true
			if p.kind != "driver" {
				released := h.get("/catalog/entries/" + o.EntryID).body["releaseDateTime"].(string)
				require.Greater(h.t, released, last[o.DeviceID])
				last[o.DeviceID] = released
			}
		}
	}
}

// checkDrivers requires that a device which installed a driver does not need it.
func (h *history) checkDrivers() {
	for _, d := range h.list("/data/drivers") {
		id := d["id"].(string)
		needs := map[string]bool{}
		if r := h.get("/data/applicableCatalogSummaries/" + id + "/aggregatedDevices"); r.status == http.StatusOK {
			for _, item := range r.body["value"].([]any) {
				needs[item.(object)["id"].(string)] = true
			}
		}
		seen := map[string]bool{}
		for _, s := range h.list("/data/drivers/" + id + "/deviceStatuses") {
			device := s["aadDeviceId"].(string)
			require.False(h.t, seen[device])
			require.False(h.t, s["clientState"] == "installed" && needs[device])
			seen[device] = true
		}
	}
}

// offersOf is what all rings offered, without IDs that differ between runs.
func (h *history) offersOf() []string {
	names := map[string]string{}
	for i, id := range h.drivers {
		names[id] = fmt.Sprint("driver", i)
	}
	found := []string{}
	for i, p := range h.policies {
		for j, r := range p.rings {
			for _, o := range h.RingOffers(r.id) {
				name := names[o.EntryID]
				if name == "" {
					name = o.EntryID
				}
				found = append(found, fmt.Sprint(i, j, o.At, o.DeviceID, name))
			}
		}
	}
	return found
}

func TestWhateverHappensTheDataAreaFollows(t *testing.T) {
	t.Parallel()
	total := 0
	for seed := range uint64(10) {
		synctest.Test(t, func(t *testing.T) {
			h := newHistory(t, seed)
			h.begin()
			for i := range 60 {
				h.step()
				if i%4 == 3 {
					h.check()
				}
			}
			total += len(h.offersOf())
		})
	}
	require.Greater(t, total, 100)
}

func TestAHistoryRepeatsWithItsSeed(t *testing.T) {
	t.Parallel()
	var runs [][]string
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			h := newHistory(t, 5)
			h.begin()
			for range 120 {
				h.step()
			}
			runs = append(runs, h.offersOf())
		})
	}
	require.NotEmpty(t, runs[0])
	require.Equal(t, runs[0], runs[1])
}

package simulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// october2026 is after all built-in updates.
var october2026 = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// installing makes a tenant with a device of a build.
func installing(t *testing.T, build, readiness string) (n *tenant, profile string) {
	t.Helper()
	n = newTenant(t, &simulator.Options{Start: october2026})
	return n, n.profile(simulator.Profile{DeviceID: deviceA, Build: build, HotpatchReadiness: readiness})
}

func (n *tenant) build(profile string) string { return n.get(profile).body["osBuild"].(string) }

func TestTheClockCanStartAtAnyTime(t *testing.T) {
	t.Parallel()
	for _, start := range []time.Time{october2026, time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)} {
		n := newTenant(t, &simulator.Options{Start: start})
		require.WithinDuration(t, start, n.Now(), time.Minute)
		require.Equal(t, start.Format(time.RFC1123)[:16], n.get("/deployments").header.Get("Date")[:16])
	}
}

func TestAQualityUpdateMovesTheBuild(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, update, readiness, want string }{
		{"10.0.26200.8655", "2026.07 B", "ready", "10.0.26200.8875"},
		{"26200.8655", "2026.07 B", "ready", "10.0.26200.8875"},
		{"10.0.26100.8875", "2026.08 B", "ready", "10.0.26100.9104"},
		{"10.0.26100.8875", "2026.08 B", "notReady", "10.0.26100.9168"},
		{"10.0.26100.9104", "2026.09 B", "ready", "10.0.26100.9382"},
		{"10.0.26100.8655", "2026.08 B", "ready", "10.0.26100.9168"},
		{"10.0.26100.8246", "2026.05 B", "ready", "10.0.26100.8390"},
		{"10.0.26100.7623", "2026.05 B", "ready", "10.0.26100.8457"},
		{"10.0.26100.9168", "2026.09 B", "ready", "10.0.26100.9445"},
		{"10.0.28000.2113", "2026.09 B", "ready", "10.0.28000.2954"},
		{"10.0.22631.6199", "2026.09 B", "notReady", "10.0.22631.7582"},
		{"10.0.26200.7979", "2026.03 OOB", "ready", "10.0.26200.7982"},
	} {
		n, profile := installing(t, c.from, c.readiness)
		require.NoError(t, n.Install(deviceA, n.quality(c.update)), c)
		require.Equal(t, c.want, n.build(profile), c)
		require.ErrorContains(t, n.Install(deviceA, n.quality(c.update)), "does not apply", c)
		require.NoError(t, n.Uninstall(deviceA, n.quality(c.update)), c)
		require.Equal(t, c.from, n.build(profile), c)
	}
}

func TestWhyAnUpdateDoesNotApplyIsSaid(t *testing.T) {
	t.Parallel()
	n, _ := installing(t, "10.0.26200.8875", "ready")
	driver, update := n.AddDriver("Contoso", "Display", "1.0"), n.quality("2026.07 B")
	for device, want := range map[string]string{
		deviceA: "does not apply to build 10.0.26200.8875 of device",
		deviceB: "because it has no profile with a build; add one with PutProfile",
	} {
		require.ErrorContains(t, n.Install(device, update), want)
		require.ErrorContains(t, n.Install(device, driver), "because it does not need the driver; see MakeApplicable")
	}
}

func TestAFeatureUpdateKeepsTheRevisionWithinACore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, version, want string }{
		{"10.0.26100.8655", "25H2", "10.0.26200.8655"},
		{"10.0.26100.9104", "26H2", "10.0.26300.9104"},
		{"10.0.22631.6199", "25H2", "10.0.26200.9457"},
		{"10.0.22621.6060", "23H2", "10.0.22631.7582"},
		{"10.0.19045.6456", "22H2", "10.0.22621.1"},
	} {
		n, profile := installing(t, c.from, "ready")
		require.NoError(t, n.Install(deviceA, n.entry("Windows 11, version "+c.version)), c)
		require.Equal(t, c.want, n.build(profile), c)
	}
}

func TestUpdatesThatDoNotApplyAreNotInstalled(t *testing.T) {
	t.Parallel()
	for build, entries := range map[string][]string{
		"10.0.26200.9457":  {"2026.09 OOB", "2026.09 B", "24H2", "25H2", "26H1"},
		"10.0.28000.2954":  {"2026.08 B", "2026.05 B", "25H2", "26H2"},
		"10.0.26100.32995": {"2026.09 B", "26H1"},
		"10.0.26200.9382":  {"2026.09 B", "2026.08 B"},
		"10.0.19045.6456":  {"2026.09 B"},
		"unknown":          {"2026.09 B", "25H2"},
		"10.0.26200.":      {"2026.09 B", "25H2"},
		"":                 {"2026.09 B", "25H2"},
	} {
		n, profile := installing(t, build, "ready")
		for _, name := range entries {
			id := ""
			if len(name) == 4 {
				id = n.entry("Windows 11, version " + name)
			} else {
				id = n.quality(name)
			}
			require.ErrorContains(t, n.Install(deviceA, id), "does not apply", build+" "+name)
			require.ErrorContains(t, n.Uninstall(deviceA, id), "is not installed", build+" "+name)
		}
		require.Equal(t, build, text(n.get(profile).body["osBuild"])[1:][:len(build)], build)
	}
}

func TestGoingBackUndoesWhatWasInstalledLater(t *testing.T) {
	t.Parallel()
	n, profile := installing(t, "10.0.26100.8246", "notReady")
	feature := n.entry("Windows 11, version 25H2")
	require.NoError(t, n.Install(deviceA, n.quality("2026.05 B")))
	require.NoError(t, n.Install(deviceA, feature))
	require.NoError(t, n.Install(deviceA, n.quality("2026.07 B")))
	require.Equal(t, "10.0.26200.8875", n.build(profile))
	require.NoError(t, n.Uninstall(deviceA, feature))
	require.Equal(t, "10.0.26100.8457", n.build(profile))
	require.ErrorContains(t, n.Uninstall(deviceA, n.quality("2026.07 B")), "is not installed")
}

func TestAllProfilesOfADeviceHaveItsBuild(t *testing.T) {
	t.Parallel()
	n, profile := installing(t, "10.0.26100.8246", "notReady")
	second := n.profile(simulator.Profile{DeviceID: deviceA, Build: "10.0.26100.8655"})
	other := n.profile(simulator.Profile{DeviceID: deviceB, Build: "10.0.26100.8246"})
	require.NoError(t, n.Install(deviceA, n.quality("2026.07 B")))
	require.Equal(t, "10.0.26100.8875", n.build(profile))
	require.Equal(t, "10.0.26100.8875", n.build(second))
	require.Equal(t, "10.0.26100.8246", n.build(other))
}

func TestWhatIsNewerThanABuildIsApplicable(t *testing.T) {
	t.Parallel()
	n, _ := installing(t, "10.0.26200.9168", "notReady")
	require.NoError(t, n.PutGroup("in", deviceA))
	quality, feature := n.qualityPolicy(), n.policyFor("feature")
	n.ring(quality, "")
	n.ringFor("feature", feature, "")
	want := []string{n.quality("2026.09 OOB"), n.quality("2026.09 B"), n.quality("2026.08 D")}
	require.Equal(t, want, ids(n.list("/policies/"+quality+"/applicableCatalogs")))
	require.Len(t, n.list("/policies/"+quality+"/applicableContent"), 3)
	require.Equal(t, want, ids(n.list("/data/applicableCatalogSummaries")))
	require.Empty(t, n.list("/policies/"+feature+"/applicableCatalogs"))
	n.enroll("feature", deviceA)
	require.Equal(t, []string{n.entry("Windows 11, version 26H2")}, ids(n.list("/policies/"+feature+"/applicableCatalogs")))
	require.NoError(t, n.OutdateContent(n.quality("2026.08 D")))
	require.NoError(t, n.Install(deviceA, n.quality("2026.09 B")))
	require.Equal(t, want[:1], ids(n.list("/policies/"+quality+"/applicableCatalogs")))
}

func TestARingDecidesAboutHotpatches(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]string{
		"": "10.0.26100.9104", `"isHotpatchEnabled":true`: "10.0.26100.9104", `"isHotpatchEnabled":false`: "10.0.26100.9168",
	} {
		n, profile := installing(t, "10.0.26100.8875", "ready")
		require.NoError(t, n.PutGroup("in", deviceA))
		n.ring(n.qualityPolicy(), members)
		require.NoError(t, n.Install(deviceA, n.quality("2026.08 B")))
		require.Equal(t, want, n.build(profile), members)
	}
}

func TestDevicesInstallWhatTheyAreOffered(t *testing.T) {
	t.Parallel()
	moments := map[time.Duration]bool{}
	for seed := range uint64(4) {
		synctest.Test(t, func(t *testing.T) {
			n := newTenant(t, &simulator.Options{Seed: seed, Start: october2026, InstallWithin: 10 * day})
			profile := n.profile(simulator.Profile{DeviceID: deviceA, Build: "10.0.26100.8875", HotpatchReadiness: "ready"})
			stays := n.profile(simulator.Profile{DeviceID: deviceB, Build: "10.0.28000.2954"})
			n.enroll("feature", deviceA, deviceB)
			deployment := n.post("/deployments", deploymentOf("feature", n.entry("Windows 11, version 25H2"), `{}`)).body["id"].(string)
			n.add(deployment, deviceA, deviceB)
			require.Len(t, n.Offers(deployment), 2)
			begin := n.Now()
			for n.build(profile) == "10.0.26100.8875" {
				n.Advance(time.Hour)
				require.LessOrEqual(t, n.Now().Sub(begin), 10*day+time.Hour)
			}
			moments[n.Now().Sub(begin)] = true
			n.Advance(20 * day)
			require.Equal(t, "10.0.26200.8875", n.build(profile))
			require.Equal(t, "10.0.28000.2954", n.build(stays))

			require.NoError(t, n.PutGroup("in", deviceA))
			policy := n.qualityPolicy()
			n.ring(policy, `"isHotpatchEnabled":true`)
			n.decide(policy, n.quality("2026.08 B"), "approved")
			n.Advance(10 * day)
			require.Equal(t, "10.0.26200.9104", n.build(profile))
		})
	}
	require.Greater(t, len(moments), 2)
}

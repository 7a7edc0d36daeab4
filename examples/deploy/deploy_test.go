package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// inNovember2026 runs a test in its own time, so that the catalog is that of this
// day whenever the test runs.
func inNovember2026(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Until(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)))
		test(t)
	})
}

var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func TestTheScenarioSaysWhatItSees(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	for name, args := range map[string][]string{"required": nil, "optional": {"-optional"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inNovember2026(t, func(t *testing.T) {
				var out bytes.Buffer
				require.NoError(t, run(t.Context(), args, &out))
				require.Equal(t, string(want), guid.ReplaceAllString(out.String(), "ID"))
			})
		})
	}
}

func TestTheUpdateIsOfferedAsItIsAskedFor(t *testing.T) {
	t.Parallel()
	for want, optional := range map[string]bool{`"offerAsOptional":true`: true, `"offerAsOptional":false`: false} {
		service := simulator.New(nil)
		s := onSimulator(t, service)
		s.optional = optional
		require.NoError(t, s.run(t.Context()))
		require.Contains(t, bodyOf(service, "POST", "/deployments"), want)
	}
}

// onSimulator is the scenario on a simulator, with its output thrown away.
func onSimulator(t *testing.T, service *simulator.Server) *scenario {
	t.Helper()
	s := &scenario{out: &bytes.Buffer{}, version: "Windows 11, version 25H2"}
	require.NoError(t, s.useSimulator(service))
	return s
}

func bodyOf(service *simulator.Server, method, path string) string {
	for _, request := range service.Requests() {
		if request.Method == method && request.Path == path {
			return string(request.Body)
		}
	}
	return ""
}

func TestTheScenarioWaitsForAServiceThatLags(t *testing.T) {
	t.Parallel()
	inNovember2026(t, func(t *testing.T) {
		var out bytes.Buffer
		s := onSimulator(t, simulator.New(&simulator.Options{Lag: time.Second}))
		s.out, s.tenant = &out, realTenant{}
		require.NoError(t, s.run(t.Context()))
		require.Contains(t, out.String(), "paused (pausedByRequest)")
	})
}

func TestARealTenantRunsTheSameSteps(t *testing.T) {
	t.Parallel()
	simulated, live := &bytes.Buffer{}, &bytes.Buffer{}
	s := onSimulator(t, simulator.New(nil))
	s.out = simulated
	require.NoError(t, s.run(t.Context()))
	s = onSimulator(t, simulator.New(nil))
	s.out, s.tenant = live, realTenant{}
	require.NoError(t, s.run(t.Context()))
	require.Equal(t, steps(simulated.String()), steps(live.String()))
}

func steps(output string) []string {
	var titles []string
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "• ") {
			titles = append(titles, line)
		}
	}
	return titles
}

func TestTheDeploymentIsDeletedWhateverHappens(t *testing.T) {
	t.Parallel()
	inNovember2026(t, func(t *testing.T) {
		service := simulator.New(nil)
		s := onSimulator(t, service)
		entry, err := s.client.Catalog().FindFeatureUpdate(t.Context(), s.version)
		require.NoError(t, err)
		require.NoError(t, service.OutdateContent(entry.ID))
		require.ErrorContains(t, s.run(t.Context()), "after two minutes the deployment is faulted and not offering")
		left, err := s.client.Deployments().List(nil).Collect(t.Context(), 1)
		require.NoError(t, err)
		require.Empty(t, left)
	})
}

func TestAVersionThatIsNotThereIsNotDeployed(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.ErrorContains(t, run(t.Context(), []string{"-version", "Windows 3.11"}, &out), `no feature update has version "Windows 3.11"`)
	require.NotContains(t, out.String(), "Create a deployment")
}

func TestLiveSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	const (
		device = "00000000-0000-4000-8000-0000000000d1"
		tenant = "-tenant=00000000-0000-4000-8000-0000000000f1"
		client = "-client=00000000-0000-4000-8000-0000000000c1"
	)
	for name, c := range map[string]struct {
		args, want []string
	}{
		"everything":     {[]string{"-live"}, []string{"Microsoft Entra device IDs", "tenantID must not be empty", "clientID must be"}},
		"devices":        {[]string{"-live", tenant, client}, []string{"Microsoft Entra device IDs"}},
		"tenant":         {[]string{"-live", client, device}, []string{"tenantID must not be empty"}},
		"client":         {[]string{"-live", tenant, device}, []string{"clientID must be"}},
		"a real tenant":  {[]string{"-live", "-tenant=t", client, device}, []string{"tenantID must be the ID of the tenant"}},
		"a real client":  {[]string{"-live", tenant, "-client=c", device}, []string{"clientID must be"}},
		"a real device":  {[]string{"-live", tenant, client, " "}, []string{"deviceIDs[0] must not be empty"}},
		"live":           {[]string{device}, []string{device, "-live"}},
		"live, in front": {[]string{device, "-live", tenant, client}, []string{device, "requires -live"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), c.args, &bytes.Buffer{})
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestLivePrintsItsPlanAndChangesNothing(t *testing.T) {
	t.Parallel()
	const device = "00000000-0000-4000-8000-0000000000d1"
	args := []string{
		"-live", "-tenant=00000000-0000-4000-8000-0000000000f1", "-client=00000000-0000-4000-8000-0000000000c1",
	}
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), append(args, device), &out)) // a request would ask for a sign-in
	require.Contains(t, out.String(), "Enroll in feature updates (1)")
	require.Contains(t, out.String(), device)
	require.Contains(t, out.String(), "Nothing was changed. To run this plan, add -apply -expect 1")
	require.NotContains(t, out.String(), "accepted")

	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"without a number":    {append(args, "-apply", device), "-expect is 0, but the number of devices is 1; nothing was sent"},
		"with another number": {append(args, "-apply", "-expect=2", device), "-expect is 2, but the number of devices is 1; nothing was sent"},
		"on the simulator":    {[]string{"-apply"}, "-apply and -expect require -live"},
		"a number there":      {[]string{"-expect=250"}, "-apply and -expect require -live"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := &bytes.Buffer{}
			require.EqualError(t, run(t.Context(), c.args, out), c.want)
			require.Empty(t, out.String())
		})
	}
}

package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// usual is the number of schedules of a go test without variables.
const usual = 400

func TestReportsAgreeWithTheService(t *testing.T) {
	t.Parallel()
	seeds := seedsOf(t)
	results := runSchedules(t, seeds)
	for _, lie := range results.lies[:min(len(results.lies), 10)] {
		t.Error(lie)
	}
	require.LessOrEqual(t, len(results.lies), 10, "the others are not printed")
	t.Logf("%d schedules; hits of each fault:\n%v\ncalls: %v", len(seeds), &results.hits, results.calls)
	if os.Getenv("FAULTS_SEED") != "" {
		return
	}
	for f := none + 1; f < faultCount; f++ {
		require.NotZero(t, results.hits[f], "no schedule hit %v", f)
	}
}

// Without that, a failure could not be looked into: its seed would not show it again.
func TestAScheduleIsDeterminedByItsSeed(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			first, second := tapeOf(t, seed), tapeOf(t, seed)
			for i := range min(len(first), len(second)) {
				require.Equal(t, fmt.Sprint(first[i]), fmt.Sprint(second[i]), "line %d", i)
			}
			require.Len(t, second, len(first))
		})
	}
}

func tapeOf(t *testing.T, seed uint64) (tape []any) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { tape = runSchedule(t, seed).tape })
	return tape
}

// runSchedules runs one schedule for each seed, two at a time.
func runSchedules(t *testing.T, seeds []uint64) *results {
	t.Helper()
	next, results := make(chan uint64), &results{calls: map[string]int{}}
	t.Run("schedules", func(t *testing.T) {
		for i := range 2 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				for seed := range next {
					synctest.Test(t, func(t *testing.T) { results.add(runSchedule(t, seed), seed) })
				}
			})
		}
		go func() {
			defer close(next)
			for _, seed := range seeds {
				next <- seed
			}
		}()
	})
	return results
}

// seedsOf returns the seed in the variable FAULTS_SEED, or as many as FAULTS says.
func seedsOf(t *testing.T) []uint64 {
	t.Helper()
	if text := os.Getenv("FAULTS_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		require.NoError(t, err, "the variable FAULTS_SEED")
		return []uint64{seed}
	}
	seeds := make([]uint64, usual)
	if text := os.Getenv("FAULTS"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(t, err, "the variable FAULTS")
		seeds = make([]uint64, n)
	}
	for i := range seeds {
		seeds[i] = uint64(i)
	}
	return seeds
}

// results are those of all schedules.
type results struct {
	mu    sync.Mutex
	hits  hits
	calls map[string]int
	lies  []string
}

func (r *results) add(p *program, seed uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.lie != "" {
		r.lies = append(r.lies, fmt.Sprintf("seed %d: %s", seed, p.lie))
	}
	r.hits.add(p.hits)
	for name, n := range p.calls {
		r.calls[name] += n
	}
}

// runSchedule runs one program until the first claim that does not hold.
func runSchedule(t *testing.T, seed uint64) *program {
	t.Helper()
	s := newService(seed)
	p, err := newProgram(s, seed)
	require.NoError(t, err)
	p.setUp()
	s.rates = randomRates(p.random)
	s.expandGroups()
	for range 15 {
		if p.lie != "" {
			break
		}
		calls := p.allCalls()
		calls[p.random.IntN(len(calls))]()
	}
	return p
}

// setUp makes an object of each kind without faults.
func (p *program) setUp() {
	p.createAudience()
	p.addDevices()
	p.createPolicy()
	p.approve()
	p.createDeployment()
	p.createGroup()
	p.edit()
	p.edit()
	p.wait()
}

// allCalls has what is worth more attempts twice.
func (p *program) allCalls() []func() {
	return []func(){
		p.createAudience, p.createDeployment, p.createDeployment,
		p.createDeploymentOnce, p.createDeploymentOnce, p.deleteDeployment, p.change, p.change, p.waitForState,
		p.createPolicy, p.setRules, p.approve, p.approve, p.revoke, p.deleteApproval, p.entryStates,
		p.addDevices, p.removeDevices, p.edit, p.waitForMembers, p.sync, p.sync, p.sync, p.deleteAudience,
		p.enroll, p.enroll, p.createGroup, p.changeGroup, p.changeGroup, p.deleteAsset,
		p.explain, p.explain, p.explain, p.explain, p.tearDown, p.tearDown, p.tearDown, p.findOrphans,
		p.pauseAndResume, p.wait, p.wait,
	}
}

func (p *program) wait() { <-time.After(p.between(time.Second, 30*time.Minute)) }

// randomRates has each fault in half of the schedules, a few or many in a schedule. Other programs
// and habits of a tenant are drawn by themselves, since they do not make a call fail.
func randomRates(random *rand.Rand) rates {
	var all rates
	level := []float64{0.01, 0.03, 0.06}[random.IntN(3)]
	for f := none + 1; f < faultCount; f++ {
		switch {
		case random.IntN(2) == 0:
		case f == oldCopy || f == unlisted || f == unborn: // which few requests can show
			all[f] = 5 * level
		case f.replaces():
			all[f] = level
		case f >= otherMembers:
			all[f] = 0.02
		default:
			all[f] = 0.4
		}
	}
	return all
}

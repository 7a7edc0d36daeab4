package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// sample is what an operation took in one turn.
type sample struct {
	cpu    time.Duration
	allocs float64
}

// enough is how long a turn takes at least.
const enough = 100 * time.Millisecond

// turn does the job until that has taken long enough to be measured.
func (w way) turn() (sample, error) {
	runtime.GC() // what others left is not on its account
	for n := 1; ; n *= 4 {
		total, err := w.times(n)
		if err != nil || total.cpu >= enough {
			return sample{total.cpu / time.Duration(n), total.allocs / float64(n)}, err
		}
	}
}

func (w way) times(n int) (sample, error) {
	if w.before == nil {
		return count(func() error { return w.repeat(n) })
	}
	var total sample
	for range n {
		if err := w.before(); err != nil {
			return total, err
		}
		one, err := count(w.once)
		if err != nil {
			return total, err
		}
		total = sample{total.cpu + one.cpu, total.allocs + one.allocs}
	}
	return total, nil
}

func (w way) repeat(n int) error {
	for range n {
		if err := w.once(); err != nil {
			return err
		}
	}
	return nil
}

// count measures one run of a function.
func count(do func() error) (sample, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := clock()
	err := do()
	cpu := clock() - start
	runtime.ReadMemStats(&after)
	return sample{cpu, float64(after.Mallocs - before.Mallocs)}, err
}

// measured is what a job took: medians of the ways, and of the ratios to the plain
// way in the same round.
type measured struct {
	job
	took          map[string]time.Duration
	times, allocs map[string]float64
}

func (j job) measure(rounds int) (measured, error) {
	ways, err := j.try()
	if err != nil {
		return measured{}, err
	}
	turns := map[string][]sample{}
	for range rounds {
		for _, w := range ways {
			s, err := w.turn()
			if err != nil {
				return measured{}, fmt.Errorf("%s, %s: %w", j.name, w.name, err)
			}
			turns[w.name] = append(turns[w.name], s)
		}
	}
	m := measured{j, map[string]time.Duration{}, map[string]float64{}, map[string]float64{}}
	for name, samples := range turns {
		m.took[name] = median(samples, func(i int) time.Duration { return samples[i].cpu })
		m.times[name] = median(samples, func(i int) float64 { return float64(samples[i].cpu) / float64(turns[plain][i].cpu) })
		m.allocs[name] = median(samples, func(i int) float64 { return samples[i].allocs / turns[plain][i].allocs })
	}
	return m, nil
}

func median[T float64 | time.Duration](samples []sample, of func(i int) T) T {
	values := make([]T, len(samples))
	for i := range samples {
		values[i] = of(i)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// sample is the cost of an operation in one turn.
type sample struct{ cpu, allocs, bytes float64 }

func (s sample) plus(o sample) sample {
	return sample{s.cpu + o.cpu, s.allocs + o.allocs, s.bytes + o.bytes}
}

func (s sample) per(n int) sample {
	return sample{s.cpu / float64(n), s.allocs / float64(n), s.bytes / float64(n)}
}

// enough is the minimum time of a turn.
const enough = float64(100 * time.Millisecond)

// turn repeats the job until the time is long enough to measure.
func (w way) turn() (sample, error) {
	runtime.GC() // what others left is not on its account
	for n := 1; ; n *= 4 {
		total, err := w.times(n)
		if err != nil || total.cpu >= enough {
			return total.per(n), err
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
		total = total.plus(one)
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
	return sample{float64(cpu), float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)}, err
}

// measured is the cost of a job in each round, by the names of the ways.
type measured struct {
	job
	turns map[string][]sample
}

func (j job) measure(rounds int) (measured, error) {
	m := measured{j, map[string][]sample{}}
	ways, err := j.try()
	if err != nil {
		return m, err
	}
	for range rounds {
		for _, w := range ways {
			s, err := w.turn()
			if err != nil {
				return m, fmt.Errorf("%s, %s: %w", j.name, w.name, err)
			}
			m.turns[w.name] = append(m.turns[w.name], s)
		}
	}
	return m, nil
}

// time is the median of a way.
func (m measured) time(way string) time.Duration {
	return time.Duration(spreadOf(m.turns[way], func(i int) float64 { return m.turns[way][i].cpu }).median)
}

// ratio compares a way with the plain one in the same round.
func (m measured) ratio(way string, of func(sample) float64) spread {
	return spreadOf(m.turns[way], func(i int) float64 { return of(m.turns[way][i]) / of(m.turns[plain][i]) })
}

func cpuOf(s sample) float64    { return s.cpu }
func allocsOf(s sample) float64 { return s.allocs }
func bytesOf(s sample) float64  { return s.bytes }

// spread is the median of some rounds and their range, or zero if there are none.
type spread struct{ median, least, most float64 }

func spreadOf[T any](rounds []T, of func(i int) float64) spread {
	if len(rounds) == 0 {
		return spread{}
	}
	values := make([]float64, len(rounds))
	for i := range rounds {
		values[i] = of(i)
	}
	slices.Sort(values)
	return spread{values[len(values)/2], values[0], values[len(values)-1]}
}

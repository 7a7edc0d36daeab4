package main

import (
	"fmt"
	"time"
)

// head is the head of the table of jobs, in Markdown.
const head = `Each figure is the median of %d rounds, with the least and the most of them.

| | this SDK | plain | time, times plain | goal | allocations, times plain | goal | bytes, times plain | stock Kiota's time |
|---|---|---|---|---|---|---|---|---|
`

func (m measured) row() string {
	return fmt.Sprintf("| %s | %v | %v | %v | %s | %v | %s | %v | %v |\n", m.name,
		short(m.time(ours)), short(m.time(plain)),
		m.ratio(ours, cpuOf), goal(m.goals.time), m.ratio(ours, allocsOf), goal(m.goals.allocs),
		m.ratio(ours, bytesOf), m.ratio(stock, cpuOf))
}

// missed names the goals that were not reached.
func (m measured) missed() []string {
	var names []string
	if m.goals.time > 0 && m.ratio(ours, cpuOf).median > m.goals.time {
		names = append(names, m.name+": time")
	}
	if m.goals.allocs > 0 && m.ratio(ours, allocsOf).median > m.goals.allocs {
		names = append(names, m.name+": allocations")
	}
	return names
}

// short rounds to three digits or so.
func short(d time.Duration) time.Duration {
	unit := time.Duration(100)
	for d > 1_000*unit {
		unit *= 10
	}
	return d.Round(unit)
}

// String is empty if nothing was measured.
func (s spread) String() string {
	if s == (spread{}) {
		return ""
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", s.median, s.least, s.most)
}

// goal is empty if there is none.
func goal(g float64) string {
	if g == 0 {
		return ""
	}
	return fmt.Sprint(g)
}

package main

import (
	"fmt"
	"time"
)

// head is that of the table, in Markdown.
const head = `| | this SDK | plain | times plain | goal | allocations, times plain | goal | stock Kiota, times plain |
|---|---|---|---|---|---|---|---|
`

func (m measured) row() string {
	return fmt.Sprintf("| %s | %v | %v | %s | %s | %s | %s | %s |\n", m.name,
		short(m.took[ours]), short(m.took[plain]),
		times(m.times[ours]), times(m.goals.time), times(m.allocs[ours]), times(m.goals.allocs), times(m.times[stock]))
}

// missed names the goals that were not reached.
func (m measured) missed() []string {
	var names []string
	if m.goals.time > 0 && m.times[ours] > m.goals.time {
		names = append(names, m.name+": time")
	}
	if m.goals.allocs > 0 && m.allocs[ours] > m.goals.allocs {
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

// times is a ratio as text, and empty where there is none.
func times(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", ratio)
}

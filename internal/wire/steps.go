package wire

import "time"

// TakesSteps reports whether a rollout has more than one step, by the days that it lasts and the days
// between two steps; 0 is the service's default of one. One that does not offers to all at its start.
func TakesSteps[Days ~int | ~int64](days int64, between Days) bool {
	return days > max(int64(between), 1)
}

// DaysUntil rounds up. It takes seconds, since a Duration ends after 292 years.
func DaysUntil(start, end time.Time) int64 {
	seconds := end.Unix() - start.Unix()
	if end.Nanosecond() > start.Nanosecond() {
		seconds++
	}
	const day = int64(24 * time.Hour / time.Second)
	if seconds%day > 0 {
		return seconds/day + 1
	}
	return seconds / day
}

// Later is the later one of two times.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

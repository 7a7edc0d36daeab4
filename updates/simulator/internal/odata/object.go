package odata

import "time"

// Object is a JSON object.
type Object = map[string]any

// Timestamp formats a time as the service does: UTC, up to seven digits.
func Timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.9999999Z07:00")
}

// OptionalTimestamp formats a time, or null for the zero time.
func OptionalTimestamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return Timestamp(t)
}

// ParseTime reads a time, in UTC.
func ParseTime(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, text)
	return t.UTC(), err == nil
}

// Shift adds calendar months and days to a time. The result is limited to what Timestamp can format,
// years 1 to 9999, so that no number is too large.
func Shift(t time.Time, months, days int) time.Time {
	const years = 9999
	first := time.Time{}
	last := time.Date(years, time.December, 31, 23, 59, 59, 999_999_900, time.UTC)
	moved := t.AddDate(0, within(12*years, months), within(366*years, days))
	switch {
	case moved.Before(first):
		return first
	case moved.After(last):
		return last
	}
	return moved
}

// within limits a number to the range from -most to most.
func within(most int32, n int) int { return max(-int(most), min(n, int(most))) }

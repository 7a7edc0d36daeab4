package odata

import "time"

// Object is a JSON object.
type Object = map[string]any

// Timestamp writes a time as the service does: UTC, up to seven digits.
func Timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.9999999Z07:00")
}

// OptionalTimestamp writes a zero time as null.
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

// Shift moves a time by months and days of the calendar. It stops at the first and the
// last time that Timestamp can write, years 1 and 9999.
func Shift(t time.Time, months, days int) time.Time { return t.AddDate(0, months, days) }

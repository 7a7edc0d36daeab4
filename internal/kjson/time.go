package kjson

import (
	"slices"
	"strings"
	"time"
)

// GetTimeValue reads a time, in UTC, or nil for null and for strings that mean no value. It preserves
// a day of year 1: the types of the SDK decide what it means.
func (n *node) GetTimeValue() (*time.Time, error) { return value(n, &n.doc.times, asTime) }

func asTime(n *node) (time.Time, error) {
	s, err := asPresent(n)
	if err != nil {
		return time.Time{}, err
	}
	t, ok := parseTime(s)
	if !ok {
		return time.Time{}, n.problem("%s is not a time", excerpt(s))
	}
	if t.UTC().Year() <= 1 && !isMidnight(t) && !isMidnight(t.UTC()) {
		return time.Time{}, n.problem("%s is a time of year 1, which means none at midnight only", excerpt(s))
	}
	return t.UTC(), nil
}

func isMidnight(t time.Time) bool {
	hour, minute, second := t.Clock()
	return hour+minute+second+t.Nanosecond() == 0
}

const (
	dateLength = len("2006-01-02")
	timeLength = len("2006-01-02T15:04:05")
	noSeconds  = len("2006-01-02T15:04")
	maxTime    = len("2006-01-02T15:04:05.000000000+00:00")
)

// parseTime reads a time of RFC 3339 with at most nine digits of a second, in upper or lower case.
// Without a zone it is in UTC, and a date alone is midnight. Seconds are optional, as in OData.
func parseTime(s string) (time.Time, bool) {
	if len(s) < dateLength || len(s) > maxTime {
		return time.Time{}, false
	}
	var buffer [maxTime + len(":00Z")]byte
	b := append(buffer[:0], s...)
	switch {
	case len(b) == dateLength:
		b = append(b, "T00:00:00Z"...)
	case len(b) >= noSeconds:
		b = withZone(withSeconds(b))
	}
	var t time.Time
	err := t.UnmarshalText(b)
	return t, err == nil && isStrict(b) && t.UTC().Year() <= 9999
}

// isStrict rejects what package time accepts: an hour of one digit, a comma before the fraction, and
// more digits than a time can hold.
func isStrict(b []byte) bool {
	return len(b) > timeLength && b[dateLength+len("T15")] == ':' && b[timeLength] != ',' && digits(b) <= 9
}

// withSeconds adds missing seconds.
func withSeconds(b []byte) []byte {
	if len(b) > noSeconds && !strings.ContainsRune("Zz+-", rune(b[noSeconds])) {
		return b
	}
	return slices.Insert(b, noSeconds, ':', '0', '0')
}

// withZone converts letters to upper case and adds a missing Z.
func withZone(b []byte) []byte {
	if b[dateLength] == 't' {
		b[dateLength] = 'T'
	}
	last := len(b) - 1
	switch {
	case b[last] == 'z':
		b[last] = 'Z'
	case b[last] != 'Z' && b[len(b)-len("+00:00")] != '+' && b[len(b)-len("+00:00")] != '-':
		b = append(b, 'Z')
	}
	return b
}

// digits is the number of digits of the fraction of a second.
func digits(b []byte) int {
	count := 0
	for _, c := range b[timeLength+1:] {
		if c < '0' || c > '9' {
			break
		}
		count++
	}
	return count
}

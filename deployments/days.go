package deployments

import (
	"fmt"
	"regexp"
	"strconv"
)

// Days is a number of days. It marshals as the service writes it, such as "P7D".
type Days int

// String returns the duration as the service writes it, such as "P7D".
func (d Days) String() string { return "P" + strconv.Itoa(int(d)) + "D" }

// MarshalText returns the duration as the service writes it. A negative number is an error.
func (d Days) MarshalText() ([]byte, error) {
	if d < 0 {
		return nil, fmt.Errorf("the number of days must not be negative (got %d)", int(d))
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads a duration of whole days in days, weeks, or hours: "P7D", "P1W",
// "PT168H".
func (d *Days) UnmarshalText(text []byte) error {
	days, ok := parseDays(string(text))
	if !ok {
		return fmt.Errorf("duration must be whole days, such as \"P7D\" (got %q)", text)
	}
	*d = days
	return nil
}

var duration = regexp.MustCompile(`^P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(\d{1,7})H)?$`)

func parseDays(text string) (Days, bool) {
	found := duration.FindStringSubmatch(text)
	if found == nil || found[1]+found[2]+found[3] == "" {
		return 0, false
	}
	weeks, _ := strconv.Atoi(found[1])
	days, _ := strconv.Atoi(found[2])
	hours, _ := strconv.Atoi(found[3])
	return Days(7*weeks + days + hours/24), hours%24 == 0
}

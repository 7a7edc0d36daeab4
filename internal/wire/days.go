package wire

import (
	"regexp"
	"strconv"
)

var duration = regexp.MustCompile(`^P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(\d{1,7})H)?$`)

// ParseDays reads a duration of whole days in days, weeks, or hours, as the service and its documentation write it.
func ParseDays(text string) (days int, ok bool) {
	found := duration.FindStringSubmatch(text)
	if found == nil || found[1]+found[2]+found[3] == "" {
		return 0, false
	}
	weeks, _ := strconv.Atoi(found[1])
	rest, _ := strconv.Atoi(found[2])
	hours, _ := strconv.Atoi(found[3])
	return 7*weeks + rest + hours/24, hours%24 == 0
}

package kjson

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// Kiota's own reader takes PT30S for nothing, and its writer turns P7D into P1W,
// loses milliseconds and panics on P7DT1H. So the fields are read and written
// here, as they are.

var durationForm = regexp.MustCompile(
	`^P(?:(\d+)Y)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$`)

var errDuration = errors.New("not a duration")

func parseDuration(s string) (*serialization.ISODuration, error) {
	match := durationForm.FindStringSubmatch(s)
	if match == nil || strings.HasSuffix(s, "T") || s == "P" {
		return nil, errDuration
	}
	match[7] = (match[7] + "000")[:3]
	var parts [7]int
	for i, digits := range match[1:] {
		part, err := strconv.ParseInt("0"+digits, 10, 32)
		if err != nil {
			return nil, errDuration
		}
		parts[i] = int(part)
	}
	return newDuration(parts), nil
}

func newDuration(p [7]int) *serialization.ISODuration {
	return serialization.NewDuration(p[0], p[1], p[2], p[3], p[4], p[5], p[6])
}

// formatDuration writes the fields that are not zero. Months cannot be had from
// the type, so a duration that has some is an error, as is a negative one.
func formatDuration(d serialization.ISODuration) (string, error) {
	parts := [7]int{d.GetYears(), d.GetWeeks(), d.GetDays(), d.GetHours(), d.GetMinutes(), d.GetSeconds(), d.GetMilliSeconds()}
	if *newDuration(parts) != d {
		return "", errors.New("a duration with months cannot be written")
	}
	for _, part := range parts {
		if part < 0 {
			return "", errors.New("a negative duration cannot be written")
		}
	}
	date := unit(parts[0], "Y") + unit(parts[1], "W") + unit(parts[2], "D")
	clock := unit(parts[3], "H") + unit(parts[4], "M") + seconds(parts[5], parts[6])
	switch {
	case clock != "":
		return "P" + date + "T" + clock, nil
	case date == "":
		return "PT0S", nil
	}
	return "P" + date, nil
}

func unit(amount int, letter string) string {
	if amount == 0 {
		return ""
	}
	return strconv.Itoa(amount) + letter
}

func seconds(whole, thousandths int) string {
	whole, thousandths = whole+thousandths/1000, thousandths%1000
	if thousandths == 0 {
		return unit(whole, "S")
	}
	return strconv.Itoa(whole) + "." + strings.TrimRight(fmt.Sprintf("%03d", thousandths), "0") + "S"
}

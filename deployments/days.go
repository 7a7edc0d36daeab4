package deployments

import (
	"fmt"
	"strconv"

	"github.com/winupdates/winupdates-go/internal/wire"
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
	days, ok := wire.ParseDays(string(text))
	if !ok {
		return fmt.Errorf("duration must be whole days, such as \"P7D\" (got %q)", text)
	}
	*d = Days(days)
	return nil
}

// Package httptime reads the times in the headers of a response.
package httptime

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryAfter reads both forms of Retry-After, seconds with a fraction too. A date is taken
// relative to the service's own clock where it sent one.
func RetryAfter(header http.Header) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" {
		return 0, false
	}
	if seconds, ok := decimal(text); ok {
		const most = 1 << 31
		return time.Duration(math.Round(min(seconds, most) * float64(time.Second))), true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	now := Date(header)
	if now.IsZero() {
		now = time.Now()
	}
	return max(0, at.Sub(now)), true
}

// decimal reads a number of digits with at most one point.
func decimal(text string) (float64, bool) {
	if strings.Trim(text, ".0123456789") != "" {
		return 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil || errors.Is(err, strconv.ErrRange)
}

// Date is the service's clock, or the zero time.
func Date(header http.Header) time.Time {
	t, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

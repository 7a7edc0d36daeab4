package kjson

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-faster/jx"
)

// GetInt32Value reads an integer of 32 bits, or nil for null.
func (n *node) GetInt32Value() (*int32, error) { return value(n, &n.doc.integers, asInt32) }

// GetFloat64Value reads a number, rounded to 64 bits, or nil for null.
func (n *node) GetFloat64Value() (*float64, error) { return value(n, &n.doc.numbers, asFloat64) }

// asInt32 reads an integer exactly, in every notation: 100, 1e2, 100.0, and "100" are equal. Fractions
// and larger numbers are errors.
func asInt32(n *node) (int32, error) {
	s, err := asNumber(n)
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseInt(string(s), 10, 32)
	if err != nil {
		v, err = parseWhole(string(s))
	}
	if err != nil {
		return 0, n.problem("%s is not an integer of this size", excerpt(string(s)))
	}
	return int32(v), nil
}

func asFloat64(n *node) (float64, error) {
	s, err := asNumber(n)
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseFloat(string(s), 64)
	if err != nil {
		return 0, n.problem("%s is not a number of this size", excerpt(string(s)))
	}
	return v, nil
}

// asNumber is a number as it is written, possibly in a string.
func asNumber(n *node) ([]byte, error) {
	switch n.kind() {
	case number:
		return n.raw(), nil
	case text:
		if s := n.raw()[1 : len(n.raw())-1]; isNumber(s) {
			return s, nil
		}
		return nil, n.problem("%s is not a number", excerpt(unquote(n.raw())))
	}
	return nil, n.wrong(number)
}

// isNumber uses the tokenizer, which alone would accept white space.
func isNumber(s []byte) bool {
	decoder := jx.DecodeBytes(s)
	return decoder.Next() == jx.Number && !bytes.ContainsAny(s, " \t\r\n") && decoder.Validate() == nil
}

// parseWhole reads an integer that is written with a point or an exponent. It moves digits and
// computes nothing, so it rounds nothing and accepts every exponent.
func parseWhole(s string) (int64, error) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	shift, _ := strconv.ParseInt(exponent, 10, 32) // the nearest one when out of range
	sign := ""
	if mantissa[0] == '-' {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimRight(whole+fraction, "0")
	shift += int64(len(whole) - len(digits)) // how many zeros follow the digits
	switch {
	case strings.Trim(digits, "0") == "":
		return 0, nil
	case shift < 0, shift > 9:
		return 0, strconv.ErrRange
	}
	return strconv.ParseInt(sign+digits+strings.Repeat("0", int(shift)), 10, 32)
}

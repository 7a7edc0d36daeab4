package wire

import (
	"slices"
	"strings"
)

// SameID reports whether two IDs are the same. The service writes them in either case.
func SameID(a, b string) bool { return strings.EqualFold(a, b) }

// HasID reports whether an ID is among others.
func HasID(ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(other string) bool { return SameID(other, id) })
}

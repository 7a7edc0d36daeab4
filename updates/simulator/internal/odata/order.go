package odata

import (
	"cmp"
	"strings"
	"time"
)

// relation is the test behind an operator, and whether it needs an order.
func relation(name string) (test func(a, b any) bool, ordered, ok bool) {
	switch name {
	case "eq":
		return equal, false, true
	case "ne":
		return func(a, b any) bool { return !equal(a, b) }, false, true
	case "gt":
		return inOrder(func(n int) bool { return n > 0 }), true, true
	case "ge":
		return inOrder(func(n int) bool { return n >= 0 }), true, true
	case "lt":
		return inOrder(func(n int) bool { return n < 0 }), true, true
	case "le":
		return inOrder(func(n int) bool { return n <= 0 }), true, true
	}
	return nil, false, false
}

// inOrder is false if a value is missing.
func inOrder(holds func(int) bool) func(a, b any) bool {
	return func(a, b any) bool { return a != nil && b != nil && holds(order(a, b)) }
}

func equal(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return order(a, b) == 0
}

// order compares two values of the same type. Nothing comes first, false before true. Values of
// different types are in the order of their types; only entries added by a test can have them.
func order(a, b any) int {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	case float64:
		if y, ok := b.(float64); ok {
			return cmp.Compare(x, y)
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return cmp.Compare(rank(x), rank(y))
		}
	}
	return cmp.Compare(typeRank(a), typeRank(b))
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func typeRank(value any) int {
	switch value.(type) {
	case nil:
		return 0
	case bool:
		return 1
	case float64:
		return 2
	case time.Time:
		return 3
	case string:
		return 4
	}
	return 5
}

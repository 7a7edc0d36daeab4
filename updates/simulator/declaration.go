package simulator

import "strings"

// Types of values that have no members.
const (
	textValue   = "text"
	flagValue   = "flag"
	numberValue = "number"
	timeValue   = "time"
	nullValue   = "null"
)

// declaration is a type of the service: its base, and the members that it adds,
// each with its type. A list is written [] and the type of its items.
type declaration struct{ base, members string }

// memberType finds the type of a member on a type or its bases.
func memberType(owner, member string) (string, bool) {
	for owner != "" {
		d, _ := declared(owner)
		for declaredMember := range strings.SplitSeq(d.members, ", ") {
			if name, kind, _ := strings.Cut(declaredMember, " "); name == member {
				return kind, true
			}
		}
		owner = d.base
	}
	return "", false
}

// derives tells whether a type is another, or has it as a base.
func derives(name, from string) bool {
	for name != "" && name != from {
		d, _ := declared(name)
		name = d.base
	}
	return name == from
}

// shortType is a type's name without sign and namespace.
func shortType(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "#"), namespace)
}

// typeOf is the type that an object says it is, or where it says nothing the one
// it is declared as.
func typeOf(o object, declared string) string {
	if name, ok := o["@odata.type"].(string); ok {
		return shortType(name)
	}
	return declared
}

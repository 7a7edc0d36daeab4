package simulator

import (
	"strings"
)

// schema declares the types of a service. The names of all types begin with the
// namespace, which ends in a dot; within the schema they are short.
type schema struct {
	namespace string
	types     map[string]declaration // by short name
}

// declaration is a type of the service.
type declaration struct {
	base       string       // short name of the type that it derives from; empty without
	properties string       // that it adds, each with its type: "id text, items []item"
	expandable []expandable // properties that are sent only where they are expanded
}

// expandable is a property that is left out unless it is expanded.
type expandable struct {
	path    string // of the property, behind the cast that it needs
	with    string // a property of what is expanded that is expanded with it; empty: none
	unasked bool   // it is sent without being expanded, too
}

// Types of values that have no properties. Enumerations are text, and so are
// durations.
const (
	textValue   = "text"
	flagValue   = "flag"
	numberValue = "number"
	timeValue   = "time"
	nullValue   = "null"
)

// property finds the type of a property on a type or its bases. A list is written []
// and the type of its items.
func (s schema) property(owner, name string) (string, bool) {
	for owner != "" {
		d := s.types[owner]
		for declared := range strings.SplitSeq(d.properties, ", ") {
			if declaredName, kind, _ := strings.Cut(declared, " "); declaredName == name {
				return kind, true
			}
		}
		owner = d.base
	}
	return "", false
}

// expandable finds what is declared to be expandable on objects of a type.
func (s schema) expandable(kind, path string) (expandable, bool) {
	for _, e := range s.types[kind].expandable {
		if e.path == path {
			return e, true
		}
	}
	return expandable{}, false
}

// derives tells whether a type is another, or has it as a base.
func (s schema) derives(name, from string) bool {
	for name != "" && name != from {
		name = s.types[name].base
	}
	return name == from
}

// typeOf is the type that an object says it is, or where it says nothing the one
// it is declared as.
func (s schema) typeOf(o object, declared string) string {
	return typeIn(s.namespace, o, declared)
}

func typeIn(namespace string, o object, declared string) string {
	if name, ok := o["@odata.type"].(string); ok {
		return shortName(namespace, name)
	}
	return declared
}

// shortName is a type's name without sign and namespace.
func shortName(namespace, name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "#"), namespace)
}

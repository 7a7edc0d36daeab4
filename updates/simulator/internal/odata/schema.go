package odata

import "strings"

// Schema declares the types of a service.
type Schema struct {
	// Namespace is the prefix of the names of all types, with its dot. The schema uses short names,
	// which lack it.
	Namespace string
	// Types are the declared types by short name.
	Types map[string]Type
}

// Type is the declaration of a type.
type Type struct {
	// Base is the short name of the base type, or empty.
	Base string
	// Abstract types have no objects of their own, only those of derived types.
	Abstract bool
	// Properties are those that it adds to its base, each with its type, as in "id text, items []item".
	// Values are of type text, flag, number, time or word; durations are text. A word is of an enumeration,
	// and is compared without its case. [] stands before the type of the items of a list.
	Properties string
	// Expandable lists the properties that are omitted unless they are expanded.
	Expandable []Expandable
}

// Expandable is a property that can be expanded.
type Expandable struct {
	Path    string // of the property, behind the cast that it needs
	With    string // a property of what is expanded that is expanded with it; empty: none
	Unasked bool   // it is sent without being expanded, too
	Brief   bool   // in lists it is sent as its ID alone, unless it is expanded
}

// Types of values, which have no properties.
const (
	textValue   = "text"
	flagValue   = "flag"
	numberValue = "number"
	timeValue   = "time"
	wordValue   = "word"
	nullValue   = "null"
)

// property finds the type of a property on a type or its bases.
func (s Schema) property(owner, name string) (string, bool) {
	for owner != "" {
		d := s.Types[owner]
		for declared := range strings.SplitSeq(d.Properties, ", ") {
			if declaredName, kind, _ := strings.Cut(declared, " "); declaredName == name {
				return kind, true
			}
		}
		owner = d.Base
	}
	return "", false
}

// expandable finds what is declared to be expandable on objects of a type.
func (s Schema) expandable(kind, path string) (Expandable, bool) {
	for _, e := range s.Types[kind].Expandable {
		if e.Path == path {
			return e, true
		}
	}
	return Expandable{}, false
}

// derives reports whether a type is another, or derives from it.
func (s Schema) derives(name, from string) bool {
	for name != "" && name != from {
		name = s.Types[name].Base
	}
	return name == from
}

func (s Schema) typeOf(o Object, declared string) string {
	return TypeOf(s.Namespace, o, declared)
}

// TypeOf is the short name of the type that an object has, or the declared one if it has none.
func TypeOf(namespace string, o Object, declared string) string {
	if name, ok := o["@odata.type"].(string); ok {
		return ShortName(namespace, name)
	}
	return declared
}

// ShortName is a type's name without sign and namespace.
func ShortName(namespace, name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "#"), namespace)
}

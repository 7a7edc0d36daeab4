package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// table is what is written.
type table struct {
	description *description
	schemas     map[string]*schema
	public      map[string]bool // types whose texts are Microsoft's
	out         bytes.Buffer
}

const head = `# What the recorder knows of the service. Written by internal/openapi/known from the
# description; do not edit.
#
# word   a part of paths
# id     the kind of id that follows a part of a path, or that a parameter has
# route  method, path, type of the request, type of the response
# type   a type and its base, then its properties and the kinds of their values: "public"
#        is text of Microsoft, "catalog" the id of a catalog entry, "text" is replaced
`

// tableOf makes the table from a description.
func tableOf(text []byte) ([]byte, error) {
	d, err := parse(text)
	if err != nil {
		return nil, err
	}
	t := &table{description: d, schemas: d.Components.Schemas, public: map[string]bool{}}
	for path, p := range d.Paths {
		if isPublicPath(path) && p.Get != nil {
			t.markPublic(p.Get.response())
		}
	}
	sum := sha256.Sum256(text)
	fmt.Fprintf(&t.out, "%sdescription %x\n", head, sum[:6])
	t.writeWords()
	t.writeIDs()
	t.writeRoutes()
	t.writeTypes()
	return t.out.Bytes(), nil
}

var (
	braces    = regexp.MustCompile(`'?\{[^}]*\}'?`)
	arguments = regexp.MustCompile(`\([^)]*\)`)
)

// writeWords writes the parts of paths, and the names of functions and their parameters.
func (t *table) writeWords() {
	words := map[string]bool{"admin": true, "windows": true, "updates": true}
	for path := range t.description.Paths {
		for _, word := range strings.FieldsFunc(braces.ReplaceAllString(path, ""), isSeparator) {
			words[strings.TrimPrefix(word, "microsoft.graph.windowsUpdates.")] = true
		}
	}
	for _, word := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(&t.out, "word %s\n", word)
	}
}

func isSeparator(c rune) bool { return strings.ContainsRune("/(),=", c) }

// writeIDs writes which ids in paths are harmless: those of catalog entries, and numbers.
func (t *table) writeIDs() {
	ids := map[string]string{}
	for path, p := range t.description.Paths {
		for _, param := range p.Parameters {
			switch {
			case catalogEntry.MatchString(param.Description):
				ids[wordBefore(path, param.Name)] = "catalog"
			case param.Schema.Type == "integer":
				ids[wordBefore(path, param.Name)] = "number"
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(ids)) {
		fmt.Fprintf(&t.out, "id %s %s\n", word, ids[word])
	}
}

// wordBefore is the last word before a parameter in a path.
func wordBefore(path, parameter string) string {
	before, _, _ := strings.Cut(path, "{"+parameter+"}")
	words := strings.FieldsFunc(before, func(c rune) bool { return isSeparator(c) || c == '\'' })
	return words[len(words)-1]
}

func (t *table) writeRoutes() {
	var routes []string
	for path, p := range t.description.Paths {
		template := braces.ReplaceAllString(arguments.ReplaceAllString(path, "()"), "{}")
		for method, o := range p.operations() {
			if o == nil || o.RequestBody.typeName() == "-" && o.response() == "-" {
				continue
			}
			routes = append(routes, fmt.Sprintf("route %s %s %s %s\n", method, template, o.RequestBody.typeName(),
				o.response()))
		}
	}
	slices.Sort(routes)
	t.out.WriteString(strings.Join(routes, ""))
}

func (t *table) writeTypes() {
	for _, name := range slices.Sorted(maps.Keys(t.schemas)) {
		s := t.schemas[name]
		fmt.Fprintf(&t.out, "type %s %s\n", name, cmp.Or(s.reference(), "-"))
		t.writeProperties(name, s)
	}
	for _, name := range slices.Sorted(maps.Keys(extraTypes)) {
		fmt.Fprintf(&t.out, "type %s %s\n", name, extraTypes[name])
	}
}

// writeProperties writes the properties of a type. Types with an id have "entity" as
// their base; whether the id is harmless depends on the type.
func (t *table) writeProperties(typeName string, s *schema) {
	kinds := map[string]string{}
	for name, property := range s.properties() {
		kinds[name] = t.kindOf(typeName, name, property)
	}
	if s.reference() == "entity" {
		kinds["id"] = t.kindOf(typeName, "id", t.schemas["entity"].Properties["id"])
	}
	for override, kind := range overrides {
		if in, name, _ := strings.Cut(override, "."); in == typeName {
			kinds[name] = kind
		}
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(&t.out, "\t%s %s\n", name, kinds[name])
	}
}

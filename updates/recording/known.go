package recording

import (
	_ "embed" // for the table
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed known.txt
var knownTable string

// known returns what the recorder knows of the service.
var known = sync.OnceValue(func() *knowledge { return parseKnown(knownTable) })

// knowledge is the table of what the description says. Its head explains the lines.
type knowledge struct {
	description string                // the start of its SHA-256
	words       map[string]bool       // parts of paths
	ids         map[string]string     // kinds of ids by the word before them
	routes      map[string]route      // by method and path
	types       map[string]*knownType // by name
	names       map[string]bool       // of properties of any type
	values      map[string]bool       // of enumerations
}

// route is the types of the bodies of an operation.
type route struct{ request, response string }

type knownType struct {
	base       string
	properties map[string]property
}

// property is what is known of the values of a property; its zero value is nothing.
type property struct {
	kind   string   // a word of the table
	typ    string   // of objects
	values []string // of enumerations
}

func parseKnown(table string) *knowledge {
	k := &knowledge{
		words: map[string]bool{}, ids: map[string]string{}, routes: map[string]route{},
		types: map[string]*knownType{}, names: map[string]bool{}, values: map[string]bool{},
	}
	var current *knownType
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		switch {
		case fields[0] == "#":
		case line[0] == '\t':
			current.properties[fields[0]] = k.parseProperty(fields)
		case fields[0] == "type":
			current = &knownType{base: fields[2], properties: map[string]property{}}
			k.types[fields[1]] = current
		default:
			k.parseLine(fields)
		}
	}
	return k
}

func (k *knowledge) parseLine(fields []string) {
	switch fields[0] {
	case "description":
		k.description = fields[1]
	case "word":
		k.words[fields[1]] = true
	case "id":
		k.ids[fields[1]] = fields[2]
	case "route":
		k.routes[fields[1]+" "+fields[2]] = route{fields[3], fields[4]}
	}
}

func (k *knowledge) parseProperty(fields []string) property {
	k.names[fields[0]] = true
	p := property{kind: fields[1]}
	switch p.kind {
	case "object":
		p.typ = fields[2]
	case "value":
		p.values = fields[2:]
		for _, value := range p.values {
			k.values[value] = true
		}
	}
	return p
}

// property returns what is known of a property of a type.
func (k *knowledge) property(typ, name string) property {
	for t := k.types[typ]; t != nil; t = k.types[t.base] {
		if p, ok := t.properties[name]; ok {
			return p
		}
	}
	return property{}
}

// typeIn returns the type that an object says it has, where one of the type typ is
// expected: typ itself, unless the object names one that derives from it.
func (k *knowledge) typeIn(typ string, named any) string {
	text, _ := named.(string)
	name := shortType(text)
	for at := name; k.types[at] != nil; at = k.types[at].base {
		if at == typ {
			return name
		}
	}
	return typ
}

const typePrefix = "microsoft.graph.windowsUpdates."

// shortType is the name of a type without its namespace, or empty.
func shortType(text string) string {
	name, ok := strings.CutPrefix(strings.TrimPrefix(text, "#"), typePrefix)
	if !ok {
		return ""
	}
	return name
}

// isType is whether a text is the full name of a known type.
func (k *knowledge) isType(text string) bool { return k.types[shortType(text)] != nil }

// isConstant is whether a text is a value of an enumeration or the name of a type.
func (k *knowledge) isConstant(text string) bool { return k.values[text] || k.isType(text) }

// isWord is whether a text is part of known paths, or the name of a property or type.
func (k *knowledge) isWord(text string) bool {
	return k.isPart(text) || k.names[text] || k.types[text] != nil || commonWords[text]
}

// isPart is whether a text is part of known paths.
func (k *knowledge) isPart(text string) bool { return k.words[text] || k.isType(text) }

// commonWords are parts of the paths of Microsoft Graph and OData.
var commonWords = map[string]bool{
	"beta": true, "v1.0": true, "Collection": true,
	"$metadata": true, "$entity": true, "$count": true, "$ref": true, "$value": true, "$batch": true,
}

// keyed finds a word with a key or with arguments in parentheses.
var keyed = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9.]*)\((.*)\)$`)

// routeOf returns the types of the bodies of a request.
func (k *knowledge) routeOf(method, path string) route {
	_, path, ok := strings.Cut(path, "/admin/windows/updates/")
	if !ok {
		return route{}
	}
	template := []string{""}
	for segment := range strings.SplitSeq(path, "/") {
		template = append(template, k.templateOf(segment))
	}
	return k.routes[method+" "+strings.Join(template, "/")]
}

// templateOf is a segment of a path without ids: those of functions become (), those
// of objects {}.
func (k *knowledge) templateOf(segment string) string {
	if k.isPart(segment) {
		return segment
	}
	match := keyed.FindStringSubmatch(segment)
	switch {
	case match == nil || !k.isPart(match[1]):
		return "{}"
	case strings.Contains(match[2], "="):
		return match[1] + "()"
	}
	return match[1] + "/{}"
}

var (
	timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d` +
		`(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$`)
	durationForm = regexp.MustCompile(`^P(?:\d{1,5}Y)?(?:\d{1,5}M)?(?:\d{1,5}W)?(?:\d{1,5}D)?` +
		`(?:T(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,5}(?:\.\d{1,9})?S)?)?$`)
	catalogID = regexp.MustCompile(`^(?:` + guid.String() + `|[0-9a-f]{64})$`)
	buildForm = regexp.MustCompile(`^10\.0\.\d{5}(?:\.\d{1,5})?$`)
	digits    = regexp.MustCompile(`^\d+$`)
)

// longestNumber is the number of digits of the largest number of 32 bits.
const longestNumber = 10

// exampleTime is what articles have instead of a time.
const exampleTime = "String (timestamp)"

// isHarmless is whether a text is a value that a property of this kind may have.
// Texts of Microsoft are not recognized by their form.
func (p property) isHarmless(text string) bool {
	switch p.kind {
	case "time":
		return timeForm.MatchString(text) && strings.Contains(text, "T") || text == exampleTime
	case "duration":
		return durationForm.MatchString(text)
	case "value":
		return slices.Contains(p.values, text)
	case "type":
		return known().isType(text)
	case "code":
		return knownErrors().codes[text]
	case "message":
		return knownErrors().isMessage(text)
	case "build":
		return buildForm.MatchString(text)
	case "number":
		return isNumber(text) && countDigits(text) <= longestNumber
	}
	return false
}

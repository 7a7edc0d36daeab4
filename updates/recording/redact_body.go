package recording

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// body is the body of a message as the file has it. typ is what the description says of
// it; empty where it says nothing.
func (r *redactor) body(header http.Header, body []byte, typ string, ignored [][]string) []byte {
	r.where, r.path = "body", nil
	text, ok := plainBody(body)
	switch {
	case len(body) == 0:
		return nil
	case !ok && r.request:
		r.refuse("is not text")
		return nil
	case !ok:
		return textBody(r.fakes.make(string(body), shapeText))
	case isForm(header):
		return textBody(editQuery(strings.TrimSpace(text), r, inValue))
	}
	values, ok := readBody(text)
	if !ok {
		return textBody(r.text(strings.TrimRight(text, "\n")))
	}
	for i, value := range values {
		values[i] = r.json(ignore(lowered(value), ignored), property{kind: "object", typ: typ})
	}
	return writeBody(values)
}

// json redacts a value in the order in which it is written. p is what is known of it.
func (r *redactor) json(value any, p property) any {
	switch value := value.(type) {
	case string:
		return r.value(value, p)
	case json.Number:
		return json.Number(r.number(string(value), p))
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = r.json(item, p)
		}
		return out
	case map[string]any:
		return r.object(value, known().typeIn(p.typ, value["@odata.type"]))
	}
	return value
}

func (r *redactor) object(value map[string]any, typ string) map[string]any {
	out := make(map[string]any, len(value))
	for _, name := range slices.Sorted(maps.Keys(value)) {
		changed := r.name(name)
		r.path = append(r.path, name)
		out[changed] = r.member(value[name], name, typ)
		r.path = r.path[:len(r.path)-1]
	}
	return out
}

// member is the value of a member, which may be an annotation.
func (r *redactor) member(value any, name, typ string) any {
	text, isText := value.(string)
	_, annotation, annotated := strings.Cut(name, "@")
	switch {
	case !annotated:
		return r.json(value, known().property(typ, name))
	case isText && annotation == "odata.type":
		return r.value(text, property{kind: "type"})
	case annotation == "microsoft.graph.tips":
		return r.json(value, property{kind: "message"})
	case isText && isLink(text):
		return r.link(text)
	}
	return r.json(value, property{})
}

// value is a text that is the value of a property.
func (r *redactor) value(text string, p property) string {
	switch {
	case p.isHarmless(text):
		r.kept[text] = true
		return r.withoutSecrets(text)
	case r.isKept(r.path):
		return r.withoutSecrets(text)
	case p.kind == "catalog":
		return r.entryID(text)
	case p.kind == "public" && !r.request:
		r.public[text] = true
		return r.withoutSecrets(text)
	}
	return r.text(text)
}

// number is a number, which stays where it is short or the description knows it.
func (r *redactor) number(text string, p property) string {
	fake, isKnown := r.fakes.known(text)
	switch {
	case p.isHarmless(text):
		r.kept[text] = true
		return text
	case r.isKept(r.path):
		return text
	case isKnown && !(r.request && isShortNumber(text)):
		r.refuseLiteral(text)
		return fake
	case isShortNumber(text) && !r.isPIN(text), r.written[text], r.texts[text], r.stored && isPlainFake(text):
		return text
	case !r.request:
		return r.fakes.make(text, shapeNumber)
	case r.source.has(text):
		r.written[text] = true
		return text
	}
	r.refuse(unknown(text))
	return text
}

// isPIN is whether a number stands under the name of a secret, and is long enough for one.
func (r *redactor) isPIN(text string) bool {
	return countDigits(text) >= leastPIN && slices.ContainsFunc(r.path, isSecretName)
}

// isKept is whether the test keeps the member at a path. Arrays on the way are passed
// through.
func (r *redactor) isKept(path []string) bool {
	return slices.ContainsFunc(r.keptPaths, func(kept []string) bool { return slices.Equal(kept, path) })
}

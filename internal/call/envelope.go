package call

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// readEnvelope takes code, message, request ID, and details out of an error's body. Gateways, older protocols, and
// the parts of the service behind it use different forms. The body can be anything; what does not fit is left out. keep returns what is kept of a text.
func readEnvelope(body []byte, e *apierr.Error, keep func(string) string) {
	said := readFailure(body, 0)
	e.Code, e.Message, e.Details = keep(said.code), keep(said.message), said.details
	e.RequestID = cmp.Or(e.RequestID, keep(said.requestID))
	for i, d := range e.Details {
		e.Details[i] = apierr.Detail{Code: keep(d.Code), Message: keep(d.Message), Target: keep(d.Target)}
	}
}

// failure is what a body says of an error, in full length.
type failure struct {
	code, message, requestID string
	details                  []apierr.Detail
}

// maxDepth is how deep errors inside of errors are followed.
const maxDepth = 8

// isCode distinguishes a code from a repeated status, and isWord a code from a sentence.
var (
	isCode = regexp.MustCompile(`^[A-Za-z]`)
	isWord = regexp.MustCompile(`^[A-Za-z][\w.]*$`)
)

// errorMembers are the names of an error at the top of a body.
var errorMembers = [...]string{"error", "odata.error", "@odata.error"}

func readFailure(raw json.RawMessage, depth int) failure {
	m := members(raw)
	if m == nil || depth > maxDepth {
		return failure{message: text(raw)}
	}
	if wrapped := cmp.Or(string(m[errorMembers[0]]), string(m[errorMembers[1]]), string(m[errorMembers[2]])); wrapped != "" {
		return readWrapped(json.RawMessage(wrapped), m, depth)
	}
	f := failure{code: text(m["code"]), message: messageOf(m), requestID: text(m["request-id"]), details: readDetails(m)}
	f.add(m["innererror"], depth)
	f.unpack(depth)
	return f
}

// readWrapped reads the error in an object. OAuth has a code there, and the message in another
// property.
func readWrapped(wrapped json.RawMessage, m map[string]json.RawMessage, depth int) failure {
	f := readFailure(wrapped, depth+1)
	if f.code == "" && isWord.MatchString(f.message) && members(wrapped) == nil {
		f.code, f.message = f.message, ""
	}
	f.code, f.message = cmp.Or(f.code, text(m["code"])), cmp.Or(f.message, messageOf(m))
	return f
}

// messageOf is the message of an object by the names that are in use. Problem details (RFC 9457) have two parts.
func messageOf(m map[string]json.RawMessage) string {
	problem := slices.DeleteFunc([]string{text(m["title"]), text(m["detail"])}, func(s string) bool { return s == "" })
	return cmp.Or(text(m["message"]), text(m["error_description"]), strings.Join(problem, ": "))
}

// add takes what an inner error knows better: its code is more specific, its message is often none.
func (f *failure) add(raw json.RawMessage, depth int) {
	if members(raw) == nil {
		return
	}
	inner := readFailure(raw, depth+1)
	if isCode.MatchString(inner.code) {
		f.code = inner.code
	}
	f.message, f.requestID = cmp.Or(f.message, inner.message), cmp.Or(f.requestID, inner.requestID)
}

// unpack takes apart a message that is, or ends with, another error in JSON.
func (f *failure) unpack(depth int) {
	before, rest, found := strings.Cut(f.message, "{")
	if !found {
		return
	}
	inner := readFailure(json.RawMessage("{"+rest), depth+1)
	if inner.message == "" {
		return
	}
	f.message = strings.TrimSpace(before + inner.message)
	if isCode.MatchString(inner.code) {
		f.code = inner.code
	}
}

// readDetails reads the list of an error, or the errors of a problem: a list, or messages by the names of properties.
func readDetails(m map[string]json.RawMessage) []apierr.Detail {
	var details []apierr.Detail
	for _, one := range list(cmp.Or(string(m["details"]), string(m["errors"]))) {
		detail := members(one)
		details = append(details, apierr.Detail{
			Code: text(detail["code"]), Message: cmp.Or(text(detail["message"]), text(one)), Target: text(detail["target"]),
		})
	}
	invalid := object(m["errors"])
	for _, name := range slices.Sorted(maps.Keys(invalid)) {
		messages := list(string(invalid[name]))
		if messages == nil {
			messages = []json.RawMessage{invalid[name]}
		}
		for _, message := range messages {
			details = append(details, apierr.Detail{Target: name, Message: text(message)})
		}
	}
	return details
}

func list(raw string) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal([]byte(raw), &list)
	return list
}

// members are the properties of an object by their names in lower case, or nil. Of several spellings the last one in
// the alphabet counts, which is that in lower case if there is one.
func members(raw json.RawMessage) map[string]json.RawMessage {
	m := object(raw)
	if m == nil {
		return nil
	}
	lowered := make(map[string]json.RawMessage, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		lowered[strings.ToLower(name)] = m[name]
	}
	return lowered
}

func object(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	_ = json.Unmarshal(raw, &m)
	return m
}

// text reads a string, a number, or a string with its language, and is "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	var n json.Number
	switch {
	case json.Unmarshal(raw, &s) == nil:
	case json.Unmarshal(raw, &n) == nil:
		s = n.String()
	default:
		_ = json.Unmarshal(object(raw)["value"], &s) // a string with its language
	}
	return strings.TrimSpace(s)
}

// maxText keeps a text of the service short enough for a line of a log.
const maxText = 500

// short is what is kept of a text of the service.
func short(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "")
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

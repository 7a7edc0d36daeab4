package call

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// readEnvelope takes code, message and details out of an error's body. The body
// can be anything; what does not fit is left out.
func readEnvelope(body []byte, e *apierr.Error) {
	failure := object(object(body)["error"])
	e.Code, e.Message = text(failure["code"]), text(failure["message"])
	for depth, inner := 0, innerOf(failure); inner != nil && depth < maxDepth; depth, inner = depth+1, innerOf(inner) {
		if code := text(inner["code"]); isCode.MatchString(code) {
			e.Code = code
		}
		if e.RequestID == "" {
			e.RequestID = text(inner["request-id"])
		}
	}
	var details []json.RawMessage
	_ = json.Unmarshal(failure["details"], &details)
	for _, raw := range details {
		detail := object(raw)
		e.Details = append(e.Details, apierr.Detail{
			Code: text(detail["code"]), Message: text(detail["message"]), Target: text(detail["target"]),
		})
	}
}

// maxDepth is how deep inner errors are followed.
const maxDepth = 8

// isCode tells a code from a repeated status.
var isCode = regexp.MustCompile(`^[A-Za-z]`)

func innerOf(m map[string]json.RawMessage) map[string]json.RawMessage {
	if inner := object(m["innerError"]); inner != nil {
		return inner
	}
	return object(m["innererror"])
}

func object(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	_ = json.Unmarshal(raw, &m)
	return m
}

// maxText keeps a text of the service short enough for a line of a log.
const maxText = 500

// text reads a string, a number or a text with its language, and is "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	var n json.Number
	switch {
	case json.Unmarshal(raw, &s) == nil:
	case json.Unmarshal(raw, &n) == nil:
		s = n.String()
	default:
		_ = json.Unmarshal(object(raw)["value"], &s) // a text with its language
	}
	return short(s)
}

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

package recording

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// requestText is a text that a request has and that is not settled. A value that is neither in the source of
// the test nor in an earlier response would not be in a replay.
func (r *redactor) requestText(text string) string {
	switch {
	case isShortNumber(text):
		r.written[text] = true
		return text
	case r.source.has(text) && !isGUID(text):
		r.written[text] = true
		return r.withoutSecrets(text)
	}
	if changed, ok := r.coded(text); ok {
		return changed
	}
	if changed, ok := r.composed(text); ok {
		return changed
	}
	r.refuse(unknown(text))
	return text
}

// unknown says what is wrong with a text that is neither known nor written.
func unknown(text string) string {
	const before = " that no response before it had: take it from Recorder.Secret, or "
	switch {
	case isGUID(text):
		return "has a GUID" + before + "make up one that begins with " + fakeGUID
	case mail.FindString(text) == text:
		return "has a user name" + before + "make up one such as user-1@" + fakeDomain
	case isNumber(text):
		return "has a number" + before + "write it as a literal in the test"
	}
	return "has a string" + before + "write it as one string literal in the test, " +
		"or keep it with recording.KeepText or recording.KeepProperty"
}

// coded redacts a text that has another one in it: JSON, a link, or an encoded text.
// It reports false where the inner text cannot be redacted, or would not be what the
// code that is tested sends when it is replayed.
func (r *redactor) coded(text string) (string, bool) {
	if r.depth == deepest {
		return "", false
	}
	r.depth++
	defer func() { r.depth-- }()
	if value, ok := readJSON([]byte(text)); ok && (r.depth == 1 || compactJSON(value) == text) {
		return r.attempt(func() string { return compactJSON(r.json(value, property{})) })
	}
	if isLink(text) {
		return r.attempt(func() string { return r.link(text) })
	}
	if plain, encode, ok := decoded(text); ok {
		return r.attempt(func() string { return encode(r.text(plain)) })
	}
	return "", false
}

// attempt redacts a part and takes back its errors.
func (r *redactor) attempt(redact func() string) (string, bool) {
	before := len(r.errs)
	changed := redact()
	ok := len(r.errs) == before
	r.errs = r.errs[:before]
	return changed, ok
}

// piece is a part of a composed text; done when it is as the file has it.
type piece struct {
	text string
	done bool
}

// whole finds what is replaced in a text as a whole.
var whole = regexp.MustCompile(fakeForm.String() + `|` + guid.String() + `|` + mail.String())

// leastPart is the smallest length of a value that is looked for in other texts.
const leastPart = 4

// composed redacts a text that the code has put together of values that responses had,
// and of literals.
func (r *redactor) composed(text string) (string, bool) {
	pieces := []piece{{text: text}}
	if r.secret != nil {
		pieces = r.cut(pieces, r.secret)
	}
	pieces = r.cut(pieces, whole)
	for _, value := range longestFirst(r.fakes.of) {
		if len(value) >= leastPart && strings.Contains(text, value) {
			pieces = r.cut(pieces, regexp.MustCompile(regexp.QuoteMeta(value)))
		}
	}
	var out strings.Builder
	found := false
	for _, p := range pieces {
		if !p.done && !r.mayStandBetween(p.text) {
			return "", false
		}
		found = found || p.done
		out.WriteString(p.text)
	}
	return out.String(), found
}

// cut cuts what a pattern finds, and is settled, out of the pieces.
func (r *redactor) cut(pieces []piece, pattern *regexp.Regexp) []piece {
	var all []piece
	for _, p := range pieces {
		from := 0
		for _, at := range pattern.FindAllStringIndex(p.text, -1) {
			kept, ok := r.settled(p.text[at[0]:at[1]])
			if p.done || !ok {
				continue
			}
			all = append(all, piece{p.text[from:at[0]], false}, piece{kept, true})
			from = at[1]
		}
		all = append(all, piece{p.text[from:], p.done})
	}
	return all
}

var harmlessBetween = regexp.MustCompile(`^[^\pL\pN]*(?:\d{1,5}[^\pL\pN]*)?$`)

// mayStandBetween is whether what a composed text has between its values tells nothing,
// or is a literal.
func (r *redactor) mayStandBetween(text string) bool {
	return harmlessBetween.MatchString(text) || r.source.has(text) || r.source.has(strings.TrimSpace(text))
}

func longestFirst(values map[string]fakeValue) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
}

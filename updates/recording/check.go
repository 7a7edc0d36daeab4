package recording

import (
	_ "embed" // for the rules
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The secret check is the second lock of a recording: it reads the final bytes of a file, and
// what is encoded in them. It finds what the redactor should have replaced, and what the
// author of a test should not have written.

//go:embed secrets.txt
var secretTable string

// form is how one kind of secret looks.
type form struct {
	needle  string // in lower case; all secrets of the kind have it
	pattern *regexp.Regexp
	what    string
}

type rules struct {
	endings []string
	forms   []form
}

var secretRules = sync.OnceValue(func() *rules {
	out := &rules{}
	for line := range strings.Lines(secretTable) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		switch fields[0] {
		case "ending":
			out.endings = append(out.endings, fields[1])
		case "form":
			out.forms = append(out.forms, form{fields[1], regexp.MustCompile(fields[2]), fields[3]})
		}
	}
	return out
})

// secretCheck is a check of one recording.
type secretCheck struct {
	catalog map[string]bool // ids that it may have, in lower case
	names   []string        // of secrets, which stand for their values
	values  *finder         // more that it must not have
}

// check returns an error for each line of a file that has a secret. An error names the
// kind and the line, and never the value.
func (c *secretCheck) check(text []byte) []error {
	var errs []error
	member, number := "first line", 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if inner, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(inner, " --") {
			member = strings.TrimSuffix(inner, " --")
		}
		for _, found := range c.inLine(line) {
			errs = append(errs, fmt.Errorf("line %d (%s) has %s", number, member, found))
		}
	}
	errs = append(errs, c.inWrapped(string(text))...)
	errs = append(errs, c.inMessages(text)...)
	return append(errs, c.values.overLines(string(text))...)
}

// inWrapped looks at base64 that goes over several lines of a text.
func (c *secretCheck) inWrapped(text string) []error {
	var errs []error
	for _, b := range wrapped(text) {
		for _, found := range c.inLine(b.text) {
			errs = append(errs, fmt.Errorf("line %d and those that follow have %s", 1+b.line, found))
		}
	}
	return errs
}

// inLine names what is in one line, each once.
func (c *secretCheck) inLine(line string) []string {
	var found []string
	for _, plain := range decodings(line) {
		found = append(found, c.inText(plain)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (c *secretCheck) inText(text string) []string {
	lower := lowerASCII(text)
	var found []string
	for _, f := range secretRules().forms {
		if f.isIn(text, lower) {
			found = append(found, f.what)
		}
	}
	if c.hasOtherGUID(lower) {
		found = append(found, "a GUID that is neither a fake nor an ID of the catalog")
	}
	if hasUser(text) {
		found = append(found, "an email address outside "+fakeDomain)
	}
	if c.hasNamedSecret(text, lower) {
		found = append(found, namedSecret)
	}
	return append(found, c.values.in(text)...)
}

// Around a needle this much is looked at.
const (
	beforeNeedle = 64
	afterNeedle  = 512
)

// isIn looks for the needle first, and for the pattern only around it.
func (f form) isIn(text, lower string) bool {
	found := false
	eachNear(text, lower, f.needle, func(near string) { found = found || f.pattern.MatchString(near) })
	return found
}

// eachNear calls back with what stands around each needle. Needles that stand close
// together share it.
func eachNear(text, lower, needle string, call func(near string)) {
	for from := 0; ; {
		at := strings.Index(lower[from:], needle)
		if at < 0 {
			return
		}
		at += from
		end := endOfWord(text, at+afterNeedle)
		call(text[max(0, at-beforeNeedle):end])
		from = max(at+len(needle), end-afterNeedle/2)
		if from >= len(text) {
			return
		}
	}
}

// endOfWord is the end of the word at a place, so that a value is not cut.
func endOfWord(text string, at int) int {
	at = min(at, len(text))
	if end := strings.IndexAny(text[at:min(len(text), at+afterNeedle)], " \"'&;,<>"); end >= 0 {
		return at + end
	}
	return at
}

// lowerASCII leaves other letters as they are, so that places in a text stay the same.
func lowerASCII(text string) string {
	out := []byte(text)
	for i, b := range out {
		if 'A' <= b && b <= 'Z' {
			out[i] = b + 'a' - 'A'
		}
	}
	return string(out)
}

func hasUser(text string) bool {
	found := false
	eachNear(text, text, "@", func(near string) {
		found = found || slices.ContainsFunc(mail.FindAllString(near, -1), isUser)
	})
	return found
}

// hasOtherGUID is whether a text has a GUID, with dashes or without, that a recording
// must not have.
func (c *secretCheck) hasOtherGUID(lower string) bool {
	for at := 0; at+len(noGUID) <= len(lower); at++ {
		next := strings.IndexByte(lower[at:], '-')
		if next < 0 {
			break
		}
		at += next
		if start := at - 8; start >= 0 && start+len(noGUID) <= len(lower) {
			id := lower[start : start+len(noGUID)]
			if isGUID(id) && !isFakeGUID(id) && !c.catalog[id] {
				return true
			}
		}
	}
	return c.hasBareGUID(lower)
}

// hasBareGUID looks for 32 hexadecimal digits. More of them are a hash.
func (c *secretCheck) hasBareGUID(lower string) bool {
	run := 0
	for i := 0; i <= len(lower); i++ {
		if i < len(lower) && isHex(lower[i]) {
			run++
			continue
		}
		if run == 32 {
			h := lower[i-32 : i]
			id := h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
			if !isFakeGUID(id) && !c.catalog[id] {
				return true
			}
		}
		run = 0
	}
	return false
}

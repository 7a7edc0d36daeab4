package recording

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// kind is one kind of secret and what finds it. Each such secret has one of the
// parts in it, in lower case, which are quicker to look for; without parts in is
// always asked.
type kind struct {
	name  string
	parts []string
	in    func(text string) bool
}

// kinds are what must not be in a recording. What they look for is broad: to
// record anew costs a minute, to revoke a leaked secret a day.
func kinds(a *allowed) []kind {
	return []kind{
		{"a JSON web token", []string{"eyj"}, webToken.MatchString},
		{"a bearer token", []string{"bearer"}, bearer.MatchString},
		{"an Authorization header", []string{"authorization"}, authorization.MatchString},
		{"a client secret", []string{"q~", "secret"}, clientSecret.MatchString},
		{"a password, key or token by its name", []string{"password", "pwd", "token", "assertion", "key"}, a.hasNamedSecret},
		{"a certificate or private key", []string{"-----begin", "mii"}, certificate.MatchString},
		{"a shared access signature", []string{"sig=", "sharedaccess"}, sharedAccess.MatchString},
		{"an account key", []string{"==", "accountkey"}, hasAccountKey},
		{"a GUID that is neither a fake nor an id of the catalog", nil, func(text string) bool {
			return hasOther(guid, text, a.isGUID) || hasOther(bareGUID, text, a.isGUID)
		}},
		{"an e-mail address outside of " + fakeDomain, []string{"@"}, func(text string) bool {
			return hasOther(mail, text, func(address string) bool { return !isUser(address) })
		}},
		{"a tenant's domain", []string{"onmicrosoft", "onmschina"}, tenantDomain.MatchString},
	}
}

var (
	webToken      = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{6,}\.{1,2}[A-Za-z0-9_-]{4,}`)
	bearer        = regexp.MustCompile(`(?i)bearer\s+[A-Za-z0-9._~+/-]{16}`)
	authorization = regexp.MustCompile(`(?i)authorization["']?\s*[:=]\s*["']?(?:[a-z]+\s+)?[A-Za-z0-9._~+/-]{16}`)
	clientSecret  = regexp.MustCompile(`Q~[A-Za-z0-9_~.-]{31}|(?i)(?:client_?secret|secretText)["']?\s*[:=]`)
	namedSecret   = regexp.MustCompile(`(?i)(?:password|pwd|access_?token|refresh_?token|id_?token|client_?assertion|` +
		`api_?-?key|primary_?key|private_?key)["']?\s*[:=]\s*["']?([^\s"',}&]+)`)
	certificate   = regexp.MustCompile(`-----BEGIN |MII[A-Za-z0-9+/_-]{40}`)
	sharedAccess  = regexp.MustCompile(`(?i)(?:^|[?&;\s"'])sig=|SharedAccess(?:Signature|Key)`)
	accountKey    = regexp.MustCompile(`(?i)AccountKey\s*=`)
	bareGUID      = regexp.MustCompile(`(?i)[0-9a-f]{32,}`)
	keyCharacters = regexp.MustCompile(`^[A-Za-z0-9+/]+$`)
)

// allowed is what a recording may have although it has the form of a secret.
type allowed struct {
	catalog map[string]bool // its ids, in lower case
	names   []string        // of secrets, which stand for their values
}

func allowedIn(a *archive) *allowed { return &allowed{catalogIDs(a), a.secrets} }

func (a *allowed) isGUID(id string) bool {
	if len(id) > len(noGUID) {
		return true // a hash
	}
	if len(id) == 32 {
		id = id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
	}
	return isFakeGUID(id) || a.catalog[id]
}

// hasNamedSecret is whether a password has a value that the redactor did not put
// there.
func (a *allowed) hasNamedSecret(text string) bool {
	return slices.ContainsFunc(namedSecret.FindAllStringSubmatch(text, -1), func(match []string) bool {
		return match[1] != "ignored" && !slices.Contains(a.names, match[1]) && fakeForm.FindString(match[1]) != match[1]
	})
}

// hasOther is whether a pattern finds something that is not allowed; allowed gets
// it in lower case.
func hasOther(pattern *regexp.Regexp, text string, allowed func(string) bool) bool {
	return slices.ContainsFunc(pattern.FindAllString(text, -1), func(match string) bool { return !allowed(strings.ToLower(match)) })
}

// hasAccountKey is whether a text has 64 bytes in base64, which is the form of the
// keys of workspaces and storage accounts, or such a key by its name.
func hasAccountKey(text string) bool {
	const length = 86
	for at := range len(text) {
		if strings.HasPrefix(text[at:], "==") && at >= length && keyCharacters.MatchString(text[at-length:at]) {
			return true
		}
	}
	return accountKey.MatchString(text)
}

// inspect is the secret check: it looks at the final bytes of a file, and at what is
// encoded in them, and returns an error for each line with a secret. An error
// names the kind and the line, and never the value. values are more that must not
// be there, in lower case, with what to say of them.
func inspect(text []byte, a *allowed, values map[string]string) []error {
	var errs []error
	all, member, number := kinds(a), "first line", 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if inner, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(inner, " --") {
			member = strings.TrimSuffix(inner, " --")
		}
		for _, found := range inspectLine(line, all, values) {
			errs = append(errs, fmt.Errorf("line %d (%s) has %s", number, member, found))
		}
	}
	errs = append(errs, inspectWrapped(string(text), all, values)...)
	return append(errs, inspectLines(string(text), values)...)
}

// inspectWrapped looks at base64 that goes over several lines of a text.
func inspectWrapped(text string, all []kind, values map[string]string) []error {
	var errs []error
	for _, at := range wrapped64.FindAllStringIndex(text, -1) {
		for _, found := range inspectLine(joined(text[at[0]:at[1]]), all, values) {
			errs = append(errs, fmt.Errorf("line %d and those that follow have %s", 1+strings.Count(text[:at[0]], "\n"), found))
		}
	}
	return errs
}

// inspectLine names what is in one line, each once.
func inspectLine(line string, all []kind, values map[string]string) []string {
	var found []string
	for _, view := range decodings(line) {
		lower := strings.ToLower(view)
		for _, k := range all {
			if k.maybeIn(lower) && k.in(view) {
				found = append(found, k.name)
			}
		}
		for value, what := range values {
			if holds(lower, value) {
				found = append(found, what)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// inspectLines finds values that have more than one line.
func inspectLines(text string, values map[string]string) []error {
	var errs []error
	lower := strings.ToLower(text)
	for value, what := range values {
		if at := strings.Index(lower, value); at >= 0 && strings.Contains(value, "\n") {
			errs = append(errs, fmt.Errorf("line %d has %s", 1+strings.Count(lower[:at], "\n"), what))
		}
	}
	return errs
}

func (k kind) maybeIn(lower string) bool {
	return len(k.parts) == 0 || slices.ContainsFunc(k.parts, func(part string) bool { return strings.Contains(lower, part) })
}

// holds is whether a text has a value, both in lower case, or a GUID without its
// dashes.
func holds(lower, value string) bool {
	return strings.Contains(lower, value) ||
		len(value) == len(noGUID) && guid.MatchString(value) && strings.Contains(lower, strings.ReplaceAll(value, "-", ""))
}

// deepest bounds how many encodings are undone, one around the other.
const deepest = 3

// decodings are a text and what it says when its encodings are undone.
func decodings(text string) []string {
	seen := map[string]bool{}
	var all []string
	var look func(text string, depth int)
	look = func(text string, depth int) {
		if seen[text] {
			return
		}
		seen[text] = true
		all = append(all, text)
		if depth < deepest {
			for _, inner := range decodeOnce(text) {
				look(inner, depth+1)
			}
		}
	}
	look(text, 0)
	return all
}

// decodeOnce returns the readings of a text that has one encoding less.
func decodeOnce(text string) []string {
	var readings []string
	if strings.Contains(text, "%") {
		readings = append(readings, decode(text, false))
	}
	if strings.ContainsAny(text, "%+") {
		readings = append(readings, decode(text, true))
	}
	if strings.Contains(text, `\`) {
		readings = append(readings, unescaped(text))
	}
	if strings.Contains(text, "&") {
		readings = append(readings, html.UnescapeString(text))
	}
	if nuls := strings.Count(text, "\x00"); nuls > 0 && nuls >= len(text)/4 {
		readings = append(readings, fromUTF16(text), fromUTF16(text[1:]))
	}
	if strings.Contains(text, "\n") {
		for _, run := range wrapped64.FindAllString(text, -1) {
			readings = append(readings, decoded64(joined(run))...)
		}
	}
	for _, run := range base64Run.FindAllString(text, -1) {
		readings = append(readings, decoded64(run)...)
	}
	return readings
}

// fromUTF16 is a text in UTF-16, little-endian: of the other order too, one byte
// later, where its letters are Latin ones.
func fromUTF16(text string) string {
	var units []uint16
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, binary.LittleEndian.Uint16([]byte(text[i:])))
	}
	return string(utf16.Decode(units))
}

// escape finds the escapes of JSON.
var escape = regexp.MustCompile(`\\(?:u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|["\\/bfnrt])`)

func unescaped(text string) string {
	return escape.ReplaceAllStringFunc(text, func(e string) string {
		if value, ok := readText([]byte(`"` + e + `"`)); ok {
			return value
		}
		return e
	})
}

// base64Run finds what may be base64 of either alphabet.
var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)

// wrapped64 finds lines of it that are cut at one width.
var wrapped64 = regexp.MustCompile(`(?:[A-Za-z0-9+/_-]{40,}\r?\n[ \t]*)+[A-Za-z0-9+/_-]+`)

func joined(lines string) string { return strings.Join(strings.Fields(lines), "") }

var toStandard = strings.NewReplacer("-", "+", "_", "/")

// decoded64 are the bytes of a run, read from each place where base64 may begin in
// it.
func decoded64(run string) []string {
	run = toStandard.Replace(run)
	var all []string
	for start := range 4 {
		if start >= len(run) {
			break
		}
		part := run[start:]
		if len(part)%4 == 1 {
			part = part[:len(part)-1]
		}
		if plain, err := base64.RawStdEncoding.DecodeString(part); err == nil {
			all = append(all, string(plain))
		}
	}
	return all
}

package recording

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// redactor turns exchanges as they were into exchanges as the file has them. What
// it does not recognise is left for the secret check.
type redactor struct {
	names   map[string]string // of secrets, by value in lower case
	secret  *regexp.Regexp    // finds the values; nil where there are none
	ignored [][]string
	catalog map[string]bool
	domains map[string]bool // of users, other than fakes
	written map[string]bool // names of things that a test wrote before it read them

	guids, tokens, users, things *numbering

	// The message that is being redacted.
	exchange int
	request  bool
	where    string // the part of it, for errors
	public   bool   // its names are Microsoft's and not the tenant's
	errs     []error
}

func newRedactor(s *secrets, ignored [][]string) *redactor {
	r := &redactor{ignored: ignored, catalog: map[string]bool{}, domains: map[string]bool{}, written: map[string]bool{}}
	r.names, r.secret = s.known()
	return r
}

// survey learns what must be known before the first exchange is redacted.
func (r *redactor) survey(exchanges []*liveExchange) {
	taken := map[string]bool{}
	for _, c := range exchanges {
		addCatalogIDs(r.catalog, c.url.Path, c.sent, c.got)
		for _, text := range []string{decode(c.url.String(), true), string(c.sent), string(c.got)} {
			addFakes(taken, text)
			r.learnDomains(text)
		}
	}
	r.guids = newNumbering(fakeGUID+"%012d", taken)
	r.tokens = newNumbering("token-%d", taken)
	r.users = newNumbering("user-%d@"+fakeDomain, taken)
	r.things = newNumbering("name-%d", taken)
}

// redact is one exchange as the file has it.
func (r *redactor) redact(c *liveExchange) *exchange {
	r.exchange++
	r.request, r.public = true, isPublicPath(c.url.Path)
	e := &exchange{number: r.exchange, method: c.method, status: c.status}
	r.where = "URL"
	e.url = canonicalURL(c.url, r.inURL)
	e.request = message{body: r.body(c.sent, r.ignored)}
	e.request.set("Content-Type", r.header(c.sentHeader, "Content-Type"))

	r.request = false
	e.response.set("Content-Type", r.header(c.gotHeader, "Content-Type"))
	if c.gotHeader.Get("request-id") != "" {
		id, _ := r.guids.of(strings.ToLower(c.gotHeader.Get("request-id")))
		e.response.set("Request-Id", id)
	}
	e.response.set("Retry-After", seconds(c.gotHeader))
	e.response.set("Location", r.link(oneLine(c.gotHeader.Get("Location"))))
	e.response.body = r.body(c.got, nil)
	return e
}

func (r *redactor) header(from http.Header, name string) string {
	r.where = "header " + name
	return r.text(oneLine(from.Get(name)))
}

// oneLine is the value of a header that a transport of the tester's own may have
// made.
func oneLine(value string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' {
			return ' '
		}
		return c
	}, value))
}

// seconds is Retry-After in the form that is the same whenever it is replayed: whole
// seconds.
func seconds(header http.Header) string {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= 0 && n <= math.MaxInt32 {
		return strconv.Itoa(int(math.Ceil(n)))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return ""
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return strconv.Itoa(int(math.Ceil(max(0, at.Sub(now).Seconds()))))
}

// body is the body of a message as the file has it. What is not text is left to
// the secret check.
func (r *redactor) body(body []byte, ignored [][]string) []byte {
	r.where = "body"
	value, ok := readJSON(body)
	switch {
	case ok:
		return writeJSON(r.json(ignore(value, ignored), "", r.public))
	case utf8.Valid(body):
		return []byte(r.text(string(body)))
	}
	return body
}

// json redacts a value in the order in which it is written. member is the name
// that it stands under; public is whether names in it are Microsoft's.
func (r *redactor) json(value any, member string, public bool) any {
	switch value := value.(type) {
	case string:
		return r.member(member, value, public)
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = r.json(item, member, public)
		}
		return out
	case map[string]any:
		public = public || isPublicMember(member) || isCatalogType(value["@odata.type"])
		out := make(map[string]any, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			out[r.text(name)] = r.json(value[name], name, public)
		}
		return out
	}
	return value
}

func (r *redactor) member(name, value string, public bool) string {
	switch {
	case isLink(name):
		return r.link(value)
	case !public && isTenantsName(name):
		return r.thing(value)
	}
	return r.text(value)
}

// text replaces what tells of the tenant, wherever it stands in a text.
func (r *redactor) text(text string) string {
	text = r.withoutSecrets(text)
	text = replaceGUIDs(text, r.guid)
	text = r.withoutUsers(text)
	switch {
	case r.request:
		return lowerGUIDs(text)
	case strings.Contains(text, "://"):
		return loopback.ReplaceAllString(text, "${1}localhost")
	}
	return text
}

// loopback finds the addresses of this machine with ports that servers of tests
// choose at random.
var loopback = regexp.MustCompile(`(?i)(https?://)(?:127\.0\.0\.1|\[::1\]|localhost):[0-9]+`)

func (r *redactor) withoutSecrets(text string) string {
	if r.secret == nil {
		return text
	}
	return r.secret.ReplaceAllStringFunc(text, func(value string) string {
		if name, ok := r.names[strings.ToLower(value)]; ok {
			return name
		}
		return value // letters that have several lower cases: for the secret check
	})
}

func (r *redactor) guid(id string) string {
	lower := strings.ToLower(id)
	switch {
	case isFakeGUID(lower):
		return lower
	case r.catalog[lower]:
		return id
	}
	fake, known := r.guids.of(lower)
	r.mustBeKnown(known, "a GUID", "take it from Recorder.Secret, or make up one that begins with "+fakeGUID)
	return fake
}

// mustBeKnown keeps what would make a replay fail: the code that is tested asks
// then for what it asked while recording, and not for the fake.
func (r *redactor) mustBeKnown(known bool, what, advice string) {
	if r.request && !known {
		r.errs = append(r.errs, fmt.Errorf("exchange %02d: the %s of the request has %s that no answer before it had; %s",
			r.exchange, r.where, what, advice))
	}
}

// inURL redacts a part of the URL of a request.
func (r *redactor) inURL(option, value string) string {
	if option != "" && !isOption(option) {
		if fake, known := r.tokens.fakes[value]; known {
			return fake
		}
		if isContinuation(option) && !r.tokens.taken[value] {
			fake, known := r.tokens.of(value)
			r.mustBeKnown(known, "a continuation token", "follow the links of pages")
			return fake
		}
		r.written[value] = true
	}
	return r.text(quoted.ReplaceAllStringFunc(value, func(text string) string {
		name := strings.ReplaceAll(text[1:len(text)-1], "''", "'")
		if fake, known := r.things.fakes[name]; known {
			return "'" + fake + "'"
		}
		r.written[name] = r.written[name] || option != ""
		return text
	}))
}

// quoted finds the texts in a filter, in which a quote is two.
var quoted = regexp.MustCompile(`'(?:[^']|'')*'`)

// originals are what must not be in the file, in lower case, and what to say of it:
// the values of secrets, and what fakes stand for where it is long enough to be told
// from other text.
func (r *redactor) originals() map[string]string {
	found := map[string]string{}
	for token, fake := range r.tokens.fakes {
		if len(token) >= leastSecret && !r.written[token] {
			found[strings.ToLower(token)] = "the token that is " + fake + " elsewhere; take it from Recorder.Secret"
		}
	}
	for name, fake := range r.things.fakes {
		if len(name) >= leastSecret && !r.written[name] {
			found[strings.ToLower(name)] = "the name that is " + fake + " elsewhere; take it from Recorder.Secret"
		}
	}
	for value, name := range r.names {
		found[value] = fmt.Sprintf("the value of Secret(%q)", name)
	}
	return found
}

// link redacts a URL in an answer. What need not change stays as it is, since
// clients send it as it is.
func (r *redactor) link(link string) string {
	address, query, has := strings.Cut(link, "?")
	address = r.text(address)
	if !has {
		return address
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		decoded := lowerGUIDs(decode(value, true))
		if changed := r.inLink(decode(name, true), decoded); changed != decoded {
			pairs[i] = name + "=" + url.QueryEscape(changed)
		}
	}
	return address + "?" + strings.Join(pairs, "&")
}

func (r *redactor) inLink(option, value string) string {
	if isOption(option) || value == "" || r.tokens.taken[value] || r.request {
		return r.text(value)
	}
	fake, _ := r.tokens.of(value)
	return fake
}

// thing redacts a name that an administrator chose. It stays where the test wrote
// it before it read it.
func (r *redactor) thing(name string) string {
	fake, known := r.things.fakes[name]
	switch {
	case known:
		return fake
	case r.request:
		r.written[name] = true
	case name != "" && !r.written[name] && !r.isSecret(name) && !fakeForm.MatchString(name):
		fake, _ = r.things.of(name)
		return fake
	}
	return r.text(name)
}

func (r *redactor) isSecret(text string) bool {
	_, ok := r.names[strings.ToLower(text)]
	return ok
}

// tenantsNames are members whose values people of the tenant chose.
var tenantsNames = []string{
	"azureResourceGroupName", "description", "deviceDisplayName", "deviceName", "displayName",
	"givenName", "surname", "userDisplayName", "workspaceName",
}

func isTenantsName(member string) bool { return slices.Contains(tenantsNames, member) }

// isPublicPath is whether a route is about Windows and not about a tenant.
func isPublicPath(path string) bool {
	path = strings.ToLower(path)
	return strings.Contains(path, "/catalog/") || strings.Contains(path, "/products") || strings.Contains(path, "/knownissues")
}

func isPublicMember(name string) bool { return name == "catalogEntry" || name == "productRevisions" }

func isCatalogType(name any) bool {
	text, _ := name.(string)
	return strings.HasSuffix(text, "CatalogEntry")
}

func isLink(member string) bool {
	return strings.HasSuffix(member, "nextLink") || strings.HasSuffix(member, "deltaLink")
}

// isOption is whether a query option has a meaning that is known, so that its
// value is no token.
func isOption(name string) bool {
	switch strings.TrimPrefix(strings.ToLower(name), "$") {
	case "apply", "compute", "count", "expand", "filter", "format", "orderby", "search", "select", "skip", "top":
		return true
	}
	return false
}

func isContinuation(name string) bool {
	switch strings.TrimPrefix(strings.ToLower(name), "$") {
	case "skiptoken", "deltatoken":
		return true
	}
	return false
}

package recording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// redactor turns exchanges as they were into exchanges as the file has them. It keeps
// what it knows to be harmless and replaces everything else. Responses make fakes;
// requests may have what is harmless, what the author of the test wrote, and what a
// response before them had.
type redactor struct {
	secretNames map[string]string // by value in lower case
	secret      *regexp.Regexp    // finds the values; nil where there are none
	source      *source           // nil without one
	ignored     [][]string
	keptPaths   [][]string      // of KeepProperty
	texts       map[string]bool // of KeepText
	stored      bool            // the exchanges are those of a file

	fakes   *fakes
	public  map[string]bool // texts of Microsoft that a response has
	catalog map[string]bool // ids of catalog entries
	written map[string]bool // texts that the author wrote and a request had first
	kept    map[string]bool // names and values that were kept because they are known

	// The message that is being redacted.
	exchange int
	request  bool
	where    string   // the part of it, for errors
	path     []string // to the member of a body
	depth    int      // of encodings
	errs     []error
}

// deepest bounds how many encodings are undone, one around the other.
const deepest = 5

func newRedactor(s *settings, secrets *secrets) *redactor {
	r := &redactor{
		source: s.source, ignored: s.ignored, keptPaths: s.kept, texts: map[string]bool{}, fakes: newFakes(),
		public: map[string]bool{}, catalog: map[string]bool{}, written: map[string]bool{}, kept: map[string]bool{},
	}
	r.secretNames, r.secret = secrets.known()
	for _, text := range s.texts {
		r.texts[text] = true
	}
	return r
}

// redactAll redacts the exchanges of a recording. It does so twice, since texts and ids
// of the catalog that come late are harmless from the start.
func (r *redactor) redactAll(live []*liveExchange) []*exchange {
	first := *r
	first.fakes = newFakes()
	for _, l := range live {
		first.redact(l)
		for _, text := range []string{unescape(l.url.String(), true), string(l.sent), string(l.got)} {
			r.fakes.reserve(text)
		}
	}
	r.written, r.kept = map[string]bool{}, map[string]bool{}
	var all []*exchange
	for _, l := range live {
		all = append(all, r.redact(l))
	}
	return all
}

// redact is one exchange as the file has it.
func (r *redactor) redact(l *liveExchange) *exchange {
	r.exchange++
	types := known().routeOf(l.method, l.url.Path)
	if l.status >= 400 {
		types.response = "odataError"
	}
	r.request = true
	e := &exchange{number: r.exchange, method: r.method(l.method), status: l.status}
	r.where = "URL"
	e.url = canonicalURL(l.url, r)
	e.request.set("Content-Type", r.contentType(l.sentHeader))
	e.request.body = r.body(l.sentHeader, l.sent, types.request, r.ignored)

	r.request = false
	e.response.set("Content-Type", r.contentType(l.gotHeader))
	e.response.set("Request-Id", r.requestID(l.gotHeader))
	e.response.set("Retry-After", seconds(l.gotHeader))
	e.response.set("Location", r.location(l.gotHeader))
	e.response.body = r.body(l.gotHeader, l.got, types.response, nil)
	return e
}

// text is a text as the file has it.
func (r *redactor) text(text string) string {
	if kept, ok := r.settled(text); ok {
		return kept
	}
	if r.request {
		return r.requestText(text)
	}
	return r.responseText(text)
}

// settled returns how the file has a string about which all is decided: nothing, a secret,
// a fake, what has a fake, and what is harmless wherever it stands.
func (r *redactor) settled(text string) (string, bool) {
	lower := strings.ToLower(text)
	if name, ok := r.secretNames[lower]; ok {
		return name, true
	}
	if r.request && known().isConstant(text) {
		r.written[text] = r.source.has(text)
		return text, true
	}
	if fake, ok := r.fakes.known(text); ok {
		r.refuseLiteral(text)
		return fake, true
	}
	switch {
	case text == "", text == "true", text == "false", r.texts[text], r.public[text], r.written[text]:
		return r.withoutSecrets(text), true
	case r.catalog[lower], isFake(text), r.stored && isPlainFake(text):
		return lowerGUIDs(text), true
	}
	return "", false
}

func (r *redactor) withoutSecrets(text string) string {
	if r.secret == nil {
		return text
	}
	return r.secret.ReplaceAllStringFunc(text, func(value string) string {
		if name, ok := r.secretNames[strings.ToLower(value)]; ok {
			return name
		}
		return value // letters that have several lower cases: for the secret check
	})
}

// responseText replaces a text. Encoded values are decoded, replaced, and encoded again, so that code that
// reads them finds the expected form.
func (r *redactor) responseText(text string) string {
	if r.depth < deepest {
		r.depth++
		defer func() { r.depth-- }()
		if value, ok := readJSON([]byte(text)); ok {
			return r.fakes.put(text, compactJSON(r.json(value, property{})))
		}
		if isLink(text) {
			return r.fakes.put(text, r.link(text))
		}
		if plain, encode, ok := decoded(text); ok {
			return r.fakes.put(text, encode(r.text(plain)))
		}
	}
	return r.fakes.make(text, shapeOf(text))
}

// name is the name of a member, a query option, or a field of a form.
func (r *redactor) name(name string) string {
	before, annotation, annotated := strings.Cut(name, "@")
	if annotated && isAnnotation(annotation) {
		if before == "" {
			return name
		}
		return r.name(before) + "@" + annotation
	}
	switch {
	case isGUID(name):
		return r.text(name)
	case r.secretNames[strings.ToLower(name)] == "" && r.isHarmlessName(name):
		r.kept[name] = true
		return name
	case r.request:
		return r.text(name)
	}
	if kept, ok := r.settled(name); ok {
		return kept
	}
	return r.fakes.make(name, shapeName)
}

func (r *redactor) isHarmlessName(name string) bool {
	return known().isWord(name) || isOption(name) || r.source.hasName(name) || r.isOnKeptPath(name)
}

// isOnKeptPath is whether the test keeps a member of this name, or one below it.
func (r *redactor) isOnKeptPath(name string) bool {
	return slices.ContainsFunc(r.keptPaths, func(path []string) bool { return slices.Contains(path, name) })
}

// isAnnotation is whether an annotation is one of OData that tells nothing by its name.
func isAnnotation(name string) bool {
	switch name {
	case "odata.context", "odata.type", "odata.nextLink", "odata.deltaLink", "odata.count", "odata.id",
		"odata.etag", "odata.bind", "odata.editLink", "odata.navigationLink", "odata.associationLink",
		"odata.mediaContentType", "microsoft.graph.tips":
		return true
	}
	return false
}

// originals are what is nowhere in a recording: the values of secrets, and what has a
// fake. What the recorder's own vocabulary has too is not looked for, such as the text
// "deployment", and neither are times, which messages share.
func (r *redactor) originals() *finder {
	f := newFinder()
	for value, name := range r.secretNames {
		f.add(value, fmt.Sprintf("the value of Secret(%q)", name))
	}
	vocabulary := r.vocabulary()
	for value, fake := range r.fakes.of {
		if fake.shape != shapeCoded && !fake.shape.isTime() && !strings.Contains(vocabulary, strings.ToLower(value)) {
			f.add(value, fmt.Sprintf("the %s that is %s elsewhere; take it from Recorder.Secret", fake.shape, fake.text))
		}
	}
	return f
}

// vocabulary is all that a recording has without telling anything, in lower case.
func (r *redactor) vocabulary() string {
	var out strings.Builder
	vocabularies := []map[string]bool{
		known().words, known().names, known().values, knownErrors().codes, knownErrors().messages, r.public, r.kept,
	}
	for _, words := range vocabularies {
		for word := range words {
			out.WriteString(word + "\n")
		}
	}
	for name := range known().types {
		out.WriteString(typePrefix + name + "\n")
	}
	out.WriteString(strings.Join(append(expressionWords, knownHosts...), "\n"))
	return strings.ToLower(out.String() + headerVocabulary)
}

// headerVocabulary is what the lines before bodies have.
const headerVocabulary = `
	delete options connect https http content-type request-id retry-after location
	application/json application/xml application/octet-stream text/plain text/html multipart/form-data
	charset=utf-8 odata.metadata=minimal odata.streaming=true ieee754compatible
	odata.context odata.nextlink odata.type request response recorded recorder description secrets contoso.example`

// refuseLiteral refuses a text of a request that has a fake although the test has it as
// a literal: the code would send the literal when it is replayed.
func (r *redactor) refuseLiteral(text string) {
	if r.request && r.source.isLiteral(text) {
		r.refuse("has a string that a response before it had and that is a literal in the test, " +
			"so that a replay would ask for another one: take it from the response or from Recorder.Secret, " +
			"or keep it with recording.KeepText")
	}
}

// shownPath is the path to a member, without names that could tell something.
func (r *redactor) shownPath() string {
	names := slices.Clone(r.path)
	for i, name := range names {
		if !r.isHarmlessName(name) {
			names[i] = "…"
		}
	}
	return strings.Join(names, "/")
}

// refuse keeps what would make a replay fail, or the value known to everyone.
func (r *redactor) refuse(what string) {
	in := r.where
	if r.where == "body" && len(r.path) > 0 {
		in += ", at " + r.shownPath() + ","
	}
	r.errs = append(r.errs, fmt.Errorf("exchange %02d: the %s of the request %s", r.exchange, in, what))
}

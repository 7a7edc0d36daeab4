package recording

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
)

// version is that of the file's form. Files of a newer one are rejected.
const version = 1

// encodingHeader says how a body is written that does not survive as text in a file.
const encodingHeader = "Body-Encoding"

// end is the last member, so that a file that breaks off is noticed.
const end = "end"

// archive is what a file has.
type archive struct {
	made      time.Time
	secrets   []string // their names, sorted
	kept      []string // paths of members that the test keeps
	note      string
	exchanges []*exchange
}

// exchange is one request and its response, as the file has them.
type exchange struct {
	number   int // from 1
	method   string
	url      string
	request  message
	status   int
	response message
}

// message is what a request and a response share.
type message struct {
	header http.Header
	body   []byte
}

// set sets a header that has a value.
func (m *message) set(name, value string) {
	if m.header == nil {
		m.header = http.Header{}
	}
	if value != "" {
		m.header.Set(name, value)
	}
}

func (a *archive) format() []byte {
	first := fmt.Sprintf("# recorded %s · graph beta · description %s", a.made.Format(time.RFC3339), known().description)
	if len(a.secrets) > 0 {
		first += " · secrets " + strings.Join(a.secrets, ",")
	}
	if len(a.kept) > 0 {
		first += " · kept " + escape(strings.Join(a.kept, ","), "% ")
	}
	first += fmt.Sprintf(" · recorder %d", version)
	if a.note != "" {
		first += " · " + a.note
	}
	out := &txtar.Archive{Comment: []byte(first + "\n")}
	for _, e := range a.exchanges {
		status := strings.TrimSpace(strconv.Itoa(e.status) + " " + http.StatusText(e.status))
		out.Files = append(out.Files,
			txtar.File{Name: fmt.Sprintf("%02d request", e.number), Data: e.request.format(e.method + " " + e.url)},
			txtar.File{Name: fmt.Sprintf("%02d response", e.number), Data: e.response.format(status)})
	}
	out.Files = append(out.Files, txtar.File{Name: end})
	return txtar.Format(out)
}

func (m *message) format(first string) []byte {
	body, encoding := m.body, ""
	if len(body) > 0 && (!isReadable(body) || m.checkJSON() != nil) {
		body, encoding = writeJSON(string(body)), "json"
	}
	var out bytes.Buffer
	fmt.Fprintln(&out, first)
	_ = m.header.Write(lines{&out}) // to memory: cannot fail
	if encoding != "" {
		fmt.Fprintf(&out, "%s: %s\n", encodingHeader, encoding)
	}
	if len(body) > 0 {
		out.WriteByte('\n')
		out.Write(body)
	}
	return out.Bytes()
}

// lines writes headers with the line ends of the file.
type lines struct{ out *bytes.Buffer }

func (l lines) Write(text []byte) (int, error) {
	l.out.Write(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	return len(text), nil
}

// memberLine finds what ends a member.
var memberLine = regexp.MustCompile(`(?m)^-- .*--\r?$`)

// isReadable is whether a body survives as text: in this file, in git and in a
// review.
func isReadable(body []byte) bool {
	if !utf8.Valid(body) || body[len(body)-1] != '\n' || memberLine.Match(body) {
		return false
	}
	return !bytes.ContainsFunc(body, func(c rune) bool {
		return c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0xfeff
	})
}

// firstLine finds the date, the names of the secrets, what is kept, the version of the
// form, and the note.
var firstLine = regexp.MustCompile(`^# recorded (\S+) · (?:graph beta · description \S+ · )?` +
	`(?:secrets ([a-z0-9,-]+) · )?(?:kept (\S+) · )?recorder (\d+)(?: · (.*))?\n$`)

// errNewer is the class of the error for a file that only a newer version reads.
var errNewer = errors.New("made by a newer version")

// parse reads a file, with the line ends of any system.
func parse(content []byte) (*archive, error) {
	members := txtar.Parse(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
	a, err := parseFirst(string(members.Comment))
	if err != nil {
		return nil, err
	}
	last := len(members.Files) - 1
	if last < 0 || members.Files[last].Name != end || last%2 != 0 {
		return nil, fmt.Errorf("it breaks off: the line %q at its end, after a response, is missing", "-- "+end+" --")
	}
	for i := 0; i < last; i += 2 {
		e, err := parseExchange(i/2+1, members.Files[i], members.Files[i+1])
		if err != nil {
			return nil, err
		}
		a.exchanges = append(a.exchanges, e)
	}
	return a, nil
}

func parseFirst(line string) (*archive, error) {
	match := firstLine.FindStringSubmatch(line)
	if match == nil {
		return nil, errors.New(`it is no recording: its first line is not "# recorded TIME · … · recorder VERSION"`)
	}
	if n, err := strconv.Atoi(match[4]); err != nil || n > version {
		return nil, &refusal{class: errNewer, text: fmt.Sprintf(
			"it was made by recorder %s and this one is %d: use a newer version of this package", match[4], version)}
	}
	made, err := time.Parse(time.RFC3339, match[1])
	if err != nil {
		return nil, errors.New("the time in its first line is not of the form 2006-01-02T15:04:05Z")
	}
	a := &archive{made: made.UTC(), note: match[5]}
	if match[2] != "" {
		a.secrets = strings.Split(match[2], ",")
	}
	if match[3] != "" {
		a.kept = strings.Split(unescape(match[3], false), ",")
	}
	return a, nil
}

func parseExchange(number int, request, response txtar.File) (*exchange, error) {
	if request.Name != fmt.Sprintf("%02d request", number) || response.Name != fmt.Sprintf("%02d response", number) {
		return nil, fmt.Errorf("exchange %02d is broken: its request and response are not where they should be", number)
	}
	e := &exchange{number: number}
	asked, err := e.request.parse(request.Data)
	if err != nil {
		return nil, fmt.Errorf("%s is broken: %w", request.Name, err)
	}
	answered, err := e.response.parse(response.Data)
	if err != nil {
		return nil, fmt.Errorf("%s is broken: %w", response.Name, err)
	}
	if e.method, e.url, err = parseRequest(asked); err != nil {
		return nil, fmt.Errorf("%s is broken: %w", request.Name, err)
	}
	status, _, _ := strings.Cut(answered, " ")
	if e.status, err = strconv.Atoi(status); err != nil || e.status < 100 || e.status > 999 {
		return nil, fmt.Errorf("%s is broken: it does not begin with a status", response.Name)
	}
	return e, nil
}

// parseRequest reads the first line of a request. People edit URLs in forms that
// are not those that are compared.
func parseRequest(line string) (method, address string, err error) {
	method, address, _ = strings.Cut(line, " ")
	u, err := parseStored(strings.TrimSpace(address))
	if method == "" || address == "" || err != nil || u.Host == "" {
		return "", "", errors.New("it does not begin with a method and a URL")
	}
	return method, canonicalURL(u, unchanged{}), nil
}

// parseStored parses a URL as a file has it. Its path has letters that none may have, and
// net/url forgets then how the others were encoded.
func parseStored(address string) (*url.URL, error) {
	path, query, hasQuery := strings.Cut(address, "?")
	address = escape(path, unlikeURL)
	if hasQuery {
		address += "?" + query
	}
	return url.Parse(address)
}

// parse reads a member and returns its first line.
func (m *message) parse(data []byte) (string, error) {
	head, body, _ := strings.Cut(string(data), "\n\n")
	first, headers, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	m.body = []byte(body)
	number := 1
	for line := range strings.Lines(headers) {
		number++
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		if !ok {
			return "", fmt.Errorf("its line %d is no header", number)
		}
		m.set(name, strings.TrimSpace(value))
	}
	return first, m.decode()
}

// decode undoes the encoding of a body, and checks that one of JSON is whole.
func (m *message) decode() error {
	switch m.header.Get(encodingHeader) {
	case "":
		return m.checkJSON()
	case "json":
		body, ok := readText(m.body)
		if !ok {
			return errors.New("its body is not one string of JSON")
		}
		m.body = []byte(body)
		m.header.Del(encodingHeader)
		return nil
	default:
		return fmt.Errorf("its %s is one that the SDK does not recognize", encodingHeader)
	}
}

func (m *message) checkJSON() error {
	isJSON := strings.Contains(m.header.Get("Content-Type"), "json")
	if !isJSON || len(m.body) == 0 || m.body[0] != '{' && m.body[0] != '[' {
		return nil
	}
	if _, ok := readBody(string(m.body)); !ok {
		return errors.New("its body is not the JSON that its Content-Type says")
	}
	return nil
}

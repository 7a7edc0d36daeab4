package recording

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// The forms of fakes. Tests may use fakes too, because fakes reveal nothing.
const (
	fakeGUID   = "00000000-0000-4000-8000-"
	fakeDomain = "contoso.example"
	noGUID     = "00000000-0000-0000-0000-000000000000"
)

// shape is what a value looks like, which its fake looks like too.
type shape string

// The shapes of fakes.
const (
	shapeText   shape = "text"
	shapeName   shape = "name"  // of a property
	shapeToken  shape = "token" // of a page
	shapePage   shape = "page"
	shapeGUID   shape = "GUID"
	shapeUser   shape = "user name"
	shapeHost   shape = "host"
	shapeNumber shape = "number"
	shapeTime   shape = "time"
	shapeDate   shape = "date"
	shapeCoded  shape = "coded text" // with fakes inside
)

func (s shape) isTime() bool { return s == shapeTime || s == shapeDate }

// fakeForm finds what has the form of a fake. Numbers and times have no form that only
// fakes have.
var fakeForm = regexp.MustCompile(`(?i)` + fakeGUID + `[0-9a-f]{12}|` + noGUID +
	`|\b(?:user-\d{1,5}@contoso\.example|host-\d{1,5}\.example|(?:text|name|token)-\d{1,5})\b|<p>text-\d{1,5}</p>`)

// isFake is whether a text is a fake, or the placeholder of [IgnoreProperty].
func isFake(text string) bool {
	return text == ignoredValue || text != "" && fakeForm.FindString(text) == text
}

// isPlainFake is whether a text is a number or time that can be a fake.
func isPlainFake(text string) bool { return plainFake.MatchString(text) }

var plainFake = regexp.MustCompile(`^(?:20000\d{5}|2000-01-01T\d\d:\d\d:\d\dZ|200\d-\d\d-\d\d)$`)

func isFakeGUID(lower string) bool { return strings.HasPrefix(lower, fakeGUID) || lower == noGUID }

// fakes are the fakes of a recording, by what they replace.
type fakes struct {
	of    map[string]fakeValue
	taken map[string]bool // fakes that the exchanges have themselves, in lower case
	next  map[shape]int
}

// fakeValue is what replaces a value.
type fakeValue struct {
	text  string
	shape shape
}

func newFakes() *fakes {
	return &fakes{of: map[string]fakeValue{}, taken: map[string]bool{}, next: map[shape]int{}}
}

// reserve keeps the fakes that a text has from being given to a value.
func (f *fakes) reserve(text string) {
	if !strings.Contains(text, "-") {
		return
	}
	for _, found := range fakeForm.FindAllString(text, -1) {
		f.taken[strings.ToLower(found)] = true
	}
}

// known returns the fake of a value that has one.
func (f *fakes) known(value string) (string, bool) {
	found, ok := f.of[keyOf(value)]
	return found.text, ok
}

// keyOf is a value as it is compared: GUIDs and user names have no case.
func keyOf(value string) string {
	if isGUID(value) || strings.Contains(value, "@") && mail.FindString(value) == value {
		return strings.ToLower(value)
	}
	return value
}

// make returns the fake of a value, numbered by first appearance.
func (f *fakes) make(value string, s shape) string {
	if text, ok := f.known(value); ok {
		return text
	}
	text := ""
	for text == "" || f.taken[text] {
		f.next[s]++
		text = s.numbered(f.next[s])
	}
	f.of[keyOf(value)] = fakeValue{text, s}
	return text
}

// put keeps what replaces a text that has fakes inside.
func (f *fakes) put(value, text string) string {
	f.of[keyOf(value)] = fakeValue{text, shapeCoded}
	return text
}

// numbered is the fake of a shape with this number.
func (s shape) numbered(n int) string {
	switch s {
	case shapeGUID:
		return fmt.Sprintf(fakeGUID+"%012d", n)
	case shapeUser:
		return fmt.Sprintf("user-%d@"+fakeDomain, n)
	case shapeHost:
		return fmt.Sprintf("host-%d.example", n)
	case shapeNumber:
		return fmt.Sprint(2_000_000_000 + n)
	case shapeTime:
		return time.Date(2000, 1, 1, 0, 0, n, 0, time.UTC).Format(time.RFC3339)
	case shapeDate:
		return time.Date(2000, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case shapePage:
		return fmt.Sprintf("<p>text-%d</p>", n)
	}
	return fmt.Sprintf("%s-%d", s, n)
}

var (
	// mail finds addresses, and names of annotations that look like them.
	mail = regexp.MustCompile(`[\pL0-9._%+'#-]+@(?:[\pL0-9-]+\.)+\pL[\pL0-9-]+`)
	// annotation finds the latter.
	annotation = regexp.MustCompile(`@(?:odata\.[A-Za-z]+|microsoft\.graph\.[A-Za-z]+)$`)
	hostForm   = regexp.MustCompile(`^(?i:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?i:[a-z]{2,})$`)
	decimal    = regexp.MustCompile(`^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$`)
)

// isUser is whether what looks like an address is one of a person.
func isUser(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	domain = strings.ToLower(domain)
	return !annotation.MatchString(address) && domain != fakeDomain && !strings.HasSuffix(domain, "."+fakeDomain)
}

// shapeOf is the shape of a text that has no other encoding.
func shapeOf(text string) shape {
	switch {
	case isGUID(text):
		return shapeGUID
	case decimal.MatchString(text):
		return shapeNumber
	case timeForm.MatchString(text) && len(text) == len(time.DateOnly):
		return shapeDate
	case timeForm.MatchString(text), isHTTPTime(text):
		return shapeTime
	case mail.FindString(text) == text && !annotation.MatchString(text):
		return shapeUser
	case hostForm.MatchString(text):
		return shapeHost
	case strings.HasPrefix(text, "<"):
		return shapePage
	}
	return shapeText
}

func isHTTPTime(text string) bool {
	_, err := http.ParseTime(text)
	return err == nil
}

func isGUID(text string) bool { return len(text) == len(noGUID) && guid.MatchString(text) }

// longNumber is the smallest number of digits of a number that can identify a person: of a
// card, a telephone, an account.
const longNumber = 6

func isNumber(text string) bool { return decimal.MatchString(text) }

// isShortNumber is whether a text is a number with fewer digits than that.
func isShortNumber(text string) bool { return isNumber(text) && countDigits(text) < longNumber }

func countDigits(text string) int {
	count := 0
	for _, c := range text {
		if '0' <= c && c <= '9' {
			count++
		}
	}
	return count
}

package recording

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// contentType is a media type as far as it is known, with the parameters that say how
// to read it.
func (r *redactor) contentType(header http.Header) string {
	r.where = "header Content-Type"
	text := oneLine(header.Get("Content-Type"))
	if text == "" {
		return ""
	}
	parts := strings.Split(text, ";")
	kept := []string{r.mediaType(strings.TrimSpace(parts[0]))}
	for _, parameter := range parts[1:] {
		if isHarmlessParameter(strings.ToLower(strings.TrimSpace(parameter))) {
			kept = append(kept, parameter)
		}
	}
	return strings.Join(kept, ";")
}

func (r *redactor) mediaType(kind string) string {
	switch lower := strings.ToLower(kind); {
	case isKnownMedia(lower), r.texts[kind]:
		return kind
	case strings.HasSuffix(lower, "+json"):
		return "application/json"
	case strings.HasSuffix(lower, "+xml"):
		return "application/xml"
	case strings.HasPrefix(lower, "text/"):
		return "text/plain"
	}
	return "application/octet-stream"
}

func isKnownMedia(kind string) bool {
	switch kind {
	case "application/json", "application/octet-stream", "application/problem+json", "application/x-ndjson",
		"application/x-www-form-urlencoded", "application/xml", "multipart/form-data", "multipart/mixed",
		"text/csv", "text/html", "text/plain", "text/xml":
		return true
	}
	return false
}

func isHarmlessParameter(parameter string) bool {
	switch parameter {
	case "charset=utf-8", `charset="utf-8"`, "ieee754compatible=true", "ieee754compatible=false",
		"odata.metadata=none", "odata.metadata=minimal", "odata.metadata=full",
		"odata.streaming=true", "odata.streaming=false":
		return true
	}
	return false
}

// oneLine is the value of a header that a transport of the tester's own may have made.
func oneLine(value string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' {
			return ' '
		}
		return c
	}, value))
}

// requestID is a fake where there is an id.
func (r *redactor) requestID(header http.Header) string {
	id := header.Get("request-id")
	if id == "" || isFake(id) {
		return id
	}
	return r.fakes.make(id, shapeGUID)
}

func (r *redactor) location(header http.Header) string {
	r.where, r.path = "header Location", nil
	text := oneLine(header.Get("Location"))
	if isLink(text) {
		return r.link(text)
	}
	return r.text(text)
}

// longestWait is the longest wait in seconds that is recorded: more digits could be
// a person's number.
const longestWait = 99_999

// seconds is Retry-After in the form that is the same whenever it is replayed: whole
// seconds.
func seconds(header http.Header) string {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if n, err := strconv.ParseFloat(text, 64); err == nil && isNumber(text) {
		return wholeSeconds(n)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return ""
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return wholeSeconds(max(0, at.Sub(now).Seconds()))
}

func wholeSeconds(n float64) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(int(math.Ceil(min(n, longestWait))))
}

// method is the method of a request: one of HTTP, or one that the author wrote.
func (r *redactor) method(name string) string {
	r.where = "method"
	switch name {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return name
	}
	return r.text(name)
}

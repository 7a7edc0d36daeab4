package call

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/httptime"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// signInError is a credential that returned no token. errors.As reaches the error of the credential.
type signInError struct {
	text       string
	class      error
	status     int // of the sign-in service if it is throttled or unavailable, else 0
	retryAfter time.Duration
	advice     string
	cause      *scrubbed
}

func (e *signInError) Error() string        { return e.text }
func (e *signInError) Is(target error) bool { return target == e.class }
func (e *signInError) Unwrap() error        { return e.cause }
func (*signInError) NonRetriable()          {}

// credentialError describes why there is no token, without the response of the sign-in service that credentials
// put into their errors.
func credentialError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("no token yet: %w", ctx.Err())
	}
	text := describeSignIn(err.Error())
	resp, isAzure := responseIn(err)
	e := &signInError{text: "no token: " + text, class: signInClass(err, resp, isAzure), cause: &scrubbed{text, err}}
	e.advice = signInAdvice(err.Error(), isAzure && isTooLate(err))
	if resp != nil && classOf(resp.StatusCode) != nil {
		e.status = resp.StatusCode
		e.retryAfter, _ = httptime.RetryAfter(resp.Header)
	}
	return e
}

// signInClass distinguishes failures that a later call can resolve from those that have to be fixed. Pages in
// HTML are from something between the program and the sign-in service.
func signInClass(err error, resp *http.Response, isAzure bool) error {
	switch {
	case resp != nil && classOf(resp.StatusCode) != nil:
		return classOf(resp.StatusCode)
	case resp == nil && (isUnsent(err, isAzure) || isAzure && isTooLate(err)), isPageIn(err.Error()):
		return apierr.ErrUnavailable
	}
	return apierr.ErrUnauthorized
}

// classOf is the class of a status that says nothing about the credential, or nil.
func classOf(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return apierr.ErrThrottled
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusProxyAuthRequired:
		return apierr.ErrUnavailable
	}
	return nil
}

// addSignIn adds status, delay, and advice of a failed sign-in to an error without a response of the service.
func addSignIn(e *apierr.Error) *apierr.Error {
	if failed, ok := errors.AsType[*signInError](e.Err); ok && e.Status == 0 {
		e.Status, e.RetryAfter, e.Advice = failed.status, failed.retryAfter, failed.advice
	}
	return e
}

// responseIn returns the response in an error of azidentity or azcore, and whether there is such an error.
// Both have it in a field of this name. This package does not link azidentity.
func responseIn(err error) (resp *http.Response, found bool) {
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.ValueOf(err)
		if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
			continue
		}
		if field := v.Elem().FieldByName("RawResponse"); field.IsValid() && field.CanInterface() {
			return reflect.TypeAssert[*http.Response](field)
		}
	}
	return nil, false
}

// unsent is how net/http begins the error of a request that got no response.
var unsent = regexp.MustCompile(`\b(Get|Post|Head) "https?://[^"]*": `)

// isUnsent reports whether a request for a token got no response. azidentity keeps only the text of that error.
func isUnsent(err error, isAzure bool) bool {
	_, isNet := errors.AsType[net.Error](err)
	return isNet || isAzure && unsent.MatchString(err.Error())
}

// isTooLate reports whether a request ended with a deadline that azidentity has set.
func isTooLate(err error) bool {
	return strings.Contains(err.Error(), context.DeadlineExceeded.Error())
}

var pageStart = regexp.MustCompile(`(?i)<(?:!doctype )?html`)

func isPageIn(text string) bool { return pageStart.MatchString(text) }

// describeSignIn returns the message of a credential on one line, and of a chain the message of each attempt.
func describeSignIn(text string) string {
	const attempts = "\nAttempted credentials:\n\t"
	first, rest, isChain := strings.Cut(text, attempts)
	if !isChain {
		return describeAttempt(text)
	}
	tried := strings.Split(strings.ReplaceAll(rest, "\n\t\t", "\n "), "\n\t")
	for i, attempt := range tried {
		tried[i] = describeAttempt(attempt)
	}
	return describeAttempt(first) + ". Attempted credentials: " + strings.Join(tried, "; ")
}

// describeAttempt returns the first sentence of a message, and of the response of the sign-in service, or its status.
func describeAttempt(text string) string {
	first, _, _ := strings.Cut(firstSentence(text), "{")
	first = cmp.Or(strings.TrimRight(first, " ."), "the credential failed")
	if said := saidBySignIn(text); !strings.Contains(first, strings.Trim(said, ": ()")) {
		first += said
	}
	return short(scrub(first))
}

var (
	signInText     = regexp.MustCompile(`(?s)RESPONSE \d{3}.*?"error_description": *("(?:[^"\\]|\\.)*")`)
	signInSentence = regexp.MustCompile(`^AADSTS\d+: (?:[^.\s]| |\.\S)+`)
	signInCode     = regexp.MustCompile(`AADSTS\d+`)
	signInStatus   = regexp.MustCompile(`RESPONSE (\d{3})`)
)

// saidBySignIn is the first sentence of the response, which has no secret, or else its code or status.
func saidBySignIn(text string) string {
	if quoted := signInText.FindStringSubmatch(text); quoted != nil {
		if said := signInSentence.FindString(unquoted(quoted[1])); said != "" {
			return ": " + said
		}
	}
	if code := signInCode.FindString(text); code != "" {
		return " (" + code + ")"
	}
	if status := signInStatus.FindStringSubmatch(text); status != nil {
		return " (" + status[1] + ")"
	}
	return ""
}

func unquoted(text string) (s string) {
	_ = json.Unmarshal([]byte(text), &s)
	return s
}

// troubleshooting is what azidentity adds to some of its errors.
var troubleshooting = regexp.MustCompile(`\.? To troubleshoot, visit \S+`)

// firstSentence is the first line, and the next one if that ends in a colon.
func firstSentence(text string) string {
	text = troubleshooting.ReplaceAllString(strings.TrimSpace(text), "")
	first, rest, _ := strings.Cut(text, "\n")
	if first = strings.TrimSpace(first); strings.HasSuffix(first, ":") {
		next, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
		first += " " + next
	}
	return first
}

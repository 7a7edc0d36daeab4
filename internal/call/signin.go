package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

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
	e := &signInError{text: "no token: " + text, class: apierr.ErrUnauthorized, cause: &scrubbed{text, err}}
	e.advice = credentialAdvice(err.Error())
	resp, isAzure := responseIn(err)
	switch {
	case resp == nil && isUnsent(err, isAzure):
		e.class = apierr.ErrUnavailable
	case resp != nil && resp.StatusCode == http.StatusTooManyRequests:
		e.class = apierr.ErrThrottled
	case resp != nil && (resp.StatusCode >= 500 || resp.StatusCode == http.StatusRequestTimeout):
		e.class = apierr.ErrUnavailable
	}
	if resp != nil && !errors.Is(e.class, apierr.ErrUnauthorized) {
		e.status = resp.StatusCode
		e.retryAfter, _ = retryAfter(resp.Header)
	}
	return e
}

// addSignIn adds status, delay, and advice of a failed sign-in to an error without a response of the service.
func addSignIn(e *apierr.Error) *apierr.Error {
	if failed, ok := errors.AsType[*signInError](e.Err); ok && e.Status == 0 {
		e.Status, e.RetryAfter, e.Advice = failed.status, failed.retryAfter, failed.advice
	}
	return e
}

// responseIn returns the response in an error of azidentity or azcore, which have it in a field of this name, and
// whether there is such an error. This package does not link azidentity.
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

var signInCode = regexp.MustCompile(`AADSTS\d+`)

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
	return describeAttempt(first) + " Attempted credentials: " + strings.Join(tried, "; ")
}

var signInStatus = regexp.MustCompile(`RESPONSE (\d{3})`)

// describeAttempt returns the first sentence of a message, with the code of the sign-in service, or its status.
func describeAttempt(text string) string {
	const most = 300
	first, _, _ := strings.Cut(firstSentence(text), "{")
	first = strings.ToValidUTF8(first[:min(len(first), most)], "")
	first = cmp.Or(strings.TrimSpace(first), "the credential failed")
	code := signInCode.FindString(text)
	if status := signInStatus.FindStringSubmatch(text); code == "" && status != nil {
		code = status[1]
	}
	if code != "" && !strings.Contains(first, code) {
		first += " (" + code + ")"
	}
	return scrub(first)
}

// firstSentence is the first line, and the next one if that ends in a colon.
func firstSentence(text string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if first = strings.TrimSpace(first); strings.HasSuffix(first, ":") {
		next, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
		first += " " + next
	}
	return first
}

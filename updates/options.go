package updates

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Version is the version of the SDK in its User-Agent.
const Version = "0.1.0"

// Options configure a client. The zero Options are the defaults.
type Options struct {
	// Cloud is the cloud of the tenant. The default is [cloud.Public].
	Cloud cloud.Cloud
	// Endpoint replaces the endpoint of the cloud, for example by "http://127.0.0.1:8080" in a test. It has a
	// scheme, a host, and optionally a port. It must be https, or http to this machine, because the token is
	// sent to it. It must not be the endpoint of another cloud: set Cloud for that.
	Endpoint string
	// Transport sends the requests. It must not follow redirects or retry. It must return when the context
	// of the request ends, and reads of its bodies must return when the body is closed. Its errors with a
	// method NonRetriable(), as in azcore, are not retried. The default, nil, is a new transport with the
	// settings of [http.DefaultTransport] and up to 100 idle connections. If the program has set
	// http.DefaultTransport to another type, for example to trace requests, that one is used. Sign-in has
	// its own: see auth.Options.
	Transport http.RoundTripper
	// Retry sets how failed attempts are retried.
	Retry RetryOptions
	// AttemptTimeout limits each attempt, reading the response included. The default, 0, is one minute. Only
	// the context limits the whole call.
	AttemptTimeout time.Duration
	// UserAgent is put in front of the User-Agent of the SDK. It must be printable ASCII.
	UserAgent string
	// Limits protect from a call that reaches more devices than you mean. The zero Limits have the defaults.
	Limits Limits
	// Logger gets a debug record for each attempt and each delay. It gets a warning, with the planned delay,
	// when the service begins to throttle the client. Records have operation, method, path, status, and IDs,
	// but no header, query, or body. The default, nil, logs nothing.
	Logger *slog.Logger
	// TracerProvider creates a span for each operation, such as "deployments.Create". Below it is a client
	// span for each attempt, by the HTTP conventions of OpenTelemetry. The default, nil, is the global
	// provider of package otel, which records nothing unless the program sets one.
	TracerProvider trace.TracerProvider
	// MeterProvider makes the metrics http.client.request.duration and
	// winupdates.throttle.duration. The default, nil, is the global provider.
	MeterProvider metric.MeterProvider
	// TransportInstrumented declares that Transport makes spans and metrics of requests, as the one of
	// package otelhttp does. Then the SDK makes none for attempts.
	TransportInstrumented bool
}

// RetryOptions set how failed attempts are retried. Creates are retried only if they cannot have succeeded.
// The zero RetryOptions are the defaults.
//
// While the service throttles one call, the other calls of the client wait too. Afterwards they are sent one
// by one, ten a second, and at half the rate after each further 429, down to one in 3.2 seconds. One minute
// after the last throttle the client is back to normal. A call whose turn is after its deadline ends
// immediately with [apierr.ErrThrottled].
type RetryOptions struct {
	// MaxAttempts is the largest number of attempts of a call, the first included. The default, 0, is 5; 1
	// never retries.
	MaxAttempts int
	// BaseDelay limits the random delay before the second attempt. The limit doubles with each attempt. The
	// default, 0, is 500 ms.
	BaseDelay time.Duration
	// MaxDelay is the largest limit of the random delay, including the first. The default, 0, is 30 seconds.
	MaxDelay time.Duration
	// MaxRetryAfter is the longest delay that the service may request with Retry-After. A longer one ends the
	// call immediately with its error; methods that wait, such as WaitForState, poll again after this delay
	// instead. The default, 0, is two minutes.
	MaxRetryAfter time.Duration
}

// config checks the options and sets the defaults.
func config(cred azcore.TokenCredential, opts *Options) (call.Config, error) {
	o := Options{}
	if opts != nil {
		o = *opts
	}
	o.Cloud = cmp.Or(o.Cloud, cloud.Public)
	endpoint, endpointErr := endpointIn(o.Cloud, o.Endpoint)
	err := errors.Join(append([]error{present("cred", cred), endpointErr}, o.problems()...)...)
	return call.Config{
		Credential:     cred,
		Endpoint:       endpoint,
		Scope:          o.Cloud.Scope(),
		Transport:      transport(o.Transport),
		Retry:          retry(o.Retry),
		AttemptTimeout: cmp.Or(o.AttemptTimeout, time.Minute),
		UserAgent:      userAgent(o.UserAgent),
		Logger:         logger(o.Logger),
		Limits:         o.Limits.filled(),

		Version:               Version,
		TracerProvider:        o.TracerProvider,
		MeterProvider:         o.MeterProvider,
		TransportInstrumented: o.TransportInstrumented,
	}, err
}

// problems returns the problems of all options except the endpoint; each is nil if there is none.
func (o Options) problems() []error {
	return append(o.Limits.problems(),
		checkTransport(o.Transport),
		checkCloud(o.Cloud),
		notNegative("Options.AttemptTimeout", o.AttemptTimeout),
		notNegative("Options.Retry.MaxAttempts", o.Retry.MaxAttempts),
		notNegative("Options.Retry.BaseDelay", o.Retry.BaseDelay),
		notNegative("Options.Retry.MaxDelay", o.Retry.MaxDelay),
		notNegative("Options.Retry.MaxRetryAfter", o.Retry.MaxRetryAfter),
		headerText("Options.UserAgent", o.UserAgent),
	)
}

func present(field string, value any) error {
	if wire.IsNil(value) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	return nil
}

// checkTransport accepts no transport, but not a nil pointer to one.
func checkTransport(t http.RoundTripper) error {
	if t == nil {
		return nil
	}
	return present("Options.Transport", t)
}

func checkCloud(c cloud.Cloud) error {
	if err := c.Validate(); err != nil {
		return &apierr.FieldError{Field: "Options.Cloud", Rule: "must be valid, " + err.Error()}
	}
	return nil
}

func notNegative[T int | time.Duration](field string, value T) error {
	if value < 0 {
		return &apierr.FieldError{Field: field, Value: fmt.Sprint(value), Rule: "must not be negative"}
	}
	return nil
}

func headerText(field, value string) error {
	for _, r := range value {
		if r < ' ' || r > '~' {
			return &apierr.FieldError{Field: field, Value: fmt.Sprintf("%q", value), Rule: "must be printable ASCII"}
		}
	}
	return nil
}

// endpointIn returns an endpoint of a cloud; empty text is the usual one.
func endpointIn(of cloud.Cloud, text string) (*url.URL, error) {
	endpoint, err := parseEndpoint(cmp.Or(text, of.Endpoint))
	if err != nil {
		return nil, err
	}
	return endpoint, checkSameCloud(endpoint, of)
}

func parseEndpoint(text string) (*url.URL, error) {
	const (
		field   = "Options.Endpoint"
		address = "must be a URL such as https://graph.microsoft.com without path, query, and user"
		safe    = "must be https, or http to this machine, because the token goes to it"
	)
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || hasMoreThanHost(u) || !isPort(u.Port()) {
		return nil, &apierr.FieldError{Field: field, Rule: address}
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, &apierr.FieldError{Field: field, Value: u.Scheme + "://" + u.Host, Rule: safe}
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// checkSameCloud rejects the endpoint of another cloud, to which the token does not belong.
func checkSameCloud(endpoint *url.URL, own cloud.Cloud) error {
	host := strings.TrimSuffix(endpoint.Hostname(), ".")
	for _, c := range knownClouds() {
		if c.Endpoint != own.Endpoint && strings.EqualFold("https://"+host, c.Endpoint) {
			rule := "must be an endpoint of Options.Cloud, set Options.Cloud to cloud." + c.Name + " for this one"
			return &apierr.FieldError{Field: "Options.Endpoint", Value: endpoint.String(), Rule: rule}
		}
	}
	return nil
}

func knownClouds() []cloud.Cloud {
	return []cloud.Cloud{cloud.Public, cloud.USGovernment, cloud.USGovernmentDoD, cloud.China}
}

func hasMoreThanHost(u *url.URL) bool {
	return strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil
}

// isPort accepts no port, and one that can be connected to.
func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && number > 0
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// transport returns t, or the default transport of the program. All requests go to one host, so a copy of
// the standard one keeps as many idle connections per host as in total. Another type is used as it is, since
// the program has put it there.
func transport(t http.RoundTripper) http.RoundTripper {
	if t == nil {
		t = http.DefaultTransport
		if standard, ok := t.(*http.Transport); ok && standard != nil {
			return ownCopy(standard)
		}
	}
	if wire.IsNil(t) {
		return ownCopy(&http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: 90 * time.Second,
		})
	}
	return t
}

func ownCopy(standard *http.Transport) *http.Transport {
	own := standard.Clone()
	own.MaxIdleConns = cmp.Or(own.MaxIdleConns, 100)
	own.MaxIdleConnsPerHost = max(own.MaxIdleConnsPerHost, own.MaxIdleConns)
	return own
}

func retry(r RetryOptions) call.Retry {
	longest := cmp.Or(r.MaxDelay, 30*time.Second)
	return call.Retry{
		MaxAttempts:   cmp.Or(r.MaxAttempts, 5),
		BaseDelay:     min(cmp.Or(r.BaseDelay, 500*time.Millisecond), longest),
		MaxDelay:      longest,
		MaxRetryAfter: cmp.Or(r.MaxRetryAfter, call.MaxRetryAfter),
	}
}

func userAgent(own string) string {
	sdk := fmt.Sprintf("winupdates-go/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return strings.TrimSpace(own + " " + sdk)
}

func logger(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}

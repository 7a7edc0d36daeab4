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

// Version is the version of the SDK, as its User-Agent says it.
const Version = "0.1.0"

// Options change how a client works. The zero Options are the defaults.
type Options struct {
	// Cloud is the cloud of the tenant; the zero Cloud is [cloud.Public].
	Cloud cloud.Cloud
	// Endpoint replaces the cloud's host, such as "http://127.0.0.1:8080" for a
	// server in a test; empty keeps it. It is a scheme, host and port, and
	// nothing else. The token goes to it, so it must be https, or http to this
	// machine.
	Endpoint string
	// Transport sends the requests; nil is a new transport with the settings of
	// [http.DefaultTransport] and up to 100 idle connections. It must not follow
	// redirects or retry on its own.
	// Its errors that have a method NonRetriable(), as in azcore, are not retried.
	Transport http.RoundTripper
	// Retry says how often failed attempts are repeated.
	Retry RetryOptions
	// AttemptTimeout bounds each attempt, reading the answer included; 0 is
	// one minute. The whole call is bounded by its context only.
	AttemptTimeout time.Duration
	// UserAgent is put in front of the SDK's own User-Agent; empty for none.
	UserAgent string
	// Logger gets a debug record for each attempt and each wait, and a warning when the
	// service begins to throttle the client, with the planned wait. Records have
	// operation, method, path, status, and IDs, but no header, query, or body. nil logs
	// nothing.
	Logger *slog.Logger
	// TracerProvider makes a span for each operation, such as "deployments.Create", and
	// below it a client span for each attempt, by the HTTP conventions of OpenTelemetry.
	// nil is the global provider of package otel, which records nothing unless the
	// program sets one.
	TracerProvider trace.TracerProvider
	// MeterProvider makes the metrics http.client.request.duration and
	// winupdates.throttle.duration. nil is the global provider.
	MeterProvider metric.MeterProvider
	// TransportInstrumented says that Transport makes spans and metrics of requests, as
	// that of package otelhttp does. The SDK then makes none for attempts.
	TransportInstrumented bool
}

// RetryOptions say how failed attempts are repeated. Creates are repeated only
// when it is certain that nothing was made. While the service throttles one call,
// the other calls of the client wait too; one whose deadline comes first ends at
// once and is [apierr.ErrThrottled]. The zero RetryOptions are the defaults.
type RetryOptions struct {
	// MaxAttempts is the largest number of attempts of a call, the first
	// included; 0 is 5, and 1 never repeats.
	MaxAttempts int
	// BaseDelay bounds the random wait before the second attempt; the bound
	// doubles with each further one. 0 is 500 ms.
	BaseDelay time.Duration
	// MaxDelay is the largest bound of the random wait, the first one included;
	// 0 is 30 seconds.
	MaxDelay time.Duration
	// MaxRetryAfter is the longest wait that the service may ask for with
	// Retry-After; a longer one ends the call at once with its error. 0 is two
	// minutes.
	MaxRetryAfter time.Duration
}

// config checks the options and fills in the defaults.
func config(cred azcore.TokenCredential, opts *Options) (call.Config, error) {
	o := Options{}
	if opts != nil {
		o = *opts
	}
	o.Cloud = cmp.Or(o.Cloud, cloud.Public)
	endpoint, endpointErr := parseEndpoint(cmp.Or(o.Endpoint, o.Cloud.Endpoint))
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

		Version:               Version,
		TracerProvider:        o.TracerProvider,
		MeterProvider:         o.MeterProvider,
		TransportInstrumented: o.TransportInstrumented,
	}, err
}

// problems are what is wrong with the options but the endpoint, each nil when nothing is.
func (o Options) problems() []error {
	return []error{
		checkTransport(o.Transport),
		checkCloud(o.Cloud),
		notNegative("Options.AttemptTimeout", o.AttemptTimeout),
		notNegative("Options.Retry.MaxAttempts", o.Retry.MaxAttempts),
		notNegative("Options.Retry.BaseDelay", o.Retry.BaseDelay),
		notNegative("Options.Retry.MaxDelay", o.Retry.MaxDelay),
		notNegative("Options.Retry.MaxRetryAfter", o.Retry.MaxRetryAfter),
		headerText("Options.UserAgent", o.UserAgent),
	}
}

func present(field string, value any) error {
	if wire.IsNil(value) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	return nil
}

// checkTransport takes no transport, but not a nil pointer to one.
func checkTransport(t http.RoundTripper) error {
	if t == nil {
		return nil
	}
	return present("Options.Transport", t)
}

func checkCloud(c cloud.Cloud) error {
	if err := c.Validate(); err != nil {
		return &apierr.FieldError{Field: "Options.Cloud", Rule: "is not valid: " + err.Error()}
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

func parseEndpoint(text string) (*url.URL, error) {
	const (
		field   = "Options.Endpoint"
		address = "must be an address such as https://graph.microsoft.com, without a path, query or user"
		safe    = "must be https, or http to this machine, because the token goes to it"
	)
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || hasMoreThanHost(u) {
		return nil, &apierr.FieldError{Field: field, Rule: address}
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, &apierr.FieldError{Field: field, Value: u.Scheme + "://" + u.Host, Rule: safe}
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func hasMoreThanHost(u *url.URL) bool {
	return strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// transport returns t, or else a copy of the standard transport. All requests have one
// host, so the copy keeps as many idle connections to a host as in total.
func transport(t http.RoundTripper) http.RoundTripper {
	if t != nil {
		return t
	}
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		standard = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: 90 * time.Second}
	}
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
		MaxRetryAfter: cmp.Or(r.MaxRetryAfter, 2*time.Minute),
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

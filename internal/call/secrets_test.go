package call_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// planted is the beginning of everything that must not be repeated.
const planted = "secret-"

// Whatever fails in whatever call: what was planted in the token, in queries, in
// bodies and headers of both sides, and in errors of others is in no error, no record
// of a debug logger and no span. It runs alone, as the tracer is the whole process's.
func TestNoSecretReachesAnErrorALogOrASpan(t *testing.T) {
	spans := &spans{}
	otel.SetTracerProvider(spans)
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	for name, reply := range secretFailures() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				s := stub.Answering(reply)
				client := stub.NewClient(t, stub.Token{}, s, stub.Attempts(1), debugging(&log))
				for _, c := range everyCall(t.Context(), client) {
					if err := c.runPlanted(t); err != nil {
						requireQuiet(t, c.name, err)
					}
				}
				requireNoSecret(t, "the log", log.String())
				require.GreaterOrEqual(t, strings.Count(log.String(), "\n"), len(s.Requests()))
				requireNoSecret(t, "the spans", spans.take())
				requirePlanted(t, s.Requests())
			})
		})
	}
}

func TestNoSecretOfACredentialReachesAnErrorALogOrASpan(t *testing.T) {
	spans := &spans{}
	otel.SetTracerProvider(spans)
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	var log bytes.Buffer
	failed := errors.New("POST https://login.example/token?client_secret=secret-client: Bearer secret-token\n" +
		`{"error":"invalid_client","error_description":"AADSTS7000215: secret-answer"}`)
	client := stub.NewClient(t, failing{err: failed}, stub.Answering(stub.Answer(200, stub.Deployment)), stub.Attempts(1), debugging(&log))
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		err := op.Run(t.Context(), client)
		require.ErrorContains(t, err, "AADSTS7000215")
		requireQuiet(t, op.Name, err)
	}
	requireNoSecret(t, "the log", log.String())
	requireNoSecret(t, "the spans", spans.take())
}

// secretFailures are ways to fail that have something secret.
func secretFailures() map[string]stub.Reply {
	const envelope = `{"error":{"code":"BadRequest","message":"m","x":"secret-answer"},"y":"secret-answer"}`
	headers := []string{"X-Header", "secret-header", "Set-Cookie", "secret-header", "Location", "https://h/?secret-header",
		"WWW-Authenticate", `Bearer error="secret-header"`}
	failures := map[string]stub.Reply{
		"an address in an error": stub.Fail(&url.Error{Op: "Get", URL: "https://graph.microsoft.com/x?secret-query", Err: stub.ErrReset}),
		"an error of a proxy": stub.Fail(errors.New("proxyconnect https://me:secret-password@proxy.example: " +
			"POST https://login.example/token?client_secret=secret-client: Authorization: Bearer secret-token")),
		"a body that breaks off": stub.BreakOff(200, `{"id":"secret-answer`),
		"half of an object":      stub.Answer(200, `{"id":"secret-answer`, headers...),
		"no JSON":                stub.Answer(200, `<html>secret-answer</html>`, headers...),
		"a page of a gateway":    stub.Answer(502, `<html>secret-answer</html>`, headers...),
		"a wrong type":           stub.Answer(200, `{"id":["secret-answer"],"value":{"secret-answer":"secret-answer"}}`, headers...),
		"a wrong time": stub.Answer(200, `{"id":"x","createdDateTime":"secret-time","lastModifiedDateTime":"secret-time",
			"value":[{"id":"x","createdDateTime":"secret-time","releaseDateTime":"secret-time"}]}`, headers...),
	}
	for place, body := range tokenPlaces {
		failures["the token in "+place] = stub.Answer(400, body, "Request-Id", "r "+stub.AccessToken)
	}
	for _, status := range []int{302, 400, 401, 403, 404, 409, 412, 423, 429, 500, 503} {
		failures[fmt.Sprint("status ", status)] = stub.Answer(status, envelope, headers...)
	}
	return failures
}

// tokenPlaces are errors in which the service repeats the token.
var tokenPlaces = map[string]string{
	"the message":           `{"error":{"code":"A","message":"The token secret-token is bad."}}`,
	"the end of a long one": `{"error":{"code":"A","message":"` + strings.Repeat("x", 494) + `secret-token"}}`,
	"JSON in the message":   `{"error":{"code":"A","message":"{\"Message\":\"secret-\\u0074oken\"}"}}`,
	"the code":              `{"error":{"code":"secret-token","message":"m"}}`,
	"an inner code":         `{"error":{"code":"A","message":"m","innerError":{"code":"secret-token"}}}`,
	"a detail":              `{"error":{"code":"A","message":"m","details":[{"code":"secret-token","message":"secret-token","target":"secret-token"}]}}`,
	"a text":                `{"error":"invalid_token","error_description":"secret-token"}`,
	"an inner request ID":   `{"error":{"code":"A","innerError":{"request-id":"secret-token"}}}`,
}

// A next link comes from the service, and its path is in the log.
func TestATokenInANextLinkIsNotLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	link := "https://graph.microsoft.com/beta/admin/windows/updates/deployments/secret-token%E2%80%AE%1B"
	s := stub.Answering(stub.Answer(200, `{"value":[],"@odata.nextLink":"`+link+`"}`), stub.Answer(200, stub.NoItems))
	_, err := stub.NewClient(t, stub.Token{}, s, debugging(&log)).Deployments().List(nil).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, s.Requests(), 2)
	requireNoSecret(t, "the log", log.String())
	require.Contains(t, log.String(), `deployments/…\\u202e\\u001b`)
}

// Everything that was sent as a token, not only the last one, stays out.
func TestATokenThatWasReplacedIsNotRepeatedEither(t *testing.T) {
	t.Parallel()
	issuer := &stub.Issuer{Prefix: "of-one-tenant-"}
	claims := base64.StdEncoding.EncodeToString([]byte(`{"access_token":{"nbf":{"essential":true}}}`))
	s := stub.Answering(
		stub.Answer(401, "{}", "WWW-Authenticate", `Bearer error="insufficient_claims", claims="`+claims+`"`),
		stub.Answer(400, `{"error":{"code":"A","message":"not of-one-tenant-1, and not of-one-tenant-2"}}`))
	err := stub.Read().Run(t.Context(), stub.NewClient(t, issuer, s))
	require.EqualError(t, err, "deployments.Get: 400 A: not …, and not …")
}

// What is secret by its form stays out of what the service says, too, and of what a transport says.
func TestWhatHasTheFormOfASecretIsNotRepeated(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"POST client_secret=secret-client&x=1":             "POST client_secret=…&x=1",
		`client_assertion="secret-client", x`:              "client_assertion=…, x",
		"refresh_token%3Dsecret-client":                    "refresh_token%3D…",
		`{"client_secret": "secret-client", "x": "1"}`:     `{"client_secret": "…", "x": "1"}`,
		"socks5://me:secret-client@proxy.example:1080 no":  "socks5://…@proxy.example:1080 no",
		"HTTPS://me:secret-client@proxy.example":           "HTTPS://…@proxy.example",
		"https://login.example/a?code=secret-client":       "https://login.example/a?…",
		"Authorization: Basic secret-client":               "Authorization: Basic …",
		"Bearer secret-client":                             "Bearer …",
		"got eyJhbGciOiJub25lIn0.eyJhIjoic2VjcmV0LSJ9.sig": "got …",
		"The Bearer token is bad.":                         "The Bearer token is bad.",
		"Set a password: it is missing.":                   "Set a password: it is missing.",
		"Ask https://graph.microsoft.com/beta for help.":   "Ask https://graph.microsoft.com/beta for help.",
	} {
		body, err := json.Marshal(map[string]any{"error": map[string]string{"message": text}})
		require.NoError(t, err)
		said := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(400, string(body)))))
		require.EqualError(t, said, "deployments.Get: 400: "+want)
		failed := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Fail(errors.New(text))), stub.Attempts(1)))
		require.EqualError(t, failed, "deployments.Get: "+want)
		requireQuiet(t, text, failed)
	}
}

func debugging(log *bytes.Buffer) func(*updates.Options) {
	return func(o *updates.Options) {
		o.Logger = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
}

// runPlanted makes a call with something secret in its query or body.
func (c publicCall) runPlanted(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := []reflect.Value{}
	for _, arg := range c.args {
		args = append(args, plant(ctx, arg))
	}
	out := c.run(ctx, args)
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return err
}

// plant puts something secret into an argument that goes into a query or body.
func plant(ctx context.Context, arg reflect.Value) reflect.Value {
	if arg.Type().Implements(reflect.TypeFor[context.Context]()) {
		return reflect.ValueOf(ctx)
	}
	if arg.Type() == reflect.TypeFor[*odata.Query]() {
		return reflect.ValueOf(&odata.Query{Filter: "secret-query eq 1"})
	}
	if arg.Kind() != reflect.Struct || !arg.FieldByName("Extra").IsValid() {
		return arg
	}
	changed := reflect.New(arg.Type()).Elem()
	changed.Set(arg)
	changed.FieldByName("Extra").Set(reflect.ValueOf(map[string]json.RawMessage{"planted": []byte(`"secret-body"`)}))
	return changed
}

// requirePlanted sees that the service got what is looked for elsewhere.
func requirePlanted(t *testing.T, requests []stub.Request) {
	t.Helper()
	var queries, bodies, tokens int
	for _, req := range requests {
		queries += strings.Count(req.URL.RawQuery, "secret-query")
		bodies += strings.Count(req.Body, "secret-body")
		tokens += strings.Count(req.Header.Get("Authorization"), stub.AccessToken)
	}
	require.Positive(t, queries)
	require.Positive(t, bodies)
	require.Equal(t, len(requests), tokens)
}

// requireQuiet looks at an error in all the forms in which programs print it.
func requireQuiet(t *testing.T, name string, err error) {
	t.Helper()
	if wait, ok := errors.AsType[*deployments.WaitError](err); ok {
		wait.Last = nil // what was read, with the properties that were in a response
	}
	stored, _ := json.Marshal(err) // not every error can be stored
	requireNoSecret(t, name, err.Error())
	requireNoSecret(t, name, string(stored))
	requireNoSecret(t, name, fmt.Sprintf("%v %+v %#v %q", err, err, err, err))
	for _, cause := range causes(err) {
		requireNoSecret(t, name+", a cause", cause.Error())
	}
	if value := reflect.ValueOf(err); value.Kind() == reflect.Pointer {
		requireNoSecret(t, name, fmt.Sprintf("%+v", value.Elem().Interface()))
	}
}

// causes are all errors that Unwrap reaches.
func causes(err error) []error {
	switch e := any(err).(type) {
	case interface{ Unwrap() []error }:
		var all []error
		for _, one := range e.Unwrap() {
			all = append(append(all, one), causes(one)...)
		}
		return all
	case interface{ Unwrap() error }:
		if cause := e.Unwrap(); cause != nil {
			return append(causes(cause), cause)
		}
	}
	return nil
}

func requireNoSecret(t *testing.T, where, text string) {
	t.Helper()
	at := strings.Index(text, planted)
	if at >= 0 {
		require.Fail(t, "a secret was repeated", "%s: …%s", where, text[max(0, at-200):min(len(text), at+40)])
	}
}

// spans is a tracer that keeps everything that it is told as one text.
type spans struct {
	noop.TracerProvider
	mu   sync.Mutex
	told strings.Builder
}

func (s *spans) Tracer(string, ...trace.TracerOption) trace.Tracer { return tracer{spans: s} }

func (s *spans) tell(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.told, format+"\n", args...)
}

// take returns what was told since the last time.
func (s *spans) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.told.Reset()
	return s.told.String()
}

type tracer struct {
	noop.Tracer
	spans *spans
}

func (t tracer) Start(ctx context.Context, name string, opts ...trace.SpanStartOption) (context.Context, trace.Span) {
	config := trace.NewSpanStartConfig(opts...)
	t.spans.tell("%s %v", name, config.Attributes())
	started := span{spans: t.spans}
	return trace.ContextWithSpan(ctx, started), started
}

// span records errors as the SDK of OpenTelemetry does, by their text and type.
type span struct {
	noop.Span
	spans *spans
}

func (s span) IsRecording() bool { return true }

func (s span) RecordError(err error, _ ...trace.EventOption) { s.spans.tell("%v %T", err, err) }

func (s span) SetStatus(code codes.Code, text string) { s.spans.tell("%v %s", code, text) }

func (s span) SetName(name string) { s.spans.tell("%s", name) }

func (s span) SetAttributes(attributes ...attribute.KeyValue) {
	for _, a := range attributes {
		s.spans.tell("%s=%s", a.Key, a.Value.Emit())
	}
}

func (s span) AddEvent(name string, opts ...trace.EventOption) {
	config := trace.NewEventConfig(opts...)
	s.spans.tell("%s %v", name, config.Attributes())
}

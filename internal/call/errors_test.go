package call_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestAnErrorKeepsWhatTheServiceSaysWhateverItsBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, code, message string }{
		"nothing":                 {"", "", ""},
		"an empty object":         {"{}", "", ""},
		"an empty error":          {`{"error":{}}`, "", ""},
		"null":                    {"null", "", ""},
		"a null error":            {`{"error":null}`, "", ""},
		"an array":                {"[]", "", ""},
		"a text":                  {`"oops"`, "", "oops"},
		"an error that is a text": {`{"error":"invalid_grant"}`, "invalid_grant", ""},
		"truncated JSON":          {`{"error":{"code":"NotFound","mess`, "", ""},
		"HTML":                    {stub.HTML, "", ""},
		"binary":                  {"\x00\xff\xfe\x1f\x8b", "", ""},
		"code and message":        {`{"error":{"code":"NotFound","message":"It is gone."}}`, "NotFound", "It is gone."},
		"a number for a code":     {`{"error":{"code":5,"message":"m"}}`, "5", "m"},
		"wrong types":             {`{"error":{"code":["x"],"message":{"a":1},"details":"none","innerError":7}}`, "", ""},
		"a code further in":       {`{"error":{"code":"A","message":"m","innerError":{"code":"B"}}}`, "B", "m"},
		"the other spelling":      {`{"error":{"code":"A","message":"m","innererror":{"code":"B"}}}`, "B", "m"},
		"a code deep inside": {
			`{"error":{"code":"A","innerError":{"code":"B","innererror":{"code":"C","innerError":{"date":"x"}}}}}`,
			"C", "",
		},
		"a status for inner code": {
			`{"error":{"code":"TooManyRequests","innerError":{"code":"429","status":"429"}}}`, "TooManyRequests", "",
		},
		"a message alone":          {`{"Message":"No HTTP resource was found."}`, "", "No HTTP resource was found."},
		"a code beside it":         {`{"Code":"A","Message":"m"}`, "A", "m"},
		"a code and a description": {`{"error":"invalid_request","error_description":"m"}`, "invalid_request", "m"},
		"an error in words":        {`{"error":"The tenant is gone."}`, "", "The tenant is gone."},
		"a status and a message":   {`{"statusCode":404,"message":"Resource not found"}`, "", "Resource not found"},
		"an older protocol":        {`{"odata.error":{"code":"A","message":{"lang":"en-US","value":"m"}}}`, "A", "m"},
		"another older protocol":   {`{"@odata.error":{"code":"A","message":"m"}}`, "A", "m"},
		"a list of errors":         {`{"errors":[{"code":"A","message":"m"}]}`, "", ""},
		"a flag for an error":      {`{"error":true,"code":"A","message":"m"}`, "A", "m"},
		"capitals":                 {`{"Error":{"Code":"A","Message":"m","InnerError":{"Code":"B"}}}`, "B", "m"},
		"problem details":          {`{"type":"about:blank","title":"t","status":404,"detail":"d"}`, "", "t: d"},
		"two spellings":            {`{"message":"m","Message":"M"}`, "", "m"},
		"a message further in":     {`{"error":{"code":"A","message":"","innerError":{"message":"m"}}}`, "A", "m"},
		"messages in both":         {`{"error":{"code":"A","message":"m","innerError":{"message":"other"}}}`, "A", "m"},
		"JSON in the message": {
			`{"error":{"code":"A","message":"{\"error\":{\"code\":\"B\",\"message\":\"m\"}}"}}`, "B", "m",
		},
		"JSON of Intune in the message": {
			`{"error":{"code":"BadRequest","message":"{\r\n  \"_version\": 3,\r\n  \"Message\": \"m\",\r\n  \"CustomApiErrorPhrase\": \"\"\r\n}"}}`,
			"BadRequest", "m",
		},
		"JSON behind words":        {`{"error":{"message":"It failed: {\"code\":\"B\",\"message\":\"m\"}"}}`, "B", "It failed: m"},
		"JSON in JSON":             {`{"Message":"{\"Message\":\"{\\\"Message\\\":\\\"m\\\"}\"}"}`, "", "m"},
		"braces":                   {`{"error":{"message":"No route {id}."}}`, "", "No route {id}."},
		"JSON without text":        {`{"error":{"message":"Wrong: {\"a\":1}"}}`, "", `Wrong: {"a":1}`},
		"white space":              {`{"error":{"code":" A ","message":"  m  "}}`, "A", "m"},
		"a message that is no UTF": {"{\"error\":{\"message\":\"a\xffb\"}}", "", "a\ufffdb"},
	}
	for name, tt := range tests {
		for _, op := range []stub.Operation{stub.Read(), stub.List(), stub.Action(), stub.Patch(), stub.Remove(), stub.Create(), stub.RawPost()} {
			t.Run(name+", "+op.Name, func(t *testing.T) {
				t.Parallel()
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(404, tt.body))))
				var e *apierr.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, 404, e.Status)
				require.Equal(t, tt.code, e.Code)
				require.Equal(t, tt.message, e.Message)
				requireHarmless(t, err)
			})
		}
	}
}

func TestARejectionByAPageSaysThatAProxyMayHaveRejected(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404} {
		err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(status, stub.HTML))))
		require.ErrorContains(t, err, "an HTML page, perhaps of a proxy")
		require.NotContains(t, err.Error(), "license")
	}
}

func TestATokenForAnotherCloudIsNamed(t *testing.T) {
	t.Parallel()
	const sameToken = "; the credential returned the rejected token again; create a new credential and client, or sign in again"
	for audience, want := range map[string]string{
		"https://graph.microsoft.us": ": no token was sent: the token is for https://graph.microsoft.us and not for " +
			"https://graph.microsoft.com; request it with the scope https://graph.microsoft.com/.default, from a credential for the same cloud",
		"https://graph.microsoft.com/":         ": 401" + sameToken,
		"00000003-0000-0000-c000-000000000000": ": 401" + sameToken,
	} {
		cred := stub.Saying(`{"aud":"` + audience + `"}`)
		err := stub.Read().Run(t.Context(), stub.NewClient(t, cred, stub.Answering(stub.Answer(401, "{}"))))
		require.EqualError(t, err, "deployments.Get"+want)
	}
}

// Problem details (RFC 9457) name the invalid properties in this form.
func TestTheErrorsOfAProblemAreDetails(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]apierr.Detail{
		`{"title":"Invalid.","errors":{"b":["too long","not a GUID"],"a":"is required"}}`: {
			{Target: "a", Message: "is required"}, {Target: "b", Message: "too long"}, {Target: "b", Message: "not a GUID"},
		},
		`{"errors":[{"code":"A","message":"m","target":"t"},"words"]}`: {{Code: "A", Message: "m", Target: "t"}, {Message: "words"}},
		`{"errors":{}}`:                    nil,
		`{"errors":{"a":[{"b":1}],"c":5}}`: {{Target: "a"}, {Target: "c", Message: "5"}},
	} {
		err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(400, body))))
		failed, ok := errors.AsType[*apierr.Error](err)
		require.True(t, ok)
		require.Equal(t, want, failed.Details, body)
		if len(want) > 0 {
			require.ErrorContains(t, err, ": "+want[0].Message)
		}
	}
}

func TestPaymentRequiredIsAboutALicense(t *testing.T) {
	t.Parallel()
	err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(402, `{"error":{"code":"PaymentRequired"}}`))))
	require.EqualError(t, err, "deployments.Get: 402 PaymentRequired; check that the tenant has a license that includes Windows Autopatch")
}

func TestAnErrorHasIDsDateAndDetails(t *testing.T) {
	t.Parallel()
	body := `{"error":{"code":"A","message":"m","innerError":{"request-id":"from-body"},
		"details":[{"code":"D1","message":"first","target":"settings"},null,5,{"code":"D2"}]}}`
	s := stub.Answering(stub.Answer(400, body, "Request-Id", "from-header", "Date", "Sun, 22 Nov 2026 10:00:00 GMT", "Retry-After", "4"))
	err := stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
	var e *apierr.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "deployments.Create", e.Op)
	require.Equal(t, "from-header", e.RequestID)
	require.Equal(t, s.Requests()[0].Header.Get("Client-Request-Id"), e.ClientRequestID)
	require.Equal(t, time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), e.ServerTime)
	require.Equal(t, 4*time.Second, e.RetryAfter)
	require.Equal(t, 1, e.Attempts)
	require.Len(t, e.Details, 4)
	require.Equal(t, apierr.Detail{Code: "D1", Message: "first", Target: "settings"}, e.Details[0])
	require.Equal(t, "D2", e.Details[3].Code)
	require.EqualError(t, err, "deployments.Create: 400 A: m: first; retry after 4s (request-id from-header)")

	err = stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(400, body))))
	require.ErrorAs(t, err, &e)
	require.Equal(t, "from-body", e.RequestID)
}

func TestEveryErrorTextIsOneHarmlessLine(t *testing.T) {
	t.Parallel()
	nasty := `{"error":{"code":"A\nB","message":"one\r\ntwo\u2028three\u0085four\u001b[31m","innerError":{"request-id":"5\n6"}}}`
	tests := map[string]stub.Reply{
		"line breaks in an answer": stub.Answer(400, nasty),
		"a long message":           stub.Answer(400, `{"error":{"message":"`+strings.Repeat("é", 9000)+`"}}`),
		"HTML":                     stub.Answer(404, stub.HTML),
		"HTML with success":        stub.Answer(200, stub.HTML),
		"a wrong type":             stub.Answer(200, `{"id":["secret-body"],"value":["secret-body"]}`),
		"a wrong ID":               stub.Answer(200, `{"id":{"secret-body":1},"value":[{"id":"1"},{"id":["secret-body"]}]}`),
		"an address in an error": stub.Fail(&url.Error{
			Op: "Get", URL: "https://graph.microsoft.com/x?secret-query", Err: errors.New("broken"),
		}),
		"a wrapped address": stub.Fail(fmt.Errorf("dialing: %w",
			&url.Error{Op: "Get", URL: "https://h/x?secret-query", Err: errors.New("broken")})),
		"lines in an error":         stub.Fail(errors.New("one\ntwo\r\nthree")),
		"neither answer nor error":  nothing,
		"a permission that lacks":   stub.Answer(403, "{}"),
		"a redirect with a query":   stub.Answer(302, "", "Location", "https://evil.example/?secret-query"),
		"a challenge":               stub.Answer(401, "", "WWW-Authenticate", `Bearer error="secret-header"`),
		"a create that is not sure": stub.Answer(503, stub.HTML),
	}
	for name, reply := range tests {
		for _, op := range []stub.Operation{stub.Read(), stub.List(), stub.Create()} {
			stub.InBubble(t, name+", "+op.Name, func(t *testing.T) {
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(reply)))
				require.Error(t, err)
				requireHarmless(t, err)
				require.Less(t, len(err.Error()), 1000)
			})
		}
	}
}

// requireHarmless checks that a text is one line without anything secret.
func requireHarmless(t *testing.T, err error) {
	t.Helper()
	require.NotContains(t, err.Error(), "secret")
	require.NotContains(t, err.Error(), "<html")
	for _, r := range err.Error() {
		require.GreaterOrEqual(t, r, ' ')
		require.NotContains(t, "\u007f\u0085\u2028\u2029", string(r))
	}
}

func TestAResponseWithoutTheResultIsAnError(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 202, 204} {
		for _, body := range []string{"", "null", "[]", `"x"`, "1", "{"} {
			t.Run(fmt.Sprint(status, body), func(t *testing.T) {
				t.Parallel()
				client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(status, body)))
				d, err := client.Deployments().Get(t.Context(), "d1")
				require.Nil(t, d)
				require.Error(t, err)
				require.Equal(t, status, apierr.StatusOf(err))
				require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)

				err = stub.Create().Run(t.Context(), client)
				require.Equal(t, status, apierr.StatusOf(err))
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome, "something was made, and it is unknown what")
			})
		}
	}
}

func TestAChangeThatIsAcceptedNeedsNoResponse(t *testing.T) {
	t.Parallel()
	for _, op := range []stub.Operation{stub.Action(), stub.Patch(), stub.Remove()} {
		for _, reply := range []stub.Reply{
			stub.Answer(202, ""), stub.Answer(204, ""), stub.Answer(200, "{}"), stub.Answer(202, stub.HTML, "Content-Type", "text/html"),
			bodyless(202),
		} {
			t.Run(op.Name, func(t *testing.T) {
				t.Parallel()
				s := stub.Answering(reply)
				require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				require.Len(t, s.Requests(), 1)
			})
		}
	}
}

func TestAPageThatAnswersInPlaceOfTheServiceIsNoSuccess(t *testing.T) {
	t.Parallel()
	for _, page := range []string{stub.HTML, "\ufeff\r\n <!DOCTYPE html>"} {
		for _, op := range []stub.Operation{stub.Read(), stub.List(), stub.Create(), stub.Action(), stub.Patch(), stub.Remove()} {
			t.Run(op.Name, func(t *testing.T) {
				t.Parallel()
				s := stub.Answering(stub.Answer(200, page, "Content-Type", "text/html"))
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
				require.ErrorIs(t, err, apierr.ErrUnavailable)
				require.ErrorContains(t, err, "check for a proxy or sign-in page")
				require.Equal(t, 200, apierr.StatusOf(err))
				require.Equal(t, op.Name != "read" && op.Name != "list", errors.Is(err, apierr.ErrUnknownOutcome))
				requireHarmless(t, err)
				require.Len(t, s.Requests(), 1, "it would be the same at the next attempt")
			})
		}
	}
}

// nothing replies with neither a response nor an error, against the rules of
// RoundTripper.
func nothing(*http.Request) (*http.Response, error) {
	var none *http.Response
	return none, nil
}

// bodyless replies with a nil body, against the rules of RoundTripper.
func bodyless(status int) stub.Reply {
	return func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: status}, nil }
}

func TestATransportThatBreaksTheRulesMakesAnError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reply  stub.Reply
		status int
	}{
		"neither answer nor error": {nothing, 0},
		"no body":                  {bodyless(200), 200},
		"no body of an error":      {bodyless(404), 404},
		"status 0":                 {bodyless(0), 0},
	}
	for name, tt := range tests {
		for _, op := range []stub.Operation{stub.Read(), stub.List(), stub.Create()} {
			stub.InBubble(t, name+", "+op.Name, func(t *testing.T) {
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(tt.reply)))
				require.Error(t, err)
				require.Equal(t, tt.status, apierr.StatusOf(err))
				requireHarmless(t, err)
			})
		}
	}
}

func TestTheTypeAndLengthOfAResponseDoNotMatter(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{"", "text/plain", "application/json;odata.metadata=minimal", "text/html", "nonsense"} {
		for _, length := range []int64{-1, 0, 7, 1 << 40} {
			t.Run(fmt.Sprint(contentType, length), func(t *testing.T) {
				t.Parallel()
				client := stub.NewClient(t, stub.Token{}, stub.Answering(func(r *http.Request) (*http.Response, error) {
					resp, err := stub.Answer(200, stub.Deployment, "Content-Type", contentType, "Content-Length", fmt.Sprint(length))(r)
					resp.ContentLength = length
					return resp, err
				}))
				d, err := client.Deployments().Get(t.Context(), "d1")
				require.NoError(t, err)
				require.Equal(t, "d1", d.ID)
			})
		}
	}
}

func TestAResponseThatIsTooLargeIsAnErrorAndIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	endless := func(status int) stub.Reply {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Body: io.NopCloser(endlessReader{})}, nil
		}
	}
	s := stub.Answering(endless(200))
	err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
	require.ErrorContains(t, err, "larger than")
	require.Equal(t, 200, apierr.StatusOf(err))
	require.Len(t, s.Requests(), 1)
	require.Zero(t, s.BodiesLeftOpen())

	err = stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(endless(404))))
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) { return len(p), nil }

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		for _, op := range append(stub.Repeatable(), stub.Creates()...) {
			t.Run(fmt.Sprint(op.Name, " ", status), func(t *testing.T) {
				t.Parallel()
				s := stub.Answering(stub.Answer(status, stub.Deployment, "Location", "https://evil.example/beta/admin/windows/updates/deployments"))
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
				require.Equal(t, status, apierr.StatusOf(err))
				require.ErrorContains(t, err, "redirect")
				require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
				require.Len(t, s.Requests(), 1, "the token went elsewhere")
			})
		}
	}
}

func TestAForbiddenCallSaysWhatToCheck(t *testing.T) {
	t.Parallel()
	err := stub.Create().Run(t.Context(),
		stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(403, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}`))))
	var e *apierr.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Advice, "WindowsUpdates.ReadWrite.All")
	require.Contains(t, err.Error(), e.Advice)
	err = stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(403, ""))))
	require.ErrorContains(t, err, "WindowsUpdates.Read.All")
}

func TestUnknownValuesAndTypesAreKept(t *testing.T) {
	t.Parallel()
	client := stub.NewClient(t, stub.Token{}, stub.Answering(
		stub.Answer(200, `{"id":"d1","state":{"effectiveValue":"hibernating","requestedValue":"frozen","reasons":[{"value":"becauseOfTheMoon"}]},
			"settings":{"schedule":{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.lunarRollout","phase":"full"}}},"weather":"fine"}`),
		stub.Answer(200, `{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.moonUpdate","id":"e1","crater":"Tycho"}]}`),
		stub.Answer(200, `{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.moonBase","id":"b1","crew":3}]}`)))
	d, err := client.Deployments().Get(t.Context(), "d1")
	require.NoError(t, err)
	require.EqualValues(t, "hibernating", d.State.Effective)
	require.EqualValues(t, "frozen", d.State.Requested)
	require.EqualValues(t, "becauseOfTheMoon", d.State.Reasons[0].Value)
	require.JSONEq(t, `"fine"`, string(d.Extra["weather"]))
	require.JSONEq(t, `"full"`, string(d.Settings.Schedule.Rollout.Common().Extra["phase"]))

	entry, err := client.Catalog().List(nil).First(t.Context())
	require.NoError(t, err)
	unknown, ok := entry.(*catalog.UnknownEntry)
	require.True(t, ok)
	require.EqualValues(t, "moonUpdate", unknown.Kind)
	require.JSONEq(t, `"Tycho"`, string(unknown.Extra["crater"]))

	asset, err := client.Audiences().ListMembers(audience.ByID("a1"), nil).First(t.Context())
	require.NoError(t, err)
	require.IsType(t, &audience.UnknownAsset{}, asset)
	require.EqualValues(t, "moonBase", asset.Common().Kind)
	require.JSONEq(t, "3", string(asset.Common().Extra["crew"]))
}

func TestAnIDThatWouldLeadElsewhereIsNotSent(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", " ", ".", "..", " x", "x ", "\tx"} {
		t.Run(fmt.Sprintf("%q", id), func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(stub.Answer(200, stub.Deployment))
			c := stub.NewClient(t, stub.Token{}, s)
			_, getErr := c.Deployments().Get(t.Context(), id)
			_, deviceErr := c.Devices().Get(t.Context(), id)
			for _, err := range []error{
				getErr, deviceErr, c.Deployments().Delete(t.Context(), id), c.Deployments().Pause(t.Context(), id),
				c.Audiences().Delete(t.Context(), id), c.Devices().Delete(t.Context(), id),
			} {
				require.ErrorIs(t, err, apierr.ErrInvalid)
				var field *apierr.FieldError
				require.ErrorAs(t, err, &field)
			}
			require.Empty(t, s.Requests())
		})
	}
}

func TestAnIDCannotLeaveItsSegment(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"a/b", "a?b=c", "a#b", "../x", "%2e%2e", "a%2Fb", "a b"} {
		s := stub.Answering(stub.Answer(200, stub.Deployment))
		_, err := stub.NewClient(t, stub.Token{}, s).Deployments().Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, "/beta/admin/windows/updates/deployments/"+id, s.Requests()[0].URL.Path)
		require.Equal(t, 6, strings.Count(s.Requests()[0].URL.EscapedPath(), "/"))
		require.Empty(t, s.Requests()[0].URL.RawQuery)
	}
}

func TestTheLoggerGetsNothingSecret(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "three attempts", func(t *testing.T) {
		var log bytes.Buffer
		s := stub.Answering(
			stub.Fail(&url.Error{Op: "Get", URL: "https://graph.microsoft.com/x?secret-query", Err: stub.ErrReset}),
			stub.Answer(503, `{"error":{"message":"secret-body"}}`, "X-Header", "secret-header"),
			stub.Answer(200, `{"value":[],"secret":"secret-body"}`, "Request-Id", "r1"))
		client := stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) {
			o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		_, err := client.Deployments().List(&odata.Query{Filter: "secret-query eq 1"}).Collect(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, 5, strings.Count(log.String(), "\n"), "three attempts and two waits")
		require.Equal(t, 3, strings.Count(log.String(), "path=/beta/admin/windows/updates/deployments "))
		require.Contains(t, log.String(), "op=deployments.List")
		require.Contains(t, log.String(), "connection reset by peer")
		require.Contains(t, log.String(), "status=503")
		require.Contains(t, log.String(), "request_id=r1")
		require.NotContains(t, log.String(), "secret")
		require.NotContains(t, log.String(), "filter")
	})
}

func TestNothingIsSentThroughAClientThatWasNotMade(t *testing.T) {
	t.Parallel()
	client := &updates.Client{}
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		require.ErrorContains(t, op.Run(context.Background(), client), "updates.NewClient")
	}
}

package call

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/httptime"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func FuzzErrorBody(f *testing.F) {
	for _, body := range []string{
		"", "{}", "null", `{"error":{}}`, `{"error":[]}`, `{"error":{"code":1e999,"message":true}}`,
		"<html>\n</html>", `{"error":{"message":"a\nb"`,
		`{"error":{"code":"A\u2028","message":"\ud800","innerError":{"request-id":"\n",` +
			`"innererror":{"code":"B","innerError":null}},"details":[null,{},[],"x"]}}`,
		strings.Repeat(`{"error":`, 5000), `{"error":{"code":"` + strings.Repeat("é", 600) + `"}}`,
	} {
		f.Add(uint16(404), body)
		f.Add(uint16(302), body)
		f.Add(uint16(503), body)
	}
	f.Fuzz(func(t *testing.T, status uint16, body string) {
		code := 300 + int(status)%700
		client := newClient(t, answer(code, body, nil))
		_, err := getDeployment(t.Context(), client)
		requireKept(t, err, code)
		requireKept(t, client.Raw(t.Context(), "test.Raw", http.MethodDelete, "/x", nil, nil), code)
	})
}

func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		"", "{}", "null", "[]", "<html>", `{"id":5}`, `{"id":"d1","state":{"reasons":[null]}}`, `{"createdDateTime":""}`,
		`{"value":[null,{"id":"d1"}],"@odata.nextLink":"https://graph.microsoft.com/x"}`, `{"value":[[]]}`,
		`{"@odata.count":1e300,"value":[]}`,
		`{"settings":{"schedule":{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
			`"devicesPerOffer":null}}}}`,
		`{"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{"@odata.type":7}}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client := newClient(t, answer(200, body, nil))
		d, err := getDeployment(t.Context(), client)
		if err != nil {
			requireKept(t, err, 200)
		}
		require.NotEqual(t, err == nil, d == nil)
		for page, err := range deployments(client).Pages(t.Context()) {
			if err == nil {
				require.NotNil(t, page)
				break
			}
			requireKept(t, err, 200)
		}
	})
}

func deployments(c *Client) odata.List[models.Deploymentable] {
	return List(c, Op{Name: "test.List"}, nil,
		func(ctx context.Context, g *graph.Client, link string, _ *Parameters) (models.DeploymentPageable, error) {
			return At(g.Deployments(), link).Get(ctx, nil)
		},
		All(func(d models.Deploymentable) models.Deploymentable { return d }))
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("", "")
	f.Add("5", "")
	f.Add("-5", "x")
	f.Add("99999999999999999999", "")
	f.Add("9223372036854775807", "")
	f.Add("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Add("Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT")
	f.Fuzz(func(t *testing.T, value, date string) {
		header := http.Header{"Retry-After": {value}, "Date": {date}}
		wait, asked := httptime.RetryAfter(header)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		require.True(t, asked || wait == 0)
		rec := &record{ctx: t.Context(), status: 429, header: header, attempts: math.MaxInt32}
		delay, _ := Retry{MaxAttempts: 1, BaseDelay: 1, MaxDelay: math.MaxInt64, MaxRetryAfter: 1}.delay(rec)
		require.Positive(t, delay)
	})
}

func FuzzNextLink(f *testing.F) {
	for _, link := range []string{
		"https://graph.microsoft.com/beta/x?$skiptoken=1", "https://GRAPH.microsoft.com:443/",
		"http://graph.microsoft.com/", "//graph.microsoft.com/x",
		"https://graph.microsoft.com@evil.example/", "https://graph.microsoft.com\\@evil.example/",
		"https://evil.example#https://graph.microsoft.com/",
		"https://graph.microsoft.com:/x", "https:graph.microsoft.com", "https://graph.microsoft.com:0443/",
		"\nhttps://graph.microsoft.com/", "x",
	} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		if link == "" {
			return
		}
		var sent []*url.URL
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.URL)
			return answer(200, `{"value":[]}`, nil)(r)
		})
		read := func(ctx context.Context, g *graph.Client) (models.DeploymentPageable, error) {
			if err := client.checkPage(&odata.Query{}, link); err != nil {
				return nil, err
			}
			return At(g.Deployments(), link).Get(ctx, nil)
		}
		_, err := Do(t.Context(), client, Op{Name: "test.List", link: true}, read)
		if err != nil {
			require.Empty(t, sent)
			requireOneLine(t, err)
			return
		}
		require.Len(t, sent, 1)
		require.Equal(t, "https", sent[0].Scheme)
		require.Equal(t, "graph.microsoft.com", strings.ToLower(sent[0].Hostname()))
		require.Contains(t, []string{"", "443"}, sent[0].Port())
	})
}

func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"/x?$top=1", "/x y", "/%2e%2e/x", "//evil.example", "/a%2f..%2fb", "/x#y", "@evil.example", ":80",
		"/\\evil.example", "/x?a b#c", "/é",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "graph.microsoft.com" || !strings.HasPrefix(r.URL.Path, Root+"/") || strings.Contains(r.URL.Path+"/", "/../") {
				t.Errorf("%q led to %s", path, r.URL)
			}
			if strings.ContainsAny(r.URL.RequestURI(), " \r\n#") {
				t.Errorf("%q ends the address early", path)
			}
			return answer(204, "", nil)(r)
		})
		if err := client.Raw(t.Context(), "test.Raw", http.MethodGet, path, nil, nil); err != nil {
			require.ErrorIs(t, err, apierr.ErrInvalid)
			requireOneLine(t, err)
		}
	})
}

func FuzzChallenge(f *testing.F) {
	for _, header := range []string{
		"", "Bearer", "Bearer claims", `Bearer claims=`, `Bearer claims="`, `Bearer claims="e30="`,
		`Bearer claims=e30=`, `bearer x="y", claims="e30"`,
		`Bearer claims="=", claims="e30="`, `Bearer claimsx, claims="e30="`,
	} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		requests := 0
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			requests++
			return answer(401, "", http.Header{"Www-Authenticate": {header}})(r)
		})
		_, err := getDeployment(t.Context(), client)
		requireKept(t, err, 401)
		require.LessOrEqual(t, requests, 2)
	})
}

func requireKept(t *testing.T, err error, status int) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, status, apierr.StatusOf(err))
	requireOneLine(t, err)
}

func requireOneLine(t *testing.T, err error) {
	t.Helper()
	require.Equal(t, -1,
		strings.IndexFunc(err.Error(), func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }))
	require.NotContains(t, err.Error(), "secret-token")
}

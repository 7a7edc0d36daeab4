package auth

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

const (
	tenant = "11111111-1111-1111-1111-111111111111"
	client = "22222222-2222-2222-2222-222222222222"
	secret = "sEcReT~8Q.value_of-the+secret"
)

// TestMain takes away what the machine that runs the tests may have set.
func TestMain(m *testing.M) {
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if err := forget(name); err != nil {
			log.Fatal(err)
		}
	}
	os.Exit(m.Run())
}

func forget(name string) error {
	for _, prefix := range []string{"AZURE_", "IDENTITY_", "MSI_", "IMDS_", "REGION_NAME"} {
		if strings.HasPrefix(name, prefix) {
			return os.Unsetenv(name)
		}
	}
	return nil
}

// clouds are those that the tests of credentials go through.
func clouds() []cloud.Cloud {
	return []cloud.Cloud{cloud.Public, cloud.USGovernment, cloud.USGovernmentDoD, cloud.China}
}

// authority answers as Microsoft Entra does, at whatever host it is asked, and
// keeps what it was asked.
type authority struct {
	// refuse, if set, is the body of the 401 that answers requests for tokens.
	refuse string
	// absent lets every request fail with status 400.
	absent bool
	// message, if set, is what a user with a device code is told.
	message string
	// pending counts the answers that tell a device to wait for its user.
	pending int

	mu    sync.Mutex
	asked []request
}

type request struct {
	url  *url.URL
	form url.Values
}

func (a *authority) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	form, err := readForm(r)
	if err != nil {
		return nil, err
	}
	a.asked = append(a.asked, request{r.URL, form})
	status, body := a.answer(r.URL, form)
	return &http.Response{
		StatusCode: status,
		Status:     http.StatusText(status),
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    r,
	}, nil
}

func readForm(r *http.Request) (url.Values, error) {
	if r.Body == nil {
		return r.URL.Query(), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return url.ParseQuery(string(body))
}

func (a *authority) answer(u *url.URL, form url.Values) (int, string) {
	base := u.Scheme + "://" + u.Host + "/" + tenant
	switch {
	case a.absent:
		return http.StatusBadRequest, `{"error":"unavailable"}`
	case strings.HasSuffix(u.Path, "/openid-configuration"):
		return http.StatusOK, object("issuer", base+"/v2.0", "authorization_endpoint", base+"/authorize", "token_endpoint", base+"/token")
	case strings.HasSuffix(u.Path, "/discovery/instance"):
		return http.StatusOK, discovery(base, u.Host)
	case strings.HasSuffix(u.Path, "/devicecode"):
		message, _ := json.Marshal(cmp.Or(a.message, "enter ABC123"))
		return http.StatusOK,
			`{"user_code":"ABC123","device_code":"d","verification_uri":"https://device.example","expires_in":900,"interval":5,` +
				`"message":` + string(message) + `}`
	case a.refuse != "":
		return http.StatusUnauthorized, a.refuse
	case form.Get("grant_type") == "device_code" && a.pending > 0:
		a.pending--
		return http.StatusBadRequest, `{"error":"authorization_pending"}`
	default:
		return http.StatusOK, tokenResponse(base, form)
	}
}

// discovery names the hosts by which azidentity finds a token again that it kept.
func discovery(base, host string) string {
	return `{"tenant_discovery_endpoint":"` + base + `/v2.0/.well-known/openid-configuration","metadata":[
		{"preferred_network":"` + host + `","preferred_cache":"` + host + `","aliases":["` + host + `"]}]}`
}

// tokenResponse gives applications a token, and users also what says who they are.
func tokenResponse(base string, form url.Values) string {
	pairs := []string{
		"access_token", "the token", "token_type", "Bearer", "expires_in", "3600", "resource", "r", "scope", form.Get("scope"),
	}
	if form.Get("grant_type") != "client_credentials" {
		encode := base64.RawURLEncoding.EncodeToString
		idToken := encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(object("iss", base+"/v2.0", "tid", tenant, "oid", "o"))) + ".s"
		pairs = append(pairs, "id_token", idToken, "client_info", encode([]byte(object("uid", "o", "utid", tenant))))
	}
	return object(pairs...)
}

// object writes pairs of name and text as JSON.
func object(pairs ...string) string {
	m := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// tokenRequest is the last request, which must have asked for a token.
func (a *authority) tokenRequest(t *testing.T) request {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.NotEmpty(t, a.asked)
	return a.asked[len(a.asked)-1]
}

// requireOnly checks that nothing was sent anywhere else than to the authority of c.
func (a *authority) requireOnly(t *testing.T, c cloud.Cloud) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.NotEmpty(t, a.asked)
	for _, r := range a.asked {
		require.Equal(t, c.Authority, r.url.Scheme+"://"+r.url.Host, r.url.Path)
	}
}

// requireToken asks as the SDK does, and checks who was asked for what.
func requireToken(t *testing.T, a *authority, cred azcore.TokenCredential, c cloud.Cloud) {
	t.Helper()
	token, err := cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.Scope()}, EnableCAE: true})
	require.NoError(t, err)
	require.Equal(t, "the token", token.Token)
	require.WithinDuration(t, time.Now().Add(time.Hour), token.ExpiresOn, time.Minute)

	a.requireOnly(t, c)
	last := a.tokenRequest(t)
	require.Equal(t, "/"+tenant+"/token", last.url.Path)
	require.Equal(t, client, last.form.Get("client_id"))
	require.Contains(t, strings.Fields(last.form.Get("scope")), c.Scope())
}

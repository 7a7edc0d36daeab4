package recording

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sent is one request of a test.
type sent struct{ url, body string }

// tryRequest records a request after one whose response is announced, and returns the
// lines of the second request and the error.
func tryRequest(t *testing.T, announced string, second sent, opts ...Option) (string, error) {
	t.Helper()
	use := func(rec *Recorder) {
		ask(t, rec, "GET", "/deployments", "")
		ask(t, rec, "POST", second.url, second.body)
	}
	file, err := tryToRecord(t, answering(announced, "{}"), use, opts...)
	if err != nil {
		require.NoFileExists(t, file)
		return "", err
	}
	saved, err := parse([]byte(contentOf(t, file)))
	require.NoError(t, err)
	e := saved.exchanges[1]
	text := strings.TrimPrefix(e.url, base)
	if value, ok := readJSON(e.request.body); ok {
		return text + " " + compactJSON(value), nil
	}
	return strings.TrimSpace(text + " " + string(e.request.body)), nil
}

const announced = `{"value":[{"id":"` + deviceGUID + `"}],"upn":"Alice@fabrikam.com","name":"Finance ring","short":"IT","n":5551234567,` +
	`"url":"https://logs.fabrikam.com/x","@odata.nextLink":"` + base + `/deployments?$skiptoken=abc"}`

func TestARequestHasWhatResponsesHad(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request sent
		want    string
	}{
		"GUID":                 {sent{"/updatableAssets/" + strings.ToUpper(deviceGUID), `{"id":"` + deviceGUID + `"}`}, "/updatableAssets/" + fakeID(1) + ` {"id":"` + fakeID(1) + `"}`},
		"user":                 {sent{"/policies/alice@FABRIKAM.com", ""}, "/policies/user-1@contoso.example"},
		"token":                {sent{"/deployments?$skiptoken=abc", ""}, "/deployments?$skiptoken=token-1"},
		"number":               {sent{"/policies/5551234567", `{"id":5551234567}`}, `/policies/2000000001 {"id":2000000001}`},
		"host":                 {sent{"https://logs.fabrikam.com/beta", ""}, "https://host-1.example/beta"},
		"name in a filter":     {sent{"/policies?$filter=displayName%20eq%20'Finance%20ring'", ""}, "/policies?$filter=displayName eq 'text-1'"},
		"inside a literal":     {sent{"/policies", `{"displayName":"Ring of Finance ring (3)"}`}, `/policies {"displayName":"Ring of text-1 (3)"}`},
		"two inside":           {sent{"/policies", `{"displayName":"Finance ring, alice@fabrikam.com"}`}, `/policies {"displayName":"text-1, user-1@contoso.example"}`},
		"GUID inside":          {sent{"/policies", `{"displayName":"Ring of ` + deviceGUID + `"}`}, `/policies {"displayName":"Ring of ` + fakeID(1) + `"}`},
		"link":                 {sent{"/policies", `{"audience@odata.bind":"` + base + `/deploymentAudiences('` + deviceGUID + `')"}`}, `/policies {"audience@odata.bind":"` + base + `/deploymentAudiences('` + fakeID(1) + `')"}`},
		"percent":              {sent{"/policies", `{"displayName":"Finance%20ring"}`}, `/policies {"displayName":"text-1"}`},
		"percent, user":        {sent{"/policies", `{"displayName":"alice%40fabrikam.com"}`}, `/policies {"displayName":"user-1%40contoso.example"}`},
		"base64":               {sent{"/policies", `{"displayName":"RmluYW5jZSByaW5n"}`}, `/policies {"displayName":"dGV4dC0x"}`},
		"JSON in a text":       {sent{"/policies", `{"displayName":"{ \"id\": \"` + deviceGUID + `\" }"}`}, `/policies {"displayName":"{\"id\":\"` + fakeID(1) + `\"}"}`},
		"JSON in a query":      {sent{`/policies?$search={"id":"` + deviceGUID + `"}`, ""}, ""},
		"value of enumeration": {sent{"/policies?$filter=status%20eq%20'suspended'", ""}, "/policies?$filter=status eq 'suspended'"},
		"short number":         {sent{"/policies/12345?$top=5", ""}, "/policies/12345?$top=5"},
		"made up":              {sent{"/updatableAssets/" + fakeID(13), `{"id":"user-9@contoso.example"}`}, "/updatableAssets/" + fakeID(13) + ` {"id":"user-9@contoso.example"}`},
		"catalog":              {sent{"/catalog/entries/" + entryGUID, ""}, "/catalog/entries/" + entryGUID},
		"catalog, quoted":      {sent{"/catalog/entries('" + entryGUID + "')", ""}, "/catalog/entries('" + entryGUID + "')"},
		"catalog, body": {sent{"/deployments", `{"content":{"@odata.type":"` + full("catalogContent") + `","catalogEntry":{"id":"` + entryGUID + `"}}}`},
			`/deployments {"content":{"@odata.type":"` + full("catalogContent") + `","catalogEntry":{"id":"` + entryGUID + `"}}}`},
		"catalog, function": {sent{"/products/findByCatalogId(catalogID='" + entryGUID + "')", ""}, "/products/findByCatalogId(catalogID='" + entryGUID + "')"},
		"time of a member":  {sent{"/deployments?$filter=createdDateTime%20ge%202025-12-01T09:00:00Z", ""}, "/deployments?$filter=createdDateTime ge 2025-12-01T09:00:00Z"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tryRequest(t, announced, c.request, wrote("Ring of %s (%d)", entryGUID))
			if c.want == "" {
				require.ErrorContains(t, err, "exchange 02: the URL of the request has a string")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestARequestMustHaveKnownPropertiesOnly(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request sent
		want    string
	}{
		"GUID in a URL":       {sent{"/updatableAssets/" + otherGUID, ""}, "the URL of the request has a GUID"},
		"GUID in a query":     {sent{"/policies?$filter=id%20eq%20'" + otherGUID + "'", ""}, "the URL of the request has a GUID"},
		"GUID in a body":      {sent{"/policies", `{"id":"` + otherGUID + `"}`}, "the body, at id, of the request has a GUID"},
		"GUID in a text":      {sent{"/policies", "text " + otherGUID}, "the body of the request has a string"},
		"user":                {sent{"/policies/bob@fabrikam.com", ""}, "the URL of the request has a user name"},
		"host":                {sent{"https://other.fabrikam.com/beta", ""}, "the URL of the request has a host"},
		"token":               {sent{"/deployments?$skiptoken=other", ""}, "the URL of the request has a string"},
		"text":                {sent{"/policies", `{"displayName":"Sales ring"}`}, "the body, at displayName, of the request has a string"},
		"part of a literal":   {sent{"/policies", `{"displayName":"Ring of"}`}, "has a string"},
		"text around a known": {sent{"/policies", `{"displayName":"Sales and Finance ring"}`}, "has a string"},
		"member":              {sent{"/policies", `{"hunter2":1}`}, "the body of the request has a string"},
		"below a member":      {sent{"/policies", `{"hunter2":{"id":"Sales ring"}}`}, "the body, at …/id, of the request has a string"},
		"user of examples":    {sent{"/policies", `{"id":"hunter2@contoso.example"}`}, "the body, at id, of the request has a user name"},
		"like a fake":         {sent{"/policies", `{"id":"text-5551234567"}`}, "has a string"},
		"groups of digits":    {sent{"/policies", `{"id":"Finance ring 4111 1111 1111 1111"}`}, "has a string"},
		"option":              {sent{"/policies?hunter2=1", ""}, "the URL of the request has a string"},
		"name in a filter":    {sent{"/policies?$filter=hunter2%20eq%201", ""}, "has a string"},
		"path":                {sent{"/hunter2", ""}, "has a string"},
		"number":              {sent{"/policies", `{"id":5559999999}`}, "the body, at id, of the request has a number"},
		"number in a path":    {sent{"/policies/5559999999", ""}, "has a number"},
		"time of nothing":     {sent{"/policies", `{"id":"1980-05-17"}`}, "has a string"},
		"encoded":             {sent{"/policies", `{"displayName":"U2FsZXMgcmluZw=="}`}, "has a string"},
		"known, other coding": {sent{"/policies", `{"displayName":"alice%40fabrikam.com%zz"}`}, "has a string"},
		"binary":              {sent{"/policies", "\x00\xff"}, "the body of the request is not text"},
		"unknown enumeration": {sent{"/policies?$filter=status%20eq%20'hunter2'", ""}, "has a string"},
		"text for a catalog":  {sent{"/catalog/entries/hunter2", ""}, "has a string"},
		"public text":         {sent{"/deployments", `{"content":{"@odata.type":"` + full("catalogContent") + `","catalogEntry":{"displayName":"hunter2"}}}`}, "has a string"},
		"broken filter":       {sent{"/policies?$filter=displayName%20eq%20'hunter2", ""}, "has a string"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tryRequest(t, announced, c.request, wrote("Ring of %s (%d)"))
			require.ErrorContains(t, err, "exchange 02: the ")
			require.ErrorContains(t, err, c.want)
			requireNotPrinted(t, err, otherGUID, "hunter2", "Sales", "bob@", "5559999999")
		})
	}
}

func TestFormsAreRedactedLikeQueries(t *testing.T) {
	t.Parallel()
	send := func(rec *Recorder, form string) error {
		req, err := http.NewRequestWithContext(t.Context(), "POST", base+"/policies", strings.NewReader(form))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		resp, err := rec.Transport().RoundTrip(req)
		if err == nil {
			err = resp.Body.Close()
		}
		return err
	}
	file := recordTo(t, answering(announced), func(rec *Recorder) {
		ask(t, rec, "GET", "/deployments", "")
		require.NoError(t, send(rec, "id="+deviceGUID+"&displayName=Finance+ring"))
	}, wrote())
	require.Contains(t, contentOf(t, file), "\n\ndisplayName=text-1&id="+fakeID(1)+"\n")
	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/deployments", "")
	require.ErrorIs(t, send(rec, "id="+fakeID(1)), ErrNotRecorded)
	require.NoError(t, send(rec, "displayName=text%2D1&id="+fakeID(1)))

	_, err := tryToRecord(t, answering("{}"), func(rec *Recorder) { require.NoError(t, send(rec, "displayName=hunter2")) }, wrote())
	require.ErrorContains(t, err, "the body of the request has a string")
}

// An ID of another object, in a request for a catalog entry, was once mistaken for an ID of
// the catalog, and was kept everywhere.
func TestAnIDOfTheCatalogIsOneThatAResponseHasOrTheTestWrote(t *testing.T) {
	t.Parallel()
	const unknown = "has a GUID that no response before it had"
	for name, second := range map[string]sent{
		"path":     {"/catalog/entries/" + otherGUID, ""},
		"key":      {"/catalog/entries('" + otherGUID + "')", ""},
		"function": {"/products/findByCatalogId(catalogID='" + otherGUID + "')", ""},
		"body":     {"/policies/" + fakeID(1) + "/approvals", `{"catalogEntryId":"` + otherGUID + `"}`},
	} {
		_, err := tryRequest(t, announced, second, wrote())
		require.ErrorContains(t, err, unknown, name)
		got, err := tryRequest(t, announced, second, wrote(otherGUID))
		require.NoError(t, err, name)
		require.Contains(t, got, otherGUID, name)
	}
	file, err := tryToRecord(t, answering(`{"id":"`+otherGUID+`"}`), func(rec *Recorder) {
		ask(t, rec, "GET", "/catalog/entries/"+otherGUID, "")
	}, wrote())
	require.NoError(t, err, "as the response has it")
	require.Contains(t, contentOf(t, file), "/catalog/entries/"+otherGUID+"\n")
}

func TestAShortNumberThatARequestHadStays(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"responses":[{"id":"1","name":"2"}]}`), func(rec *Recorder) {
		ask(t, rec, "POST", graph+"/$batch", `{"requests":[{"id":"1"}]}`)
	}, wrote("requests", "responses"))
	require.Contains(t, contentOf(t, file), "\"id\": \"1\",\n      \"name\": \"2000000001\"\n")
}

func requireNotPrinted(t *testing.T, err error, texts ...string) {
	t.Helper()
	for _, text := range texts {
		require.NotContains(t, strings.ToLower(err.Error()), strings.ToLower(text))
	}
}

func TestWhatTheTestWroteStays(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		literals string
		request  sent
		want     string
	}{
		"literal":       {"Monthly", sent{"/policies", `{"displayName":"Monthly"}`}, `/policies {"displayName":"Monthly"}`},
		"in JSON":       {`{"displayName":"O'Brien \"ring\""}`, sent{"/policies", `{"displayName":"O'Brien \"ring\""}`}, `/policies {"displayName":"O'Brien \"ring\""}`},
		"path":          {"/teams/alpha?view=full", sent{"https://graph.microsoft.com/teams/alpha?view=full", ""}, "https://graph.microsoft.com/teams/alpha?view=full"},
		"host":          {"https://api.example:8443/x", sent{"https://api.example:8443/x", ""}, "https://api.example:8443/x"},
		"number":        {"5559999999", sent{"/policies", `{"id":5559999999}`}, `/policies {"id":5559999999}`},
		"in a filter":   {"displayName eq 'O''Brien'", sent{"/policies?$filter=displayName%20eq%20'O''Brien'", ""}, "/policies?$filter=displayName eq 'O''Brien'"},
		"text":          {"plain text\n", sent{"/policies", "plain text\n"}, "/policies plain text"},
		"encoded":       {"/a%20b", sent{"https://graph.microsoft.com/a%20b", ""}, "https://graph.microsoft.com/a%20b"},
		"member's name": {`json:"ownName,omitempty"`, sent{"/policies", `{"ownName":1}`}, `/policies {"ownName":1}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tryRequest(t, "{}", c.request, wrote(c.literals))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			_, err = tryRequest(t, "{}", c.request, wrote())
			require.ErrorContains(t, err, "exchange 02: the ")
		})
	}
}

func TestALiteralStaysInLaterResponsesAndNotInEarlierOnes(t *testing.T) {
	t.Parallel()
	use := func(rec *Recorder) {
		ask(t, rec, "POST", "/policies", `{"displayName":"Monthly"}`)
		ask(t, rec, "GET", "/policies", "")
	}
	file := recordTo(t, answering(`{"displayName":"Monthly"}`, `{"value":[{"displayName":"Monthly","description":"Weekly"}]}`), use,
		wrote("Monthly", "Weekly"))
	require.Equal(t, 3, strings.Count(contentOf(t, file), `"displayName": "Monthly"`))
	require.Contains(t, contentOf(t, file), `"description": "text-1"`)
	rec := mustReplay(t, file)
	use(rec)
	require.NoError(t, rec.Close())
}

func TestALiteralThatAResponseHadBeforeIsRejected(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]sent{
		"text":   {"/policies", `{"displayName":"Finance ring"}`},
		"query":  {"/policies?name=Finance+ring", ""},
		"inside": {"/policies", `{"displayName":"Finance ring, Finance ring"}`},
		"number": {"/policies", `{"id":5551234567}`},
		"GUID":   {"/policies/" + deviceGUID, ""},
	} {
		_, err := tryRequest(t, announced, second, wrote("Finance ring", "5551234567", deviceGUID, "name"))
		require.ErrorContains(t, err, "that a response before it had and that is a literal in the test", name)
		requireNotPrinted(t, err, "Finance", deviceGUID)
	}
}

// A name that a response had was once kept in a request that the test put together, and the
// rest of the file was not searched for it.
func TestANameThatAResponseHadIsReplacedInAQuery(t *testing.T) {
	t.Parallel()
	const workspace = `{"@odata.type":"#microsoft.graph.windowsUpdates.operationalInsightsConnection","workspaceName":"fabrikam-logs"}`
	s := answering(`{"value":[`+workspace+`]}`, `{"title":"of fabrikam-logs"}`)
	file := recordTo(t, s, func(rec *Recorder) {
		ask(t, rec, "GET", "/resourceConnections", "")
		ask(t, rec, "GET", "/resourceConnections?name=fabrikam-logs", "")
	}, wrote())
	require.NotContains(t, contentOf(t, file), "fabrikam")
	require.Contains(t, contentOf(t, file), "/resourceConnections?name=text-1\n")

	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/resourceConnections", "")
	_, _, err := try(t, rec, "GET", "/resourceConnections?name=fabrikam-logs", "")
	require.ErrorContains(t, err, "text-1 replaces a value that the response of exchange 01 had: "+
		"the request must take it from there, or from Recorder.Secret")
	ask(t, rec, "GET", "/resourceConnections?name=text-1", "")
}

func TestKeptTextsAndMembersMayBeSent(t *testing.T) {
	t.Parallel()
	got, err := tryRequest(t, announced, sent{"/policies?since=2025-12-01&x=up", `{"id":"1980-05-17","n":5559999999}`},
		wrote("x"), KeepProperty("since"), KeepProperty("id"), KeepProperty("n"), KeepText("up"))
	require.NoError(t, err)
	require.Equal(t, `/policies?since=2025-12-01&x=up {"id":"1980-05-17","n":5559999999}`, got)
}

func TestAnotherDeviceGetsNoDevicesResponse(t *testing.T) {
	t.Parallel()
	secrets := environment{"UPDATES_SECRET_DEVICE": deviceGUID, "UPDATES_SECRET_OTHER": otherGUID}.option()
	file := recordTo(t, answering(`{"id":"`+deviceGUID+`"}`), func(rec *Recorder) {
		ask(t, rec, "GET", "/updatableAssets/"+rec.Secret("device"), "")
	}, secrets)
	require.NotContains(t, contentOf(t, file), deviceGUID)

	rec := mustReplay(t, file)
	for _, id := range []string{rec.Secret("other"), deviceGUID, otherGUID, fakeGUID + "000000000001"} {
		_, _, err := try(t, rec, "GET", "/updatableAssets/"+id, "")
		require.ErrorIs(t, err, ErrNotRecorded)
	}
	_, body := ask(t, rec, "GET", "/updatableAssets/"+rec.Secret("device"), "")
	require.JSONEq(t, `{"id":"device"}`, body)
}

func TestSecretsAreReplacedWhereverTheyStand(t *testing.T) {
	t.Parallel()
	opts := []Option{
		wrote("a", "Ring of %s"), environment{"UPDATES_SECRET_DEVICE": otherGUID + " ", "UPDATES_SECRET_WORKSPACE": "Fabrikam"}.option(),
	}
	use := func(rec *Recorder) {
		ask(t, rec, "POST", "/policies/"+rec.Secret("workspace")+"?a="+rec.Secret("device"),
			`{"displayName":"Ring of `+rec.Secret("workspace")+`"}`)
	}
	file := recordTo(t, answering(`{"a":"FABRIKAM","value":"`+strings.ToUpper(otherGUID)+`","name":"in Fabrikam"}`), use, opts...)
	text := contentOf(t, file)
	require.NotContains(t, strings.ToLower(text), "fabrikam")
	require.Contains(t, text, "/policies/workspace?a=device\n")
	require.Contains(t, text, `"Ring of workspace"`)
	require.Contains(t, text, "\"a\": \"workspace\",\n  \"name\": \"text-1\",\n  \"value\": \"device\"")
	rec := mustReplay(t, file)
	use(rec)
	require.NoError(t, rec.Close())
}

func TestASecretOfSixCharactersIsReplaced(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"id":"abc123"}`), func(rec *Recorder) {
		require.Equal(t, "abc123", rec.Secret("short"))
		ask(t, rec, "GET", "/policies", "")
	}, environment{"UPDATES_SECRET_SHORT": "abc123"}.option())
	require.Contains(t, contentOf(t, file), `"id": "short"`)
}

func TestASecretThatIsNotUsableStopsEverything(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		name string
		env  environment
		want string
	}{
		"not set": {"device", nil, "UPDATES_SECRET_DEVICE"},
		"empty":   {"device-1", environment{"UPDATES_SECRET_DEVICE_1": " "}, "UPDATES_SECRET_DEVICE_1"},
		"short":   {"device", environment{"UPDATES_SECRET_DEVICE": "short"}, "at least 6 characters"},
		"no text": {"device", environment{"UPDATES_SECRET_DEVICE": "\xff\xfe123456"}, "must be text"},
		"name":    {"Device", environment{"UPDATES_SECRET_DEVICE": deviceGUID}, "lower-case letters"},
		"same": {
			"device", environment{"UPDATES_SECRET_DEVICE": deviceGUID, "UPDATES_SECRET_FIRST": strings.ToUpper(deviceGUID)},
			`the value of Secret("first")`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := answering("{}")
			file, err := tryToRecord(t, s, func(rec *Recorder) {
				if name == "same" {
					rec.Secret("first")
				}
				require.Equal(t, c.name, rec.Secret(c.name))
				_, _, err := try(t, rec, "GET", "/x", "")
				require.ErrorContains(t, err, c.want)
			}, c.env.option())
			require.ErrorContains(t, err, c.want)
			require.NoFileExists(t, file)
			require.Zero(t, s.count())
		})
	}
}

func TestCredentialsInAnAddressAreNotStored(t *testing.T) {
	t.Parallel()
	s := &service{answer: func(*http.Request) *http.Response { return ok("{}") }}
	file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "https://me:hunter2@graph.microsoft.com/x", "") })
	require.NotContains(t, contentOf(t, file), "hunter2")
}

package recording

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorded is the body of a response as a recording has it, compact.
func recorded(t *testing.T, path, response string, opts ...Option) string {
	t.Helper()
	file := recordTo(t, answering(response), func(rec *Recorder) { ask(t, rec, "GET", path, "") }, opts...)
	_, body := ask(t, mustReplay(t, file), "GET", path, "")
	value, ok := readJSON([]byte(body))
	require.True(t, ok, body)
	return compactJSON(value)
}

func TestWhatTheDescriptionKnowsStays(t *testing.T) {
	t.Parallel()
	const entry = `{"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateCatalogEntry","displayName":"Contoso - Display - 2.0",` +
		`"id":"` + entryGUID + `","manufacturer":"Contoso","releaseDateTime":"2025-11-20T00:00:00Z"}`
	cases := map[string]struct{ path, body string }{
		"catalog entry":  {"/catalog/entries", `{"value":[` + entry + `]}`},
		"one entry":      {"/catalog/entries/" + entryGUID, entry},
		"embedded entry": {"/deployments/" + fakeID(1), `{"content":{"@odata.type":"` + full("catalogContent") + `","catalogEntry":` + entry + `}}`},
		"id of an entry": {"/policies/" + fakeID(1) + "/approvals", `{"value":[{"catalogEntryId":"` + entryGUID + `"}]}`},
		"id of a driver": {"/catalog/entries", `{"value":[{"id":"` + strings.Repeat("0a", 32) + `"}]}`},
		"product":        {"/products", `{"value":[{"friendlyNames":["Version 24H2"],"groupName":"Windows 11","id":"25"}]}`},
		"known issue":    {"/knownIssues", `{"value":[{"description":"USB <b>devices</b>","id":"WI1","webViewUrl":"https://admin.microsoft.com/#/WI1"}]}`},
		"enumeration": {"/deployments/" + fakeID(1), `{"state":{"effectiveValue":"paused","reasons":[{"value":"pausedByMonitoring"}],` +
			`"requestedValue":"none"}}`},
		"older form":       {"/deployments/" + fakeID(1), `{"state":{"value":"offering"}}`},
		"time":             {"/deployments/" + fakeID(1), `{"createdDateTime":"2025-10-20T14:20:11.5036188-07:00"}`},
		"time in articles": {"/deployments/" + fakeID(1), `{"createdDateTime":"String (timestamp)"}`},
		"duration":         {"/deployments/" + fakeID(1), `{"settings":{"schedule":{"gradualRollout":{"durationBetweenOffers":"P7D"}}}}`},
		"number":           {"/deployments/" + fakeID(1), `{"settings":{"schedule":{"gradualRollout":{"@odata.type":"` + full("rateDrivenRolloutSettings") + `","devicesPerOffer":1234567}}}}`},
		"nested type":      {"/updatableAssets/" + fakeID(1), `{"@odata.type":"` + full("azureADDevice") + `","errors":[{"@odata.type":"` + full("azureADDeviceRegistrationError") + `","reason":"missingTrustType"}]}`},
		"context":          {"/deployments", `{"@odata.context":"` + graph + `/$metadata#admin/windows/updates/deployments('` + fakeID(1) + `')/audience/$entity"}`},
		"nothing":          {"/policies", `{"value":[{"description":null,"displayName":""}]}`},
		"short numbers":    {"/own", `{"a":12345,"b":[true,false,null,1.5,-1e3]}`},
		"name not sent":    {"/data/deviceProfiles", `{"value":[{"deviceName":"#"}]}`},
		"known vendor":     {"/deploymentAudiences/" + fakeID(1) + "/applicableContent", `{"value":[{"matchedDevices":[{"recommendedBy":["Microsoft"]}]}]}`},
		"made up":          {"/own", `{"a":"` + fakeID(13) + `","b":"user-7@contoso.example","c":"text-3","d":"` + noGUID + `"}`},
		"tip":              {"/deployments", `{"@microsoft.graph.tips":"Use $select to choose only the properties your app needs, as this can lead to performance improvements."}`},
		"group of groups":  {"/policies/" + fakeID(1) + "/rings", `{"value":[{"includedGroupAssignment":{"@odata.type":"` + full("includedGroupAssignment") + `","assignments":[]}}]}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.body, recorded(t, c.path, c.body, wrote("own", "a", "b", "c", "d")))
		})
	}
}

func TestEverythingElseInAResponseIsReplaced(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ path, body, want string }{
		"name of a device": {"/data/deviceProfiles", `{"value":[{"deviceName":"#1"}]}`, `{"value":[{"deviceName":"text-1"}]}`},
		"text":             {"/policies", `{"value":[{"displayName":"Ring of Alice"}]}`, `{"value":[{"displayName":"text-1"}]}`},
		"equal texts":      {"/own", `{"a":"x","b":["y","x"]}`, `{"a":"text-1","b":["text-2","text-1"]}`},
		"name":             {"/own", `{"hunter2":1,"zzz":2}`, `{"name-1":1,"name-2":2}`},
		"annotated name":   {"/own", `{"hunter2@odata.count":5}`, `{"name-1@odata.count":5}`},
		"other annotation": {"/own", `{"a@fabrikam.tag":"x"}`, `{"name-1":"text-1"}`},
		"GUID":             {"/own", `{"a":"` + strings.ToUpper(deviceGUID) + `","b":"` + deviceGUID + `"}`, `{"a":"` + fakeID(1) + `","b":"` + fakeID(1) + `"}`},
		"GUID as a name":   {"/own", `{"` + deviceGUID + `":{"a":"` + deviceGUID + `"}}`, `{"` + fakeID(1) + `":{"a":"` + fakeID(1) + `"}}`},
		"taken fakes":      {"/own", `{"a":"` + deviceGUID + `","b":"` + fakeID(1) + `"}`, `{"a":"` + fakeID(2) + `","b":"` + fakeID(1) + `"}`},
		"user": {"/own", `{"a":"Alice@fabrikam.com","b":"alice@FABRIKAM.com","c":"jürgen_x.com#EXT#@fabrikam.on` + `microsoft.com"}`,
			`{"a":"user-1@contoso.example","b":"user-1@contoso.example","c":"user-2@contoso.example"}`},
		"host":           {"/own", `{"a":"fabrikam.com","b":"https://fabrikam.com/c"}`, `{"a":"host-1.example","b":"https://host-1.example/text-1"}`},
		"another scheme": {"/own", `{"a":"hunter2://x","b":"app:hunter2"}`, `{"a":"text-1","b":"text-2"}`},
		"like a fake": {"/own", `{"a":"text-5551234567","b":"hunter2@contoso.example","c":"user-1@hunter2.contoso.example"}`,
			`{"a":"text-1","b":"user-1@contoso.example","c":"user-2@contoso.example"}`},
		"digits":             {"/own", `{"a":"4821","b":"4111111111111111"}`, `{"a":"2000000001","b":"2000000002"}`},
		"long number":        {"/own", `{"a":4111111111111111,"b":"4111111111111111","c":47.60971}`, `{"a":2000000001,"b":"2000000001","c":2000000002}`},
		"time":               {"/own", `{"a":"1980-05-17","b":"1980-05-17T01:02:03Z"}`, `{"a":"2000-01-02","b":"2000-01-01T00:00:01Z"}`},
		"unknown value":      {"/deployments/" + fakeID(1), `{"state":{"effectiveValue":"hunter2"}}`, `{"state":{"effectiveValue":"text-1"}}`},
		"value of another":   {"/own", `{"a":"paused"}`, `{"a":"text-1"}`},
		"text for a time":    {"/deployments/" + fakeID(1), `{"createdDateTime":"String (hunter2)"}`, `{"createdDateTime":"text-1"}`},
		"text for a number":  {"/deployments/" + fakeID(1), `{"settings":{"userExperience":{"daysUntilForcedReboot":"seven"}}}`, `{"settings":{"userExperience":{"daysUntilForcedReboot":"text-1"}}}`},
		"date for a time":    {"/deployments/" + fakeID(1), `{"createdDateTime":"1980-05-17"}`, `{"createdDateTime":"2000-01-02"}`},
		"PIN":                {"/own", `{"password":4821,"keys":{"a":1}}`, `{"keys":{"a":1},"password":2000000001}`},
		"number too long":    {"/deployments/" + fakeID(1), `{"settings":{"userExperience":{"daysUntilForcedReboot":4111111111111111}}}`, `{"settings":{"userExperience":{"daysUntilForcedReboot":2000000001}}}`},
		"many durations":     {"/deployments/" + fakeID(1), `{"settings":{"schedule":{"gradualRollout":{"durationBetweenOffers":"P41111D11111D11111D"}}}}`, `{"settings":{"schedule":{"gradualRollout":{"durationBetweenOffers":"text-1"}}}}`},
		"unknown type":       {"/own", `{"@odata.type":"#fabrikam.secret"}`, `{"@odata.type":"text-1"}`},
		"catalog by claim":   {"/own", `{"a":{"@odata.type":"` + full("featureUpdateCatalogEntry") + `","displayName":"Windows 11"}}`, `{"a":{"@odata.type":"` + full("featureUpdateCatalogEntry") + `","displayName":"text-1"}}`},
		"another type":       {"/deployments/" + fakeID(1), `{"@odata.type":"` + full("driverUpdateCatalogEntry") + `","manufacturer":"Fabrikam"}`, `{"@odata.type":"` + full("driverUpdateCatalogEntry") + `","manufacturer":"text-1"}`},
		"unknown in catalog": {"/catalog/entries", `{"value":[{"tenant":"Fabrikam"}]}`, `{"value":[{"name-1":"text-1"}]}`},
		"text for an id":     {"/policies/" + fakeID(1) + "/approvals", `{"value":[{"catalogEntryId":"Fabrikam"}]}`, `{"value":[{"catalogEntryId":"text-1"}]}`},
		"other vendor":       {"/deploymentAudiences/" + fakeID(1) + "/applicableContent", `{"value":[{"matchedDevices":[{"recommendedBy":["Fabrikam"]}]}]}`, `{"value":[{"matchedDevices":[{"recommendedBy":["text-1"]}]}]}`},
		"type of a link":     {"/deployments", `{"@odata.context":"Fabrikam"}`, `{"@odata.context":"text-1"}`},
		"other tip":          {"/deployments", `{"@microsoft.graph.tips":"Ask Alice"}`, `{"@microsoft.graph.tips":"text-1"}`},
		"number for a text":  {"/policies", `{"value":[{"displayName":5551234567}]}`, `{"value":[{"displayName":2000000001}]}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, recorded(t, c.path, c.body, wrote("own", "a", "b", "c", "keys", "password")))
		})
	}
}

func TestErrorsKeepCodesAndWhatIsTheSameForAll(t *testing.T) {
	t.Parallel()
	const response = `{"error":{"code":"BadRequest","details":[{"code":"Fabrikam","target":"Alice"}],` +
		`"innerError":{"date":"2025-12-01T09:00:00","request-id":"` + deviceGUID + `"},"message":"%s"}}`
	for message, want := range map[string]string{
		"Insufficient privileges to complete the operation.":      "",
		"Requested resource 'deployment' not found.":              "",
		"Requested resource 'Fabrikam' not found.":                "text-3",
		"Insufficient privileges to complete Alice's operation.":  "text-3",
		"Requested resource 'deployment' not found. Ask Fabrikam": "text-3",
	} {
		s := &service{answer: func(*http.Request) *http.Response {
			return reply(400, strings.Replace(response, "%s", message, 1), "request-id", deviceGUID)
		}}
		file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "https://api.example/x", "") }, wrote("https://api.example/x"))
		_, body := ask(t, mustReplay(t, file), "GET", "https://api.example/x", "")
		expected := strings.NewReplacer("%s", firstOf(want, message), "Fabrikam", "text-1", "Alice", "text-2", deviceGUID, fakeID(1))
		if want == "" {
			expected = strings.NewReplacer("%s", message, `"Fabrikam"`, `"text-1"`, `"Alice"`, `"text-2"`, deviceGUID, fakeID(1))
		}
		require.JSONEq(t, expected.Replace(response), body, message)
		require.Contains(t, contentOf(t, file), "Request-Id: "+fakeID(1)+"\n")
	}
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func TestLinksKeepWhatIsKnownOfPathsAndQueries(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{"hunter2": "text-1", "hunter2://x": "text-1", fakeID(1): fakeID(1)} {
		s := &service{answer: func(*http.Request) *http.Response { return reply(202, "", "Location", location) }}
		file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/own", "") }, wrote("own"))
		require.Contains(t, contentOf(t, file), "\nLocation: "+want+"\n")
	}
	cases := map[string][2]string{
		"token":             {graph + "/deployments?$skiptoken=a%3D&$top=5", graph + "/deployments?$skiptoken=token-1&$top=5"},
		"any token":         {graph + "/deployments?cursor=b", graph + "/deployments?name-1=token-1"},
		"unknown path":      {graph + "/fabrikam/" + deviceGUID, graph + "/text-1/" + fakeID(1)},
		"key":               {graph + "/deployments('" + deviceGUID + "')/audience", graph + "/deployments('" + fakeID(1) + "')/audience"},
		"text as a key":     {graph + "/policies('Fabrikam')", graph + "/policies('text-1')"},
		"catalog id":        {graph + "/catalog/entries/" + entryGUID, graph + "/catalog/entries/" + entryGUID},
		"function":          {graph + "/products/findByKbNumber(kbNumber=5066835)", graph + "/products/findByKbNumber(kbNumber=5066835)"},
		"unknown function":  {graph + "/products/find(name='Alice')", graph + "/products/text-1"},
		"filter":            {graph + "/deployments?$filter=id%20eq%20'" + deviceGUID + "'", graph + "/deployments?$filter=id%20eq%20'" + fakeID(1) + "'"},
		"value":             {graph + "/x?$filter=status%20eq%20'suspended'", graph + "/text-1?$filter=status%20eq%20'suspended'"},
		"text in a filter":  {graph + "/policies?$filter=displayName%20eq%20'O''Brien%20ring'", graph + "/policies?$filter=displayName%20eq%20'text-1'"},
		"name in a filter":  {graph + "/policies?$filter=fabrikam%20eq%20true", graph + "/policies?$filter=name-1%20eq%20true"},
		"broken filter":     {graph + "/policies?$filter=displayName%20eq%20'Alice", graph + "/policies?$filter=text-1"},
		"symbols":           {graph + "/policies?$filter=%7B%21%5E%7D", graph + "/policies?$filter=text-1"},
		"user and password": {"https://alice:hunter2@graph.microsoft.com/beta", "https://graph.microsoft.com/beta"},
		"other host":        {"https://Logs.fabrikam.com:8443/a", "https://host-1.example:8443/text-1"},
		"IPv6":              {"http://[2001:db8::1]/beta", "http://host-1.example/beta"},
		"this machine":      {"http://127.0.0.1:41234/beta?$skiptoken=a", "http://localhost/beta?$skiptoken=token-1"},
		"relative":          {"/fabrikam/deployments", "/text-1/deployments"},
		"encoded twice":     {graph + "/alice%2540fabrikam.com", graph + "/user-1%2540contoso.example"},
		"two of them":       {graph + "/a?x=b&x=c", graph + "/text-1?name-1=token-1&name-1=token-2"},
		"version":           {"https://graph.microsoft.com/v1.0/$metadata", "https://graph.microsoft.com/v1.0/$metadata"},
		"no link":           {"https://%zz", "text-1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, `{"a@odata.nextLink":"`+c[1]+`"}`, recorded(t, "/own", `{"a@odata.nextLink":"`+c[0]+`"}`, wrote("own", "a")))
			s := &service{answer: func(*http.Request) *http.Response { return reply(202, "", "Location", c[0]) }}
			file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/own", "") }, wrote("own"))
			require.Contains(t, contentOf(t, file), "\nLocation: "+c[1]+"\n")
		})
	}
}

func TestATokenIsFollowed(t *testing.T) {
	t.Parallel()
	for option, stored := range map[string]string{"$skiptoken": "$skiptoken", "cursor": "name-1"} {
		next := base + "/deployments?$top=1&" + option + "=A%2Bb%3D"
		file := recordTo(t, answering(`{"@odata.nextLink":"`+next+`"}`, "{}"), func(rec *Recorder) {
			ask(t, rec, "GET", "/deployments?$top=1", "")
			ask(t, rec, "GET", next, "")
		}, wrote())
		require.NotContains(t, contentOf(t, file), "A%2B")
		require.NotContains(t, contentOf(t, file), "A+b")
		rec := mustReplay(t, file)
		ask(t, rec, "GET", "/deployments?$top=1", "")
		ask(t, rec, "GET", base+"/deployments?$top=1&"+stored+"=token-1", "")
		require.NoError(t, rec.Close())
	}
}

func TestWhatIsEncodedIsReplacedInside(t *testing.T) {
	t.Parallel()
	for name, encode := range encodings() {
		for outer, again := range encodings() {
			t.Run(name+", "+outer, func(t *testing.T) {
				t.Parallel()
				before := again(encode("Alice <alice@fabrikam.com>"))
				got := recorded(t, "/own", `{"a":`+quoteJSON(before)+`}`, wrote("own", "a"))
				require.Contains(t, strings.Join(decodings(got), "\n"), "text-1")
			})
		}
	}
}

func TestTheEncodingStays(t *testing.T) {
	t.Parallel()
	for name, encode := range encodings() {
		const address = "alice@fabrikam.com"
		got := recorded(t, "/own", `{"a":`+quoteJSON(encode(address))+`}`, wrote("own", "a"))
		value, _ := readJSON([]byte(got))
		plain, _, ok := decoded(value.(map[string]any)["a"].(string))
		require.Equal(t, encode(address) != address, ok, name)
		require.Contains(t, strings.Join(append(decodings(plain), got), "\n"), "user-1@contoso.example", name)
	}
}

func TestWhatIsEncodedInAnotherWayIsReplacedWhole(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"some letters":       "jane.doe%40contosox.onmicrosoft.com%zz",
		"half of them":       "jane%2Edoe@x",
		"small letters":      "a%2fb",
		"hexadecimal":        "616c69636540666162",
		"base64 and more":    "YWxpY2VAZmFicmlrYW0uY29t!",
		"base64, cut":        "YWxpY2VAZmFicmlrYW0uY2",
		"HTML, other digits": "&#x61;lice",
		"reversed":           "moc.makirbaf@ecila!",
		"too deep":           toDepth(deepest, "alice@fabrikam.com"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := recorded(t, "/own", `{"a":`+quoteJSON(text)+`}`, wrote("own", "a"))
			for _, fake := range []string{"text-1", "2000000001"} {
				got = strings.ReplaceAll(got, toDepth(deepest, fake), fake)
			}
			require.Contains(t, []string{`{"a":"text-1"}`, `{"a":"2000000001"}`}, got)
		})
	}
}

func toDepth(depth int, text string) string {
	for range depth {
		text = encodings()["percent"](text + "%")
	}
	return text
}

func TestJSONInATextIsRedactedAsJSON(t *testing.T) {
	t.Parallel()
	inner := `{"id":"` + deviceGUID + `","name":"Alice","payload":"{\"name\":\"Bob\",\"n\":5}"}`
	want := `{"id":"` + fakeID(1) + `","name":"text-1","payload":"{\"n\":5,\"name\":\"text-2\"}"}`
	got := recorded(t, "/own", `{"a":`+quoteJSON(inner)+`,"b":"Alice"}`, wrote("own", "a", "b", "n", "payload"))
	require.Equal(t, `{"a":`+quoteJSON(want)+`,"b":"text-1"}`, got)
}

func TestKeptMembersStayAtTheirPath(t *testing.T) {
	t.Parallel()
	const body = `{"state":"up","value":[{"secret":"x","state":"up","states":["a","b"]},{"payload":{"state":"down"}}]}`
	got := recorded(t, "/own", body, wrote("own", "secret"), KeepProperty("value/state"), KeepProperty("value/states"))
	require.JSONEq(t, `{"state":"text-1","value":[{"secret":"text-2","state":"up","states":["a","b"]},`+
		`{"name-1":{"state":"text-3"}}]}`, got)
	require.JSONEq(t, `{"a":"text-1","b":"up"}`, recorded(t, "/own", `{"a":"upper","b":"up"}`, wrote("own", "a", "b"), KeepText("up")))
	require.JSONEq(t, `{"pin":123456}`, recorded(t, "/own", `{"pin":123456}`, wrote("own"), KeepProperty("pin")))
}

func TestTheFirstLineNamesWhatIsKept(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"my state":"up"}`), func(rec *Recorder) { ask(t, rec, "GET", "/own", "") },
		wrote("own"), KeepProperty("my state"), KeepProperty("value/status"), WithNote("by hand"))
	require.Contains(t, contentOf(t, file), " · kept my%20state,value/status · recorder 1 · by hand\n")
	saved, err := parse([]byte(contentOf(t, file)))
	require.NoError(t, err)
	require.Equal(t, []string{"my state", "value/status"}, saved.kept)
}

func TestIgnoredMembersAreFakesToTheCheck(t *testing.T) {
	t.Parallel()
	opts := []Option{
		IgnoreProperty("profile/password"), environment{"UPDATES_SECRET_KEY": "correct horse", "UPDATES_SECRET_A_2": "battery"}.option(),
		WithNote("by hand"), wrote("x", "profile", "password", "apiKey"),
	}
	use := func(rec *Recorder) {
		ask(t, rec, "POST", "/x", `{"profile":{"password":"`+deviceGUID+`"},"password":"`+rec.Secret("key")+`","apiKey":"`+
			rec.Secret("a-2")+`"}`)
	}
	file := recordTo(t, answering("{}"), use, opts...)
	require.Contains(t, contentOf(t, file), " · secrets a-2,key · recorder 1 · by hand\n")
	require.NoError(t, Check(file))
	rec := mustReplay(t, file, opts...)
	use(rec)
	require.NoError(t, rec.Close())

	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(contentOf(t, file), `"key"`, `"hunter2"`, 1)), 0o644))
	require.ErrorContains(t, Check(file), "has a password, key or token by its name")
}

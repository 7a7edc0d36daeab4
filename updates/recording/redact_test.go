package recording

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatTellsOfATenantIsReplaced(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ answer, want string }{
		"GUIDs": {
			`{"a":"` + deviceGUID + `","b":"/x/` + strings.ToUpper(deviceGUID) + `/y","c":"` + otherGUID + `"}`,
			`{"a":"00000000-0000-4000-8000-000000000001","b":"/x/00000000-0000-4000-8000-000000000001/y",` +
				`"c":"00000000-0000-4000-8000-000000000002"}`,
		},
		"fake": {
			`{"a":"` + deviceGUID + `","b":"` + fakeGUID + `000000000001"}`,
			`{"a":"00000000-0000-4000-8000-000000000002","b":"00000000-0000-4000-8000-000000000001"}`,
		},
		"member names": {`{"` + deviceGUID + `":1}`, `{"00000000-0000-4000-8000-000000000001":1}`},
		"users": {
			`{"a":"Alice@fabrikam.com","b":"by alice@FABRIKAM.com, bob@fabrikam.com","c":"of fabrikam.com"}`,
			`{"a":"user-1@contoso.example","b":"by user-1@contoso.example, user-2@contoso.example","c":"of contoso.example"}`,
		},
		"like domains": {
			`{"a":"x@fabrikam.com","b":"notfabrikam.com.au not-fabrikam.com fabrikam.com.au","c":"FABRIKAM.com, eu.fabrikam.com ` +
				`fabrikam.com."}`,
			`{"a":"user-1@contoso.example","b":"notfabrikam.com.au not-fabrikam.com fabrikam.com.au","c":"contoso.example, ` +
				`eu.contoso.example contoso.example."}`,
		},
		"other letters": {`{"a":"jürgen@fabrikam.com"}`, `{"a":"user-1@contoso.example"}`},
		"catalog type": {
			`{"entry":{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","displayName":"Windows 11"}}`,
			`{"entry":{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","displayName":"Windows 11"}}`,
		},
		"guest": {`{"a":"al_x.com#EXT#@fabrikam.onmicrosoft.com"}`, `{"a":"user-1@contoso.example"}`},
		"domains": {
			`{"a":"fabrikam.mail.onmicrosoft.com","b":"FABRIKAM.onmicrosoft.com"}`, `{"a":"contoso.example","b":"contoso.example"}`,
		},
		"Microsoft": {
			`{"a":"bob@microsoft.com","b":"https://graph.microsoft.com/"}`,
			`{"a":"user-1@contoso.example","b":"https://graph.microsoft.com/"}`,
		},
		"annotations": {
			`{"a@odata.context":"x","b":{"@odata.type":"#x@odata.bind"}}`, `{"a@odata.context":"x","b":{"@odata.type":"#x@odata.bind"}}`,
		},
		"names": {
			`{"displayName":"Ring of Alice","workspaceName":"Alice's","x":{"displayName":"Ring of Alice"}}`,
			`{"displayName":"name-1","workspaceName":"name-2","x":{"displayName":"name-1"}}`,
		},
		"no names": {`{"displayName":"","description":null}`, `{"displayName":"","description":null}`},
		"catalog": {
			`{"displayName":"x","catalogEntry":{"id":"` + entryGUID + `","displayName":"Windows 11"}}`,
			`{"displayName":"name-1","catalogEntry":{"id":"` + entryGUID + `","displayName":"Windows 11"}}`,
		},
		"by id": {
			`{"catalogEntryId":"` + entryGUID + `","list":[{"catalogID":"` + otherGUID + `"}]}`,
			`{"catalogEntryId":"` + entryGUID + `","list":[{"catalogID":"` + otherGUID + `"}]}`,
		},
		"other ids": {
			`{"catalogEntry":{"other":"` + entryGUID + `"}}`, `{"catalogEntry":{"other":"00000000-0000-4000-8000-000000000001"}}`,
		},
		"secrets": {
			`{"a":"in FABRIKAM workspace","b":"` + strings.ToUpper(otherGUID) + `"}`, `{"a":"in workspace workspace","b":"device"}`,
		},
		"this machine": {
			`{"@odata.nextLink":"http://127.0.0.1:41234/x?$skiptoken=a"}`, `{"@odata.nextLink":"http://localhost/x?$skiptoken=token-1"}`,
		},
		"nested links": {
			`{"m@odata.nextLink":"` + base + `/x?$skiptoken=a%3D&$top=5","n":{"o@odata.nextLink":"` + base + `/x?cursor=b"}}`,
			`{"m@odata.nextLink":"` + base + `/x?$skiptoken=token-1&$top=5","n":{"o@odata.nextLink":"` + base + `/x?cursor=token-2"}}`,
		},
		"numbers": {`{"a":12345678901234567890,"b":1.50,"c":1e3}`, `{"a":12345678901234567890,"b":1.50,"c":1e3}`},
	}
	secrets := environment{"UPDATES_SECRET_DEVICE": otherGUID + " ", "UPDATES_SECRET_WORKSPACE": "Fabrikam"}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := recordTo(t, answering(c.answer), func(rec *Recorder) {
				if name == "secrets" {
					rec.Secret("device")
					rec.Secret("workspace")
				}
				ask(t, rec, "GET", "/deployments", "")
			}, secrets.option())
			_, body := ask(t, mustReplay(t, file), "GET", "/deployments", "")
			require.JSONEq(t, c.want, body)
		})
	}
}

func TestNamesInTheCatalogStay(t *testing.T) {
	t.Parallel()
	const answer = `{"value":[{"id":"` + entryGUID + `","displayName":"Windows 11, version 24H2"}]}`
	for _, path := range []string{"/catalog/entries", "/products", "/products/1/knownIssues"} {
		file := recordTo(t, answering(answer), func(rec *Recorder) { ask(t, rec, "GET", path, "") })
		require.Contains(t, contentOf(t, file), `"Windows 11, version 24H2"`)
		require.Equal(t, path == "/catalog/entries", strings.Contains(contentOf(t, file), entryGUID))
	}
}

func TestANameStaysWhereTheTestWroteIt(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"displayName":"theirs"}`, `{"displayName":"mine","description":"theirs"}`,
		`{"displayName":"searched"}`), func(rec *Recorder) {
		ask(t, rec, "GET", "/policies", "")
		ask(t, rec, "POST", "/policies", `{"displayName":"mine","description":"theirs"}`)
		ask(t, rec, "GET", "/policies?$filter=displayName%20eq%20'searched'%20or%20x%20eq%20'theirs'", "")
	})
	text := contentOf(t, file)
	require.NotContains(t, text, "theirs")
	require.Contains(t, text, `"displayName": "searched"`)
	require.Contains(t, text, "x eq 'name-1'")
	require.Equal(t, 2, strings.Count(text, `"mine"`))
}

func TestANameWithAQuoteIsReplacedInAFilter(t *testing.T) {
	t.Parallel()
	filter := func(name string) string { return "/x?$filter=b%20eq%20''%20and%20displayName%20eq%20'" + name + "'" }
	file := recordTo(t, answering(`{"displayName":"O'Brien ring"}`), func(rec *Recorder) {
		ask(t, rec, "GET", "/x", "")
		ask(t, rec, "GET", filter("O''Brien%20ring"), "")
	})
	require.NotContains(t, contentOf(t, file), "Brien")
	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/x", "")
	ask(t, rec, "GET", filter("name-1"), "")
	require.NoError(t, rec.Close())
}

func TestWhatAFakeStandsForIsNowhere(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ answer, want string }{
		"a name in a text": {
			`{"displayName":"Finance ring","error":"Policy 'FINANCE ring' is in use"}`,
			"has the name that is name-1 elsewhere; take it from Recorder.Secret",
		},
		"a short name": {`{"displayName":"Ring","error":"Ringing"}`, ""},
		"a token in a text": {
			`{"@odata.nextLink":"` + base + `/x?code=aBcDeF123","error":"abcdef123 has ended"}`, "has the token that is token-1 elsewhere",
		},
		"a token in a name": {
			`{"@odata.nextLink":"` + base + `/x?code=aBcDeF123","aBcDeF123":1}`, "has the token that is token-1 elsewhere",
		},
		"a value of a query": {`{"@odata.nextLink":"` + base + `/x?version=2026-11-22","error":"2026-11-22 is old"}`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := tryToRecord(t, answering(c.answer), func(rec *Recorder) { ask(t, rec, "GET", "/x?version=2026-11-22", "") })
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, strings.ToLower(err.Error()), "finance")
			require.NoFileExists(t, file)
		})
	}
}

func TestWhatTheRedactorMadePassesTheGate(t *testing.T) {
	t.Parallel()
	opts := []Option{
		IgnoreMember("profile/password"), environment{"UPDATES_SECRET_KEY": "correct horse", "UPDATES_SECRET_A_2": "battery"}.option(),
		WithNote("by hand"),
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

func TestATokenOfAnyNameIsFollowed(t *testing.T) {
	t.Parallel()
	for _, option := range []string{"$skiptoken", "cursor"} {
		next := base + "/x?$top=1&" + option + "=A%2Bb%3D"
		file := recordTo(t, answering(`{"@odata.nextLink":"`+next+`"}`, "{}"), func(rec *Recorder) {
			ask(t, rec, "GET", "/x?$top=1", "")
			ask(t, rec, "GET", next, "")
		})
		require.NotContains(t, contentOf(t, file), "A%2B")
		require.NotContains(t, contentOf(t, file), "A+b")
		rec := mustReplay(t, file)
		ask(t, rec, "GET", "/x?$top=1", "")
		ask(t, rec, "GET", base+"/x?$top=1&"+option+"=token-1", "")
		require.NoError(t, rec.Close())
	}
}

func TestARequestMustNotNameWhatNoAnswerHad(t *testing.T) {
	t.Parallel()
	const announced = `{"id":"` + deviceGUID + `","upn":"alice@fabrikam.com","@odata.nextLink":"` + base + `/x?$skiptoken=abc"}`
	cases := map[string]struct{ url, body, want string }{
		"GUID in URL":     {"/updatableAssets/%s", "", "URL of the request has a GUID"},
		"GUID in query":   {"/x?$filter=id%%20eq%%20'%s'", "", "URL of the request has a GUID"},
		"GUID in body":    {"/x", `{"id":"%s"}`, "body of the request has a GUID"},
		"GUID in text":    {"/x", "text %s", "body of the request has a GUID"},
		"user":            {"/users/%.0sbob@fabrikam.com", "", "URL of the request has a user name"},
		"domain":          {"/x", `{"a":"%.0sother.onmicrosoft.com"}`, "body of the request has a domain"},
		"token":           {"/x?$skiptoken=%.0sother", "", "URL of the request has a continuation token"},
		"known GUID":      {"/updatableAssets/" + deviceGUID + "%.0s", `{"id":"` + strings.ToUpper(deviceGUID) + `"}`, ""},
		"known user":      {"/users/Alice@fabrikam.com%.0s", "", ""},
		"known token":     {"/x?$skiptoken=abc%.0s", "", ""},
		"made up":         {"/x/" + fakeGUID + "0000000000d1%.0s", `{"a":"bob@contoso.example"}`, ""},
		"catalog":         {"/catalog/entries/%s", "", ""},
		"catalog, quoted": {"/catalog/entries('%s')", "", ""},
		"catalog, body":   {"/deployments", `{"content":{"catalogEntry":{"id":"%s"}}}`, ""},
		"catalog, call":   {"/products/findByCatalogId(catalogID='%s')", "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, body := c.url, c.body
			if strings.Contains(url, "%") {
				url = fmt.Sprintf(url, otherGUID)
			}
			if strings.Contains(body, "%") {
				body = fmt.Sprintf(body, otherGUID)
			}
			use := func(rec *Recorder) {
				ask(t, rec, "GET", "/first", "")
				ask(t, rec, "POST", url, body)
			}
			file, err := tryToRecord(t, answering(announced, "{}"), use)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "exchange 02: the "+c.want+" that no answer before it had")
			require.NotContains(t, err.Error(), otherGUID)
			require.NoFileExists(t, file)
		})
	}
}

func TestAnotherDeviceGetsNoDevicesAnswer(t *testing.T) {
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

func TestASecretOfSixCharactersIsReplaced(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"a":"of abc123 x"}`), func(rec *Recorder) {
		require.Equal(t, "abc123", rec.Secret("short"))
		ask(t, rec, "GET", "/x", "")
	}, environment{"UPDATES_SECRET_SHORT": "abc123"}.option())
	require.Contains(t, contentOf(t, file), `"a": "of short x"`)
}

func TestCredentialsInAnAddressAreNotStored(t *testing.T) {
	t.Parallel()
	s := &service{answer: func(*http.Request) *http.Response { return ok("{}") }}
	file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "https://me:hunter2@graph.microsoft.com/x", "") })
	require.NotContains(t, contentOf(t, file), "hunter2")
}

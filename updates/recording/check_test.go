package recording

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// planted are secrets of each kind; " in another form" keeps the keys apart. All are
// made up, and put together from parts, so that nobody takes them for real ones.
func planted() map[string]string {
	return map[string]string{
		"a JSON web token":                              "eyJ" + "0eXAiOiJKV1QiLCJhbGciOiJub25lIn0" + ".eyJ" + "hcHBpZCI6ImEifQ" + ".c2ln",
		"a bearer token":                                "Bearer " + "abcdefgh" + "ijklmnop",
		"an Authorization header":                       "Authorization" + ": Basic abcdefgh" + "ijklmnop",
		"a client secret":                               "abc8Q" + "~" + strings.Repeat("dE5_", 9),
		"a password, key or token by its name":          "access_" + "token=abcdef",
		"a certificate or private key":                  "-----" + "BEGIN PRIVATE KEY-----",
		"a shared access signature":                     "?sv=2024&" + "sig=abcdef",
		"an account key":                                strings.Repeat("aB", 43) + "==",
		"a GUID that is neither":                        deviceGUID,
		"an e-mail address outside":                     "alice@fabrikam.com",
		"a tenant's domain":                             "fabrikam.on" + "microsoft.com",
		"a GUID that is neither in another form":        strings.ToUpper(deviceGUID),
		"a tenant's domain in another form":             "FABRIKAM.ON" + "MICROSOFT.COM",
		"a client secret in another form":               "client_" + "secret=abc",
		"a JSON web token in another form":              "eyJ" + "hbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0" + "..48V1_ALb6US04U3b",
		"a GUID that is neither without dashes":         strings.ReplaceAll(deviceGUID, "-", ""),
		"a certificate":                                 "MII" + strings.Repeat("Cw", 30),
		`the value of Secret("tenant")`:                 "Fabrikam Inc: 100% of & \"you\" + ü",
		`the value of Secret("device") in another form`: strings.ReplaceAll(otherGUID, "-", ""),
	}
}

// known has the values of the two kinds that are told to the recorder.
var known = environment{
	"UPDATES_SECRET_TENANT": "Fabrikam Inc: 100% of & \"you\" + ü",
	"UPDATES_SECRET_DEVICE": otherGUID,
}

// encodings are the ways in which a secret may hide.
func encodings() map[string]func(string) string {
	return map[string]func(string) string{
		"plain":           func(s string) string { return s },
		"percent":         url.QueryEscape,
		"percent, path":   url.PathEscape,
		"percent, all":    percentAll,
		"percent, twice":  func(s string) string { return percentAll(percentAll(s)) },
		"base64":          func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64, raw":     func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("{" + s + "}")) },
		"base64, within":  func(s string) string { return "ab" + base64.StdEncoding.EncodeToString([]byte("xy"+s)) },
		"base64, percent": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(percentAll(s))) },
		"percent, thrice": func(s string) string { return percentAll(percentAll(percentAll(s))) },
		"HTML":            htmlAll,
		"UTF-16":          wide,
		"UTF-16, base64":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte(wide(s))) },
		"base64, wrapped": func(s string) string {
			return wrap(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("y", 50) + s + strings.Repeat("z", 30))))
		},
	}
}

func htmlAll(s string) string {
	var out strings.Builder
	for _, c := range s {
		fmt.Fprintf(&out, "&#%d;", c)
	}
	return out.String()
}

// wide is a text in UTF-16, little-endian.
func wide(s string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return string(out)
}

// wrap cuts a text into lines, as mail does.
func wrap(s string) string {
	var out strings.Builder
	for ; len(s) > 76; s = s[76:] {
		out.WriteString(s[:76] + "\r\n")
	}
	return out.String() + s
}

func percentAll(s string) string {
	var out strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&out, "%%%02x", s[i])
	}
	return out.String()
}

// places are where a secret may be in an exchange.
func places() map[string]func(secret string) (url, body string, answer *http.Response) {
	quoted := func(s string) string {
		text, _ := json.Marshal(s) // of a string: cannot fail
		return string(text)
	}
	return map[string]func(string) (string, string, *http.Response){
		"query": func(s string) (string, string, *http.Response) {
			return "/a?$search=" + url.QueryEscape(s), "", ok("{}")
		},
		"path":        func(s string) (string, string, *http.Response) { return "/a/" + url.PathEscape(s), "", ok("{}") },
		"request":     func(s string) (string, string, *http.Response) { return "/a", `{"a":` + quoted(s) + `}`, ok("{}") },
		"text":        func(s string) (string, string, *http.Response) { return "/a", "text " + s + "\n", ok("{}") },
		"answer":      func(s string) (string, string, *http.Response) { return "/a", "", ok(`{"a":[` + quoted("x "+s) + `]}`) },
		"member name": func(s string) (string, string, *http.Response) { return "/a", "", ok(`{` + quoted(s) + `:1}`) },
		"page": func(s string) (string, string, *http.Response) {
			return "/a", "", reply(500, "<p>"+s+"</p>\n", "Content-Type", "text/html")
		},
		"binary": func(s string) (string, string, *http.Response) {
			return "/a", "", reply(200, "\x00\xff"+s, "Content-Type", "x/y")
		},
		"link": func(s string) (string, string, *http.Response) {
			return "/a", "", ok(`{"@odata.nextLink":` + quoted(base+"/a?$skiptoken=x&$filter="+url.QueryEscape(s)) + `}`)
		},
		"type": func(s string) (string, string, *http.Response) {
			return "/a", "", reply(200, "{}", "Content-Type", s)
		},
		"location": func(s string) (string, string, *http.Response) {
			return "/a", "", reply(202, "", "Location", base+"/"+url.PathEscape(s))
		},
		"other header": func(s string) (string, string, *http.Response) {
			return "/a", "", reply(200, "{}", "Set-Cookie", s)
		},
	}
}

// recordPlanted records one exchange with a secret in it.
func recordPlanted(t *testing.T, place func(string) (string, string, *http.Response), secret string) (file string, err error) {
	t.Helper()
	address, body, answer := place(secret)
	s := &service{answer: func(*http.Request) *http.Response { return answer }}
	return tryToRecord(t, s, func(rec *Recorder) {
		rec.Secret("tenant")
		rec.Secret("device")
		_, _, err := try(t, rec, "POST", address, body)
		require.NoError(t, err)
	}, known.option())
}

func TestNoPlantedSecretReachesTheDisk(t *testing.T) {
	t.Parallel()
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for kind, secret := range planted() {
				for coding, encode := range encodings() {
					hidden := encode(secret)
					file, err := recordPlanted(t, place, hidden)
					if err != nil {
						require.NoFileExists(t, file)
						requireNotPrinted(t, err, secret, hidden)
						continue
					}
					text := strings.ToLower(contentOf(t, file))
					require.NotContains(t, text, strings.ToLower(secret), "%s, %s", kind, coding)
					require.NotContains(t, text, strings.ToLower(hidden), "%s, %s", kind, coding)
				}
			}
		})
	}
}

func requireNotPrinted(t *testing.T, err error, texts ...string) {
	t.Helper()
	for _, text := range texts {
		require.NotContains(t, strings.ToLower(err.Error()), strings.ToLower(text))
	}
}

func TestARefusalNamesKindAndLine(t *testing.T) {
	t.Parallel()
	for kind, secret := range planted() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			text := "# first\n-- 01 response --\n200 OK\n\n" + secret + "\n"
			values := map[string]string{
				strings.ToLower(known["UPDATES_SECRET_TENANT"]): `the value of Secret("tenant")`,
				otherGUID: `the value of Secret("device")`,
			}
			errs := inspect([]byte(text), &allowed{}, values)
			require.NotEmpty(t, errs)
			kind = strings.TrimSuffix(strings.TrimSuffix(kind, " in another form"), " without dashes")
			require.ErrorContains(t, errs[0], "line 5 (01 response) has ")
			require.Contains(t, fmt.Sprint(errs), kind)
			requireNotPrinted(t, errs[0], secret)
		})
	}
}

func TestWhatTellsNothingPasses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"fake":    fakeGUID + "0000000000d1 " + strings.ToUpper(fakeGUID) + "00000000000A",
		"no GUID": noGUID,
		"catalog": strings.ToUpper(entryGUID),
		"user":    "user-1@contoso.example admin@eu.contoso.example",
		"annotations": `"value@odata.nextLink": "", "@odata.type": "#microsoft.graph.windowsUpdates.deployment", ` +
			`"a@microsoft.graph.tips": ""`,
		"error code":    `"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."`,
		"prose":         "bearer of news, keys and passwords; signature=no; authorization failed; tokens expire",
		"hash":          strings.Repeat("0123456789abcdef", 4),
		"page token":    base + "/deployments?$skiptoken=token-1&$filter=a%20eq%20'b'",
		"bearer":        `"error": "Bearer token is missing"`,
		"authorization": `"error": "Authorization header is missing"`,
		"ignored":       `"password": "ignored"`,
		"secret's name": `"password": "tenant-key"`,
		"fake password": `"password": "token-1"`,
		"bare catalog":  strings.ReplaceAll(entryGUID, "-", ""),
		"catalog entry": "10/28/2025 - 2025.10 D Update for Windows 10 and later",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, inspect([]byte(text+"\n"), &allowed{map[string]bool{entryGUID: true}, []string{"tenant-key"}}, nil))
		})
	}
}

func TestASecretOfSeveralLinesIsFoundInAText(t *testing.T) {
	t.Parallel()
	errs := inspect([]byte("a\nfirst\nsecond\n"), &allowed{}, map[string]string{"first\nsecond": `the value of Secret("key")`})
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], `line 2 has the value of Secret("key")`)
}

func TestRecordingsThatAreThereAreChecked(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	recordings := filepath.Join(folder, "x", "testdata", "recordings")
	require.NoError(t, os.MkdirAll(recordings, 0o755))
	good := recordTo(t, answering(`{"a":1}`), func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	write := func(path, text string) string {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	write(filepath.Join(recordings, "good.txtar"), contentOf(t, good))
	write(filepath.Join(recordings, "README.md"), deviceGUID)
	write(filepath.Join(folder, "other.txtar"), deviceGUID)
	require.NoError(t, Check(folder))

	bad := write(filepath.Join(recordings, "bad.txtar"), strings.Replace(contentOf(t, good), `"a": 1`, `"a": "`+deviceGUID+`"`, 1))
	for _, path := range []string{folder, bad} {
		err := Check(path)
		require.ErrorContains(t, err, "bad.txtar:\nline 10 (01 response) has a GUID")
		require.NotContains(t, err.Error(), deviceGUID)
	}
	write(bad, strings.Replace(contentOf(t, good), "Content-Type: application/json", "Secret hunter2", 1))
	require.ErrorContains(t, Check(bad), "01 request is broken: its line 2 is no header")
	write(bad, strings.Replace(contentOf(t, good), "01 response", "hunter2", 1))
	require.NotContains(t, Check(bad).Error(), "hunter2")
	write(bad, "broken")
	require.ErrorContains(t, Check(folder), "first line")
	require.ErrorIs(t, Check(filepath.Join(folder, "none")), os.ErrNotExist)
}

func TestAFolderOfRecordingsIsCheckedWhereverOneStands(t *testing.T) {
	recordings := filepath.Join(t.TempDir(), "recordings")
	inner := filepath.Join(recordings, "tenant", "tests")
	require.NoError(t, os.MkdirAll(inner, 0o755))
	t.Chdir(recordings)
	for _, path := range []string{".", recordings, ".."} {
		require.ErrorContains(t, Check(path), "there is no recording to check")
	}
	require.NoError(t, os.WriteFile(filepath.Join(inner, "a.txtar"), []byte("broken"), 0o644))
	for _, path := range []string{".", recordings, ".."} {
		require.ErrorContains(t, Check(path), "a.txtar: it is no recording")
	}
}

func TestBase64OverSeveralLinesOfATextIsRead(t *testing.T) {
	t.Parallel()
	text := "-- 01 response --\n" +
		strings.ReplaceAll(wrap(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("y", 50)+"alice@fabrikam.com"+
			strings.Repeat("z", 30)))), "\r", "") + "\n"
	errs := inspect([]byte(text), &allowed{}, nil)
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], "line 2 and those that follow have an e-mail address outside of contoso.example")
}

func TestTheRecordingsOfThisModuleHaveNoSecrets(t *testing.T) {
	t.Parallel()
	top := filepath.Join("..", "..")
	require.FileExists(t, filepath.Join(top, "go.mod"))
	require.NoError(t, Check(top))
}

func FuzzNoSecretReachesTheDisk(f *testing.F) {
	f.Add("correct horse", "", uint8(0), uint8(0))
	f.Add(deviceGUID, "eyJ", uint8(3), uint8(4))
	f.Add("pass\nword", "%41\\u00", uint8(5), uint8(7))
	f.Add("üäöß&<>", "=&", uint8(8), uint8(2))
	f.Add("recorded", "graph", uint8(1), uint8(1))
	var where []func(string) (string, string, *http.Response)
	for _, name := range []string{
		"query", "path", "request", "text", "answer", "member name", "page", "binary", "link", "type", "location", "other header",
	} {
		where = append(where, places()[name])
	}
	var how []func(string) string
	for _, name := range []string{"plain", "percent", "percent, path", "percent, all", "base64", "base64, raw", "base64, within"} {
		how = append(how, encodings()[name])
	}
	f.Fuzz(func(t *testing.T, secret, around string, place, coding uint8) {
		secret = strings.TrimSpace(secret)
		rec := Record(filepath.Join(t.TempDir(), "a.txtar"), environment{"UPDATES_SECRET_PLANTED": secret}.option())
		if rec.Secret("planted"); rec.secrets.err() != nil {
			return
		}
		address, body, answer := where[int(place)%len(where)](around + how[int(coding)%len(how)](secret) + around)
		rec.transport.(*recordTransport).settings.next = &service{answer: func(*http.Request) *http.Response { return answer }}
		if _, err := http.NewRequestWithContext(t.Context(), "POST", base+address, nil); err != nil {
			return
		}
		_, _, _ = try(t, rec, "POST", address, body)
		file := rec.transport.(*recordTransport).file
		if err := rec.Close(); err != nil {
			require.NoFileExists(t, file)
			return
		}
		requireNowhere(t, contentOf(t, file), secret)
	})
}

// requireNowhere looks for a secret in its own way: it encodes the secret, where
// the secret check decodes the text.
func requireNowhere(t *testing.T, text, secret string) {
	t.Helper()
	text = strings.ToLower(text)
	for _, form := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), percentAll(secret),
		strings.Trim(string(writeJSON(secret)), "\"\n"),
		base64.RawStdEncoding.EncodeToString([]byte(secret[:len(secret)/3*3])),
	} {
		require.NotContains(t, text, strings.ToLower(form))
	}
}

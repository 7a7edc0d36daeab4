package recording

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// checked is what the secret check says of a line of a response.
func checked(line string) []error {
	check := &secretCheck{catalog: map[string]bool{entryGUID: true}, names: []string{"tenant-key"}}
	return check.check([]byte("# first\n-- 01 response --\n200 OK\n\n" + line + "\n"))
}

// samples has a secret for each rule, and more where a rule has more than one form. All
// are made up, and put together from parts, so that none is taken for a real one.
func samples() map[string][]string {
	of := strings.Repeat
	return map[string][]string{
		"a JSON web token": {
			"eyJ" + "0eXAiOiJKV1QiLCJhbGciOiJub25lIn0" + ".eyJ" + "hcHBpZCI6ImEifQ" + ".c2ln",
			"eyJ" + "hbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0" + "..48V1_ALb6US04U3b",
		},
		"a bearer token":     {"Bearer " + "abcdefgh" + "ijklmnop"},
		"basic credentials":  {"Basic " + base64.StdEncoding.EncodeToString([]byte("alice:hunter2"))},
		"digest credentials": {"Digest " + `username="alice"`},
		"a client secret":    {"abc8Q" + "~" + of("dE5_", 9)},
		"an account key":     {"AccountName=a;Account" + "Key=" + of("aB", 43) + "=="},
		"a cookie":           {".AspNetCore." + "Cookies=CfDJ8" + of("aB1", 9), "CfDJ8" + of("aB1", 9)},
		"a domain of a tenant": {
			"fabrikam.on" + "microsoft.com", "FABRIKAM.mail.on" + "microsoft.com", "fabrikam.partner.on" + "mschina.cn",
		},
		"a shared access signature":                              {"?sv=2024&" + "sig=" + of("aB", 20), "SharedAccess" + "Signature=sr"},
		"a user and password in a URL":                           {"postgres://alice:" + "hunter2@db.example/x", "https://:" + "token@git.example"},
		"a GUID that is neither a fake nor an ID of the catalog": {deviceGUID, strings.ToUpper(deviceGUID), strings.ReplaceAll(deviceGUID, "-", "")},
		"an email address outside contoso.example":               {"alice@fabrikam.com", "jürgen@fabrikam.de"},
		"a certificate or private key": append(keys(), "PuTTY-User-"+"Key-File-3: ssh-ed25519", "AGE-SECRET-"+"KEY-1"+of("Q", 58), `{"kty":"EC","d":"x"}`,
			base64.StdEncoding.EncodeToString([]byte("openssh"+"-key-v1\x00\x00\x00\x00\x04none"))),
		"an access token": {
			"gh" + "p_" + of("aB3", 12), "github_" + "pat_" + of("aB3", 12), "glpat" + "-" + of("aB3_", 6), "xoxb" + "-1234567890-abc",
			"https://hooks.slack" + ".com/services/T0/B0/x", "https://x.webhook" + ".office.com/webhookb2/" + of("ab1", 9),
			"AKIA" + of("Q7", 8), "ASIA" + of("Q7", 8), "AIza" + of("Sy1", 11), "ya29" + "." + of("aB1", 9), "npm" + "_" + of("aB1", 12),
			"pypi" + "-AgEI" + of("aB1", 12), "SG" + "." + of("aB1", 7) + "." + of("cD2", 14), "sk" + "_live_" + of("aB1", 8),
			"rk" + "_test_" + of("aB1", 8), "sk" + "-" + of("aB1", 16), "sk" + "-ant-" + of("aB1", 8), "hf" + "_" + of("aB1", 12),
			"shpat" + "_" + of("a1", 16), "dop" + "_v1_" + of("a1", 32), "dapi" + of("a1", 16), "hvs" + "." + of("aB1", 8),
			of("aB1", 5) + ".atlas" + "v1." + of("aB1", 22), "dp" + ".pt." + of("aB1", 14), "lin_" + "api_" + of("aB1", 14),
			"NRAK" + "-" + of("Q7A", 9), "EAAC" + of("aB1", 12), "1234567890" + ":AA" + of("aB1", 11), "sq0" + "atp-" + of("aB1", 8),
			"key" + "-" + of("a1", 16), "ops" + "_eyJ" + of("aB1", 12), "otp" + "auth://totp/x",
		},
		namedSecret: {
			`"accessSAS": "hunter22"`, `"applicationSecret": "hunter22"`, `"passphrase": "hunter22"`, `"keys": ["hunter22"]`,
			`{"Authorization":["Negotiate hunter22"]}`, `{"name":"Password","value":"hunter22"}`, `["X-Api-Key","hunter22"]`,
			`{"secret":{"old":"hunter22"}}`, `{"token":123456}`, `{"password":4821}`, "access_" + "token=hunter22&x=1", "Pass" + "word = hunter22",
			"<Password>hunter22</Password>", `<add key="x" password="hunter22"/>`, "X-Api-" + "Key: hunter22", "Cookie: a=hunter22",
			`{\"clientSecret\":\"hunter22\"}`, "Endpoint=x;SharedAccess" + "KeyName=hunter22;connection" + "String=hunter22",
			`{"a":"{\"password\":\"hunter22\"}"}`, `{"items":[{"key":"apiKey","value":"hunter22"}]}`,
		},
	}
}

// keys are private keys and certificates of every kind in the forms of DER and PEM.
func keys() []string {
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	prime, _ := rsa.GenerateKey(rand.Reader, 2048)
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	certificate, _ := x509.CreateCertificate(rand.Reader, template, template, &curve.PublicKey, curve)
	short, _ := x509.MarshalECPrivateKey(curve)
	ders := [][]byte{short, x509.MarshalPKCS1PrivateKey(prime), certificate}
	for _, key := range []any{edwards, curve, prime} {
		der, _ := x509.MarshalPKCS8PrivateKey(key)
		ders = append(ders, der)
	}
	var all []string
	for _, der := range ders {
		text := base64.StdEncoding.EncodeToString(der)
		all = append(all, text, base64.RawURLEncoding.EncodeToString(der), hex.EncodeToString(der), strings.ToUpper(hex.EncodeToString(der)),
			string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), wrap(text))
	}
	return all
}

// wrap cuts a text into lines, as mail does.
func wrap(s string) string {
	var out strings.Builder
	for ; len(s) > 76; s = s[76:] {
		out.WriteString(s[:76] + "\r\n")
	}
	return out.String() + s
}

func TestTheSecretCheckFindsEachKind(t *testing.T) {
	t.Parallel()
	for what, secrets := range samples() {
		for i, secret := range secrets {
			t.Run(fmt.Sprint(what, i), func(t *testing.T) {
				t.Parallel()
				errs := checked(secret)
				require.NotEmpty(t, errs)
				require.Contains(t, fmt.Sprint(errs), what)
				require.Regexp(t, `^line \d+ `, errs[0].Error())
				for _, err := range errs {
					requireNotPrinted(t, err, secret, "hunter2", "fabrikam")
				}
			})
		}
	}
}

func TestTheSecretCheckFindsWhatIsEncodedTwice(t *testing.T) {
	t.Parallel()
	for name, encode := range encodings() {
		for outer, again := range encodings() {
			t.Run(name+", "+outer, func(t *testing.T) {
				t.Parallel()
				for _, secret := range []string{"alice@fabrikam.com", deviceGUID, "gh" + "p_" + strings.Repeat("aB3", 12)} {
					require.NotEmpty(t, checked(`  "a": `+quoteJSON(again(encode(secret)))), secret)
				}
			})
		}
	}
}

func TestEachRuleHasASample(t *testing.T) {
	t.Parallel()
	found := map[string]int{}
	for _, secrets := range samples() {
		for _, secret := range secrets {
			for _, plain := range decodings(secret) {
				for _, f := range secretRules().forms {
					if f.isIn(plain, lowerASCII(plain)) {
						found[f.needle]++
					}
				}
			}
		}
	}
	for _, f := range secretRules().forms {
		require.NotZero(t, found[f.needle], f.needle)
	}
	for _, ending := range secretRules().endings {
		require.NotEmpty(t, checked(`"my`+ending+`": "hunter22"`), ending)
	}
}

func TestWhatTellsNothingPassesTheSecretCheck(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"fake":    fakeGUID + "0000000000d1 " + strings.ToUpper(fakeGUID) + "00000000000A",
		"no GUID": noGUID,
		"catalog": strings.ToUpper(entryGUID),
		"user":    "user-1@contoso.example admin@eu.contoso.example",
		"annotations": `"value@odata.nextLink": "", "@odata.type": "#microsoft.graph.windowsUpdates.deployment", ` +
			`"a@microsoft.graph.tips": ""`,
		"error code":     `"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."`,
		"prose":          "bearer of news, keys and passwords; signature: no; authorization failed; basic authentication; tokens expire",
		"hash":           strings.Repeat("0123456789abcdef", 4),
		"page token":     base + "/deployments?$skiptoken=token-1&$filter=a%20eq%20'b'",
		"bearer":         `"error": "Bearer token is missing"`,
		"authorization":  `"error": "Authorization header is missing"`,
		"ignored":        `"password": "ignored"`,
		"secret's name":  `"password": "tenant-key"`,
		"fake password":  `"password": "token-1", "keys": ["text-1", "text-2"], "pin-token": 2000000001`,
		"known value":    `"token": "none", "keyCount": 5, "hasKey": true, "key": null, "keys": []`,
		"bare catalog":   strings.ReplaceAll(entryGUID, "-", ""),
		"catalog entry":  "10/28/2025 - 2025.10 D Update for Windows 10 and later",
		"names of types": `{"name":"securityKey","value":"text-1"}`,
		"registry":       "Set the registry key HKLM\\\\Software\\\\Policies: 1",
		"HTML":           `<span class=\"key\">text</span>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, checked(text))
		})
	}
}

func TestAValueIsNotCut(t *testing.T) {
	t.Parallel()
	require.Empty(t, checked(`  "a": "`+strings.Repeat("key=text-1 ", 1000)+`"`))
}

func TestJSONOfAnyDepthIsChecked(t *testing.T) {
	t.Parallel()
	require.Empty(t, checked(strings.Repeat("[", 1<<20)))
}

func TestRandomBase64IsNoSecret(t *testing.T) {
	t.Parallel()
	for n := range uint64(2000) {
		random := newSeed(n).bytes(64)
		require.Empty(t, checked(`  "thumbnail": "`+base64.StdEncoding.EncodeToString(random)+`"`), n)
	}
	require.Empty(t, checked(`  "thumbnail": "AAAAAAAAAAAAAAAAAsAs=="`))
}

func TestTheSecretCheckNamesTheLine(t *testing.T) {
	t.Parallel()
	errs := checked("{\n  \"a\": {\n    \"b\": [\n      \"x\"\n    ],\n    \"password\": [\n      \"hunter22\"\n    ]\n  }\n}")
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], "line 11 (01 response) has a password, key or token by its name")
	text := strings.ReplaceAll(wrap(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("y", 50)+"alice@fabrikam.com"+
		strings.Repeat("z", 30)))), "\r", "")
	errs = checked("x\n" + text)
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], "line 6 and those that follow have an email address outside contoso.example")
}

func TestValuesAreFoundInAnyCaseAndForm(t *testing.T) {
	t.Parallel()
	f := newFinder()
	f.add("Fabrikam Inc", "the name")
	f.add(deviceGUID, "the device")
	f.add("short", "nothing")
	f.add("5551234567", "the number")
	f.add("first\nsecond", "two lines")
	for text, want := range map[string][]string{
		"of FABRIKAM INC.": {"the name"}, strings.ReplaceAll(deviceGUID, "-", ""): {"the device"}, "too short": nil,
		"15551234567": nil, "+5551234567": {"the number"}, "fabrikam in": nil, "Fabrikam Inc " + strings.ToUpper(deviceGUID): {"the device", "the name"},
	} {
		require.Equal(t, want, f.in(text), text)
	}
	errs := f.overLines("a\nfirst\nSecond\n")
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], "line 2 has two lines")
}

func BenchmarkSecretCheck(b *testing.B) {
	random := newSeed(1).bytes(3 << 18)
	bodies := map[string]string{
		"base64": base64.StdEncoding.EncodeToString(random),
		"JSON":   strings.Repeat("  \"displayName\": \"2025.10 D Update for Windows 10 and later\",\n", 1<<20/64),
	}
	for name, body := range bodies {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if errs := checked(`  "a": "` + body + `"`); len(errs) > 0 {
					b.Fatal(errs)
				}
			}
		})
	}
}

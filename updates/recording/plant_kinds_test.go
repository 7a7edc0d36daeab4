package recording

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"strings"
)

// seed makes values at random, and the same ones again from the same number.
type seed struct{ *rand.Rand }

func newSeed(n uint64) seed { return seed{rand.New(rand.NewPCG(n, 7))} }

func (s seed) of(alphabet string, length int) string {
	var out strings.Builder
	for range length {
		out.WriteByte(alphabet[s.IntN(len(alphabet))])
	}
	return out.String()
}

const (
	small    = "abcdefghijklmnopqrstuvwxyz"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	tens     = "0123456789"
	hexa     = "0123456789abcdef"
	mixed    = small + capitals + tens
	base32   = capitals + "234567"
)

// word is a name that is nowhere else, so that it is found wherever it is left.
func (s seed) word() string { return s.of("bcdfghjklmnpqrstvwxz", 1) + s.of(small, 8) }

func (s seed) title() string { w := s.word(); return strings.ToUpper(w[:1]) + w[1:] }

func (s seed) bytes(length int) []byte {
	out := make([]byte, length)
	for i := range out {
		out[i] = byte(s.IntN(256))
	}
	return out
}

func (s seed) guid() string {
	h := s.of(hexa, 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// der is a private key as far as its first bytes go.
func (s seed) der(head ...byte) []byte { return append(head, s.bytes(120)...) }

// kindsOfSecrets are what people do not want to find in a recording: secrets, and what
// tells of a tenant, its devices, and its people.
var kindsOfSecrets = map[string]func(s seed) string{
	"name":              func(s seed) string { return s.title() + " " + s.title() },
	"name, one word":    func(s seed) string { return s.word() },
	"name, Cyrillic":    func(s seed) string { return "Екатерина " + s.title() },
	"name, Chinese":     func(s seed) string { return "王小明" + s.word() },
	"name with a quote": func(s seed) string { return "O'" + s.title() },
	"device":            func(s seed) string { return "LAPTOP-" + s.of(capitals+tens, 9) },
	"group":             func(s seed) string { return "SG-" + s.title() + "-Pilots" },
	"ring":              func(s seed) string { return "Ring of " + s.title() },
	"workspace":         func(s seed) string { return s.word() + "-logs" },
	"company":           func(s seed) string { return s.title() + " GmbH & Co. KG" },
	"address":           func(s seed) string { return fmt.Sprint(s.IntN(900)+100, " ", s.title(), " Street, ", s.title()) },
	"telephone":         func(s seed) string { return "+1 (425) " + s.of(tens, 3) + "-" + s.of(tens, 4) },
	"telephone, digits": func(s seed) string { return "1425" + s.of(tens, 7) },
	"card":              func(s seed) string { return "4" + s.of(tens, 15) },
	"card, groups": func(s seed) string {
		return "4" + s.of(tens, 3) + " " + s.of(tens, 4) + " " + s.of(tens, 4) + " " + s.of(tens, 4)
	},
	"account":         func(s seed) string { return "DE" + s.of(tens, 20) },
	"social security": func(s seed) string { return s.of(tens, 3) + "-" + s.of(tens, 2) + "-" + s.of(tens, 4) },
	"passport":        func(s seed) string { return "C" + s.of(capitals+tens, 8) },
	"birthday":        func(s seed) string { return fmt.Sprintf("19%02d-%02d-%02d", 50+s.IntN(50), 1+s.IntN(12), 1+s.IntN(28)) },
	"coordinates":     func(s seed) string { return "47." + s.of(tens, 6) + ",-122." + s.of(tens, 6) },
	"latitude":        func(s seed) string { return "47." + s.of(tens, 6) },
	"IPv4":            func(s seed) string { return fmt.Sprintf("203.0.%d.%d", 100+s.IntN(100), 100+s.IntN(100)) },
	"IPv6":            func(s seed) string { return "2001:db8:" + s.of(hexa, 4) + ":" + s.of(hexa, 4) + "::" + s.of(hexa, 4) },
	"MAC": func(s seed) string {
		return strings.Join([]string{"00", "1a", s.of(hexa, 2), s.of(hexa, 2), s.of(hexa, 2), s.of(hexa, 2)}, ":")
	},
	"host":               func(s seed) string { return s.word() + ".corp." + s.word() + ".com" },
	"domain":             func(s seed) string { return s.word() + ".de" },
	"domain of a tenant": func(s seed) string { return s.word() + ".on" + "microsoft.com" },
	"domain, mail":       func(s seed) string { return s.word() + ".mail.on" + "microsoft.com" },
	"address of mail":    func(s seed) string { return s.word() + "@" + s.word() + ".com" },
	"address, tenant":    func(s seed) string { return s.word() + "." + s.word() + "@" + s.word() + ".on" + "microsoft.com" },
	"guest": func(s seed) string {
		return s.word() + "_" + s.word() + ".com#EXT#@" + s.word() + ".on" + "microsoft.com"
	},
	"URL":                 func(s seed) string { return "https://" + s.word() + ".example.com/" + s.word() + "?id=" + s.word() },
	"URL with a fragment": func(s seed) string { return "https://" + s.word() + ".com/a#" + s.word() },
	"share":               func(s seed) string { return `\\` + s.word() + `\home$\` + s.word() },
	"path":                func(s seed) string { return `C:\Documents\` + s.word() + `\Desktop` },
	"path, Unix":          func(s seed) string { return "/srv/" + s.word() + "/.ssh/id_rsa" },
	"GUID":                func(s seed) string { return s.guid() },
	"GUID, capitals":      func(s seed) string { return strings.ToUpper(s.guid()) },
	"GUID, braces":        func(s seed) string { return "{" + s.guid() + "}" },
	"GUID, bare":          func(s seed) string { return strings.ReplaceAll(s.guid(), "-", "") },
	"GUID, URN":           func(s seed) string { return "urn:uuid:" + s.guid() },
	"SID": func(s seed) string {
		return "S-1-5-21-" + s.of(tens, 10) + "-" + s.of(tens, 10) + "-" + s.of(tens, 9) + "-1104"
	},
	"serial number":      func(s seed) string { return "5CG" + s.of(capitals+tens, 9) },
	"IMEI":               func(s seed) string { return "35" + s.of(tens, 13) },
	"recovery key":       func(s seed) string { return strings.Repeat(s.of(tens, 6)+"-", 7) + s.of(tens, 6) },
	"product key":        func(s seed) string { return strings.Repeat(s.of(base32, 5)+"-", 4) + s.of(base32, 5) },
	"resource":           func(s seed) string { return "/subscriptions/" + s.guid() + "/resourceGroups/" + s.word() },
	"vault":              func(s seed) string { return "https://" + s.word() + ".vault.azure.net/secrets/" + s.word() },
	"distinguished name": func(s seed) string { return "CN=" + s.title() + ",OU=" + s.title() + ",DC=" + s.word() + ",DC=com" },
	"principal":          func(s seed) string { return "HTTP/" + s.word() + "@" + strings.ToUpper(s.word()) + ".COM" },
	"ticket":             func(s seed) string { return "INC" + s.of(tens, 8) },
	"comment":            func(s seed) string { return "Call " + s.title() + "\nbefore " + s.title() + " leaves." },
	"registry":           func(s seed) string { return `HKEY_USERS\S-1-5-21-` + s.of(tens, 10) + `\Software\` + s.word() },
	"tag":                func(s seed) string { return `W/"` + s.of(mixed, 20) + `"` },
	"opaque id":          func(s seed) string { return s.of(mixed, 22) },
	"composite id":       func(s seed) string { return s.guid() + "_" + s.word() },
	"base64":             func(s seed) string { return base64.StdEncoding.EncodeToString(s.bytes(33)) },
	"hexadecimal":        func(s seed) string { return s.of(hexa, 40) },
	"base32":             func(s seed) string { return s.of(base32, 32) },
	"MD5":                func(s seed) string { return s.of(hexa, 32) },
	"SHA-256":            func(s seed) string { return s.of(hexa, 64) },
	"bcrypt":             func(s seed) string { return "$2b$12$" + s.of(mixed+"./", 53) },
	"thumbprint":         func(s seed) string { return strings.ToUpper(s.of(hexa, 40)) },
	"password":           func(s seed) string { return s.of(mixed+"!$%&*+-=?@^_~", 16) },
	"password, words":    func(s seed) string { return s.word() + " " + s.word() + " " + s.word() },
	"password, short":    func(s seed) string { return s.of(mixed, 4) + "!" + s.of(mixed, 4) },
	"password, emoji":    func(s seed) string { return "🔑" + s.word() + "🐴" },
	"PIN":                func(s seed) string { return s.of(tens, 8) },
	"seed of codes":      func(s seed) string { return s.of(base32, 16) },
	"codes, URL":         func(s seed) string { return "otp" + "auth://totp/" + s.word() + "?secret=" + s.of(base32, 16) },
	"basic": func(s seed) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(s.word()+":"+s.word()))
	},
	"bearer":    func(s seed) string { return "Bearer " + s.of(mixed, 40) },
	"web token": func(s seed) string { return webToken(s, `{"alg":"RS256"}`, `{"upn":"`+s.word()+`"}`) },
	"web token, sealed": func(s seed) string {
		return "ey" + "J" + s.of(mixed, 30) + ".." + s.of(mixed, 16) + "." + s.of(mixed, 30) + "." + s.of(mixed, 22)
	},
	"refresh token": func(s seed) string { return "0.AX" + s.of(mixed+"-_", 60) },
	"client secret": func(s seed) string { return s.of(mixed, 3) + "8Q~" + s.of(mixed+"_.-", 34) },
	"storage key":   func(s seed) string { return base64.StdEncoding.EncodeToString(s.bytes(64)) },
	"storage": func(s seed) string {
		return "AccountName=" + s.word() + ";Account" + "Key=" + base64.StdEncoding.EncodeToString(s.bytes(64))
	},
	"shared access": func(s seed) string { return "sv=2024-11-04&sr=b&sig=" + base64.StdEncoding.EncodeToString(s.bytes(32)) },
	"service bus": func(s seed) string {
		return "Endpoint=sb://" + s.word() + "/;SharedAccess" + "Key=" + base64.StdEncoding.EncodeToString(s.bytes(32))
	},
	"database": func(s seed) string {
		return "Server=" + s.word() + ";User Id=" + s.word() + ";Pass" + "word=" + s.word()
	},
	"database, URL": func(s seed) string { return "postgres://" + s.word() + ":" + s.word() + "@" + s.word() + ".com/x" },
	"Git, URL":      func(s seed) string { return "https://x-token:" + s.of(mixed, 30) + "@git." + s.word() + ".com/a.git" },
	"DevOps":        func(s seed) string { return s.of(small+"234567", 52) },
	"AWS":           func(s seed) string { return "AK" + "IA" + s.of(base32, 16) },
	"AWS, secret":   func(s seed) string { return s.of(mixed+"/+", 40) },
	"Google":        func(s seed) string { return "AI" + "za" + s.of(mixed+"-_", 35) },
	"Google, token": func(s seed) string { return "ya" + "29." + s.of(mixed+"-_", 40) },
	"GitHub":        func(s seed) string { return "gh" + "p_" + s.of(mixed, 36) },
	"GitHub, fine":  func(s seed) string { return "github" + "_pat_" + s.of(mixed, 22) + "_" + s.of(mixed, 59) },
	"GitLab":        func(s seed) string { return "gl" + "pat-" + s.of(mixed, 20) },
	"Slack":         func(s seed) string { return "xo" + "xb-" + s.of(tens, 11) + "-" + s.of(mixed, 24) },
	"Slack, hook": func(s seed) string {
		return "https://hooks.slack" + ".com/services/T" + s.of(capitals, 8) + "/B" + s.of(capitals, 8) + "/" + s.of(mixed, 24)
	},
	"Teams, hook": func(s seed) string {
		return "https://" + s.word() + ".webhook.office.com/webhookb2/" + s.guid() + "/IncomingWebhook/" + s.of(hexa, 32)
	},
	"Stripe":       func(s seed) string { return "sk" + "_live_" + s.of(mixed, 24) },
	"SendGrid":     func(s seed) string { return "SG" + "." + s.of(mixed, 22) + "." + s.of(mixed, 43) },
	"npm":          func(s seed) string { return "npm" + "_" + s.of(mixed, 36) },
	"PyPI":         func(s seed) string { return "pypi" + "-AgEI" + s.of(mixed, 60) },
	"Docker":       func(s seed) string { return "dckr" + "_pat_" + s.of(mixed, 27) },
	"OpenAI":       func(s seed) string { return "sk" + "-" + s.of(mixed, 48) },
	"Hugging Face": func(s seed) string { return "hf" + "_" + s.of(mixed, 34) },
	"Databricks":   func(s seed) string { return "dapi" + s.of(hexa, 32) },
	"Vault":        func(s seed) string { return "hvs" + "." + s.of(mixed, 24) },
	"Telegram":     func(s seed) string { return s.of(tens, 10) + ":AA" + s.of(mixed, 33) },
	"cookie":       func(s seed) string { return ".AspNetCore." + "Cookies=CfDJ8" + s.of(mixed, 60) },
	"session":      func(s seed) string { return "JSESSIONID=" + s.of(hexa, 32) },
	"key, PEM": func(s seed) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: s.der(0x30, 0x82, 4, 0xa4, 2, 1, 0, 2)}))
	},
	"key, EC": func(s seed) string { return base64.StdEncoding.EncodeToString(s.der(0x30, 0x77, 2, 1, 1, 4, 0x20)) },
	"key, wrapped": func(s seed) string {
		return wrap(base64.StdEncoding.EncodeToString(s.der(0x30, 0x82, 4, 0xa4, 2, 1, 0, 2)))
	},
	"key, hexadecimal": func(s seed) string { return hex.EncodeToString(s.der(0x30, 0x82, 4, 0xa4, 2, 1, 0, 0x30)) },
	"key, SSH": func(s seed) string {
		return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA" + s.of(mixed, 44) + " " + s.word() + "@" + s.word()
	},
	"JSON": func(s seed) string { return `{"name":"` + s.word() + `","pass` + `word":"` + s.word() + `"}` },
	"XML": func(s seed) string {
		return "<user><name>" + s.word() + "</name><Pass" + "word>" + s.word() + "</Pass" + "word></user>"
	},
	"rows":    func(s seed) string { return "id,name\n1," + s.word() + "\n2," + s.word() },
	"setting": func(s seed) string { return "API_" + "KEY=" + s.word() },
	"YAML":    func(s seed) string { return "user: " + s.word() + "\npass" + "word: " + s.word() },
	"page":    func(s seed) string { return "<html><title>" + s.title() + "</title></html>" },
}

func webToken(s seed, parts ...string) string {
	var out []string
	for _, part := range parts {
		out = append(out, base64.RawURLEncoding.EncodeToString([]byte(part)))
	}
	return strings.Join(append(out, s.of(mixed, 43)), ".")
}

package call

import (
	"net/url"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"
)

// addressOf fills in a URL template without query parameters, which is what most requests
// have; it is nil for all others. The library that Kiota uses for templates needs a tenth
// of the time of a call for that.
func addressOf(info *abstractions.RequestInformation) *url.URL {
	template, _, _ := strings.Cut(info.UrlTemplate, "{?")
	hasQuery := len(info.QueryParameters)+len(info.QueryParametersAny) > 0
	if template == "" || hasQuery || info.PathParameters["request-raw-url"] != "" {
		return nil
	}
	var address strings.Builder
	for before, rest := "", template; rest != ""; {
		before, rest, _ = strings.Cut(rest, "{")
		name, after, isOpen := strings.Cut(rest, "}")
		address.WriteString(before)
		if isOpen {
			address.WriteString(expanded(name, info.PathParameters))
		}
		rest = after
	}
	u, err := url.Parse(address.String())
	if err != nil {
		return nil
	}
	return u
}

// expanded is the value of a variable of a template. Reserved characters are kept in
// "{+name}" and encoded in "{name}".
func expanded(name string, values map[string]string) string {
	if raw, keeps := strings.CutPrefix(name, "+"); keeps {
		return values[raw]
	}
	return strings.ReplaceAll(url.QueryEscape(values[name]), "+", "%20")
}

// readableNames turns "%24filter=…" into "$filter=…", as the service's pages
// write it. Values stay as they are.
func readableNames(query string) string {
	if !strings.Contains(query, "%24") {
		return query
	}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, found := strings.Cut(part, "=")
		if name = strings.ReplaceAll(name, "%24", "$"); found {
			name += "=" + value
		}
		parts[i] = name
	}
	return strings.Join(parts, "&")
}

// sameOrigin reports whether a and b have the same scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

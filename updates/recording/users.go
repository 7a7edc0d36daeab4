package recording

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	// mail finds addresses, and names of annotations that look like them.
	mail = regexp.MustCompile(`[\pL0-9._%+'#-]+@(?:[\pL0-9-]+\.)+[\pL0-9-]+`)
	// annotation finds the latter, in JSON.
	annotation = regexp.MustCompile(`@(?:odata\.[A-Za-z]+|microsoft\.graph\.[A-Za-z]+)$`)
	// tenantDomain finds the domains that tenants are given.
	tenantDomain = regexp.MustCompile(`(?i)[a-z0-9-]+(?:\.mail)?(?:\.onmicrosoft\.(?:com|us|de)|\.partner\.onmschina\.cn)`)
)

// isUser is whether what looks like an address is one of a person.
func isUser(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	domain = strings.ToLower(domain)
	return !annotation.MatchString(address) && domain != fakeDomain && !strings.HasSuffix(domain, "."+fakeDomain)
}

// learnDomains remembers the domains of users, to find them without users too.
func (r *redactor) learnDomains(text string) {
	if !strings.Contains(text, "@") {
		return
	}
	for _, address := range mail.FindAllString(text, -1) {
		_, domain, _ := strings.Cut(strings.ToLower(address), "@")
		if isUser(address) && !isMicrosofts(domain) {
			r.domains[domain] = false
		}
	}
}

// isMicrosofts is whether addresses of the service end with a domain.
func isMicrosofts(domain string) bool {
	for _, end := range []string{"microsoft.com", "microsoft.us", "windows.com", "windows.net", "chinacloudapi.cn"} {
		if domain == end || strings.HasSuffix(domain, "."+end) {
			return true
		}
	}
	return false
}

// withoutUsers replaces user names and the domains of the tenant.
func (r *redactor) withoutUsers(text string) string {
	if strings.Contains(text, "@") {
		text = mail.ReplaceAllStringFunc(text, r.user)
	}
	if strings.Contains(text, ".") {
		text = tenantDomain.ReplaceAllStringFunc(text, r.domain)
	}
	for _, domain := range longestFirst(r.domains) {
		if strings.Contains(strings.ToLower(text), domain) {
			text = r.withoutDomain(text, domain)
		}
	}
	return text
}

// domainPart finds what makes a domain another one: before it, and after it.
var (
	domainBefore = regexp.MustCompile(`[\pL\pN-]$`)
	domainAfter  = regexp.MustCompile(`^(?:[\pL\pN-]|\.[\pL\pN])`)
)

// withoutDomain replaces a domain and leaves those that have it as a part of a name.
func (r *redactor) withoutDomain(text, domain string) string {
	var out strings.Builder
	from := 0
	for _, at := range regexp.MustCompile(`(?i)`+regexp.QuoteMeta(domain)).FindAllStringIndex(text, -1) {
		out.WriteString(text[from:at[0]])
		found := text[at[0]:at[1]]
		if !domainBefore.MatchString(text[:at[0]]) && !domainAfter.MatchString(text[at[1]:]) {
			found = r.domain(found)
		}
		out.WriteString(found)
		from = at[1]
	}
	return out.String() + text[from:]
}

func (r *redactor) user(address string) string {
	if !isUser(address) {
		return address
	}
	fake, known := r.users.of(strings.ToLower(address))
	r.mustBeKnown(known, "a user name", "take it from Recorder.Secret, or make up one that ends with @"+fakeDomain)
	return fake
}

func longestFirst(domains map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(domains), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
}

func (r *redactor) domain(name string) string {
	name = strings.ToLower(name)
	r.mustBeKnown(r.domains[name], "a domain", "take it from Recorder.Secret, or use "+fakeDomain)
	r.domains[name] = r.domains[name] || !r.request
	return fakeDomain
}

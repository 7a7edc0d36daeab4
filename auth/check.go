package auth

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const (
	mustNotBeEmpty = "must not be empty"
	ownApplication = "must be the application (client) ID of your own app registration, " +
		"because Microsoft first-party apps cannot have the WindowsUpdates permissions"
)

// refusal joins the problems of all arguments, or returns nil.
func refusal(op string, problems ...error) error {
	if err := errors.Join(problems...); err != nil {
		return failure(op, err)
	}
	return nil
}

func failure(op string, err error) error { return &apierr.Error{Op: op, Err: err} }

func invalid(argument, value, rule string) error {
	return &apierr.FieldError{Field: argument, Value: value, Rule: rule}
}

func checkCloud(c cloud.Cloud) error {
	if c == (cloud.Cloud{}) {
		return invalid("cloud", "", "must be cloud.Public, USGovernment, USGovernmentDoD, or China")
	}
	if err := c.Validate(); err != nil {
		return invalid("cloud", c.Name, "must be valid, but its "+strings.ReplaceAll(err.Error(), "\n", ", and its "))
	}
	return nil
}

// checkTenant is for apps, which have no home tenant.
func checkTenant(tenantID string) error {
	switch {
	case tenantID == "":
		return invalid("tenantID", "", mustNotBeEmpty)
	case isGUID(tenantID) || isDomain(tenantID):
		return nil
	}
	return invalid("tenantID", described(tenantID),
		"must be the ID of the tenant or one of its domain names, such as contoso.onmicrosoft.com")
}

// checkUserTenant also allows users of all tenants, but no personal accounts.
func checkUserTenant(tenantID string) error {
	if tenantID == "organizations" {
		return nil
	}
	return checkTenant(tenantID)
}

func checkClient(clientID string) error {
	switch {
	case clientID == "":
		return invalid("clientID", "", mustNotBeEmpty)
	case isGUID(clientID):
		return nil
	}
	return invalid("clientID", described(clientID),
		"must be an application (client) ID, such as 00000000-0000-0000-0000-000000000000")
}

// checkIdentity allows the identity that belongs to the machine.
func checkIdentity(clientID string) error {
	if clientID == "" {
		return nil
	}
	return checkClient(clientID)
}

// checkOwnClient rejects Microsoft first-party apps that documentation shows: the Azure CLI, which is the
// default of azidentity, and Azure PowerShell.
func checkOwnClient(clientID string) error {
	switch strings.ToLower(clientID) {
	case "", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "1950a258-227b-4e31-a9cf-717495945fc2":
		return invalid("clientID", clientID, ownApplication)
	}
	return checkClient(clientID)
}

func checkSecret(secret string) error {
	switch {
	case secret == "":
		return invalid("secret", "", mustNotBeEmpty)
	case strings.TrimSpace(secret) != secret:
		return invalid("secret", "", "must not begin or end with white space, such as the line break of a file")
	}
	return nil
}

func checkPrompt(prompt func(context.Context, DeviceCodePrompt) error) error {
	if prompt == nil {
		return invalid("prompt", "", "must not be nil, because it shows the code to the user")
	}
	return nil
}

// checkRedirect allows what azidentity supports: it takes the port, and listens on localhost.
func checkRedirect(redirectURL string) error {
	u, err := url.Parse(redirectURL)
	if redirectURL == "" || err == nil && u.Hostname() == "localhost" && redirectURL == "http://"+u.Host {
		return nil
	}
	return invalid("redirectURL", described(redirectURL), "must be empty or http://localhost, with or without a port")
}

// check rejects what Microsoft Entra would reject, and key types that azidentity cannot sign with.
func (p keyPair) check() error {
	if p.err != nil {
		return p.err
	}
	key, ok := p.key.(*rsa.PrivateKey)
	if !ok || key == nil {
		return invalid("key", fmt.Sprintf("%T", p.key), "must be a *rsa.PrivateKey")
	}
	i := slices.IndexFunc(p.certs, func(c *x509.Certificate) bool {
		return c != nil && key.PublicKey.Equal(c.PublicKey)
	})
	if i < 0 {
		return invalid("certs", counted(len(p.certs), "certificate"), "must contain the certificate of the key")
	}
	if end := p.certs[i].NotAfter; !time.Now().Before(end) {
		return invalid("certs", "a certificate that expired "+end.UTC().Format(time.RFC3339), "must not have expired")
	}
	return nil
}

// described shows mistyped IDs and names, and hides other values: a secret that was passed instead of an
// ID must not be in an error.
func described(value string) string {
	const longest, hex, letters = 40, "0123456789abcdefABCDEF{}-", "abcdefghijklmnopqrstuvwxyz.-"
	if len(value) <= longest && (strings.Trim(value, hex) == "" || strings.Trim(value, letters) == "") {
		return value
	}
	return fmt.Sprintf("a string of %d characters", len([]rune(value)))
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func isGUID(s string) bool {
	if len(s) != len("00000000-0000-0000-0000-000000000000") {
		return false
	}
	for i, r := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") != ""
	})
}

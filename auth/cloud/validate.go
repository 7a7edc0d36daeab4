package cloud

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

var errZero = errors.New("the zero Cloud is invalid; use Public, USGovernment, USGovernmentDoD, or China")

// Validate returns an error that joins the problems of both addresses, or nil. It sends no request, so an
// address that does not exist is valid.
func (c Cloud) Validate() error {
	if c == (Cloud{}) {
		return errZero
	}
	return errors.Join(
		validateOrigin("Endpoint", c.Endpoint),
		validateOrigin("Authority", c.Authority),
	)
}

// validateOrigin rejects addresses that could send a token to another host than the visible one, or that
// break when a path is appended.
func validateOrigin(field, value string) error {
	if value == "" {
		return fmt.Errorf("%s must not be empty", field)
	}
	if u, err := url.Parse(value); err == nil && u.Hostname() != "" && value == "https://"+u.Host {
		return nil
	}
	return fmt.Errorf("%s must be https and a host alone, such as https://graph.microsoft.com (got %s)",
		field, withoutUser(value))
}

// withoutUser keeps a password in an address out of errors.
func withoutUser(value string) string {
	if strings.Contains(value, "@") {
		return "a URL with a user name"
	}
	return fmt.Sprintf("%q", value)
}

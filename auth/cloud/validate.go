package cloud

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

var errZero = errors.New("the zero Cloud is not a cloud: use Public, USGovernment, USGovernmentDoD or China")

// Validate says whether requests and tokens can be sent to the addresses of the
// cloud. It returns nil, or one error that joins all problems, each with the
// field, its rule and the refused value. It asks nobody: an address that does
// not exist passes.
func (c Cloud) Validate() error {
	if c == (Cloud{}) {
		return errZero
	}
	return errors.Join(
		validateOrigin("Endpoint", c.Endpoint),
		validateOrigin("Authority", c.Authority),
	)
}

// validateOrigin refuses all that could send a token elsewhere than to the host
// that a reader of the address sees, and all that would break an address made by
// appending a path to it.
func validateOrigin(field, value string) error {
	if value == "" {
		return fmt.Errorf("%s must not be empty", field)
	}
	if u, err := url.Parse(value); err == nil && u.Hostname() != "" && value == "https://"+u.Host {
		return nil
	}
	return fmt.Errorf("%s must be https and a host, such as https://graph.microsoft.com, and nothing after it (got %s)",
		field, withoutUser(value))
}

// withoutUser keeps a password that was written into an address out of errors.
func withoutUser(value string) string {
	if strings.Contains(value, "@") {
		return "an address with a user name"
	}
	return fmt.Sprintf("%q", value)
}

package auth

import "net/http"

// Options configure how a credential reaches Microsoft Entra. The zero Options are the defaults.
type Options struct {
	// Transport sends the requests for tokens. Give it the transport of updates.Options, and one proxy and one
	// certificate authority serve sign-in and service. The default, nil, takes the proxy from the environment
	// (HTTPS_PROXY, NO_PROXY) and trusts the certificate authorities of the system.
	Transport http.RoundTripper
}

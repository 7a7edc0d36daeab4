package auth

import (
	"fmt"
	"net/http"
	"reflect"

	azcloud "github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// Options configure how a credential reaches Microsoft Entra. The zero Options are the defaults.
type Options struct {
	// Transport sends the requests for tokens. Give it the transport of updates.Options, and one proxy and
	// one certificate authority serve sign-in and service. The default, nil, is [http.DefaultTransport] as it is
	// when the credential is created. Unless the program changes it, it takes the proxy from the environment
	// (HTTPS_PROXY, NO_PROXY) and trusts the certificate authorities of the system.
	Transport http.RoundTripper
}

// check accepts no options and no transport, but not a nil pointer to one.
func (o *Options) check() error {
	if o == nil || o.Transport == nil {
		return nil
	}
	if isNil(o.Transport) {
		return invalid("Options.Transport", "", fmt.Sprintf("must not be a nil %T", o.Transport))
	}
	return nil
}

// of returns the options of azidentity for a cloud. The client must be an *http.Client: in Service Fabric,
// azidentity makes it trust the certificate of the host.
func (o *Options) of(c cloud.Cloud) policy.ClientOptions {
	options := policy.ClientOptions{Cloud: azcloud.Configuration{ActiveDirectoryAuthorityHost: c.Authority}}
	if t := o.transport(); t != nil {
		options.Transport = &http.Client{Transport: t}
	}
	return options
}

// transport is that of the options, or the default of the program, or nil for that of azidentity.
func (o *Options) transport() http.RoundTripper {
	if o != nil && o.Transport != nil {
		return o.Transport
	}
	if http.DefaultTransport == nil || isNil(http.DefaultTransport) {
		return nil
	}
	return http.DefaultTransport
}

// isNil reports whether a transport is a nil pointer.
func isNil(t http.RoundTripper) bool {
	v := reflect.ValueOf(t)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

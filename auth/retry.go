package auth

import (
	"crypto/tls"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/httptime"
)

// ofEntra returns the options of a credential that asks Microsoft Entra. A managed identity asks its host, and
// azidentity has rules of their own for hosts.
func (o *Options) ofEntra(c cloud.Cloud) policy.ClientOptions {
	options := o.of(c)
	options.Retry.ShouldRetry = isWorthRetrying
	return options
}

// isWorthRetrying ends a sign-in where another attempt cannot help: with a certificate or a proxy that has to be
// fixed, and with a delay beyond the deadline. azidentity sets one of 30 seconds, and its error would have no response.
func isWorthRetrying(resp *http.Response, err error) bool {
	if err != nil {
		_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
		return !isCertificate && !strings.Contains(err.Error(), http.StatusText(http.StatusProxyAuthRequired))
	}
	return slices.Contains(transient(), resp.StatusCode) && !endsWithinDelay(resp)
}

// transient are the statuses that azidentity retries by default.
func transient() []int {
	return []int{
		http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	}
}

// endsWithinDelay reports whether the deadline comes before the delay of Retry-After is over.
func endsWithinDelay(resp *http.Response) bool {
	if resp.Request == nil {
		return false
	}
	delay, _ := httptime.RetryAfter(resp.Header)
	deadline, ok := resp.Request.Context().Deadline()
	return ok && time.Until(deadline) <= delay
}

package call

import (
	"crypto/x509"
	"errors"
	"net/http"
	"strings"

	"github.com/winupdates/winupdates-go/auth/claims"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const (
	adviceAuthority = "a proxy may inspect TLS: trust its root certificate, in the system or in TLSClientConfig.RootCAs of Options.Transport"
	adviceProxy     = " requires authentication: set user and password in HTTPS_PROXY, or in Proxy of Options.Transport"
	adviceSameToken = "the credential returned the rejected token again; create a new credential and client, or sign in again"
	adviceNewToken  = "the service rejected a new token too; sign in again, and look up in the sign-in log of Microsoft Entra " +
		"whether a Conditional Access policy rejects the location, the device, or the sign-in"
	adviceNoToken    = "the service rejects the token; sign in again, and check that the credential is for this tenant and cloud"
	adviceLicense    = "check that the tenant has a license that includes Windows Autopatch"
	adviceExpired    = "the next link may have expired; begin the list again"
	adviceSignInLate = "Microsoft Entra did not answer in time, or throttles the app; call again later"
	adviceSignInPage = "the response is an HTML page, perhaps of a proxy and not of Microsoft Entra"
	advicePage       = "the response is an HTML page, perhaps of a proxy and not of the service"
)

// advice says what to check about a failed call; empty if that is not known.
func advice(rec *record) string {
	switch {
	case rec.proxy != "":
		return rec.proxy + adviceProxy
	case isUnknownAuthority(rec.err):
		return adviceAuthority
	case rec.err != nil:
		return ""
	case isPage(rec.body):
		return advicePage
	case rec.op.further && (rec.status == http.StatusBadRequest || rec.status == http.StatusGone):
		return adviceExpired
	case rec.status == http.StatusUnauthorized:
		return tokenAdvice(rec)
	case rec.status == http.StatusPaymentRequired:
		return adviceLicense
	case rec.status == http.StatusForbidden:
		return claims.Advice(rec.token, permissionFor(rec.op))
	}
	return ""
}

func tokenAdvice(rec *record) string {
	switch {
	case rec.isTokenSame:
		return adviceSameToken
	case rec.renewed || rec.claims != "":
		return adviceNewToken
	}
	return adviceNoToken
}

func permissionFor(op Op) claims.Permission {
	if op.Kind == Read {
		return claims.ReadAll
	}
	return claims.ReadWriteAll
}

func isUnknownAuthority(err error) bool {
	_, ok := errors.AsType[x509.UnknownAuthorityError](err)
	return ok
}

// wantsUser is how net/http describes a proxy that rejects the CONNECT of a request with 407.
var wantsUser = http.StatusText(http.StatusProxyAuthRequired)

// rejectingProxy returns the proxy that wants a user and a password, or "" if none does. A transport that wraps
// another one does not say which proxy it uses.
func rejectingProxy(transport http.RoundTripper, req *http.Request, status int, err error) string {
	if !isProxyRejection(status, err) {
		return ""
	}
	if t, ok := transport.(*http.Transport); ok && t.Proxy != nil {
		if proxy, err := t.Proxy(req); err == nil && proxy != nil {
			return "the proxy " + proxy.Host
		}
	}
	return "the proxy"
}

// isOfSurroundings reports whether a failure has to be fixed around the program: the rejection of a proxy, or
// a certificate, in a call or a sign-in.
func isOfSurroundings(err error) bool {
	signIn, failed := errors.AsType[*signInError](err)
	return failed && signIn.advice != "" || isCertificateError(err) || isProxyRejection(apierr.StatusOf(err), err)
}

func isProxyRejection(status int, err error) bool {
	return status == http.StatusProxyAuthRequired || err != nil && strings.Contains(err.Error(), wantsUser)
}

// signInAdvice is advice for a credential, which keeps only the text of such errors.
func signInAdvice(text string, isTooLate bool) string {
	switch {
	case isTooLate:
		return adviceSignInLate
	case isPageIn(text):
		return adviceSignInPage
	case strings.Contains(text, wantsUser):
		return "the proxy" + adviceProxy
	case strings.Contains(text, x509.UnknownAuthorityError{}.Error()):
		return adviceAuthority
	}
	return ""
}

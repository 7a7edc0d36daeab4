package auth

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/escape"
)

// DeviceCodePrompt is what a user needs to sign in with [DeviceCode].
type DeviceCodePrompt struct {
	// UserCode is the code to enter.
	UserCode string
	// VerificationURL is the page where the user enters the code.
	VerificationURL string
	// Message says both in one sentence of Microsoft Entra. It is one line without control characters.
	Message string
}

// DeviceCode returns a credential for a user who signs in on another device by entering a code. It is an
// [azidentity.DeviceCodeCredential]. If this machine has a browser, use [InteractiveBrowser].
//
// Permissions are delegated permissions, and the user needs a directory role. clientID is your own app
// registration, a public client; Microsoft's default app cannot have the WindowsUpdates permissions.
// tenantID is the ID of the tenant or one of its domain names; "organizations" allows users of any
// tenant.
//
// prompt must show the code to the user and return without waiting; it must not be nil. The credential
// calls it when it needs a token that it cannot renew: at the first call of a client, and rarely later.
// That call waits until the user has signed in, about 15 minutes at most, and the deadline of its context
// includes the wait. If prompt returns an error, the wait ends; only the error string is kept. To choose
// when the user signs in, request a token first:
//
//	_, err = cred.GetToken(ctx, policy.TokenRequestOptions{
//		Scopes:    []string{cloud.Public.Scope()},
//		EnableCAE: true, // as the client requests it; other tokens are cached separately
//	})
//
// When a token request is rejected:
//   - AADSTS7000218: the app registration does not allow public client flows.
//   - AADSTS65001: no one consented to the permissions of the app.
//   - AADSTS50105: the user is not assigned to the app.
//   - AADSTS53003: a conditional access policy blocks the sign-in; many policies block device codes.
func DeviceCode(
	c cloud.Cloud, tenantID, clientID string, prompt func(context.Context, DeviceCodePrompt) error, opts *Options,
) (azcore.TokenCredential, error) {
	const op = "auth.DeviceCode"
	err := refusal(op, checkCloud(c), checkUserTenant(tenantID), checkOwnClient(clientID), checkPrompt(prompt),
		opts.check())
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: opts.ofEntra(c),
		TenantID:      tenantID,
		ClientID:      clientID,
		UserPrompt: func(ctx context.Context, m azidentity.DeviceCodeMessage) error {
			return prompt(ctx, DeviceCodePrompt{
				escape.Line(m.UserCode), escape.Line(m.VerificationURL), escape.Line(m.Message),
			})
		},
	})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// InteractiveBrowser returns a credential for a user who signs in with the browser of this machine. It is
// an [azidentity.InteractiveBrowserCredential]. Without a browser, use [DeviceCode].
//
// Permissions are delegated permissions, and the user needs a directory role. clientID is your own app
// registration, a public client; Microsoft's default app cannot have the WindowsUpdates permissions.
// tenantID is the ID of the tenant or one of its domain names; "organizations" allows users of any
// tenant.
//
// The browser redirects to this machine. If redirectURL is empty, it is http://localhost with any free
// port; register http://localhost under "Mobile and desktop applications". To use a fixed port, pass a
// URL such as http://localhost:8400. Other hosts and paths are rejected, because azidentity listens on
// localhost only.
//
// The browser opens when the credential needs a token that it cannot renew: at the first call of a
// client, and rarely later. That call waits until the user has signed in, so set a deadline on its
// context. [DeviceCode] shows how to choose when the user signs in.
//
// When a token request is rejected:
//   - AADSTS50011: the app registration does not have the redirect URL, or not for a public client.
//   - AADSTS7000218: the app registration has the redirect URL under "Web".
//   - AADSTS65001: no one consented to the permissions of the app.
//   - AADSTS50105: the user is not assigned to the app.
func InteractiveBrowser(
	c cloud.Cloud, tenantID, clientID, redirectURL string, opts *Options,
) (azcore.TokenCredential, error) {
	const op = "auth.InteractiveBrowser"
	err := refusal(op, checkCloud(c), checkUserTenant(tenantID), checkOwnClient(clientID),
		checkRedirect(redirectURL), opts.check())
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewInteractiveBrowserCredential(&azidentity.InteractiveBrowserCredentialOptions{
		ClientOptions: opts.ofEntra(c),
		TenantID:      tenantID,
		ClientID:      clientID,
		RedirectURL:   redirectURL,
	})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

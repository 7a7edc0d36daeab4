package auth

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// DeviceCodePrompt is what a user must know to sign in with [DeviceCode].
type DeviceCodePrompt struct {
	// UserCode is the code to enter.
	UserCode string
	// VerificationURL is the page where to enter it.
	VerificationURL string
	// Message says both in one sentence, in the words of Microsoft Entra.
	Message string
}

// DeviceCode returns a credential for a user who signs in with a browser on
// another device, by entering a code. It is an
// [azidentity.DeviceCodeCredential].
//
// The permissions that count are delegated permissions, and the user needs a
// directory role. The application is the program's own registration, a public
// client; Microsoft's default application cannot hold the WindowsUpdates
// permissions, so an empty clientID is refused. The tenant is named by its id or
// one of its domain names; "organizations" allows users of any.
//
// The function prompt must show the code to the user and return without waiting;
// it must not be nil. It is called when a token is needed and none can be
// renewed: at the first call of a client, and rarely later. That call waits
// until the user has signed in, for some 15 minutes at most, and the deadline of
// its context includes the wait. An error of prompt ends it; only its text is
// kept. To sign in at a time of the program's choosing, ask for a token first:
//
//	_, err = cred.GetToken(ctx, policy.TokenRequestOptions{
//		Scopes:    []string{cloud.Public.Scope()},
//		EnableCAE: true, // as the client asks; other tokens are kept apart
//	})
//
// When a token is refused:
//   - AADSTS7000218: the registration does not allow public client flows.
//   - AADSTS65001: nobody consented to its permissions.
//   - AADSTS50105: the user is not assigned to the application.
//   - AADSTS53003: a conditional access policy blocks the sign-in, as many do for
//     device codes.
func DeviceCode(
	c cloud.Cloud, tenantID, clientID string, prompt func(context.Context, DeviceCodePrompt) error,
) (azcore.TokenCredential, error) {
	return entra{}.deviceCode(c, tenantID, clientID, prompt)
}

func (e entra) deviceCode(
	c cloud.Cloud, tenantID, clientID string, prompt func(context.Context, DeviceCodePrompt) error,
) (azcore.TokenCredential, error) {
	const op = "auth.DeviceCode"
	err := refusal(op, checkCloud(c), checkUserTenant(tenantID), checkOwnClient(clientID), checkPrompt(prompt))
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: e.options(c),
		TenantID:      tenantID,
		ClientID:      clientID,
		UserPrompt: func(ctx context.Context, m azidentity.DeviceCodeMessage) error {
			return prompt(ctx, DeviceCodePrompt(m))
		},
	})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// InteractiveBrowser returns a credential for a user who signs in with the browser of this
// machine. It is an [azidentity.InteractiveBrowserCredential].
//
// The permissions that count are delegated permissions, and the user needs a
// directory role. The application is the program's own registration, a public
// client; Microsoft's default application cannot hold the WindowsUpdates
// permissions, so an empty clientID is refused. The tenant is named by its id or
// one of its domain names; "organizations" allows users of any.
//
// The browser returns to this machine. An empty redirectURL means
// http://localhost and any free port, which is what a registration should name
// under "Mobile and desktop applications"; http://localhost:8400 means that
// port. Other hosts and paths are refused, since azidentity listens on localhost
// only.
//
// The browser opens when a token is needed and none can be renewed: at the first
// call of a client, and rarely later. That call waits until the user has signed
// in, and the deadline of its context includes the wait; without a deadline it
// waits for ever. [DeviceCode] shows how to sign in at a time of the program's
// choosing.
//
// When a token is refused:
//   - AADSTS50011: the registration does not have the redirect URL, or not as one of a
//     public client.
//   - AADSTS7000218: the registration has it under "Web".
//   - AADSTS65001: nobody consented to its permissions.
//   - AADSTS50105: the user is not assigned to the application.
func InteractiveBrowser(c cloud.Cloud, tenantID, clientID, redirectURL string) (azcore.TokenCredential, error) {
	return entra{}.browser(c, tenantID, clientID, redirectURL)
}

func (e entra) browser(c cloud.Cloud, tenantID, clientID, redirectURL string) (azcore.TokenCredential, error) {
	const op = "auth.InteractiveBrowser"
	err := refusal(op, checkCloud(c), checkUserTenant(tenantID), checkOwnClient(clientID), checkRedirect(redirectURL))
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewInteractiveBrowserCredential(&azidentity.InteractiveBrowserCredentialOptions{
		ClientOptions: e.options(c),
		TenantID:      tenantID,
		ClientID:      clientID,
		RedirectURL:   redirectURL,
	})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// Package auth creates credentials for the Windows updates API, based on [azidentity].
//
//	cred, err := auth.ClientSecret(cloud.Public, tenantID, clientID, secret, nil)
//	client, err := updates.NewClient(cred, nil)
//
// A client takes any [azcore.TokenCredential]. If your program has one, it needs neither this package nor
// azidentity. For other features, such as a persistent token cache, use azidentity itself, with
// Cloud.ActiveDirectoryAuthorityHost set to [cloud.Cloud.Authority].
//
// # Choosing a credential
//
//	where the program runs                credential            permissions
//	a server, with a certificate          ClientCertificate     application
//	a server, with a secret               ClientSecret          application
//	an Azure VM, App Service, Arc         ManagedIdentity       application
//	Kubernetes, GitHub, federated         WorkloadIdentity      application
//	a desktop, with a user                InteractiveBrowser    delegated
//	a terminal without a browser          DeviceCode            delegated
//	several of these places               Default               as the one it finds
//	tests, scripts that have a token      StaticToken           as in the token
//
// TROUBLESHOOTING.md in the repository has the code with azidentity for GitHub Actions, for a key in a TPM
// or HSM, and for a certificate chain.
//
// Prefer credentials without a secret: ManagedIdentity and WorkloadIdentity, then ClientCertificate. If
// you know where the program runs, use the credential for that place instead of Default.
//
// # Permissions and roles
//
// To read, a program needs the permission WindowsUpdates.Read.All or WindowsUpdates.ReadWrite.All.
// Everything else needs WindowsUpdates.ReadWrite.All. An administrator must consent. Application and
// delegated permissions have the same names and are granted separately: a credential cannot use
// permissions of the other kind.
//
// A signed-in user also needs a directory role. Intune Administrator and Windows Update Deployment
// Administrator are the least privileged roles. Personal Microsoft accounts are not supported. The tenant
// needs a license that includes Windows Autopatch. Package
// [github.com/winupdates/winupdates-go/auth/claims] says which permissions a token has and lacks; errors
// with status 403 include the same advice.
//
// Microsoft first-party apps cannot have the WindowsUpdates permissions. That includes the app that
// azidentity uses by default for users, so [DeviceCode] and [InteractiveBrowser] require your own app
// registration. The Azure CLI, the Azure Developer CLI, and Azure PowerShell are such apps too. [Default]
// falls back to them, and the service rejects their tokens with status 403.
//
// # Errors
//
// The functions of this package send nothing. They validate all arguments and report every problem as an
// [apierr.FieldError], which is [apierr.ErrInvalid]. Errors contain no secrets and no passwords. They also
// hide a value that is not in the form of an ID, in case arguments were swapped.
//
// The first call of a client requests a token, and so do later calls when the token expires. If Microsoft
// Entra rejects the request, the error of the call is [apierr.ErrUnauthorized] and has the code that begins
// with AADSTS and its first sentence. The documentation of each function lists common codes.
// https://login.microsoftonline.com/error explains all codes, and the [troubleshooting guide] explains the
// errors of azidentity.
//
// If the sign-in service cannot be reached or throttles the app, the error is [apierr.ErrUnavailable] or
// [apierr.ErrThrottled] instead. Before that, azidentity retries for up to 30 seconds. Credentials that ask
// Microsoft Entra do not retry if a certificate is rejected, if a proxy requires authentication, or if
// Retry-After is beyond the deadline.
//
// # Lifetime
//
// Credentials are safe for concurrent use, and several clients can share one. They keep tokens in memory
// until shortly before these expire, so create one credential per app and keep it. There is nothing to
// close, and nothing is written to disk.
//
// # Clouds, proxies, and the environment
//
// The authority of the given cloud overrides the variable AZURE_AUTHORITY_HOST. Instance discovery of
// azidentity stays on. For the authorities in package cloud, it uses the host that issues the tokens.
// Other authorities are looked up at login.microsoftonline.com. In a disconnected cloud, use azidentity
// itself with DisableInstanceDiscovery.
//
// Only [WorkloadIdentity] and [Default] read identities and secrets from the environment. azidentity
// always reads two kinds of variables. AZURE_REGIONAL_AUTHORITY_NAME moves the token requests of apps to
// a regional host. The variables of a managed identity host, such as App Service, say where to request
// tokens.
//
// Requests for tokens do not use the transport of updates.Options, but [Options].Transport. Give both the
// same value if sign-in and service need the same proxy or certificate authority. The default is
// [http.DefaultTransport], which takes the proxy from HTTPS_PROXY and NO_PROXY. [ManagedIdentity] asks
// http://169.254.169.254 or another address of the host, which no proxy reaches: exempt it with NO_PROXY,
// or give Options a transport without a proxy.
//
// [troubleshooting guide]: https://aka.ms/azsdk/go/identity/troubleshoot
package auth

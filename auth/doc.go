// Package auth makes credentials for the Windows updates API from the types of
// [azidentity], each for one of Microsoft's clouds.
//
//	cred, err := auth.ClientSecret(cloud.Public, tenantID, clientID, secret)
//	client, err := updates.NewClient(cred, nil)
//
// A client takes any [azcore.TokenCredential]. A program that has one does not
// need this package, and does not link azidentity then. What is not offered
// here, such as a persistent cache of tokens or a chain of its own, is made with
// azidentity; the fields to set are Cloud.ActiveDirectoryAuthorityHost to
// [cloud.Cloud.Authority], and the ids.
//
// # Which one
//
//	where the program runs                credential            permissions
//	a server, with a certificate          ClientCertificate     application
//	a server, with nothing better         ClientSecret          application
//	an Azure VM, App Service, Arc         ManagedIdentity       application
//	Kubernetes, GitHub, federated         WorkloadIdentity      application
//	a desktop, somebody is there          Browser               delegated
//	a terminal without a browser          DeviceCode            delegated
//	many of these places, one program     Default               as the one it finds
//	tests, scripts that got a token       Fixed                 as in the token
//
// Prefer what has no secret: ManagedIdentity and WorkloadIdentity, then
// ClientCertificate. A program that knows where it runs is better off with the
// credential for that place than with Default.
//
// # Permissions and roles
//
// Reads need the permission WindowsUpdates.Read.All or
// WindowsUpdates.ReadWrite.All; everything else needs
// WindowsUpdates.ReadWrite.All. An administrator must have consented. Application
// permissions and delegated permissions have the same names and are granted
// separately: the one does not help a credential that uses the other.
//
// A signed-in user needs a directory role too: Intune Administrator or Windows
// Update Deployment Administrator have the least privileges. Personal Microsoft
// accounts are never allowed. The tenant needs a licence that includes Windows
// Autopatch. Package [github.com/winupdates/winupdates-go/auth/claims] says what
// a token has and what it lacks; errors with status 403 say so by themselves.
//
// Applications of Microsoft cannot hold the WindowsUpdates permissions. This is
// true for the application that azidentity signs users in to if it is told no
// other, so [DeviceCode] and [InteractiveBrowser] ask for the program's own. It is also
// true for the Azure CLI, the Azure Developer CLI and Azure PowerShell: a token
// from them is refused by the service with status 403, and [Default] falls back
// to them.
//
// # Errors
//
// No function here sends anything. Arguments are checked, and all problems are
// reported at once, as [apierr.ErrInvalid] with one [apierr.FieldError] each.
// Secrets and passwords are in no error. Nor is an id that does not look like
// one, in case that arguments were swapped.
//
// The first call of a client, and later ones when a token has ended, ask the
// credential for a token. If Microsoft Entra refuses, the call's error is
// [apierr.ErrUnauthorized] and names a code that begins with AADSTS, without the
// rest of the answer. The documentation of each function lists the usual codes;
// the page https://login.microsoftonline.com/error explains all of them, and the
// [troubleshooting guide] the errors of azidentity.
//
// # Lifetime
//
// Credentials can be used by many goroutines at the same time and by many
// clients. They keep tokens in memory until shortly before these end: make one
// credential for an application and keep it. Nothing has to be closed, and
// nothing is written to disk.
//
// # Clouds, proxies and the environment
//
// The authority of the cloud that is given always wins over the variable
// AZURE_AUTHORITY_HOST. Instance discovery of azidentity stays on. For the
// authorities in package cloud, all of which azidentity knows, it asks the same
// host that issues the tokens, so the national clouds need no exception. An
// authority that azidentity does not know is looked up at
// login.microsoftonline.com first: a disconnected cloud, where that must not
// happen, needs azidentity itself with DisableInstanceDiscovery.
//
// Only [WorkloadIdentity] and [Default] read identities and secrets from the
// environment. There are two things that azidentity reads without being asked:
// AZURE_REGIONAL_AUTHORITY_NAME, which moves the token requests of applications
// to a regional host, and the variables by which a host of managed identities,
// such as App Service, says where to ask. HTTPS_PROXY and NO_PROXY are
// respected.
//
// [troubleshooting guide]: https://aka.ms/azsdk/go/identity/troubleshoot
package auth

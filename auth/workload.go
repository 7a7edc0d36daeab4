package auth

import (
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// ManagedIdentity returns a credential for the managed identity of the Azure machine or service that the
// program runs on. It is an [azidentity.ManagedIdentityCredential].
//
// If clientID is empty, it is the system-assigned identity; otherwise clientID is the client ID of a
// user-assigned identity. The host requests tokens from the authority of its own cloud. azidentity finds
// the host by variables that the host sets, such as IDENTITY_ENDPOINT.
//
// Permissions are application permissions. No user is prompted. Assign them to the service principal of
// the identity with PowerShell or Microsoft Graph; the portal has no page for it. The host caches tokens,
// so a new permission can be missing from tokens for up to a day.
//
// When a token request is rejected:
//   - "identity not found": the machine does not have this identity, or has none.
//   - A timeout: the machine has no identity endpoint, as outside Azure.
func ManagedIdentity(clientID string, opts *Options) (azcore.TokenCredential, error) {
	const op = "auth.ManagedIdentity"
	if err := refusal(op, checkIdentity(clientID), opts.check()); err != nil {
		return nil, err
	}
	options := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: opts.of(cloud.Cloud{})}
	if clientID != "" {
		options.ID = azidentity.ClientID(clientID)
	}
	cred, err := azidentity.NewManagedIdentityCredential(options)
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// WorkloadIdentity returns a credential for an app that trusts tokens of another issuer, such as Kubernetes
// or a CI system. It is an [azidentity.WorkloadIdentityCredential].
//
// An empty argument is read from the environment: tenantID from AZURE_TENANT_ID, clientID from
// AZURE_CLIENT_ID, and tokenFile from AZURE_FEDERATED_TOKEN_FILE. The workload identity webhook of
// Kubernetes sets these variables. WorkloadIdentity reads them once. The file is read when a token is
// needed, and again after some minutes, because its issuer replaces it.
//
// Permissions are application permissions. No user is prompted.
//
// When a token request is rejected:
//   - AADSTS70021, AADSTS700211, AADSTS700212, AADSTS700213: the federated credentials of the app do not
//     have this issuer, audience, or subject.
//   - AADSTS700016: the tenant does not have the app, or the app is in another cloud.
//   - AADSTS700024: the token in the file has expired.
//   - An error that names the file: the file cannot be read.
func WorkloadIdentity(
	c cloud.Cloud, tenantID, clientID, tokenFile string, opts *Options,
) (azcore.TokenCredential, error) {
	const op = "auth.WorkloadIdentity"
	tenant := orEnvironment("tenantID", tenantID, "AZURE_TENANT_ID")
	client := orEnvironment("clientID", clientID, "AZURE_CLIENT_ID")
	file := orEnvironment("tokenFile", tokenFile, "AZURE_FEDERATED_TOKEN_FILE")
	err := refusal(op, checkCloud(c), tenant.check(checkTenant), client.check(checkClient), file.check(accept),
		opts.check())
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: opts.ofEntra(c),
		TenantID:      tenant.value,
		ClientID:      client.value,
		TokenFilePath: file.value,
	})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// setting is an argument, or the environment variable that replaces it.
type setting struct{ argument, variable, value string }

func orEnvironment(argument, value, variable string) setting {
	if value == "" {
		value = os.Getenv(variable)
	}
	return setting{argument, variable, value}
}

func (s setting) check(rule func(string) error) error {
	if s.value == "" {
		return invalid(s.argument, "", "must not be empty if "+s.variable+" is not set")
	}
	return rule(s.value)
}

func accept(string) error { return nil }

// Default returns a credential that tries several sources. In this order they are: the environment, workload
// identity, managed identity, the Azure CLI, the Azure Developer CLI, and Azure PowerShell. It is an
// [azidentity.DefaultAzureCredential]. If you know where the program runs, use the credential for that place
// instead.
//
// Nothing is tried before the first token is needed. The first source that returns a token is used from
// then on. If no source returns a token, the first call fails, and its error lists what was tried and why
// it failed. An invalid AZURE_TOKEN_CREDENTIALS is an error of Default itself.
//
// The first three sources have application permissions. The last three are tools with delegated permissions,
// but this API rejects their tokens with status 403: Microsoft first-party apps cannot have the
// WindowsUpdates permissions. The tools also use the cloud that they were configured for instead of c. To
// leave the tools out, set AZURE_TOKEN_CREDENTIALS=prod. No user is prompted.
//
// Default reads these variables: AZURE_TOKEN_CREDENTIALS (which sources to try); AZURE_TENANT_ID,
// AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_CERTIFICATE_PASSWORD,
// AZURE_CLIENT_SEND_CERTIFICATE_CHAIN, AZURE_USERNAME, AZURE_PASSWORD; AZURE_FEDERATED_TOKEN_FILE;
// AZURE_ADDITIONALLY_ALLOWED_TENANTS; and the variables of managed identity hosts. It does not read
// AZURE_AUTHORITY_HOST.
func Default(c cloud.Cloud, opts *Options) (azcore.TokenCredential, error) {
	const op = "auth.Default"
	if err := refusal(op, checkCloud(c), opts.check()); err != nil {
		return nil, err
	}
	cred, err := azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: opts.of(c)})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

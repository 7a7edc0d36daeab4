package auth

import (
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// ManagedIdentity returns a credential for the identity that Azure gave to the
// machine or service on which the program runs. It is an
// [azidentity.ManagedIdentityCredential].
//
// An empty clientID means the identity that belongs to the machine or service
// (system-assigned); otherwise it is the client id of a user-assigned identity.
//
// The permissions that count are application permissions; they are assigned to
// the service principal of the identity, with PowerShell or Microsoft Graph,
// because the portal has no page for that. Nobody is prompted. There is no
// cloud to choose: the host asks the authority of the cloud that it is in. Which
// host this is, azidentity reads from the variables that the host sets, such as
// IDENTITY_ENDPOINT.
//
// When a token is refused: "identity not found" the machine has no identity, or
// not this one; a timeout means that it has no endpoint for identities, as on a
// machine outside Azure. A permission that was assigned a short while ago can be
// missing from tokens for up to a day, because the host caches them.
func ManagedIdentity(clientID string) (azcore.TokenCredential, error) {
	return entra{}.managedIdentity(clientID)
}

func (e entra) managedIdentity(clientID string) (azcore.TokenCredential, error) {
	const op = "auth.ManagedIdentity"
	options := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: e.options(cloud.Cloud{})}
	if clientID != "" {
		if err := refusal(op, checkClient(clientID)); err != nil {
			return nil, err
		}
		options.ID = azidentity.ClientID(clientID)
	}
	cred, err := azidentity.NewManagedIdentityCredential(options)
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// WorkloadIdentity returns a credential for an application that trusts the
// tokens of another issuer: a service account of Kubernetes, a job of a CI
// system. It is an [azidentity.WorkloadIdentityCredential].
//
// Each argument that is empty is read from the environment, as the workload
// identity webhook of Kubernetes sets it: tenantID from AZURE_TENANT_ID, clientID
// from AZURE_CLIENT_ID, tokenFile from AZURE_FEDERATED_TOKEN_FILE. They are read
// once, by this call. The file is read when a token is needed, and again after
// some minutes, since its issuer replaces it.
//
// The permissions that count are application permissions. Nobody is prompted.
//
// When a token is refused:
//   - AADSTS70021, AADSTS700211, AADSTS700212, AADSTS700213: the federated credentials
//     of the application do not name this issuer, audience or subject.
//   - AADSTS700016: the tenant does not have the application, or it is in another cloud.
//   - AADSTS700024: the token in the file has expired.
//   - An error that names the file: it cannot be read.
func WorkloadIdentity(c cloud.Cloud, tenantID, clientID, tokenFile string) (azcore.TokenCredential, error) {
	return entra{}.workloadIdentity(c, tenantID, clientID, tokenFile)
}

func (e entra) workloadIdentity(c cloud.Cloud, tenantID, clientID, tokenFile string) (azcore.TokenCredential, error) {
	const op = "auth.WorkloadIdentity"
	tenant := orEnvironment("tenantID", tenantID, "AZURE_TENANT_ID")
	client := orEnvironment("clientID", clientID, "AZURE_CLIENT_ID")
	file := orEnvironment("tokenFile", tokenFile, "AZURE_FEDERATED_TOKEN_FILE")
	err := refusal(op, checkCloud(c), tenant.check(checkTenant), client.check(checkClient), file.check(accept))
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: e.options(c),
		TenantID:      tenant.value,
		ClientID:      client.value,
		TokenFilePath: file.value,
	})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// setting is an argument, or the variable that stands in for it.
type setting struct{ argument, variable, value string }

func orEnvironment(argument, value, variable string) setting {
	if value == "" {
		value = os.Getenv(variable)
	}
	return setting{argument, variable, value}
}

func (s setting) check(rule func(string) error) error {
	if s.value == "" {
		return invalid(s.argument, "", "must not be empty while "+s.variable+" is not set")
	}
	return rule(s.value)
}

func accept(string) error { return nil }

// Default returns a credential that tries what it finds, in this order: the
// environment, workload identity, managed identity, the Azure CLI, the Azure
// Developer CLI, Azure PowerShell. It is an [azidentity.DefaultAzureCredential];
// once one of them has given a token, it stays with that one.
//
// Permissions are of the kind that the found one uses: application permissions
// for the first three, delegated permissions for a user who signed in to one of
// the tools. The tools are of no use here although they give a token: their
// applications cannot hold the WindowsUpdates permissions, so that the service
// refuses every call with status 403. They also sign in to the cloud that they
// themselves were set to, whatever c is. The variable
// AZURE_TOKEN_CREDENTIALS=prod leaves them out. Nobody is prompted.
//
// Variables that are read: AZURE_TOKEN_CREDENTIALS (which ones to try);
// AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET,
// AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_CERTIFICATE_PASSWORD,
// AZURE_CLIENT_SEND_CERTIFICATE_CHAIN, AZURE_USERNAME, AZURE_PASSWORD;
// AZURE_FEDERATED_TOKEN_FILE; AZURE_ADDITIONALLY_ALLOWED_TENANTS; and those that
// hosts of managed identities set. AZURE_AUTHORITY_HOST is not read.
//
// What is found is looked up when a token is needed: with nothing to be found,
// the first call fails, and its error lists what was tried and why it did not
// work. An AZURE_TOKEN_CREDENTIALS that is not understood is an error here.
func Default(c cloud.Cloud) (azcore.TokenCredential, error) {
	return entra{}.chain(c)
}

func (e entra) chain(c cloud.Cloud) (azcore.TokenCredential, error) {
	const op = "auth.Default"
	if err := refusal(op, checkCloud(c)); err != nil {
		return nil, err
	}
	cred, err := azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: e.options(c)})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

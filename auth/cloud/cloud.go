// Package cloud defines the Microsoft clouds: the endpoints of Microsoft Graph and the authorities that
// issue tokens.
//
// A tenant is in exactly one cloud. Use the same cloud for the credential and the client:
//
//	cred, err := auth.ClientSecret(cloud.USGovernment, tenantID, clientID, secret, nil)
//	client, err := updates.NewClient(cred, &updates.Options{Cloud: cloud.USGovernment})
//
// Microsoft's pages disagree about which clouds have the Windows updates API. The documentation of each
// cloud lists what these pages say; only a call to the service can confirm it. The SDK rejects no cloud for
// that reason.
//
// This package imports only the standard library.
package cloud

// Cloud is a Microsoft cloud. The zero Cloud is invalid, except where a function says what it means.
// Clouds are plain values and can be compared with ==.
type Cloud struct {
	// Name is a display name, such as "Public". It can be empty and has no effect on requests.
	Name string
	// Endpoint is the address of Microsoft Graph: https, a host, and an optional port, without a trailing
	// slash. It must not be empty.
	Endpoint string
	// Authority is the address of Microsoft Entra: https, a host, and an optional port, without a tenant
	// and without a trailing slash. It must not be empty.
	Authority string
}

// The clouds that Microsoft Graph documents. Do not change them; to use other addresses, create a Cloud.
var (
	// Public is the worldwide cloud. It includes GCC tenants. All sources agree that it has the Windows
	// updates API.
	Public = Cloud{
		Name:      "Public",
		Endpoint:  "https://graph.microsoft.com",
		Authority: "https://login.microsoftonline.com",
	}

	// USGovernment is the US Government cloud at level L4, GCC High. The sources disagree about the
	// Windows updates API. The reference pages of 2026 list it as available. The overview page of the
	// service says that it is not available for GCC High. The pages of 2023 and 2024 say "global only".
	USGovernment = Cloud{
		Name:      "USGovernment",
		Endpoint:  "https://graph.microsoft.us",
		Authority: "https://login.microsoftonline.us",
	}

	// USGovernmentDoD is the cloud of the US Department of Defense, level L5. It has its own endpoint and
	// the authority of [USGovernment]. The sources disagree about the Windows updates API. The reference
	// pages of 2026 list it as available. The overview page of the service says that it is not available
	// for DoD. The pages of 2023 and 2024 say "global only".
	USGovernmentDoD = Cloud{
		Name:      "USGovernmentDoD",
		Endpoint:  "https://dod-graph.microsoft.us",
		Authority: "https://login.microsoftonline.us",
	}

	// China is the cloud that 21Vianet operates. The sources agree that it does not have the Windows
	// updates API: the reference pages of 2026 say no, and the pages of 2023 and 2024 say "global only".
	// It is included in case that changes.
	China = Cloud{
		Name:      "China",
		Endpoint:  "https://microsoftgraph.chinacloudapi.cn",
		Authority: "https://login.chinacloudapi.cn",
	}
)

// Scope returns the scope to request from a credential, such as "https://graph.microsoft.com/.default". The
// scope represents all permissions that the app has for Microsoft Graph in this cloud.
func (c Cloud) Scope() string { return c.Endpoint + "/.default" }

// String returns the name, or the endpoint if the name is empty.
func (c Cloud) String() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Endpoint
}

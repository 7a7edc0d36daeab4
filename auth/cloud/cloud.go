// Package cloud names the clouds of Microsoft: where Microsoft Graph answers in
// each, and where tokens for it are issued.
//
// A tenant lives in exactly one cloud, and a credential and a client must be
// made for that one:
//
//	cred, err := auth.ClientSecret(cloud.USGovernment, tenantID, clientID, secret)
//	client, err := updates.NewClient(cred, &updates.Options{Cloud: cloud.USGovernment})
//
// Whether the Windows updates API is there is another question, and the sources
// disagree about it. The documentation of each cloud repeats what they say; only
// a call to the service can tell. Nothing is refused here because of it.
//
// This package imports only the standard library.
package cloud

// Cloud is one of Microsoft's clouds. The zero Cloud is not valid, except where
// a function says what it takes it for. Clouds are plain values and can be
// compared with ==.
type Cloud struct {
	// Name identifies the cloud to people, such as "Public". It has no effect
	// on requests and may be empty.
	Name string
	// Endpoint is where Microsoft Graph answers: https, a host and perhaps a
	// port, without a slash at the end. It must not be empty.
	Endpoint string
	// Authority is where Microsoft Entra issues tokens: https, a host and
	// perhaps a port, without a tenant and without a slash at the end. It must
	// not be empty.
	Authority string
}

// The clouds that Microsoft Graph documents. They are values to be read; a
// program that needs other addresses makes a Cloud of its own.
var (
	// Public is the worldwide cloud. GCC tenants are in it too. All sources
	// agree that the Windows updates API is there.
	Public = Cloud{
		Name:      "Public",
		Endpoint:  "https://graph.microsoft.com",
		Authority: "https://login.microsoftonline.com",
	}

	// USGovernment is the cloud of the US Government at level L4, GCC High.
	// The sources disagree about the Windows updates API: the reference pages
	// of 2026 tick it as available, the service's own page says that it is not
	// available for GCC High, and the pages of 2023 and 2024 say "global only".
	USGovernment = Cloud{
		Name:      "USGovernment",
		Endpoint:  "https://graph.microsoft.us",
		Authority: "https://login.microsoftonline.us",
	}

	// USGovernmentDoD is the cloud of the US Department of Defense, level L5.
	// It shares its authority with [USGovernment] and has its own endpoint. The
	// sources disagree about the Windows updates API: the reference pages of
	// 2026 tick it as available, the service's own page says that it is not
	// available for DoD, and the pages of 2023 and 2024 say "global only".
	USGovernmentDoD = Cloud{
		Name:      "USGovernmentDoD",
		Endpoint:  "https://dod-graph.microsoft.us",
		Authority: "https://login.microsoftonline.us",
	}

	// China is the cloud that 21Vianet operates. The sources agree that the
	// Windows updates API is not there: the reference pages of 2026 say no, and
	// the pages of 2023 and 2024 say "global only". It is listed so that a
	// program is ready on the day when that changes.
	China = Cloud{
		Name:      "China",
		Endpoint:  "https://microsoftgraph.chinacloudapi.cn",
		Authority: "https://login.chinacloudapi.cn",
	}
)

// Scope returns what a credential is asked for: all permissions that were
// granted to the application for Microsoft Graph in this cloud, such as
// "https://graph.microsoft.com/.default". On a Cloud that is not valid the
// result is of no use.
func (c Cloud) Scope() string { return c.Endpoint + "/.default" }

// String returns the name, or the endpoint of a cloud that has none.
func (c Cloud) String() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Endpoint
}

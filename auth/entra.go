package auth

import (
	azcloud "github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// entra is the connection to Microsoft Entra. The zero value uses the HTTP client of azcore; tests set a
// transport.
type entra struct{ transport policy.Transporter }

func (e entra) options(c cloud.Cloud) policy.ClientOptions {
	return policy.ClientOptions{
		Cloud:     azcloud.Configuration{ActiveDirectoryAuthorityHost: c.Authority},
		Transport: e.transport,
	}
}

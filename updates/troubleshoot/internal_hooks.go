package troubleshoot

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

// NewClient returns a client.
func (hooks) NewClient(c *call.Client) Client {
	return Client{
		call: c, catalog: catalog.Internal.NewClient(c), audiences: audience.Internal.NewClient(c),
		devices: audience.Internal.NewDeviceClient(c), groups: audience.Internal.NewGroupClient(c),
		deployments: deployments.Internal.NewClient(c),
	}
}

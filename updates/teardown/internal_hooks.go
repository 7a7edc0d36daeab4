package teardown

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

// NewClient returns a client.
func (hooks) NewClient(c *call.Client) Client {
	return Client{
		c, audience.Internal.NewClient(c), deployments.Internal.NewClient(c), updatepolicies.Internal.NewClient(c),
	}
}

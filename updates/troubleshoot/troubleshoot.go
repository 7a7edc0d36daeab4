// Package troubleshoot says what keeps a device from its updates.
package troubleshoot

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
)

// Client explains. Get it from updates.Client.Troubleshoot.
type Client struct {
	call        *call.Client
	catalog     catalog.Client
	audiences   audience.Client
	devices     audience.DeviceClient
	groups      audience.GroupClient
	deployments deployments.Client
}

// Package troubleshoot explains why an update does not reach a device. Use it when a deployment is offering
// and a device has not received the update.
//
//	why, err := client.Troubleshoot().Explain(ctx, deploymentID, deviceID)
//	...
//	fmt.Print(why)
//
// An [Explanation] is a list of observations, the worst first. Each has a topic, an effect on the device, a
// sentence that explains it, and advice if there is something to do. [Explanation.ByEffect] and
// [Explanation.ByTopic] select from them.
//
// The service does not report everything that matters: safeguard holds, licenses, and policies on the device
// are not visible to the API. Each explanation ends with a list of these.
//
// # Conventions
//
// Device IDs are Microsoft Entra device IDs (the deviceId property), not object IDs. IDs are
// case-insensitive. Times are in UTC. Clients are safe for concurrent use.
package troubleshoot

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
)

// Client explains why updates do not reach devices. Get it from updates.Client.Troubleshoot.
type Client struct {
	call        *call.Client
	catalog     catalog.Client
	audiences   audience.Client
	devices     audience.DeviceClient
	groups      audience.GroupClient
	deployments deployments.Client
}

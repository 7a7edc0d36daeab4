package audience

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// location is what a list of assets says about one device.
type location struct {
	Found    bool
	Group    string // the group that has the device; empty if the device is listed itself
	Assets   int    // number of listed assets
	Devices  int    // number of devices, listed or in groups; a device in several places counts again
	Groups   bool   // there are groups among the assets
	Unknown  bool   // there are assets of unknown kinds
	Complete bool   // the list and all groups were read to their ends
	Failed   error  // of the first group that could not be read
}

// locate searches a list of assets, and the groups in it, for a device. It stops at the
// device, unless all devices are to be counted.
func locate(
	ctx context.Context, groups GroupClient, list odata.List[Asset], deviceID string, countAll bool,
) (location, error) {
	var at location
	for asset, err := range list.All(ctx) {
		if err != nil {
			return at, err
		}
		at.Assets++
		switch asset := asset.(type) {
		case *Device:
			at.add(asset.ID, deviceID, "")
		case *Group:
			at.Groups = true
			at.searchGroup(ctx, groups, asset.ID, deviceID)
		default:
			at.Unknown = true
		}
		if at.Found && !countAll {
			return at, nil
		}
	}
	at.Complete = at.Failed == nil && !at.Unknown
	return at, nil
}

func (at *location) searchGroup(ctx context.Context, groups GroupClient, groupID, deviceID string) {
	for asset, err := range groups.ListMembers(groupID, nil).All(ctx) {
		if err != nil {
			if at.Failed == nil {
				at.Failed = err
			}
			return
		}
		at.add(asset.Common().ID, deviceID, groupID)
	}
}

// add counts a device. Being listed itself takes precedence over being in a group.
func (at *location) add(id, deviceID, group string) {
	at.Devices++
	if wire.SameID(id, deviceID) && (!at.Found || group == "") {
		at.Found, at.Group = true, group
	}
}

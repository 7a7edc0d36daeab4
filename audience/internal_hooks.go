package audience

import (
	"context"
	"iter"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

func (hooks) NewClient(c *call.Client) Client             { return Client{c} }
func (hooks) NewDeviceClient(c *call.Client) DeviceClient { return DeviceClient{c} }
func (hooks) NewGroupClient(c *call.Client) GroupClient   { return GroupClient{c} }

// ReadAudience returns the zero Audience for none.
func (hooks) ReadAudience(w models.DeploymentAudienceable) Audience {
	if w == nil {
		return Audience{}
	}
	return *readAudience(w)
}

func (hooks) ReadApplicableContent(w models.ApplicableContentable) *ApplicableContent {
	return new(readContent(w))
}

func (hooks) ReadDeviceMatch(w models.ApplicableContentDeviceMatchable) *DeviceMatch {
	return new(readMatch(w))
}

func (hooks) ReadApplicableDevice(w models.ApplicableDeviceable) *ApplicableDevice {
	return new(readApplicableDevice(w))
}

// ReadDevice is [DeviceClient.Get] as a part of the operation op.
func (hooks) ReadDevice(ctx context.Context, c *call.Client, op, deviceID string) (*Device, error) {
	return getAsset[*Device](ctx, c, deviceOp(op, call.Read, deviceID), "device")
}

// ListDevices is [DeviceClient.List] as a part of the operation op.
func (hooks) ListDevices(c *call.Client, op string) odata.List[*Device] {
	return DeviceClient{c}.list(op, nil)
}

// EachMatch yields the updates of a list with their devices, as [Client.AllMatches] does.
// op names the operation in errors. rest is asked for the devices that did not come with
// an update: those behind NextDevices, or all where the update says nothing about its
// devices.
func (hooks) EachMatch(
	ctx context.Context, op string, contents odata.List[*ApplicableContent],
	rest func(*ApplicableContent) odata.List[*DeviceMatch],
) iter.Seq2[Match, error] {
	return eachMatch(ctx, op, contents, rest)
}

// ListMembers is [Client.ListMembers], and sets notFound if the service returns 404 for the members.
func (hooks) ListMembers(c Client, of Ref, notFound *bool) odata.List[Asset] {
	return c.listAssets(of, "audiences.ListMembers", nil, membersOf, notFound)
}

// ListExclusions is [Client.ListExclusions], and sets notFound if the service returns 404 for the exclusions.
func (hooks) ListExclusions(c Client, of Ref, notFound *bool) odata.List[Asset] {
	return c.listAssets(of, "audiences.ListExclusions", nil, exclusionsOf, notFound)
}

// Locate searches a list of assets, and the groups in it, for a device. It stops at the
// device, unless all devices are to be counted.
func (hooks) Locate(
	ctx context.Context, groups GroupClient, list odata.List[Asset], deviceID string, countAll bool,
) (location, error) {
	return locate(ctx, groups, list, deviceID, countAll)
}

// Unprotected returns the members that are not protected, and the number of the others. A group with a
// protected device is protected.
func (hooks) Unprotected(
	ctx context.Context, c Client, op string, list []Member,
) (free []Member, kept int, err error) {
	return c.unprotected(ctx, op, list)
}

// UpdatePoliciesOf reads the update policies that use an audience.
func (hooks) UpdatePoliciesOf(ctx context.Context, c Client, audienceID string) ([]models.UpdatePolicyable, error) {
	return c.updatePoliciesOf(ctx, "updatePolicies.List", audienceID)
}

// DeploymentsOf reads the deployments that use an audience.
func (hooks) DeploymentsOf(ctx context.Context, c Client, audienceID string) ([]models.Deploymentable, error) {
	return c.deploymentsOf(ctx, "deployments.List", audienceID)
}

// IDOf returns the ID of an audience: the listed one, or, if that is empty, the one that
// the service returns for ref. It is empty if there is no such audience.
func (hooks) IDOf(ctx context.Context, c Client, listed string, ref Ref) (string, error) {
	return c.idOf(ctx, "audiences.Get", listed, ref)
}

// CheckDeviceID returns an error that names the field if an ID cannot be that of a device.
func (hooks) CheckDeviceID(field, id string) error { return checkDeviceID(field, id) }

// CheckNewOffer is for the creation of a deployment that offers its update to all members of an existing
// audience immediately: one without a rollout, or with one whose end has passed. Call it before the request
// is sent. It reads the members, with the devices of groups, and returns an [*apierr.LimitError] if more
// devices than Limits.ImmediateOffers would be offered the update. Errors of reading name op.
//
// n is the number of devices that the caller expects, which raises the limit, or 0; option is the name of the
// option that has it, for the error. canRollOut is whether the content allows a rollout, so that the error
// advises to use one: only a feature update does.
func (hooks) CheckNewOffer(
	ctx context.Context, c Client, op, audienceID string, n int, option string, canRollOut bool,
) error {
	return c.checkNewOffer(ctx, op, audienceID, expecting{n, option}, canRollOut)
}

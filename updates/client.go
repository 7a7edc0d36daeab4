package updates

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// Client is the way to the service. Make it with [NewClient]; one client serves
// a whole program and many goroutines. It needs no closing: the connections
// belong to its transport.
type Client struct {
	call *call.Client
}

// NewClient returns a client that signs in with cred. It sends nothing and reads
// no environment variable. nil options are the defaults. Everything that is
// wrong with cred and the options is reported in one error, which is
// [apierr.ErrInvalid] and has an [apierr.FieldError] for each.
func NewClient(cred azcore.TokenCredential, opts *Options) (*Client, error) {
	cfg, err := config(cred, opts)
	if err != nil {
		return nil, call.Invalid("updates.NewClient", err)
	}
	c, err := call.New(cfg)
	if err != nil {
		return nil, call.Invalid("updates.NewClient", err)
	}
	return &Client{call: c}, nil
}

// Catalog returns the updates that can be deployed.
func (c *Client) Catalog() catalog.Client { return catalog.Internal.NewClient(c.call) }

// Products returns the versions of Windows that updates are for.
func (c *Client) Products() catalog.ProductClient { return catalog.Internal.NewProductClient(c.call) }

// KnownIssues returns what is known to be wrong with updates.
func (c *Client) KnownIssues() catalog.KnownIssueClient {
	return catalog.Internal.NewKnownIssueClient(c.call)
}

// Deployments returns the offers of updates to audiences.
func (c *Client) Deployments() deployments.Client { return deployments.Internal.NewClient(c.call) }

// Audiences returns the sets of devices that updates are offered to.
func (c *Client) Audiences() audience.Client { return audience.Internal.NewClient(c.call) }

// Devices returns the devices that the service knows, and their enrolment.
func (c *Client) Devices() audience.DeviceClient { return audience.Internal.NewDeviceClient(c.call) }

// Groups returns the groups of devices that the service keeps.
func (c *Client) Groups() audience.GroupClient { return audience.Internal.NewGroupClient(c.call) }

// UpdatePolicies returns the policies that approve updates for audiences.
func (c *Client) UpdatePolicies() updatepolicies.Client {
	return updatepolicies.Internal.NewClient(c.call)
}

// Policies returns the policies that approve quality updates for rings of
// devices.
func (c *Client) Policies() policies.Client {
	return policies.Internal.NewClient(c.call)
}

// Teardown returns what deletes what was set up or left over.
func (c *Client) Teardown() teardown.Client { return teardown.Internal.NewClient(c.call) }

// Troubleshoot returns what explains why an update does not reach a device.
func (c *Client) Troubleshoot() troubleshoot.Client { return troubleshoot.Internal.NewClient(c.call) }

// Tenant returns what is set once for the whole tenant.
func (c *Client) Tenant() tenant.Client { return tenant.Internal.NewClient(c.call) }

// Call reaches a route that this version of the SDK has no method for, with the
// same authentication, retries and errors. method is GET, POST, PATCH, PUT or
// DELETE. path begins with "/" below /beta/admin/windows/updates, which it leaves out,
// and may have a query: "/policies?$top=5". It is sent as it is, save that spaces in
// the query are encoded. in is marshaled to JSON, nil sends no body; the answer is
// unmarshaled into out, unless out is nil or the answer is empty, which leaves out as
// it was.
//
// Every POST counts as a create: it is repeated only when nothing can have been
// made, and a lost answer is [apierr.ErrUnknownOutcome].
//
//   - Graph: none, the caller names the route
//   - Permission: depends on the route
//   - Page: none, the caller names the route
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	return c.call.Raw(ctx, "updates.Call", method, path, in, out)
}

package updates

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/reports"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// Client gives access to all parts of the API. Create one with [NewClient] and keep it for the whole program.
// It is safe for concurrent use and need not be closed; the connections belong to its transport.
type Client struct {
	call *call.Client
}

// NewClient returns a client that signs in with cred. It sends no request and reads no environment variable.
//
// All problems of cred and opts are in one error, which is [apierr.ErrInvalid] and has an [apierr.FieldError]
// for each problem.
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

// Catalog returns the client for updates that can be deployed.
func (c *Client) Catalog() catalog.Client { return catalog.Internal.NewClient(c.call) }

// Products returns the client for versions of Windows and their builds.
func (c *Client) Products() catalog.ProductClient { return catalog.Internal.NewProductClient(c.call) }

// KnownIssues returns the client for known issues of updates.
func (c *Client) KnownIssues() catalog.KnownIssueClient {
	return catalog.Internal.NewKnownIssueClient(c.call)
}

// Deployments returns the client for deployments, which offer updates to audiences.
func (c *Client) Deployments() deployments.Client { return deployments.Internal.NewClient(c.call) }

// Audiences returns the client for audiences, the devices that updates are offered to.
func (c *Client) Audiences() audience.Client { return audience.Internal.NewClient(c.call) }

// Devices returns the client for devices and their enrollment.
func (c *Client) Devices() audience.DeviceClient { return audience.Internal.NewDeviceClient(c.call) }

// Groups returns the client for groups of devices in the service, which are not Microsoft Entra groups.
func (c *Client) Groups() audience.GroupClient { return audience.Internal.NewGroupClient(c.call) }

// UpdatePolicies returns the client for update policies, which approve updates for audiences.
func (c *Client) UpdatePolicies() updatepolicies.Client {
	return updatepolicies.Internal.NewClient(c.call)
}

// Policies returns the client for policies that approve quality updates, feature updates, and drivers for
// rings of Microsoft Entra groups.
func (c *Client) Policies() policies.Client {
	return policies.Internal.NewClient(c.call)
}

// Reports returns the client for what the service reports about devices, assignments, and drivers. It reads
// only.
func (c *Client) Reports() reports.Client { return reports.Internal.NewClient(c.call) }

// Teardown returns the client that deletes what was set up, and finds what was left over.
func (c *Client) Teardown() teardown.Client { return teardown.Internal.NewClient(c.call) }

// Troubleshoot returns the client that explains why an update does not reach a device.
func (c *Client) Troubleshoot() troubleshoot.Client { return troubleshoot.Internal.NewClient(c.call) }

// Tenant returns the client for settings and connections of the tenant.
func (c *Client) Tenant() tenant.Client { return tenant.Internal.NewClient(c.call) }

// Call calls a route of the API, with the authentication, retries, and errors of all methods. Use it for a
// route that has no method.
//
// method is GET, POST, PATCH, PUT, or DELETE. path is the part after /beta/admin/windows/updates, begins
// with "/", and can have a query, such as "/policies?$top=5". For GET it can also be a next link of the
// service, as it came. It is sent unchanged, except that spaces in the query are encoded. in is marshaled to
// JSON; nil sends no body. The response is unmarshaled into out. If out is nil or the response is empty, out
// stays unchanged.
//
// Each POST counts as a create: it is retried only if it cannot have succeeded, and a lost response is
// [apierr.ErrUnknownOutcome].
//
// Permission: depends on the route.
//
//graph:op none, the caller names the route
//graph:page none, the caller names the route
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	return c.call.Raw(ctx, "updates.Call", method, path, in, out)
}

// DropToken makes the next call ask the credential for a new token. Call it after a permission or role was
// granted, because a token has the permissions of the time when it was issued. It sends no request. Calls
// that are waiting for a token can still get one that was requested before.
//
// Many credentials keep tokens too, those of azidentity among them, and return the same token until shortly
// before it expires. Then create a new credential and a new client instead; for a managed identity, wait for
// the token to expire.
func (c *Client) DropToken() { c.call.DropToken() }

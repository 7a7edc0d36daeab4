package stub

import (
	"context"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
)

// Bodies of responses.
const (
	Deployment = `{"id":"d1","state":{"effectiveValue":"offering","requestedValue":"none"}}`
	NoItems    = `{"value":[]}`
	HTML       = "<html><body>Bad gateway: secret-body</body></html>" // a page of a proxy
)

// Operation is a call of one kind, and the response that makes it succeed.
type Operation struct {
	Name    string
	Run     func(context.Context, *updates.Client) error
	Success Reply
}

// Read reads a deployment.
func Read() Operation {
	return Operation{"read", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Get(ctx, "d1")
		return err
	}, Answer(200, Deployment)}
}

// List lists deployments.
func List() Operation {
	return Operation{"list", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().List(nil).Collect(ctx, 10)
		return err
	}, Answer(200, NoItems)}
}

// Action adds a device to an audience.
func Action() Operation {
	return Operation{"action", func(ctx context.Context, c *updates.Client) error {
		return c.Audiences().AddDevices(ctx, audience.ByID("a1"), DeviceIDs(1), nil)
	}, Answer(202, "")}
}

// Patch pauses a deployment.
func Patch() Operation {
	return Operation{"PATCH", func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Pause(ctx, "d1")
	}, Answer(202, "")}
}

// Remove deletes a deployment.
func Remove() Operation {
	return Operation{"DELETE", func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Delete(ctx, "d1")
	}, Answer(204, "")}
}

// Create creates a deployment.
func Create() Operation {
	return Operation{"create", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Create(ctx, deployments.ForFeature("e1"))
		return err
	}, Answer(201, Deployment)}
}

// RawPost posts to a route by its path.
func RawPost() Operation {
	return Operation{"POST by Call", func(ctx context.Context, c *updates.Client) error {
		return c.Call(ctx, "POST", "/policies", map[string]string{"displayName": "p"}, nil)
	}, Answer(201, `{}`)}
}

// Repeatable returns the operations that are safe to retry.
func Repeatable() []Operation { return []Operation{Read(), List(), Action(), Patch(), Remove()} }

// Creates returns the operations that create another object each time.
func Creates() []Operation { return []Operation{Create(), RawPost()} }

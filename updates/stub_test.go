package updates_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	deployment = `{"id":"d1","state":{"effectiveValue":"offering","requestedValue":"none"}}`
	noItems    = `{"value":[]}`
)

// newClient returns a client that sends through a transport, with options that a
// test may change.
func newClient(t *testing.T, transport http.RoundTripper, changes ...stub.Change) *updates.Client {
	t.Helper()
	return stub.NewClient(t, stub.Token{}, transport, changes...)
}

// inBubble runs a subtest beside others, with a clock of its own.
func inBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, test)
	})
}

// operation is a call of one kind, and the answer that makes it succeed.
type operation struct {
	name    string
	run     func(context.Context, *updates.Client) error
	success stub.Reply
}

func read() operation {
	return operation{"read", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Get(ctx, "d1")
		return err
	}, stub.Answer(200, deployment)}
}

func list() operation {
	return operation{"list", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().List(odata.Query{}).Collect(ctx, 10)
		return err
	}, stub.Answer(200, noItems)}
}

func action() operation {
	return operation{"action", func(ctx context.Context, c *updates.Client) error {
		return c.Audiences().AddDevices(ctx, audience.ByID("a1"), stub.DeviceIDs(1), nil)
	}, stub.Answer(202, "")}
}

func patch() operation {
	return operation{"PATCH", func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Pause(ctx, "d1")
	}, stub.Answer(202, "")}
}

func remove() operation {
	return operation{"DELETE", func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Delete(ctx, "d1")
	}, stub.Answer(204, "")}
}

func create() operation {
	return operation{"create", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Create(ctx, deployments.ForFeature("e1"))
		return err
	}, stub.Answer(201, deployment)}
}

func rawPost() operation {
	return operation{"POST by Call", func(ctx context.Context, c *updates.Client) error {
		return c.Call(ctx, "POST", "/policies", map[string]string{"displayName": "p"}, nil)
	}, stub.Answer(201, `{}`)}
}

// repeatable are the operations that do no harm when they are repeated.
func repeatable() []operation { return []operation{read(), list(), action(), patch(), remove()} }

// creates are those that make another one each time.
func creates() []operation { return []operation{create(), rawPost()} }

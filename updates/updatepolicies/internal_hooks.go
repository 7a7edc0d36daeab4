package updatepolicies

import (
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

func (hooks) NewClient(c *call.Client) Client { return Client{call: c} }

func (hooks) ReadPolicy(w models.UpdatePolicyable) *Policy { return readPolicy(w) }

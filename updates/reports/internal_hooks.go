package reports

import "github.com/winupdates/winupdates-go/internal/call"

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

func (hooks) NewClient(c *call.Client) Client { return Client{c} }

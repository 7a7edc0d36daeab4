package catalog

import (
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

func (hooks) NewClient(c *call.Client) Client                     { return Client{c} }
func (hooks) NewProductClient(c *call.Client) ProductClient       { return ProductClient{c} }
func (hooks) NewKnownIssueClient(c *call.Client) KnownIssueClient { return KnownIssueClient{c} }

// ReadEntry returns nil for nil.
func (hooks) ReadEntry(w models.CatalogEntryable) Entry { return readEntry(w) }

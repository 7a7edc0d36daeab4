// Package catalog reads the updates that the service can deploy.
//
// Entries come in kinds: feature updates, quality updates, drivers and firmware,
// and recovery updates. Each has its own struct; [Entry] is any of them, and
// [UnknownEntry] is a kind that this version does not know. Drivers are not
// listed in the catalog: they are found through the applicable content of an
// audience.
//
//	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
//
// A [Client] comes from updates.Client and may be used by many goroutines.
// Errors are those of package apierr.
package catalog

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	wire "github.com/winupdates/winupdates-go/internal/graph/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client reads the catalog. Get it from updates.Client.Catalog; the zero Client
// returns an error from every call.
type Client struct {
	call *call.Client
}

// NewClient is for updates.NewClient alone.
func NewClient(c *call.Client) Client { return Client{c} }

// List lists entries of all kinds as the service sends them.
//
// Graph: GET /catalog/entries
// Permission: WindowsUpdates.Read.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) List(q odata.Query) odata.List[Entry] {
	return list(c, "catalog.List", q, func(e Entry) (Entry, bool) { return e, true })
}

// ListFeatureUpdates lists the feature updates that q describes; the zero query
// lists all of them.
//
// Graph: GET /catalog/entries
// Permission: WindowsUpdates.Read.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListFeatureUpdates(q FeatureQuery) odata.List[*FeatureUpdate] {
	return list(c, "catalog.ListFeatureUpdates", q.sent(), q.keep).AtMost(q.Limit)
}

// FindFeatureUpdate returns the feature update of a version such as
// "Windows 11, version 24H2", written as in [FeatureUpdate.Version]; case does
// not matter. Where the catalog has several it is the one released last. The
// error is apierr.ErrNotFound when there is none.
//
// Graph: GET /catalog/entries
// Permission: WindowsUpdates.Read.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindFeatureUpdate(ctx context.Context, version string) (*FeatureUpdate, error) {
	const op = "catalog.FindFeatureUpdate"
	if strings.TrimSpace(version) == "" {
		return nil, call.Invalid(op, &apierr.FieldError{Field: "version", Rule: "must not be empty"})
	}
	var newest *FeatureUpdate
	var others []string
	// The service's own filter tells upper from lower case, and the list is short.
	for entry, err := range list(c, op, FeatureQuery{}.sent(), FeatureQuery{}.keep).All(ctx) {
		switch {
		case err != nil:
			return nil, err
		case !strings.EqualFold(entry.Version, version):
			others = append(others, strconv.Quote(entry.Version))
		case newest == nil || entry.Released.After(newest.Released):
			newest = entry
		}
	}
	if newest == nil {
		return nil, call.Invalid(op, fmt.Errorf("%w: no feature update has version %q; there are %s",
			apierr.ErrNotFound, version, cmp.Or(strings.Join(others, ", "), "none at all")))
	}
	return newest, nil
}

// list lists the entries that keep wants.
func list[T any](c Client, op string, q odata.Query, keep func(Entry) (T, bool)) odata.List[T] {
	return call.List(c.call, call.Op{Name: op}, q, getEntries, func(w models.CatalogEntryable) (T, bool) {
		return keep(ReadEntry(call.Entry{Model: w}))
	})
}

func getEntries(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.CatalogEntryPageable, error) {
	return call.At(g.Catalog().Entries(), link).Get(ctx, call.With((*wire.EntriesRequestBuilderGetQueryParameters)(p)))
}

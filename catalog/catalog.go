// Package catalog reads the update catalog of the service: the updates that it can
// deploy, the versions of Windows that they are for, and the known issues of both.
//
// Entries come in kinds: feature updates, quality updates, drivers and firmware,
// and recovery updates. Each has its own struct; [Entry] is any of them, and
// [UnknownEntry] is a kind that this version does not know. Drivers are not
// listed in the catalog: they are found through the applicable content of an
// audience.
//
//	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
//
// # Queries
//
// [FeatureQuery], [QualityQuery] and [RecoveryQuery] are plain values. The chain
//
//	catalog.QualityQuery{}.ExpeditableOnly().NewestFirst().AtMost(3)
//
// equals the literal with the same fields; each method returns a changed copy. The
// service filters by what it documents filters for. Everything else is compared on
// this side, which reads the pages of the list until enough is found; the fields
// say which is which. There is no query for drivers, as the catalog has none.
//
// # What people know
//
// [Client.ListByKB] finds the update of a support article, [Client.FindByBuild]
// that of a build, and [Client.FindLatestSecurityUpdate] the latest that fixes
// vulnerabilities. [QualityQuery.ExploitedOnly] lists what fixes exploited ones.
// The catalog has no filter for these, so they read the list of quality updates
// and compare on this side.
//
// # Products and known issues
//
// A [ProductClient] reads the versions of Windows with their editions and builds,
// and finds those of an update or article. A [KnownIssueClient] reads Windows
// release health:
//
//	issues, err := client.KnownIssues().ListByEntry(entry.ID).Collect(ctx, 100)
//
// # JSON
//
// Entries can be printed and stored: json.Marshal writes them under the service's
// names, with their kind in "kind" and unknown members in "extra". Members that are
// zero are left out, except for ids, builds and flags. [UnmarshalEntry] reads an
// entry of any kind back; where the kind is certain, json.Unmarshal into its struct
// does too. An entry that was made by hand without a Kind is written with that of
// its struct, and an [UnknownEntry] needs its own. Entries are read up to a hundred
// deep in the revisions of one another.
//
// Products and known issues are written in the same way, and json.Unmarshal reads
// them. Queries are for programs: what they marshal to can change.
//
// Each client comes from updates.Client and may be used by many goroutines.
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
	builders "github.com/winupdates/winupdates-go/internal/graph/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client reads the catalog. Get it from updates.Client.Catalog; the zero Client
// returns an error from every call.
type Client struct {
	call *call.Client
}

// List lists entries of all kinds as the service sends them.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[Entry] {
	return list(c, "catalog.List", q, request{}.matches, func(e Entry) (Entry, bool) { return e, true })
}

// Get returns the entry of an id, of whatever kind it is. Its revisions are not
// part of it: list quality updates with [QualityQuery.WithRevisions] for those. The
// error is apierr.ErrNotFound when there is none.
//
// The service does not document this: the operation is in its metadata alone.
//
// Graph: GET /catalog/entries/{id} (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the metadata
func (c Client) Get(ctx context.Context, id string) (Entry, error) {
	op := call.Op{Name: "catalog.Get", IDs: []call.ID{{Param: "id", Value: id}}}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.CatalogEntryable, error) {
		return g.Catalog().Entries().ByCatalogEntryId(id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readEntry(w), nil
}

// ListFeatureUpdates lists the feature updates that q describes; the zero query
// lists all of them. What is wrong with q is the error of the list; see
// [FeatureQuery.Validate].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListFeatureUpdates(q FeatureQuery) odata.List[*FeatureUpdate] {
	return find(c, "catalog.ListFeatureUpdates", q.request(), q.Validate(), q.keep)
}

// ListQualityUpdates lists the quality updates that q describes; the zero query
// lists all of them, without their revisions. What is wrong with q is the error of
// the list; see [QualityQuery.Validate].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListQualityUpdates(q QualityQuery) odata.List[*QualityUpdate] {
	return find(c, "catalog.ListQualityUpdates", q.request(), q.Validate(), q.keep)
}

// ListRecoveryUpdates lists the recovery updates that q describes; the zero query
// lists all of them, without their revisions. What is wrong with q is the error of
// the list; see [RecoveryQuery.Validate].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListRecoveryUpdates(q RecoveryQuery) odata.List[*RecoveryUpdate] {
	return find(c, "catalog.ListRecoveryUpdates", q.request(), q.Validate(), func(*RecoveryUpdate) bool { return true })
}

// FindFeatureUpdate returns the feature update of a version such as
// "Windows 11, version 24H2", written as in [FeatureUpdate.Version], without
// spaces around it; case does not matter. Where the catalog has several it is the
// one released last. The error is apierr.ErrNotFound when there is none.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindFeatureUpdate(ctx context.Context, version string) (newest *FeatureUpdate, err error) {
	const op = "catalog.FindFeatureUpdate"
	defer c.call.Span(&ctx, op)(&err)
	if strings.TrimSpace(version) == "" {
		return nil, call.Invalid(op, &apierr.FieldError{Field: "version", Rule: "must not be empty"})
	}
	if err := checkVersion("version", version); err != nil {
		return nil, call.Invalid(op, err)
	}
	newest, others, err := c.newestFeature(ctx, op, version)
	if err == nil && newest == nil {
		err = call.Invalid(op, fmt.Errorf("%w: no feature update has version %q; there are %s",
			apierr.ErrNotFound, version, cmp.Or(strings.Join(others, ", "), "none at all")))
	}
	return newest, err
}

// newestFeature is the update of a version that was released last, nil for none, and
// the quoted versions that there are otherwise. The service's own filter tells upper
// from lower case, and the list is short.
func (c Client) newestFeature(ctx context.Context, op, version string) (newest *FeatureUpdate, others []string, err error) {
	for entry, err := range find(c, op, FeatureQuery{}.request(), nil, FeatureQuery{}.keep).All(ctx) {
		switch {
		case err != nil:
			return nil, nil, err
		case !strings.EqualFold(entry.Version, version):
			others = append(others, strconv.Quote(entry.Version))
		case newest == nil || entry.Released.After(newest.Released):
			newest = entry
		}
	}
	return newest, others, nil
}

// list lists the entries that wants and keep want. Wants is asked first, about what
// all entries have; keep sees all revisions, also those that did not come along.
func list[T any](c Client, op string, q *odata.Query, matches func(*Base) bool, keep func(Entry) (T, bool)) odata.List[T] {
	q = call.CopyQuery(q)
	fetch := call.Pages(c.call, call.Op{Name: op}, q, fetchEntries, func(w models.CatalogEntryable) (listed, bool) {
		entry := listed{readEntry(w), wire.Rest(w, "productRevisions")}
		return entry, matches(entry.Common())
	})
	return odata.NewList(op, max(0, q.Top), func(ctx context.Context, link string) (*odata.Page[T], error) {
		page, err := fetch(ctx, link)
		if err == nil {
			err = c.complete(ctx, op, page.Items)
		}
		if err != nil {
			return nil, err
		}
		return &odata.Page[T]{Items: kept(page.Items, keep), Skipped: page.Skipped, Total: page.Total, NextLink: page.NextLink}, nil
	})
}

func kept[T any](entries []listed, keep func(Entry) (T, bool)) []T {
	items := []T{}
	for _, entry := range entries {
		if item, ok := keep(entry.Entry); ok {
			items = append(items, item)
		}
	}
	return items
}

func fetchEntries(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.CatalogEntryPageable, error) {
	return call.At(g.Catalog().Entries(), link).Get(ctx, call.With((*builders.EntriesRequestBuilderGetQueryParameters)(p)))
}

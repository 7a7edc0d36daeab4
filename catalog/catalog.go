// Package catalog reads the Windows update catalog. Use it to find the updates to deploy, the versions of
// Windows that they are for, and known issues.
//
//	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 25H2")
//
// An [Entry] is an update in the catalog: a [FeatureUpdate], a [QualityUpdate], a [DriverUpdate], or a
// [RecoveryUpdate]. An [UnknownEntry] has a kind that the SDK does not recognize. The catalog does not
// list drivers. To find them, use the applicable content of an audience.
//
// # Queries
//
// [FeatureQuery], [QualityQuery], and [RecoveryQuery] are plain structs. Set the fields, or chain the
// methods. Each method returns a changed copy:
//
//	catalog.QualityQuery{}.ExpeditableOnly().NewestFirst().AtMost(3)
//
// The service filters by the properties that it documents. All other conditions are filtered client-side:
// the SDK reads pages until it has enough matches. The documentation of each field says which applies.
//
// # Finding an update by KB number or build
//
// [Client.FindByKB] finds the update of a support article, and [Client.FindByBuild] the update of a
// build. [Client.FindLatestSecurityUpdate] finds the latest security update. [QualityQuery.ExploitedOnly]
// lists updates that fix exploited vulnerabilities. The service has no filters for these conditions, so
// the methods read all quality updates.
//
// There is no method for the latest feature update, because the latest release may not be for your devices:
// Windows 11, version 26H1, is only for new hardware. Choose a version from the list, and find it by name
// with [Client.FindFeatureUpdate]:
//
//	newest := catalog.FeatureQuery{}.DeployableOn(time.Now()).NewestFirst()
//	for update, err := range client.Catalog().ListFeatureUpdates(newest).All(ctx) {
//
// # Products and known issues
//
// A [ProductClient] reads the versions of Windows with their editions and builds, and finds the products
// of an update or article. A [KnownIssueClient] reads Windows release health:
//
//	issues, err := client.KnownIssues().ListByEntry(entry.ID).Collect(ctx, 100)
//
// # JSON
//
// Entries, products, and known issues can be stored as JSON. They use the property names of the service,
// with the kind in "kind" and unknown properties in "extra". Zero values are omitted, except IDs, kinds,
// builds, and flags of the service.
//
// [UnmarshalEntry] reads an entry of any kind. If you know the kind, json.Unmarshal into its struct works
// too. An entry without a Kind is written with the kind of its struct; an [UnknownEntry] must have one.
// Revisions can contain entries, up to 100 levels deep.
//
// Reading JSON loses nothing: an unknown property outside "extra" is an error that begins with its path.
// That includes queries, whose JSON can change between versions of the SDK.
//
// # Conventions
//
// Kinds and values that the SDK does not recognize are preserved; unknown properties are in Extra. If a
// known property cannot be read, it is in Extra too, its field is zero, and the method Unread names it. A
// search that depends on such a property returns an error. Nil and empty lists both mean none, except where
// a field says that nil means not requested. Times are in UTC, and a zero time is unknown. Nil options are
// the defaults. Clients are safe for concurrent use; get them from updates.Client, as a zero client returns
// an error from every call. Errors are described in package apierr.
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

// Client reads the update catalog. Get it from updates.Client.Catalog.
type Client struct {
	call *call.Client
}

// List lists entries of all kinds. To list one kind with conditions, use [Client.ListFeatureUpdates],
// [Client.ListQualityUpdates], or [Client.ListRecoveryUpdates].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[Entry] {
	return list(c, "catalog.List", q, always[Entry], func(e Entry) (Entry, answer) { return e, known(true) })
}

// Get returns an entry by ID, of any kind, without its revisions. To get revisions, list quality updates
// with [QualityQuery.WithRevisions]. If the entry does not exist, the error is apierr.ErrNotFound.
//
// The service does not document this operation; it is only in its metadata.
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

// ListFeatureUpdates lists the feature updates that match q; the zero query lists all of them. If q is
// invalid, using the list returns the error of [FeatureQuery.Validate].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListFeatureUpdates(q FeatureQuery) odata.List[*FeatureUpdate] {
	return find(c, "catalog.ListFeatureUpdates", q.request(), q.Validate(), q.keep, always[*FeatureUpdate])
}

// ListQualityUpdates lists the quality updates that match q; the zero query lists all of them, without
// revisions. If q is invalid, using the list returns the error of [QualityQuery.Validate].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListQualityUpdates(q QualityQuery) odata.List[*QualityUpdate] {
	return find(c, "catalog.ListQualityUpdates", q.request(), q.Validate(), q.keep, q.keepRevisions)
}

// ListRecoveryUpdates lists the recovery updates that match q; the zero query lists all of them, without
// revisions. If q is invalid, using the list returns the error of [RecoveryQuery.Validate].
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) ListRecoveryUpdates(q RecoveryQuery) odata.List[*RecoveryUpdate] {
	return find(c, "catalog.ListRecoveryUpdates", q.request(), q.Validate(), always[*RecoveryUpdate],
		always[*RecoveryUpdate])
}

// FindFeatureUpdate returns the feature update of a version, such as "Windows 11, version 24H2". The
// version is written as in [FeatureUpdate.Version], without surrounding spaces, in upper or lower case.
// If there are several, FindFeatureUpdate returns the latest release. If there is none, the error is
// apierr.ErrNotFound.
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
	all := FeatureQuery{} // the filter of the service is case-sensitive, and the list is short
	found, others, err := candidates(ctx, c, op, all.request(), FeatureQuery{Version: version}.keep)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, call.Invalid(op, fmt.Errorf("%w: no feature update has version %q; the catalog has %s",
			apierr.ErrNotFound, version, cmp.Or(strings.Join(versions(others), ", "), "none")))
	}
	return latest(op, found)
}

// versions are the quoted versions of feature updates.
func versions(updates []*FeatureUpdate) []string {
	quoted := make([]string, len(updates))
	for i, update := range updates {
		quoted[i] = strconv.Quote(update.Version)
	}
	return quoted
}

// list lists the entries that pass matches and keep. matches sees an entry as it came; keep sees all its
// revisions, including those behind a link, which are read only for entries that match. An entry of which
// it is unknown whether it passes is an error.
func list[T any](
	c Client, op string, q *odata.Query, matches func(Entry) answer, keep func(Entry) (T, answer),
) odata.List[T] {
	q = call.CopyQuery(q)
	fetch := call.Pages(c.call, call.Op{Name: op}, q, fetchEntries, func(w models.CatalogEntryable) (listed, bool) {
		entry := readEntry(w)
		matches := matches(entry)
		return listed{entry, wire.Rest(w, "productRevisions"), matches}, matches != known(false)
	})
	return odata.NewList(op, max(0, q.Top), func(ctx context.Context, link string) (*odata.Page[T], error) {
		page, err := fetch(ctx, link)
		if err != nil {
			return nil, err
		}
		items, err := keepNeeded(page.Items, odata.ItemsNeeded(ctx), func(entry listed) (T, bool, error) {
			return completed(ctx, c, op, entry, keep)
		})
		if err != nil {
			return nil, err
		}
		return &odata.Page[T]{Items: items, Skipped: page.Skipped, Total: page.Total, NextLink: page.NextLink}, nil
	})
}

// completed reads the revisions that an entry lacks, and returns what keep returns for it.
func completed[T any](
	ctx context.Context, c Client, op string, entry listed, keep func(Entry) (T, answer),
) (T, bool, error) {
	var none T
	if entry.matches.unread != "" {
		return none, false, entry.matches.undecided(op, entry)
	}
	if err := c.complete(ctx, op, entry); err != nil {
		return none, false, err
	}
	item, kept := keep(entry.Entry)
	if kept.unread != "" {
		return none, false, kept.undecided(op, entry)
	}
	return item, kept.yes, nil
}

// keepNeeded returns the items that keep keeps, and no more than are needed, 0 for all: reading the
// revisions of another entry costs requests that can fail.
func keepNeeded[T any](entries []listed, needed int, keep func(listed) (T, bool, error)) ([]T, error) {
	items := []T{}
	for _, entry := range entries {
		item, ok, err := keep(entry)
		if err != nil {
			return nil, err
		}
		if ok {
			items = append(items, item)
		}
		if len(items) == needed && needed > 0 {
			break
		}
	}
	return items, nil
}

func fetchEntries(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.CatalogEntryPageable, error) {
	return call.At(g.Catalog().Entries(), link).Get(ctx,
		call.With((*builders.EntriesRequestBuilderGetQueryParameters)(p)))
}

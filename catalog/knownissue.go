package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/knownissues"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/graph/products"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// KnownIssue is a known issue of Windows in Windows release health.
type KnownIssue struct {
	// ID is the number in Windows release health, such as "WI670072".
	ID string `json:"id"`
	// Title is the title of the issue.
	Title string `json:"title,omitempty"`
	// Description describes the symptoms or the outcome.
	Description string `json:"description,omitempty"`
	// WebURL is the page in the Microsoft 365 admin center.
	WebURL string `json:"webViewUrl,omitempty"`
	// Status is the current status.
	Status IssueStatus `json:"status,omitempty"`
	// Started is when the issue was first observed.
	Started time.Time `json:"startDateTime,omitzero"`
	// Updated is when the issue was last changed.
	Updated time.Time `json:"lastUpdatedDateTime,omitzero"`
	// Resolved is when the issue was resolved or mitigated; zero until then.
	Resolved time.Time `json:"resolvedDateTime,omitzero"`
	// SafeguardHoldIDs are the IDs of the safeguard holds that keep updates from affected devices; nil if
	// the service did not send them.
	SafeguardHoldIDs []int `json:"safeguardHoldIds,omitzero"`
	// History has the published notes in the order of the service; nil if the service did not send it.
	History []IssueNote `json:"knownIssueHistories,omitzero"`
	// Originating is the article of the update that introduced the issue, or nil.
	Originating *Article `json:"originatingKnowledgeBaseArticle,omitempty"`
	// Resolving is the article of the update that resolves the issue, or nil.
	Resolving *Article `json:"resolvingKnowledgeBaseArticle,omitempty"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// IsActive reports whether the issue is reported, under investigation, or confirmed. An issue with an
// unknown status is active until it has a resolution date. So is one whose status could not be read; see
// [KnownIssue.Unread].
func (i *KnownIssue) IsActive() bool {
	switch i.Status {
	case StatusReported, StatusInvestigating, StatusConfirmed:
		return true
	case StatusResolved, StatusResolvedExternal, StatusMitigated, StatusMitigatedExternal:
		return false
	}
	return i.Resolved.IsZero() || i.Extra["status"] != nil
}

// IssueStatus is the status of a known issue.
type IssueStatus string

// The statuses of known issues.
const (
	// StatusReported issues have been reported to Microsoft.
	StatusReported IssueStatus = "reported"
	// StatusInvestigating issues are under investigation.
	StatusInvestigating IssueStatus = "investigating"
	// StatusConfirmed issues are confirmed and not yet resolved.
	StatusConfirmed IssueStatus = "confirmed"
	// StatusMitigated issues have a workaround.
	StatusMitigated IssueStatus = "mitigated"
	// StatusMitigatedExternal issues are not caused by Microsoft and have a workaround.
	StatusMitigatedExternal IssueStatus = "mitigatedExternal"
	// StatusResolved issues are resolved.
	StatusResolved IssueStatus = "resolved"
	// StatusResolvedExternal issues are not caused by Microsoft and are resolved.
	StatusResolvedExternal IssueStatus = "resolvedExternal"
)

// IssueNote is a note that was published about a known issue.
type IssueNote struct {
	// Created is when the note was published.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Body is the text of the note.
	Body IssueBody `json:"body,omitzero"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// IssueBody is text with its format.
type IssueBody struct {
	// Content is the text. Treat Content as untrusted if you render it as HTML.
	Content string `json:"content,omitempty"`
	// ContentType is "text" or "html". In the service's own examples, some plain text is marked as
	// "html".
	ContentType string `json:"contentType,omitempty"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// KnownIssueClient reads Windows release health. Get it from updates.Client.KnownIssues.
type KnownIssueClient struct {
	call *call.Client
}

// List lists known issues of all products. If q.Expand is nil, their articles are included.
//
// The service does not document this operation; it is only in its list of permissions.
//
// Graph: GET /knownIssues (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the list of permissions
func (c KnownIssueClient) List(q *odata.Query) odata.List[*KnownIssue] {
	return call.List(c.call, call.Op{Name: "knownIssues.List"}, withArticles(q), fetchKnownIssues, call.All(readKnownIssue))
}

// Get returns a known issue by its number, such as "WI670072", with its articles. If it does not exist,
// the error is apierr.ErrNotFound.
//
// The service does not document this operation; it is only in its list of permissions.
//
// Graph: GET /knownIssues/{id} (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the list of permissions
func (c KnownIssueClient) Get(ctx context.Context, id string) (*KnownIssue, error) {
	op := call.Op{Name: "knownIssues.Get", IDs: []call.ID{{Param: "id", Value: id}}}
	query := &builders.KnownIssueItemRequestBuilderGetQueryParameters{Expand: withArticles(nil).Expand}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.KnownIssueable, error) {
		return g.KnownIssues().ByKnownIssueId(id).Get(ctx, call.With(query))
	})
	if err != nil {
		return nil, err
	}
	return readKnownIssue(w), nil
}

// ListByKB lists the known issues of a support article, with their articles. number is the article number
// without "KB", 1 or more.
//
// The service does not document this operation; it is only in its list of permissions.
// [ProductClient.ListByKB] is documented and returns known issues too.
//
// Graph: GET /knownIssues/findByKbNumber(kbNumber={kbNumber}) (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the list of permissions
func (c KnownIssueClient) ListByKB(number int) odata.List[*KnownIssue] {
	const op = "knownIssues.ListByKB"
	if err := checkInt32("number", number, 1); err != nil {
		return refused[*KnownIssue](op, err)
	}
	return call.List(c.call, call.Op{Name: op}, withArticles(nil),
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.KnownIssuePageable, error) {
			first := g.KnownIssues().FindByKbNumberWithKbNumber(new(int32(number)))
			return call.At(first, link).Get(ctx, call.With((*builders.FindByKbNumberWithKbNumberRequestBuilderGetQueryParameters)(p)))
		}, call.All(readKnownIssue))
}

// TimeRangeOptions are the options of [KnownIssueClient.ListByTimeRange].
type TimeRangeOptions struct {
	// IncludeActive adds all active issues of any age; false includes no active issue.
	IncludeActive bool
}

// ListByTimeRange lists the known issues of a product that were resolved or mitigated in a number of days
// before now, 0 or more. Their articles are included. To add the active issues, set
// [TimeRangeOptions].IncludeActive.
//
// Graph: GET /products/{id}/getKnownIssuesByTimeRange(daysInPast={daysInPast},includeAllActive={includeAllActive}) (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-product-getknownissuesbytimerange?view=graph-rest-beta
func (c KnownIssueClient) ListByTimeRange(productID string, days int, opts *TimeRangeOptions) odata.List[*KnownIssue] {
	op := productOp("knownIssues.ListByTimeRange", productID)
	if err := checkInt32("days", days, 0); err != nil {
		return refused[*KnownIssue](op.Name, err)
	}
	active := wire.Value(opts).IncludeActive // the options may change before the list is used
	return call.List(c.call, op, withArticles(nil),
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.KnownIssuePageable, error) {
			product := g.Products().ByProductId(productID)
			first := product.GetKnownIssuesByTimeRangeWithDaysInPastWithIncludeAllActive(new(int32(days)), &active)
			return call.At(first, link).Get(ctx, call.With(
				(*products.ItemGetKnownIssuesByTimeRangeWithDaysInPastWithIncludeAllActiveRequestBuilderGetQueryParameters)(p)))
		}, call.All(readKnownIssue))
}

// ListByEntry lists the known issues of an update, by the ID of its catalog entry. It reads the products
// of the entry, and lists each issue that the service relates to the entry, directly or indirectly, once.
// Issues without an ID are all listed. [KnownIssue.Originating] and [KnownIssue.Resolving] say which
// issues the update introduced or resolves.
//
// If the service has no product for the entry, as for feature updates, the error is apierr.ErrNotFound.
// An update without issues has an empty list instead.
//
// Graph: GET /products/findByCatalogId(catalogID='{catalogID}') (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-product-findbycatalogid?view=graph-rest-beta
func (c KnownIssueClient) ListByEntry(entryID string) odata.List[*KnownIssue] {
	const op = "knownIssues.ListByEntry"
	found := findByCatalogID(c.call, op, entryID, readRelated)
	return odata.NewList(op, 0, func(ctx context.Context, link string) (*odata.Page[*KnownIssue], error) {
		if link != "" {
			return nil, call.Invalid(op, &apierr.FieldError{Field: "link", Rule: "must not be set, because the list is one page"})
		}
		issues, err := collectRelated(ctx, c, op, found)
		if err == nil && issues == nil {
			err = call.Invalid(op, fmt.Errorf("%w: the service has no product for catalog entry %q", apierr.ErrNotFound, entryID))
		}
		if err != nil {
			return nil, err
		}
		return &odata.Page[*KnownIssue]{Items: issues}, nil
	})
}

// related are issues that the service relates to an entry through one product.
type related struct {
	product string // ID
	issues  []*KnownIssue
	rest    string // link to the remaining issues; empty if there are none
	unread  bool   // whether the issues could not be read
}

// collectRelated returns the issues of the products, each once; nil if there is no product. It is a
// function because the compiler would compile the list of a method again in each package that sees the
// client.
func collectRelated(ctx context.Context, c KnownIssueClient, op string, found odata.List[related]) ([]*KnownIssue, error) {
	var issues []*KnownIssue
	for product, err := range found.All(ctx) {
		if err != nil {
			return nil, err
		}
		if product.unread {
			return nil, call.Invalid(op, fmt.Errorf("knownIssues of product %q could not be read", product.product))
		}
		if issues == nil {
			issues = []*KnownIssue{}
		}
		issues = append(issues, product.issues...)
		for issue, err := range c.linkedIssues(op, product.rest).All(ctx) {
			if err != nil {
				return nil, err
			}
			issues = append(issues, issue)
		}
	}
	return eachOnce(issues), nil
}

// linkedIssues lists the issues behind a link; none if the link is empty.
func (c KnownIssueClient) linkedIssues(op, link string) odata.List[*KnownIssue] {
	if link == "" {
		return odata.List[*KnownIssue]{}
	}
	return call.Behind(c.call, call.Op{Name: op}, link, fetchKnownIssues, call.All(readKnownIssue))
}

// eachOnce removes duplicates by ID. Issues without an ID are never duplicates.
func eachOnce(issues []*KnownIssue) []*KnownIssue {
	seen := map[string]bool{}
	return slices.DeleteFunc(issues, func(issue *KnownIssue) bool {
		again := seen[issue.ID] && issue.ID != ""
		seen[issue.ID] = true
		return again
	})
}

func fetchKnownIssues(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.KnownIssuePageable, error) {
	return call.At(g.KnownIssues(), link).Get(ctx, call.With((*builders.KnownIssuesRequestBuilderGetQueryParameters)(p)))
}

// withArticles requests the articles of known issues, unless the caller says what to expand.
func withArticles(asked *odata.Query) *odata.Query {
	q := call.CopyQuery(asked)
	if q.Expand == nil {
		q.Expand = []string{"originatingKnowledgeBaseArticle", "resolvingKnowledgeBaseArticle"}
	}
	return q
}

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

// KnownIssue is an issue of Windows that Microsoft has confirmed or looks into.
type KnownIssue struct {
	// ID is its number in Windows release health, such as "WI670072".
	ID string `json:"id"`
	// Title says what it is about.
	Title string `json:"title,omitempty"`
	// Description says what happens, or what came of it.
	Description string `json:"description,omitempty"`
	// WebURL is its page in the Microsoft 365 admin center.
	WebURL string `json:"webViewUrl,omitempty"`
	// Status is where it stands.
	Status IssueStatus `json:"status,omitempty"`
	// Started is when it was first seen, in UTC; zero when unknown.
	Started time.Time `json:"startDateTime,omitzero"`
	// Updated is when it was last changed, in UTC; zero when unknown.
	Updated time.Time `json:"lastUpdatedDateTime,omitzero"`
	// Resolved is when it was resolved or mitigated, in UTC; zero until then.
	Resolved time.Time `json:"resolvedDateTime,omitzero"`
	// SafeguardHoldIDs are the safeguards that keep updates from devices because of
	// it; empty for none, nil where the service did not send them.
	SafeguardHoldIDs []int `json:"safeguardHoldIds,omitzero"`
	// History is what was published about it, in the order of the service; nil
	// where the service did not send it.
	History []IssueNote `json:"knownIssueHistories,omitzero"`
	// Originating is the article of the update that brought it; nil for none.
	Originating *Article `json:"originatingKnowledgeBaseArticle,omitempty"`
	// Resolving is the article of the update that resolves it; nil for none.
	Resolving *Article `json:"resolvingKnowledgeBaseArticle,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// IsActive reports whether the issue is still looked into: it is reported, under
// investigation or confirmed. An issue with a status that this version does not
// know is active until it has the date of its resolution.
func (i *KnownIssue) IsActive() bool {
	switch i.Status {
	case StatusReported, StatusInvestigating, StatusConfirmed:
		return true
	case StatusResolved, StatusResolvedExternal, StatusMitigated, StatusMitigatedExternal:
		return false
	}
	return i.Resolved.IsZero()
}

// IssueStatus is where a known issue stands. Unknown values are kept.
type IssueStatus string

// The statuses of known issues.
const (
	// StatusReported issues were heard of.
	StatusReported IssueStatus = "reported"
	// StatusInvestigating issues are looked into.
	StatusInvestigating IssueStatus = "investigating"
	// StatusConfirmed issues are issues of Windows that are not solved yet.
	StatusConfirmed IssueStatus = "confirmed"
	// StatusMitigated issues have a workaround.
	StatusMitigated IssueStatus = "mitigated"
	// StatusMitigatedExternal issues are not Microsoft's and have a workaround.
	StatusMitigatedExternal IssueStatus = "mitigatedExternal"
	// StatusResolved issues are solved.
	StatusResolved IssueStatus = "resolved"
	// StatusResolvedExternal issues are not Microsoft's and are solved.
	StatusResolvedExternal IssueStatus = "resolvedExternal"
)

// IssueNote is one text that was published about a known issue.
type IssueNote struct {
	// Created is when it was published, in UTC; zero when unknown.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Body is the text.
	Body IssueBody `json:"body,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// IssueBody is a text with its format.
type IssueBody struct {
	// Content is the text. Treat it as untrusted where it is shown as HTML.
	Content string `json:"content,omitempty"`
	// ContentType is "text" or "html". The service's own examples have plain text
	// with line breaks that says it is "html".
	ContentType string `json:"contentType,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// KnownIssueClient reads Windows release health. Get it from
// updates.Client.KnownIssues; the zero KnownIssueClient returns an error from
// every call.
type KnownIssueClient struct {
	call *call.Client
}

// List lists the known issues of all products. Where q.Expand is nil their
// articles are asked for.
//
// The service does not document this: the operation is in its list of permissions
// alone. [ProductClient.ListKnownIssues] has those of one product.
//
// Graph: GET /knownIssues (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the list of permissions
func (c KnownIssueClient) List(q *odata.Query) odata.List[*KnownIssue] {
	return call.List(c.call, call.Op{Name: "knownIssues.List"}, withArticles(q), fetchKnownIssues, call.All(readKnownIssue))
}

// Get returns a known issue by its number, such as "WI670072", with its articles.
// The error is apierr.ErrNotFound when there is none.
//
// The service does not document this: the operation is in its list of permissions
// alone.
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

// ListByKB finds the known issues of a support article, by the article's number
// without "KB", with their articles. The number must be 1 or more.
//
// The service does not document this: the operation is in its list of permissions
// alone. [ProductClient.ListByKB] is documented and has known issues too.
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

// TimeRangeOptions change what [KnownIssueClient.ListByTimeRange] finds. nil and
// the zero TimeRangeOptions are the defaults.
type TimeRangeOptions struct {
	// IncludeActive finds all active issues as well, however old they are; false
	// finds none of them.
	IncludeActive bool
}

// ListByTimeRange finds the known issues of a product that were resolved or
// mitigated in the last days, with their articles, and the active ones where opts
// say so. days must not be negative.
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

// ListByEntry finds the known issues of an update, by the id of its catalog
// entry: it asks for the products of the entry and lists the issues that the
// service relates to it, directly or not, each once, also those that it puts behind
// a link. Issues without an id are all listed. Which of them the update brought or
// resolves is in [KnownIssue.Originating] and [KnownIssue.Resolving].
//
// The error is apierr.ErrNotFound where the service knows no product of the entry,
// as for feature updates: that is not the same as an update without issues, whose
// list is empty.
//
// Graph: GET /products/findByCatalogId(catalogID='{catalogID}') (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-product-findbycatalogid?view=graph-rest-beta
func (c KnownIssueClient) ListByEntry(entryID string) odata.List[*KnownIssue] {
	const op = "knownIssues.ListByEntry"
	found := findByCatalogID(c.call, op, entryID, readRelated)
	return odata.NewList(op, 0, func(ctx context.Context, _ string) (*odata.Page[*KnownIssue], error) {
		issues, err := collectRelated(ctx, c, op, found)
		if err == nil && issues == nil {
			err = call.Invalid(op, fmt.Errorf("%w: the service knows no product of the catalog entry %q", apierr.ErrNotFound, entryID))
		}
		if err != nil {
			return nil, err
		}
		return &odata.Page[*KnownIssue]{Items: issues}, nil
	})
}

// related are issues that the service relates to an entry through one product.
type related struct {
	issues []*KnownIssue
	rest   string // where those are that did not come along; empty where all came
}

// collectRelated are the issues of the products that were found, each once; nil where there
// is no product. It is no method, as the compiler would then translate its list in
// each package that sees the client.
func collectRelated(ctx context.Context, c KnownIssueClient, op string, found odata.List[related]) ([]*KnownIssue, error) {
	var issues []*KnownIssue
	for product, err := range found.All(ctx) {
		if err != nil {
			return nil, err
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

// linkedIssues lists the issues behind a link, none for "".
func (c KnownIssueClient) linkedIssues(op, link string) odata.List[*KnownIssue] {
	if link == "" {
		return odata.List[*KnownIssue]{}
	}
	return call.Behind(c.call, call.Op{Name: op}, link, fetchKnownIssues, call.All(readKnownIssue))
}

// eachOnce leaves out issues that came before. Those without an id are not the same.
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

// withArticles asks for the articles of known issues, unless the caller says what
// to expand.
func withArticles(asked *odata.Query) *odata.Query {
	q := call.CopyQuery(asked)
	if q.Expand == nil {
		q.Expand = []string{"originatingKnowledgeBaseArticle", "resolvingKnowledgeBaseArticle"}
	}
	return q
}

package catalog

import (
	"context"
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/products"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Product is a version of Windows.
type Product struct {
	// ID is a small number, such as "1".
	ID string `json:"id"`
	// Name is the version with its family, such as "Windows 11, version 22H2".
	Name string `json:"name,omitempty"`
	// GroupName is the family, such as "Windows 11".
	GroupName string `json:"groupName,omitempty"`
	// FriendlyNames are names with the build, such as "Version 22H2 (OS build
	// 22621)"; nil where the service did not send them.
	FriendlyNames []string `json:"friendlyNames,omitzero"`
	// Editions are the editions and how long they are serviced, perhaps only the
	// first; nil unless they were asked for, which [ProductClient.ListEditions] does.
	Editions []Edition `json:"editions,omitzero"`
	// Revisions are builds, perhaps only the first; nil unless they were asked for.
	// What a search found has those that belong to what was searched for.
	Revisions []Revision `json:"revisions,omitzero"`
	// KnownIssues are known issues, perhaps only the first; nil unless they were asked
	// for. What a search found has those that belong to what was searched for.
	KnownIssues []*KnownIssue `json:"knownIssues,omitzero"`
	// Incomplete is whether the service sent only the first of Editions, Revisions
	// or KnownIssues. ListEditions, ListRevisions and ListKnownIssues read all.
	Incomplete bool `json:"incomplete,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Edition is an edition of a product.
type Edition struct {
	// ID is the id of the service.
	ID string `json:"id"`
	// Name is its name, such as "Enterprise".
	Name string `json:"name,omitempty"`
	// ReleasedName is the name that it was released under.
	ReleasedName string `json:"releasedName,omitempty"`
	// DeviceFamily is the kind of devices that it is for, such as "Windows.Desktop".
	DeviceFamily string `json:"deviceFamily,omitempty"`
	// InService is whether it still gets updates.
	InService bool `json:"isInService"`
	// Available is when it became generally available, in UTC; zero when unknown.
	Available time.Time `json:"generalAvailabilityDateTime,omitzero"`
	// EndOfService is when it gets its last update, in UTC; zero when unknown.
	EndOfService time.Time `json:"endOfServiceDateTime,omitzero"`
	// ServicingPeriods are the spans in which it is serviced; nil where the service
	// did not send them.
	ServicingPeriods []ServicingPeriod `json:"servicingPeriods,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// ServicingPeriod is a span of time in which an edition is serviced.
type ServicingPeriod struct {
	// Name is the name of the policy, such as "Modern Lifecycle".
	Name string `json:"name,omitempty"`
	// Start is when it begins, in UTC; zero when unknown.
	Start time.Time `json:"startDateTime,omitzero"`
	// End is when it ends, in UTC; zero when unknown.
	End time.Time `json:"endDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// ProductClient reads the versions of Windows. Get it from
// updates.Client.Products; the zero ProductClient returns an error from every
// call.
type ProductClient struct {
	call *call.Client
}

// List lists products. Their editions, revisions and known issues come only with
// q.Expand, such as "editions".
//
// The service does not document this: the operation is in its metadata and in its
// list of permissions.
//
// Graph: GET /products (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the metadata and the list of permissions
func (c ProductClient) List(q *odata.Query) odata.List[*Product] {
	return call.List(c.call, call.Op{Name: "products.List"}, q,
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ProductPageable, error) {
			return call.At(g.Products(), link).Get(ctx, call.With((*builders.ProductsRequestBuilderGetQueryParameters)(p)))
		}, call.All(readProduct))
}

// Get returns a product, without its editions, revisions and known issues. The
// error is apierr.ErrNotFound when there is none of that id.
//
// The service does not document this: the operation is in its metadata and in its
// list of permissions.
//
// Graph: GET /products/{id} (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the metadata and the list of permissions
func (c ProductClient) Get(ctx context.Context, id string) (*Product, error) {
	op := call.Op{Name: "products.Get", IDs: []call.ID{{Param: "id", Value: id}}}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Productable, error) {
		return g.Products().ByProductId(id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readProduct(w), nil
}

// ListEditions lists the editions of a product, with their servicing periods.
//
// The service does not document this: the operation is in its metadata and in its
// list of permissions.
//
// Graph: GET /products/{id}/editions (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the metadata and the list of permissions
func (c ProductClient) ListEditions(productID string, q *odata.Query) odata.List[Edition] {
	return call.List(c.call, productOp("products.ListEditions", productID), q,
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.EditionPageable, error) {
			first := g.Products().ByProductId(productID).Editions()
			return call.At(first, link).Get(ctx, call.With((*builders.ItemEditionsRequestBuilderGetQueryParameters)(p)))
		}, call.All(readEdition))
}

// ListRevisions lists the builds of a product. Their articles and entries come
// only with q.Expand, "knowledgeBaseArticle" and "catalogEntry".
//
// The service does not document this: the operation is in its metadata alone.
//
// Graph: GET /products/{id}/revisions (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the metadata
func (c ProductClient) ListRevisions(productID string, q *odata.Query) odata.List[Revision] {
	return call.List(c.call, productOp("products.ListRevisions", productID), q,
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ProductRevisionPageable, error) {
			first := g.Products().ByProductId(productID).Revisions()
			return call.At(first, link).Get(ctx, call.With((*builders.ItemRevisionsRequestBuilderGetQueryParameters)(p)))
		}, call.All(readRevision))
}

// ListKnownIssues lists the known issues of a product, whatever their status.
// Where q.Expand is nil their articles are asked for.
//
// The service does not document this: the operation is in its metadata and in its
// list of permissions. See [KnownIssueClient.ListByTimeRange] for a documented one.
//
// Graph: GET /products/{id}/knownIssues (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the metadata and the list of permissions
func (c ProductClient) ListKnownIssues(productID string, q *odata.Query) odata.List[*KnownIssue] {
	return call.List(c.call, productOp("products.ListKnownIssues", productID), withArticles(q),
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.KnownIssuePageable, error) {
			first := g.Products().ByProductId(productID).KnownIssues()
			return call.At(first, link).Get(ctx, call.With((*builders.ItemKnownIssuesRequestBuilderGetQueryParameters)(p)))
		}, call.All(readKnownIssue))
}

// productOp is an operation on one product.
func productOp(op, productID string) call.Op {
	return call.Op{Name: op, IDs: []call.ID{{Param: "productID", Value: productID}}}
}

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
	// Name is the name of the version with its family, such as "Windows 11, version 22H2".
	Name string `json:"name,omitempty"`
	// GroupName is the product family, such as "Windows 11".
	GroupName string `json:"groupName,omitempty"`
	// FriendlyNames are names with the build, such as "Version 22H2 (OS build 22621)"; nil if the service
	// did not send them.
	FriendlyNames []string `json:"friendlyNames,omitzero"`
	// Editions are the editions and their servicing periods; nil if they were not requested.
	// [ProductClient.ListEditions] reads all of them.
	Editions []Edition `json:"editions,omitzero"`
	// Revisions are builds; nil if they were not requested. A search returns the builds that belong to
	// the update or article. [ProductClient.ListRevisions] reads all of them.
	Revisions []Revision `json:"revisions,omitzero"`
	// KnownIssues are known issues; nil if they were not requested. A search returns the issues that
	// belong to the update or article. [ProductClient.ListKnownIssues] reads all of them.
	KnownIssues []*KnownIssue `json:"knownIssues,omitzero"`
	// Incomplete reports whether the service sent only the first items of Editions, Revisions, or
	// KnownIssues.
	Incomplete bool `json:"incomplete,omitzero"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Edition is an edition of a product.
type Edition struct {
	// ID is the ID of the edition.
	ID string `json:"id"`
	// Name is the name, such as "Enterprise".
	Name string `json:"name,omitempty"`
	// ReleasedName is the name at release.
	ReleasedName string `json:"releasedName,omitempty"`
	// DeviceFamily is the device family, such as "Windows.Desktop".
	DeviceFamily string `json:"deviceFamily,omitempty"`
	// InService reports whether the edition still gets updates.
	InService bool `json:"isInService"`
	// Available is when the edition became generally available.
	Available time.Time `json:"generalAvailabilityDateTime,omitzero"`
	// EndOfService is when the edition gets its last update.
	EndOfService time.Time `json:"endOfServiceDateTime,omitzero"`
	// ServicingPeriods are the periods in which the edition is serviced; nil if the service did not send
	// them.
	ServicingPeriods []ServicingPeriod `json:"servicingPeriods,omitzero"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// ServicingPeriod is a period in which an edition is serviced.
type ServicingPeriod struct {
	// Name is the name of the servicing policy, such as "Modern Lifecycle".
	Name string `json:"name,omitempty"`
	// Start is when the period begins.
	Start time.Time `json:"startDateTime,omitzero"`
	// End is when the period ends.
	End time.Time `json:"endDateTime,omitzero"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// ProductClient reads the versions of Windows. Get it from updates.Client.Products.
type ProductClient struct {
	call *call.Client
}

// List lists products. To include editions, revisions, or known issues, name them in q.Expand.
//
// The service does not document this operation; it is only in its metadata and its list of permissions.
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

// Get returns a product by ID, without its editions, revisions, and known issues. If it does not exist,
// the error is apierr.ErrNotFound.
//
// The service does not document this operation; it is only in its metadata and its list of permissions.
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
// The service does not document this operation; it is only in its metadata and its list of permissions.
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

// ListRevisions lists the builds of a product. To include articles and entries, set q.Expand to
// "knowledgeBaseArticle" and "catalogEntry".
//
// The service does not document this operation; it is only in its metadata.
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

// ListKnownIssues lists the known issues of a product, with any status. If q.Expand is nil, their
// articles are included. [KnownIssueClient.ListByTimeRange] is a documented alternative.
//
// The service does not document this operation; it is only in its metadata and its list of permissions.
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

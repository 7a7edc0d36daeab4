package catalog

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/products"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListByEntry lists the products that a catalog entry is for. Each product has the revisions that the
// entry installs, with entry and article, and the known issues that the service relates to the entry. If
// the service has no product for the entry, the list is empty.
//
// Graph: GET /products/findByCatalogId(catalogID='{catalogID}') (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-product-findbycatalogid?view=graph-rest-beta
func (c ProductClient) ListByEntry(entryID string) odata.List[*Product] {
	return findByCatalogID(c.call, "products.ListByEntry", entryID, readProduct)
}

func findByCatalogID[T any](c *call.Client, op, entryID string, read func(models.Productable) T) odata.List[T] {
	// A quote in an id would end the literal that the generated address has it in.
	literal := strings.ReplaceAll(entryID, "'", "''")
	return call.List(c, call.Op{Name: op, IDs: []call.ID{{Param: "entryID", Value: entryID}}}, withParts(),
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ProductPageable, error) {
			first := g.Products().FindByCatalogIdWithCatalogID(&literal)
			return call.At(first, link).Get(ctx,
				call.With((*builders.FindByCatalogIdWithCatalogIDRequestBuilderGetQueryParameters)(p)))
		}, call.All(read))
}

// ListByKB lists the products of a support article. number is the article number without "KB", 1 or more.
// Each product has the revisions that the article describes, with entry and article, and the known issues
// that the service relates to the article. If the service has no product for the article, the list is
// empty.
//
// Graph: GET /products/findByKbNumber(kbNumber={kbNumber}) (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-product-findbykbnumber?view=graph-rest-beta
func (c ProductClient) ListByKB(number int) odata.List[*Product] {
	const op = "products.ListByKB"
	if err := checkInt32("number", number, 1); err != nil {
		return refused[*Product](op, err)
	}
	return call.List(c.call, call.Op{Name: op}, withParts(),
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ProductPageable, error) {
			first := g.Products().FindByKbNumberWithKbNumber(new(int32(number)))
			return call.At(first, link).Get(ctx,
				call.With((*builders.FindByKbNumberWithKbNumberRequestBuilderGetQueryParameters)(p)))
		}, call.All(readProduct))
}

// ListByEndOfService lists the products with an edition that reaches its end of service within a number
// of months from today, 0 or more. Each product has its editions.
//
// The service does not document this operation; it is only in its list of permissions. Which editions
// count is inferred from its name.
//
// Graph: GET /products/findByEndOfService(monthsFromToday={monthsFromToday}) (WindowsUpdates.Read.All)
//
//graph:page none, the operation is only in the list of permissions
func (c ProductClient) ListByEndOfService(months int) odata.List[*Product] {
	const op = "products.ListByEndOfService"
	if err := checkInt32("months", months, 0); err != nil {
		return refused[*Product](op, err)
	}
	return call.List(c.call, call.Op{Name: op}, &odata.Query{Expand: []string{"editions"}},
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ProductPageable, error) {
			first := g.Products().FindByEndOfServiceWithMonthsFromToday(new(int32(months)))
			return call.At(first, link).Get(ctx,
				call.With((*builders.FindByEndOfServiceWithMonthsFromTodayRequestBuilderGetQueryParameters)(p)))
		}, call.All(readProduct))
}

// withParts requests what the documentation of the searches shows for each product.
func withParts() *odata.Query {
	return &odata.Query{Expand: []string{
		"revisions($expand=catalogEntry,knowledgeBaseArticle)",
		"knownIssues($expand=originatingKnowledgeBaseArticle,resolvingKnowledgeBaseArticle)",
	}}
}

// checkInt32 rejects a number that is too small, or too large for the type of the service.
func checkInt32(param string, n, least int) error {
	if n >= least && n <= math.MaxInt32 {
		return nil
	}
	return &apierr.FieldError{
		Field: param, Value: strconv.Itoa(n), Rule: "must be " + strconv.Itoa(least) + " to " + strconv.Itoa(math.MaxInt32),
	}
}

package catalog

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/graph/products"
)

// listed is an entry of a list, and where the revisions are that did not come with
// it; empty where all came.
type listed struct {
	Entry
	rest string
}

// complete adds the revisions that did not come with the entries. Without them a
// build that is further back would look as if no update made it.
func (c Client) complete(ctx context.Context, op string, entries []listed) error {
	for _, entry := range entries {
		var err error
		switch update := entry.Entry.(type) {
		case *QualityUpdate:
			update.Revisions, err = c.addRevisions(ctx, op, update.Revisions, entry.rest)
			update.Incomplete = false
		case *RecoveryUpdate:
			update.Revisions, err = c.addRevisions(ctx, op, update.Revisions, entry.rest)
			update.Incomplete = false
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addRevisions reads what is behind a link, if there is one.
func (c Client) addRevisions(ctx context.Context, op string, revisions []Revision, link string) ([]Revision, error) {
	if link == "" {
		return revisions, nil
	}
	for revision, err := range call.Behind(c.call, call.Op{Name: op}, link, fetchRevisions, call.All(readRevision)).All(ctx) {
		if err != nil {
			return nil, err
		}
		revisions = append(revisions, revision)
	}
	return revisions, nil
}

// fetchRevisions gets a page of revisions behind a link. Entries have no route for
// theirs, so it is asked for with the builder of those of a product.
func fetchRevisions(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ProductRevisionPageable, error) {
	first := g.Products().ByProductId("").Revisions()
	return call.At(first, link).Get(ctx, call.With((*products.ItemRevisionsRequestBuilderGetQueryParameters)(p)))
}

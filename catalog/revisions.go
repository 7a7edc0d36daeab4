package catalog

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/graph/products"
)

// listed is an entry of a list that may match.
type listed struct {
	Entry
	rest    string // link to its remaining revisions; empty if there are none
	matches answer
}

// complete adds the remaining revisions to an entry. Without them, an update would not be found by a later
// build.
func (c Client) complete(ctx context.Context, op string, entry listed) (err error) {
	switch update := entry.Entry.(type) {
	case *QualityUpdate:
		update.Revisions, err = c.addRevisions(ctx, op, update.Revisions, entry.rest)
		update.Incomplete = false
	case *RecoveryUpdate:
		update.Revisions, err = c.addRevisions(ctx, op, update.Revisions, entry.rest)
		update.Incomplete = false
	}
	return err
}

// addRevisions reads the revisions behind a link, if there is one.
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

// fetchRevisions reads a page of revisions behind a link. Entries have no route for their revisions, so
// the builder for those of a product is used.
func fetchRevisions(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.ProductRevisionPageable, error) {
	first := g.Products().ByProductId("").Revisions()
	return call.At(first, link).Get(ctx, call.With((*products.ItemRevisionsRequestBuilderGetQueryParameters)(p)))
}

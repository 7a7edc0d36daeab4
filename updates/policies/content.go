package policies

import (
	"context"
	"iter"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListApplicableContent lists the updates that the devices of a policy need. To get each
// update with its devices, use [Client.AllMatches].
//
// Graph: GET /policies/{id}/applicableContent (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-list-applicablecontent?view=graph-rest-beta
func (c Client) ListApplicableContent(policyID string, q *odata.Query) odata.List[*audience.ApplicableContent] {
	return c.listContent("policies.ListApplicableContent", policyID, q)
}

// ListMatchedDevices lists the devices of a policy that need one update. entryID is the
// ID of the catalog entry.
//
// Graph: GET /policies/{id}/applicableContent/{catalogEntryId}/matchedDevices (WindowsUpdates.Read.All)
//
//graph:page none, the route is only in the service's metadata
func (c Client) ListMatchedDevices(policyID, entryID string, q *odata.Query) odata.List[*audience.DeviceMatch] {
	return c.listMatched("policies.ListMatchedDevices", policyID, entryID, q)
}

// AllMatches yields the updates that the devices of a policy need, each with each of its
// devices. audience.Client.AllMatches does the same for an audience.
//
// AllMatches sends no request before the first iteration, and the iterator can be used
// again. It reads all pages of updates, and all pages of devices of each update. An error
// is yielded once, with the zero Match, and ends the iteration. A next link to another
// host, or one that is repeated, is an error.
//
// Graph: GET /policies/{id}/applicableContent, GET /policies/{id}/applicableContent/{catalogEntryId}/matchedDevices (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-list-applicablecontent?view=graph-rest-beta
func (c Client) AllMatches(ctx context.Context, policyID string) iter.Seq2[audience.Match, error] {
	const op = "policies.AllMatches"
	contents := c.listContent(op, policyID, &odata.Query{Expand: []string{"catalogEntry", "matchedDevices"}})
	rest := func(content *audience.ApplicableContent) odata.List[*audience.DeviceMatch] {
		if content.NextDevices == "" {
			return c.listMatched(op, policyID, content.EntryID, nil)
		}
		of, fetch := partOp(op, call.Read, policyID), fetchMatched(policyID, content.EntryID)
		return call.Behind(c.call, of, content.NextDevices, fetch, call.All(audience.Internal.ReadDeviceMatch))
	}
	return audience.Internal.EachMatch(ctx, op, contents, rest)
}

func (c Client) listContent(op, policyID string, q *odata.Query) odata.List[*audience.ApplicableContent] {
	of := partOp(op, call.Read, policyID)
	return call.List(c.call, of, q, fetchContent(policyID), call.All(audience.Internal.ReadApplicableContent))
}

func (c Client) listMatched(op, policyID, entryID string, q *odata.Query) odata.List[*audience.DeviceMatch] {
	of := entryOp(op, call.Read, policyID, entryID)
	return call.List(c.call, of, q, fetchMatched(policyID, entryID), call.All(audience.Internal.ReadDeviceMatch))
}

func fetchContent(policyID string) call.Fetch[models.ApplicableContentPageable] {
	type parameters = builders.ItemApplicableContentRequestBuilderGetQueryParameters
	return func(
		ctx context.Context, g *graph.Client, link string, p *call.Parameters,
	) (models.ApplicableContentPageable, error) {
		contents := policyAt(g, policyID).ApplicableContent()
		return call.At(contents, link).Get(ctx, call.With((*parameters)(p)))
	}
}

func fetchMatched(policyID, entryID string) call.Fetch[models.ApplicableContentDeviceMatchPageable] {
	type parameters = builders.ItemApplicableContentItemMatchedDevicesRequestBuilderGetQueryParameters
	return func(
		ctx context.Context, g *graph.Client, link string, p *call.Parameters,
	) (models.ApplicableContentDeviceMatchPageable, error) {
		devices := policyAt(g, policyID).ApplicableContent().ByApplicableContentCatalogEntryId(entryID).MatchedDevices()
		return call.At(devices, link).Get(ctx, call.With((*parameters)(p)))
	}
}

package audience

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/deploymentaudiences"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ApplicableContent is an update that at least one device needs. It disappears from the list
// once no device needs it.
type ApplicableContent struct {
	// EntryID is the ID of the update's catalog entry, even if the service sent it only
	// inside Entry; empty if the service sent none.
	EntryID string `json:"catalogEntryId"`
	// Entry is the update's catalog entry; nil unless it was requested with Expand.
	Entry catalog.Entry `json:"catalogEntry,omitempty"`
	// Devices are the devices that the response has; nil if they are not known. If
	// NextDevices is not empty, there are more: if they were requested with Expand, the
	// service mostly sends a link instead of devices.
	Devices []DeviceMatch `json:"matchedDevices,omitzero"`
	// NextDevices is the link to the devices that are not in Devices; empty if the service
	// sent none. [Client.AllMatches] follows it.
	NextDevices string `json:"nextDevices,omitempty"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DeviceMatch is a device that needs an update.
type DeviceMatch struct {
	// DeviceID is the Microsoft Entra device ID (deviceId); empty if the service did not
	// name it. In a [Match] it is never empty.
	DeviceID string `json:"deviceId"`
	// RecommendedBy are the vendors that recommend the update for the device, as the service
	// writes them; see [DeviceMatch.IsRecommendedBy].
	RecommendedBy []string `json:"recommendedBy,omitzero"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// IsRecommendedBy reports whether a vendor, such as "Microsoft", recommends the update
// for the device. It ignores case, because the service writes names in both.
func (m DeviceMatch) IsRecommendedBy(vendor string) bool {
	return slices.ContainsFunc(m.RecommendedBy, func(name string) bool { return strings.EqualFold(name, vendor) })
}

// UnmarshalJSON reads content that json.Marshal wrote. An unknown property is an error.
// [catalog.UnmarshalEntry] reads the entry.
func (c *ApplicableContent) UnmarshalJSON(data []byte) error {
	type Fields ApplicableContent // exported, so that encoding/json can embed it
	stored := struct {
		*Fields
		Entry storedEntry `json:"catalogEntry"`
	}{Fields: (*Fields)(c)}
	err := wire.Unmarshal(data, &stored)
	c.Entry = stored.Entry.Entry
	return err
}

// storedEntry is a catalog entry that is read back from JSON.
type storedEntry struct{ catalog.Entry }

func (e *storedEntry) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var err error
	e.Entry, err = catalog.UnmarshalEntry(data)
	return err
}

// ListApplicableContent lists the updates that the members of an audience need: the
// drivers that are newer than the installed ones. To get their catalog entries, set
// Expand to "catalogEntry". To get the devices, use [Client.AllMatches]: for Expand
// "matchedDevices" the service sends a link for each update instead of devices.
//
// For the audience of a deployment or an update policy, one more request reads its ID.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}/applicableContent
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-applicablecontent?view=graph-rest-beta
func (c Client) ListApplicableContent(of Ref, q *odata.Query) odata.List[*ApplicableContent] {
	return c.listContent(of, "audiences.ListApplicableContent", q)
}

// ListMatchedDevices lists the devices of an audience that need an update, by the ID of
// its catalog entry. Use [Client.AllMatches] for the devices of all updates.
//
// For the audience of a deployment or an update policy, one more request reads its ID.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}/applicableContent/{catalogEntryId}/matchedDevices
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:page none, the operation is on the page of applicable content alone
func (c Client) ListMatchedDevices(of Ref, entryID string, q *odata.Query) odata.List[*DeviceMatch] {
	return c.listMatched(of, "audiences.ListMatchedDevices", entryID, q)
}

func (c Client) listContent(of Ref, name string, q *odata.Query) odata.List[*ApplicableContent] {
	op := of.audienceOp(name, call.Read)
	return listByID(c, of, op, q, func(at Ref, q *odata.Query) pager[*ApplicableContent] {
		return call.Pages(c.call, op, q, fetchContent(at), call.All(Internal.ReadApplicableContent))
	})
}

func (c Client) listMatched(of Ref, name, entryID string, q *odata.Query) odata.List[*DeviceMatch] {
	op := of.audienceOp(name, call.Read)
	op.IDs = append(op.IDs, call.ID{Param: "entryID", Value: entryID})
	return listByID(c, of, op, q, func(at Ref, q *odata.Query) pager[*DeviceMatch] {
		return call.Pages(c.call, op, q, fetchMatched(at, entryID), call.All(Internal.ReadDeviceMatch))
	})
}

// pager returns the page behind a link, and the first one for "".
type pager[T any] = func(ctx context.Context, link string) (*odata.Page[T], error)

// listByID is a list on a route that begins with the audience's own ID. It reads that ID
// first if the audience belongs to a deployment or policy. op has all IDs, so that
// nothing is sent if one is invalid.
func listByID[T any](
	c Client, of Ref, op call.Op, q *odata.Query, pages func(Ref, *odata.Query) pager[T],
) odata.List[T] {
	q = call.CopyQuery(q)
	return odata.NewList(op.Name, max(0, q.Top), func(ctx context.Context, link string) (*odata.Page[T], error) {
		if link != "" || of.owner == itself {
			return pages(of, q)(ctx, link)
		}
		if err := call.CheckQuery(q); err != nil {
			return nil, call.Invalid(op.Name, err)
		}
		w, err := c.get(ctx, op, of)
		if err != nil {
			return nil, err
		}
		return pages(ByID(wire.Value(w.GetId())), q)(ctx, link)
	})
}

func fetchContent(of Ref) call.Fetch[models.ApplicableContentPageable] {
	return func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ApplicableContentPageable, error) {
		contents := g.DeploymentAudiences().ByDeploymentAudienceId(of.id).ApplicableContent()
		return call.At(contents, link).Get(ctx,
			call.With((*builders.ItemApplicableContentRequestBuilderGetQueryParameters)(p)))
	}
}

func fetchMatched(of Ref, entryID string) call.Fetch[models.ApplicableContentDeviceMatchPageable] {
	return func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ApplicableContentDeviceMatchPageable, error) {
		contents := g.DeploymentAudiences().ByDeploymentAudienceId(of.id).ApplicableContent()
		devices := contents.ByApplicableContentCatalogEntryId(entryID).MatchedDevices()
		return call.At(devices, link).Get(ctx,
			call.With((*builders.ItemApplicableContentItemMatchedDevicesRequestBuilderGetQueryParameters)(p)))
	}
}

func readContent(w models.ApplicableContentable) ApplicableContent {
	c := ApplicableContent{
		EntryID:     wire.Value(w.GetCatalogEntryId()),
		Entry:       catalog.Internal.ReadEntry(w.GetCatalogEntry()),
		Devices:     wire.Each(w.GetMatchedDevices(), readMatch),
		NextDevices: wire.Value(w.GetMatchedDevicesOdataNextLink()),
		Extra:       wire.Extra(w),
	}
	if c.EntryID == "" && c.Entry != nil {
		c.EntryID = c.Entry.Common().ID
	}
	return c
}

func readMatch(w models.ApplicableContentDeviceMatchable) DeviceMatch {
	return DeviceMatch{DeviceID: wire.Value(w.GetDeviceId()), RecommendedBy: w.GetRecommendedBy(), Extra: wire.Extra(w)}
}

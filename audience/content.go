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

// ApplicableContent is an update that at least one device needs. It leaves the
// list when no device needs it any more.
type ApplicableContent struct {
	// EntryID is the id of the update's catalog entry, by Entry where the service
	// named it only there; empty where it did not name it.
	EntryID string `json:"catalogEntryId"`
	// Entry is the update's catalog entry; nil when it was not asked for with
	// Expand.
	Entry catalog.Entry `json:"catalogEntry,omitempty"`
	// Devices are the devices that came with the content; nil says nothing about
	// them. Where NextDevices is not empty there are more: asked for with Expand, the
	// service mostly sends none of them, and a link instead.
	Devices []DeviceMatch `json:"matchedDevices,omitzero"`
	// NextDevices is where the service keeps the devices that are not in Devices;
	// empty when it named no such place. [Client.AllMatches] follows it.
	NextDevices string `json:"nextDevices,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DeviceMatch is a device that needs an update.
type DeviceMatch struct {
	// DeviceID is the Microsoft Entra device id (deviceId, not the id of the
	// directory object); empty where the service did not name it, except in a
	// [Match].
	DeviceID string `json:"deviceId"`
	// RecommendedBy are the vendors that recommend the update for the device, as
	// the service writes them; see [DeviceMatch.IsRecommendedBy]. Empty for none.
	RecommendedBy []string `json:"recommendedBy,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// IsRecommendedBy reports whether a vendor, such as "Microsoft", recommends the
// update for the device. Upper and lower case are the same, as the service writes
// names in both.
func (m DeviceMatch) IsRecommendedBy(vendor string) bool {
	return slices.ContainsFunc(m.RecommendedBy, func(name string) bool { return strings.EqualFold(name, vendor) })
}

// UnmarshalJSON reads content that json.Marshal wrote; its entry is read by
// [catalog.UnmarshalEntry].
func (c *ApplicableContent) UnmarshalJSON(data []byte) error {
	type plain ApplicableContent // without this method
	stored := struct {
		*plain
		Entry storedEntry `json:"catalogEntry"`
	}{plain: (*plain)(c)}
	err := json.Unmarshal(data, &stored)
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

// ListApplicableContent lists the updates that an audience's members need: the
// drivers that are newer than the installed ones. Ask for their entries with
// Expand "catalogEntry". Asked for "matchedDevices" the service sends a link for
// each update instead of the devices; see [Client.AllMatches].
//
// The audience of a deployment or an update policy costs one request more, which
// reads its id.
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

// ListMatchedDevices lists the devices of an audience that need an update, by the
// id of its catalog entry.
//
// The audience of a deployment or an update policy costs one request more, which
// reads its id.
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

// pager gives the page behind a link, and the first one for "".
type pager[T any] = func(ctx context.Context, link string) (*odata.Page[T], error)

// listByID is a list on a route that begins with the audience's own id. It reads
// that id first where something else has the audience; op has all ids, so that
// nothing is sent when one is wrong.
func listByID[T any](c Client, of Ref, op call.Op, q *odata.Query, pages func(Ref, *odata.Query) pager[T]) odata.List[T] {
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
		return call.At(contents, link).Get(ctx, call.With((*builders.ItemApplicableContentRequestBuilderGetQueryParameters)(p)))
	}
}

func fetchMatched(of Ref, entryID string) call.Fetch[models.ApplicableContentDeviceMatchPageable] {
	return func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ApplicableContentDeviceMatchPageable, error) {
		contents := g.DeploymentAudiences().ByDeploymentAudienceId(of.id).ApplicableContent()
		devices := contents.ByApplicableContentCatalogEntryId(entryID).MatchedDevices()
		return call.At(devices, link).Get(ctx, call.With((*builders.ItemApplicableContentItemMatchedDevicesRequestBuilderGetQueryParameters)(p)))
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

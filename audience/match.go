package audience

import (
	"context"
	"errors"
	"iter"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Match is an update and one device that needs it.
type Match struct {
	// EntryID is the ID of the update's catalog entry. It is never empty.
	EntryID string `json:"catalogEntryId"`
	// Entry is the update's catalog entry; nil if the service omitted it. All matches of one
	// update share it.
	Entry catalog.Entry `json:"catalogEntry,omitempty"`
	// Device is the device that needs the update. Its ID is never empty.
	Device DeviceMatch `json:"device"`
}

// UnmarshalJSON reads a match that json.Marshal wrote. An unknown property is an error.
// [catalog.UnmarshalEntry] reads the entry.
func (m *Match) UnmarshalJSON(data []byte) error {
	type Fields Match // exported, so that encoding/json can embed it
	stored := struct {
		*Fields
		Entry storedEntry `json:"catalogEntry"`
	}{Fields: (*Fields)(m)}
	err := wire.Unmarshal(data, &stored)
	m.Entry = stored.Entry.Entry
	return err
}

// AllMatches yields each update that the members of an audience need with each device that needs it, update
// by update. It reads the pages of updates and the pages of their devices. The service sends the devices
// with the update, behind a link in it, or in a separate list.
//
// Nothing is sent before the first item is requested, and the iterator can be used again.
// An error is yielded once, with the zero Match, and ends the iteration. Errors include a
// link that leads away from the service or is repeated, and an update without an ID. A
// device without an ID is omitted.
//
// For the audience of a deployment or an update policy, one more request reads its ID.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}/applicableContent
//graph:op GET /deploymentAudiences/{id}/applicableContent/{catalogEntryId}/matchedDevices
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-applicablecontent?view=graph-rest-beta
func (c Client) AllMatches(ctx context.Context, of Ref) iter.Seq2[Match, error] {
	const op = "audiences.AllMatches"
	contents := c.listContent(of, op, &odata.Query{Expand: []string{"catalogEntry", "matchedDevices"}})
	return eachMatch(ctx, op, contents, func(content *ApplicableContent) odata.List[*DeviceMatch] {
		if content.NextDevices == "" {
			return c.listMatched(of, op, content.EntryID, nil)
		}
		return call.Behind(c.call, of.audienceOp(op, call.Read), content.NextDevices,
			fetchMatched(of, content.EntryID), call.All(Internal.ReadDeviceMatch))
	})
}

// eachMatch yields the updates of a list with their devices. rest lists the devices that
// did not come with an update: those behind NextDevices, or all if the update says
// nothing about its devices.
func eachMatch(
	ctx context.Context, op string, contents odata.List[*ApplicableContent],
	rest func(*ApplicableContent) odata.List[*DeviceMatch],
) iter.Seq2[Match, error] {
	return func(yield func(Match, error) bool) {
		followed := map[string]bool{}
		for content, err := range contents.All(ctx) {
			if err == nil {
				err = checkContent(op, content, followed)
			}
			if err != nil {
				yield(Match{}, err)
				return
			}
			followed[content.NextDevices] = content.NextDevices != ""
			for match, err := range matchesOf(ctx, content, rest) {
				if !yield(match, err) || err != nil {
					return
				}
			}
		}
	}
}

var (
	errSharedLink = errors.New("the service repeated the next link of an update's devices in another update")
	errNoEntryID  = errors.New("the service sent applicable content without an ID")
)

// checkContent returns an error if an update cannot be paired with its devices.
func checkContent(op string, c *ApplicableContent, followed map[string]bool) error {
	switch {
	case c.EntryID == "":
		return &apierr.Error{Op: op, Err: errNoEntryID}
	case followed[c.NextDevices]:
		return &apierr.Error{Op: op, Err: errSharedLink}
	}
	return nil
}

// listRemaining lists the devices that did not come with an update.
type listRemaining = func(*ApplicableContent) odata.List[*DeviceMatch]

// matchesOf yields one update with its devices.
func matchesOf(ctx context.Context, c *ApplicableContent, rest listRemaining) iter.Seq2[Match, error] {
	return func(yield func(Match, error) bool) {
		for device, err := range devicesOf(ctx, c, rest) {
			if err != nil {
				yield(Match{}, err)
				return
			}
			if device.DeviceID != "" && !yield(Match{c.EntryID, c.Entry, device}, nil) {
				return
			}
		}
	}
}

// devicesOf yields the devices that came with an update, and then the others.
func devicesOf(ctx context.Context, c *ApplicableContent, rest listRemaining) iter.Seq2[DeviceMatch, error] {
	return func(yield func(DeviceMatch, error) bool) {
		for _, device := range c.Devices {
			if !yield(device, nil) {
				return
			}
		}
		if c.Devices != nil && c.NextDevices == "" {
			return
		}
		for device, err := range rest(c).All(ctx) {
			if err != nil {
				yield(DeviceMatch{}, err)
				return
			}
			if !yield(*device, nil) {
				return
			}
		}
	}
}

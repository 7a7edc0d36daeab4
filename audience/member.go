package audience

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Member is a device or a group in a request. Make lists of members with [Devices] and
// [Groups].
type Member struct {
	// Kind is [KindDevice] or [KindGroup]; other kinds are invalid.
	Kind Kind `json:"kind"`
	// ID is the Microsoft Entra device ID (deviceId), or the ID of a group of this service.
	ID string `json:"id"`
}

// Devices makes members of Microsoft Entra device IDs.
func Devices(ids ...string) []Member { return members(KindDevice, ids) }

// Groups makes members of the IDs of groups of this service.
func Groups(ids ...string) []Member { return members(KindGroup, ids) }

func members(kind Kind, ids []string) []Member {
	out := make([]Member, len(ids))
	for i, id := range ids {
		out[i] = Member{Kind: kind, ID: id}
	}
	return out
}

// check returns an error for a member that cannot be sent.
func (m Member) check(field string) error {
	if m.Kind != KindDevice && m.Kind != KindGroup {
		value := fmt.Sprintf("%q", m.Kind)
		return &apierr.FieldError{Field: field + ".Kind", Value: value, Rule: "must be KindDevice or KindGroup"}
	}
	return call.CheckID(field+".ID", m.ID)
}

// checkFor is check for a member that is added or removed.
func (m Member) checkFor(s changeKind, field string) error {
	if s == addMembers || s == addExclusions {
		return m.checkNew(field)
	}
	return m.check(field)
}

// checkNew is check for a member that the service may not have listed.
func (m Member) checkNew(field string) error {
	if err := m.check(field); err != nil || m.Kind == KindGroup {
		return err
	}
	return checkDeviceID(field+".ID", m.ID)
}

// writeAssets returns nil for none, so that the property of the body is omitted. The
// items are the plain base type with the name of the real one: it writes the same, and a
// list of any length is two allocations.
func writeAssets(list []Member) []models.UpdatableAssetable {
	if len(list) == 0 {
		return nil
	}
	device, group := wire.LongType(string(KindDevice)), wire.LongType(string(KindGroup))
	items := make([]models.UpdatableAsset, len(list))
	out := make([]models.UpdatableAssetable, len(list))
	for i := range list {
		items[i].SetId(&list[i].ID)
		items[i].SetOdataType(device)
		if list[i].Kind == KindGroup {
			items[i].SetOdataType(group)
		}
		out[i] = &items[i]
	}
	return out
}

// fewWords is how many members of a list a message names.
const fewWords = 3

// firstIDs is the beginning of a list, for display.
func firstIDs(list []Member) string { return firstOf(len(list), slices.Values(list)) }

// firstOf is the beginning of n members, for display.
func firstOf(n int, members iter.Seq[Member]) string {
	var texts []string
	for m := range members {
		if len(texts) == fewWords {
			break
		}
		texts = append(texts, words(m))
	}
	switch {
	case n == 0:
		return ""
	case n > fewWords:
		texts = append(texts, "…")
	}
	return ": " + strings.Join(texts, ", ")
}

// words name a member, for display.
func words(m Member) string {
	if m.Kind == KindGroup {
		return wire.Line("", "group ", m.ID)
	}
	return wire.Line("", m.ID)
}

package audience

import (
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// deviceIDRule says what a device ID is, and how to find that of a device by its name.
const deviceIDRule = "must be a Microsoft Entra device ID, a GUID with hyphens and not the object ID or the name of the device, " +
	"which Reports().ResolveNames finds by name"

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// checkDeviceID returns an error for an ID that cannot be that of a device. IDs that the
// service lists are not checked, so that each of them can be removed.
func checkDeviceID(field, id string) error {
	if strings.TrimSpace(id) == "" {
		return call.CheckID(field, id)
	}
	if idset.IsGUID(id) && id != zeroGUID {
		return nil
	}
	return &apierr.FieldError{Field: field, Value: `"` + id + `"`, Rule: deviceIDRule}
}

// eachNew checks device IDs and yields each once, as it was first written. The error is the first problem.
// IDs that are removed may be any that the service lists.
func eachNew(s changeKind, deviceIDs []string, yield func(id string)) error {
	seen := idset.NewSeen(len(deviceIDs))
	for i, id := range deviceIDs {
		isNew, isGUID := seen.Add(id)
		if !isGUID {
			if err := checkID(s, fmt.Sprintf("deviceIDs[%d]", i), id); err != nil {
				return err
			}
		}
		if isNew {
			yield(id)
		}
	}
	return nil
}

func checkID(s changeKind, field, id string) error {
	if s == addMembers || s == addExclusions {
		return checkDeviceID(field, id)
	}
	return call.CheckID(field, id)
}

// uniqueIDs checks device IDs that the service may not have listed, and returns each once.
func uniqueIDs(deviceIDs []string) ([]string, error) {
	unique := make([]string, 0, len(deviceIDs))
	err := eachNew(addMembers, deviceIDs, func(id string) { unique = append(unique, id) })
	return unique, err
}

// uniqueDevices checks device IDs that are added or removed, and returns each once as a member.
func uniqueDevices(s changeKind, deviceIDs []string) ([]Member, error) {
	unique := make([]Member, 0, len(deviceIDs))
	err := eachNew(s, deviceIDs, func(id string) { unique = append(unique, Member{KindDevice, id}) })
	return unique, err
}

// unique checks members that are added or removed, and returns each once. The error is the first problem: to
// name all takes longer than to send them. The result is the list itself if it has no duplicates.
func unique(s changeKind, list []Member) ([]Member, error) {
	seen := map[Kind]*idset.Seen{KindDevice: idset.NewSeen(len(list)), KindGroup: idset.NewSeen(0)}
	var kept []Member // nil until there is a duplicate
	for i, m := range list {
		of, isKnown := seen[m.Kind]
		isNew, isGUID := true, false
		if isKnown {
			isNew, isGUID = of.Add(m.ID)
		}
		if !isGUID && m.checkFor(s, "") != nil {
			return nil, m.checkFor(s, fmt.Sprintf("%v[%d]", s, i))
		}
		switch {
		case kept == nil && !isNew:
			kept = slices.Clone(list[:i])
		case kept != nil && isNew:
			kept = append(kept, m)
		}
	}
	if kept == nil {
		return list, nil
	}
	return kept, nil
}

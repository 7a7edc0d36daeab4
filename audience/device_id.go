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
	"which GET /devices?$filter=displayName eq 'NAME' of Microsoft Graph returns as deviceId"

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

// checkDeviceIDs returns the first problem.
func checkDeviceIDs(deviceIDs []string) error {
	for i, id := range deviceIDs {
		if checkDeviceID("", id) != nil {
			return checkDeviceID(fmt.Sprintf("deviceIDs[%d]", i), id)
		}
	}
	return nil
}

// checkIDs returns the first problem of devices that are to be added or removed.
func checkIDs(s changeKind, deviceIDs []string) error {
	if s == addMembers || s == addExclusions {
		return checkDeviceIDs(deviceIDs)
	}
	for i, id := range deviceIDs {
		if call.CheckID("", id) != nil {
			return call.CheckID(fmt.Sprintf("deviceIDs[%d]", i), id)
		}
	}
	return nil
}

// uniqueIDs returns each ID once, as it was first written.
func uniqueIDs(ids []string) []string {
	return unique(ids, strings.ToLower)
}

func uniqueMembers(list []Member) []Member {
	return unique(list, func(m Member) Member { return Member{m.Kind, strings.ToLower(m.ID)} })
}

func unique[T any, K comparable](list []T, key func(T) K) []T {
	known := make(map[K]struct{}, len(list))
	return slices.DeleteFunc(slices.Clone(list), func(item T) bool {
		before := len(known)
		known[key(item)] = struct{}{}
		return len(known) == before
	})
}

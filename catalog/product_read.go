package catalog

import (
	"encoding/json"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func readProduct(w models.Productable) *Product {
	return &Product{
		ID:            call.Value(w.GetId()),
		Name:          call.Value(w.GetName()),
		GroupName:     call.Value(w.GetGroupName()),
		FriendlyNames: w.GetFriendlyNames(),
		Editions:      call.Each(w.GetEditions(), readEdition),
		Revisions:     call.Each(w.GetRevisions(), readRevision),
		KnownIssues:   call.Each(w.GetKnownIssues(), readKnownIssue),
		Incomplete:    goesOn(w.GetAdditionalData(), "editions", "revisions", "knownIssues"),
		Extra:         call.Extra(w),
	}
}

// goesOn tells whether the service gave a link to the rest of one of the lists.
func goesOn(members map[string]any, lists ...string) bool {
	return slices.ContainsFunc(lists, func(list string) bool { return members[list+"@odata.nextLink"] != nil })
}

func readEdition(w models.Editionable) Edition {
	return Edition{
		ID:           call.Value(w.GetId()),
		Name:         call.Value(w.GetName()),
		ReleasedName: call.Value(w.GetReleasedName()),
		DeviceFamily: call.Value(w.GetDeviceFamily()),
		InService:    call.Value(w.GetIsInService()),
		Available:    call.Time(w.GetGeneralAvailabilityDateTime()),
		EndOfService: call.Time(w.GetEndOfServiceDateTime()),
		ServicingPeriods: call.Each(w.GetServicingPeriods(), func(w models.ServicingPeriodable) ServicingPeriod {
			return ServicingPeriod{
				Name: call.Value(w.GetName()), Start: call.Time(w.GetStartDateTime()), End: call.Time(w.GetEndDateTime()), Extra: call.Extra(w),
			}
		}),
		Extra: call.Extra(w),
	}
}

// take moves a member out of extra into what has no value yet, unless it is of
// another type. It returns what is left, nil for nothing.
func take[T comparable](extra map[string]json.RawMessage, name string, into *T) map[string]json.RawMessage {
	var none, value T
	raw, ok := extra[name]
	if !ok || *into != none || json.Unmarshal(raw, &value) != nil {
		return extra
	}
	*into = value
	delete(extra, name)
	if len(extra) == 0 {
		return nil
	}
	return extra
}

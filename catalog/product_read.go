package catalog

import (
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
		Incomplete:    goesOn(w, "editions", "revisions", "knownIssues"),
		Extra:         call.Extra(w),
	}
}

// goesOn tells whether the service sent only the first of one of the lists.
func goesOn(w models.Productable, lists ...string) bool {
	return slices.ContainsFunc(lists, func(list string) bool { return call.Rest(w, list) != "" })
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
				Name: call.Value(w.GetName()), Start: call.Time(w.GetStartDateTime()), End: call.Time(w.GetEndDateTime()),
				Extra: call.Extra(w),
			}
		}),
		Extra: call.Extra(w),
	}
}

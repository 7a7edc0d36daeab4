package catalog

import (
	"slices"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readProduct(w models.Productable) *Product {
	return &Product{
		ID:            wire.Value(w.GetId()),
		Name:          wire.Value(w.GetName()),
		GroupName:     wire.Value(w.GetGroupName()),
		FriendlyNames: w.GetFriendlyNames(),
		Editions:      wire.Each(w.GetEditions(), readEdition),
		Revisions:     wire.Each(w.GetRevisions(), readRevision),
		KnownIssues:   wire.Each(w.GetKnownIssues(), readKnownIssue),
		Incomplete:    isTruncated(w, "editions", "revisions", "knownIssues"),
		Extra:         wire.Extra(w),
	}
}

// isTruncated reports whether the service sent only the first items of a list.
func isTruncated(w models.Productable, lists ...string) bool {
	return slices.ContainsFunc(lists, func(list string) bool { return wire.Rest(w, list) != "" })
}

func readEdition(w models.Editionable) Edition {
	return Edition{
		ID:           wire.Value(w.GetId()),
		Name:         wire.Value(w.GetName()),
		ReleasedName: wire.Value(w.GetReleasedName()),
		DeviceFamily: wire.Value(w.GetDeviceFamily()),
		InService:    wire.Value(w.GetIsInService()),
		Available:    wire.Time(w.GetGeneralAvailabilityDateTime()),
		EndOfService: wire.Time(w.GetEndOfServiceDateTime()),
		ServicingPeriods: wire.Each(w.GetServicingPeriods(), func(w models.ServicingPeriodable) ServicingPeriod {
			return ServicingPeriod{
				Name: wire.Value(w.GetName()), Start: wire.Time(w.GetStartDateTime()), End: wire.Time(w.GetEndDateTime()),
				Extra: wire.Extra(w),
			}
		}),
		Extra: wire.Extra(w),
	}
}

package reports

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readProfile(w models.DeviceProfileable) *Profile {
	return &Profile{
		ID:       wire.Value(w.GetId()),
		DeviceID: wire.Value(w.GetAzureAdDeviceId()),
		Name:     wire.Value(w.GetDeviceName()),
		Model:    wire.Value(w.GetDeviceModel()),
		Build:    wire.Value(w.GetOsBuild()),
		Status:   wire.Value(w.GetOsStatus()),
		Hotpatch: HotpatchReadiness(wire.Value(w.GetHotpatchReadiness())),
		Extra:    wire.Extra(w),
	}
}

func readAssignment(w models.PolicyAssignmentable) *Assignment {
	a := &Assignment{
		ID:         wire.Value(w.GetId()),
		DeviceID:   wire.Value(w.GetAzureAdDeviceId()),
		PolicyID:   wire.Value(w.GetPolicyId()),
		PolicyName: wire.Value(w.GetPolicyName()),
		Extra:      wire.Extra(w),
	}
	if profile := w.GetDeviceProfile(); profile != nil {
		a.Profile = readProfile(profile)
	}
	return a
}

func readDriver(w models.DriverUpdateReportable) *Driver {
	return &Driver{
		EntryID:      wire.Value(w.GetId()),
		Name:         wire.Value(w.GetDisplayName()),
		Manufacturer: wire.Value(w.GetManufacturer()),
		Class:        wire.Value(w.GetClass()),
		Version:      wire.Value(w.GetVersion()),
		Released:     wire.Time(w.GetReleaseDateTime()),
		Statuses: wire.Each(w.GetDeviceStatuses(), func(w models.DriverUpdateDeviceStatusable) DriverStatus {
			return *readStatus(w)
		}),
		Extra: wire.Extra(w),
	}
}

func readStatus(w models.DriverUpdateDeviceStatusable) *DriverStatus {
	return &DriverStatus{
		ID:       wire.Value(w.GetId()),
		DeviceID: wire.Value(w.GetAadDeviceId()),
		State:    DriverState(wire.Value(w.GetClientState())),
		Substate: DriverSubstate(wire.Value(w.GetClientSubstate())),
		Extra:    wire.Extra(w),
	}
}

func readSummary(w models.ApplicableCatalogSummaryable) *Summary {
	s := &Summary{
		EntryID:        wire.Value(w.GetId()),
		HasRecommended: w.GetHasRecommendedDevice(),
		Devices:        wire.Each(w.GetAggregatedDevices(), audience.Internal.ReadApplicableDevice),
		Extra:          wire.Extra(w),
	}
	if n := w.GetAggregatedDeviceCount(); n != nil {
		s.DeviceCount = new(int(*n))
	}
	return s
}

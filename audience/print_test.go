package audience_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestApplicableUpdatesAndDevicesPrintOneReadableLine(t *testing.T) {
	t.Parallel()
	driver := &catalog.DriverUpdate{Base: catalog.Base{ID: "e", DisplayName: "Contoso\nDisplay"}, Version: "1.2"}
	match := audience.DeviceMatch{DeviceID: "d", RecommendedBy: []string{"Microsoft", "Contoso"}}
	for want, value := range map[string]any{
		"device d, recommended":                       &audience.ApplicableDevice{DeviceID: "d", Recommended: true},
		"device d, not recommended":                   audience.ApplicableDevice{DeviceID: "d"},
		"device d, unknown isRecommended":             audience.ApplicableDevice{DeviceID: "d", Extra: stub.Extra("isRecommended", "7")},
		"unknown id, recommended":                     audience.ApplicableDevice{Recommended: true, Extra: stub.Extra("id", "7")},
		"device d, recommended by Microsoft, Contoso": &match,
		"device d":                               audience.DeviceMatch{DeviceID: "d"},
		"device d, unknown recommendedBy":        audience.DeviceMatch{DeviceID: "d", Extra: stub.Extra("recommendedBy", "7")},
		"entry e":                                &audience.ApplicableContent{EntryID: "e"},
		"entry e, 0 devices":                     audience.ApplicableContent{EntryID: "e", Devices: []audience.DeviceMatch{}},
		"entry e, 1 device and others":           audience.ApplicableContent{EntryID: "e", Devices: []audience.DeviceMatch{match}, NextDevices: "link"},
		"unknown catalogEntryId":                 audience.ApplicableContent{Extra: stub.Extra("catalogEntryId", "7")},
		"entry e, unknown matchedDevices":        audience.ApplicableContent{EntryID: "e", Extra: stub.Extra("matchedDevices", "7")},
		`Contoso Display 1.2, entry e`:           audience.ApplicableContent{EntryID: "e", Entry: driver},
		`Contoso Display 1.2, entry e, device d`: audience.Match{EntryID: "e", Entry: driver, Device: audience.DeviceMatch{DeviceID: "d"}},
		"entry e, device d":                      &audience.Match{EntryID: "e", Device: audience.DeviceMatch{DeviceID: "d"}},
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}

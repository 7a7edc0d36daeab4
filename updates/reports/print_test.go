package reports_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/reports"
)

func TestValuesPrintOneReadableLine(t *testing.T) {
	t.Parallel()
	profile := reports.Profile{ID: "p", DeviceID: "d", Name: "PC-1", Model: "Model 7", Build: "10.0.26100.1", Hotpatch: reports.HotpatchReady}
	for want, value := range map[string]any{
		"PC-1, device d, Model 7, build 10.0.26100.1, hotpatch ready": &profile,
		"no name, device d":               reports.Profile{DeviceID: "d", Name: "#"},
		"unknown deviceName, device d":    reports.Profile{DeviceID: "d", Extra: stub.Extra("deviceName", "7")},
		"policy Pilot q, device d":        reports.Assignment{PolicyID: "q", PolicyName: "Pilot", DeviceID: "d"},
		"policy Pilot, device d: no name": &reports.Assignment{PolicyName: "Pilot", DeviceID: "d", Profile: &reports.Profile{}},
		"Display Driver, version 1.2, Display, of Contoso, released 2026-09-15, entry e": reports.Driver{
			EntryID: "e", Name: "Display Driver", Version: "1.2", Class: "Display", Manufacturer: "Contoso",
			Released: time.Date(2026, 9, 15, 0, 0, 0, 0, time.UTC),
		},
		"device d, installing, downloadStart": reports.DriverStatus{
			DeviceID: "d", State: reports.DriverStateInstalling, Substate: reports.DriverSubstateDownloadStart,
		},
		"device d, unknown clientState":           &reports.DriverStatus{DeviceID: "d", Extra: stub.Extra("clientState", "[]")},
		"entry e, 1 device, recommended for some": reports.Summary{EntryID: "e", DeviceCount: new(1), HasRecommended: new(true)},
		"entry e, recommended for none":           reports.Summary{EntryID: "e", HasRecommended: new(false)},
		"entry e, unknown aggregatedDeviceCount":  &reports.Summary{EntryID: "e", Extra: stub.Extra("aggregatedDeviceCount", `"many"`)},
		`"PC-1": no device`:                       reports.ResolvedName{Name: "PC-1"},
		`"PC-1": d Model 7 build 10.0.26100.1`: reports.ResolvedName{
			Name: "PC-1", Candidates: []reports.Candidate{{DeviceID: "d", Profiles: []*reports.Profile{&profile}}},
		},
		"d unknown deviceModel unknown osBuild": reports.Candidate{
			DeviceID: "d", Profiles: []*reports.Profile{{Extra: map[string]json.RawMessage{"deviceModel": json.RawMessage("7"), "osBuild": json.RawMessage("7")}}},
		},
		"d unknown feature updates quality updates enrolled unknown drivers unknown reason": reports.Candidate{
			DeviceID: "d", Device: &audience.Device{
				Feature: audience.Enrollment{Extra: stub.Extra("enrollmentState", "7")}, Quality: audience.Enrollment{State: audience.StateEnrolled},
				Driver: audience.Enrollment{Extra: stub.Extra("enrollmentState", "7")},
				Errors: []audience.RegistrationError{{Extra: stub.Extra("reason", "7")}},
			},
		},
		"d unknown errors": reports.Candidate{
			DeviceID: "d", Device: &audience.Device{Base: audience.Base{Extra: stub.Extra("errors", "7")}},
		},
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}

func TestAResolutionPrintsWhatItFound(t *testing.T) {
	t.Parallel()
	found, _ := resolve(t, tenant(), "desktop-1", "double", "missing", "Double ", "none")
	require.Equal(t, "4 names: 1 of one device, 1 of several, 2 of none; 6 profiles, 2 without a name", fmt.Sprint(found))
	found, _ = resolve(t, tenant(), "desktop-1")
	require.Equal(t, "1 name: 1 of one device; 6 profiles, 2 without a name", fmt.Sprint(*found))
}

func TestWhatCouldNotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	extra := stub.Extra("osBuild", "7")
	require.Equal(t, []string{"osBuild"}, (&reports.Profile{Extra: extra}).Unread())
	require.Equal(t, []string{"policyId"}, (&reports.Assignment{Extra: stub.Extra("policyId", "7")}).Unread())
	require.Equal(t, []string{"releaseDateTime"}, (&reports.Driver{Extra: stub.Extra("releaseDateTime", `"soon"`)}).Unread())
	require.Equal(t, []string{"clientState"}, (&reports.DriverStatus{Extra: stub.Extra("clientState", "7")}).Unread())
	require.Equal(t, []string{"aggregatedDeviceCount"}, (&reports.Summary{Extra: stub.Extra("aggregatedDeviceCount", `""`)}).Unread())
	require.Empty(t, (&reports.Profile{Extra: stub.Extra("new", "7")}).Unread())
}

package audience_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// A known property in Extra is one that could not be read; its field is zero.
func TestUnreadNamesKnownPropertiesInExtra(t *testing.T) {
	t.Parallel()
	for want, got := range map[string][]string{
		"@odata.type":        (&audience.UnknownAsset{Base: audience.Base{Extra: stub.Extra("@odata.type", "7")}}).Unread(),
		"errors":             deviceFrom(t, `"errors":7`).Unread(),
		"enrollment":         deviceFrom(t, `"enrollment":7`).Unread(),
		"enrollment.quality": deviceFrom(t, `"enrollment":{"quality":7,"new":1,"driver":{}}`).Unread(),
		"enrollmentState":    deviceFrom(t, `"enrollment":{"quality":{"enrollmentState":7}}`).Quality.Unread(),
		"reason":             audience.RegistrationError{Extra: stub.Extra("reason", "7")}.Unread(),
		"members":            (&audience.Group{Base: audience.Base{Extra: stub.Extra("members", "7")}}).Unread(),
		"exclusions":         audience.Audience{Extra: stub.Extra("exclusions", "7")}.Unread(),
		"catalogEntry":       audience.ApplicableContent{Extra: stub.Extra("catalogEntry", "7")}.Unread(),
		"recommendedBy":      audience.DeviceMatch{Extra: stub.Extra("recommendedBy", "7")}.Unread(),
	} {
		require.Equal(t, []string{want}, got)
	}
	require.Empty(t, deviceFrom(t, `"enrollment":{"new":1}`).Unread())
	require.Empty(t, deviceFrom(t, `"enrollment":null`).Unread())
}

// deviceFrom is a device that has these properties in a response.
func deviceFrom(t *testing.T, properties string) *audience.Device {
	t.Helper()
	body := `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + device1 + `",` + properties + `}`
	device, err := stub.Answering(stub.Answer(200, body)).Client(t).Devices().Get(t.Context(), device1)
	require.NoError(t, err)
	return device
}

func TestAnEnrollmentThatCouldNotBeReadIsUnknown(t *testing.T) {
	t.Parallel()
	for properties, unread := range map[string]bool{
		`"enrollment":7`:                                      true,
		`"enrollment":{"feature":7}`:                          true,
		`"enrollment":{"feature":{"enrollmentState":7}}`:      true,
		`"enrollments":7`:                                     true,
		`"enrollment":{"quality":7}`:                          false,
		`"enrollment":{"feature":{"lastModifiedDateTime":7}}`: false,
		`"enrollment":{"feature":{"enrollmentState":"notEnrolled"},"quality":{}}`: false,
		`"x":1`: false,
	} {
		device := deviceFrom(t, properties)
		require.Equal(t, unread, device.IsEnrollmentUnread(audience.CategoryFeature), properties)
		require.False(t, device.Feature.IsEnrolled())

		stub.InBubble(t, properties, func(t *testing.T) {
			body := `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + device1 + `",` + properties + `}`
			client := stub.Answering(stub.Answer(200, body)).Client(t)
			report, err := client.Devices().WaitForEnrollment(stub.Within(t, time.Hour), audience.CategoryFeature, []string{device1},
				audience.StateNotEnrolled, nil)
			require.Equal(t, unread, err != nil, "%v %v", report, err)
			if unread {
				require.Equal(t, audience.OutcomeUnknown, report.Devices[0].Outcome)
				require.ErrorContains(t, err, "1 unknown")
			}
		})
	}
}

package tenant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

// A known property in Extra is one that could not be read; its field is zero.
func TestUnreadNamesKnownPropertiesInExtra(t *testing.T) {
	t.Parallel()
	const dataProcessor = "areDataProcessorServiceForWindowsFeaturesEnabled"
	settings := tenant.Settings{Extra: stub.Extra(dataProcessor, "7")}
	require.Equal(t, []string{dataProcessor}, settings.Unread())
	require.Equal(t, "unknown "+dataProcessor+", extra "+dataProcessor, settings.String())
	app := tenant.MDMApp{ID: "a", Extra: stub.Extra("isHotpatchEnabled", "7")}
	require.Equal(t, []string{"isHotpatchEnabled"}, app.Unread())
	require.Equal(t, []string{"state"}, tenant.Connection{Extra: stub.Extra("state", "7")}.Unread())
}

package tenant_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

func TestValuesPrintOneReadableLine(t *testing.T) {
	t.Parallel()
	workspace := tenant.LogAnalyticsWorkspace{Subscription: "s", ResourceGroup: "updates", Workspace: "reports"}
	for want, value := range map[string]any{
		"data processor features on, MDM app a: hotpatches off, extra new": &tenant.Settings{
			DataProcessor: true, MDMApps: []*tenant.MDMApp{{ID: "a", Hotpatch: new(false)}}, Extra: stub.Extra("new", "1"),
		},
		"data processor features null": tenant.SettingsUpdate{DataProcessor: odata.Null[bool]()},
		"MDM app a: hotpatches on":     tenant.MDMApp{ID: "a", Hotpatch: new(true)},
		"hotpatches off":               tenant.MDMAppUpdate{Hotpatch: odata.Set(false)},
		`workspace "reports" in resource group "updates" of subscription s`: workspace,
		`connection c operationalInsightsConnection, connected, workspace "reports"`: &tenant.Connection{
			ID: "c", Kind: tenant.KindLogAnalytics, State: tenant.StateConnected, Workspace: "reports",
		},
		"connection c, notFound": &tenant.Connection{ID: "c", State: tenant.StateNotFound},
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}

package tenant_test

import (
	"testing"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

func TestStoredValuesDropNoProperty(t *testing.T) {
	t.Parallel()
	app := tenant.MDMApp{ID: intune, Hotpatch: new(false)}
	stub.RequireStrict(t, app)
	stub.RequireStrict(t, tenant.MDMAppUpdate{Hotpatch: odata.Set(false), Extra: stub.Extra("new", "{}")})
	stub.RequireStrict(t, tenant.Settings{MDMApps: []*tenant.MDMApp{&app}})
	stub.RequireStrict(t, tenant.SettingsUpdate{DataProcessor: odata.Null[bool]()})
	stub.RequireStrict(t, tenant.Connection{ID: "a", State: tenant.StateNotFound})
	stub.RequireStrict(t, workspace)
}

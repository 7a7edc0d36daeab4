package tenant_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

const intune = "0000000a-0000-0000-c000-000000000000"

var workspace = tenant.LogAnalyticsWorkspace{Subscription: "00000000-0000-4000-8000-0000000000b1", ResourceGroup: "updates", Workspace: "reports"}

// documented are calls by the name of the request that they should send.
var documented = map[string]func(context.Context, tenant.Client) error{
	"Log Analytics connection": func(ctx context.Context, c tenant.Client) error {
		_, err := c.CreateConnection(ctx, workspace)
		return err
	},
	"tenant settings": func(ctx context.Context, c tenant.Client) error {
		return c.UpdateSettings(ctx, tenant.SettingsUpdate{DataProcessor: odata.Set(true)})
	},
	"device management app": func(ctx context.Context, c tenant.Client) error {
		_, err := c.CreateMDMApp(ctx, tenant.MDMApp{ID: intune, Hotpatch: new(true)})
		return err
	},
}

func TestRequestsAreAsDocumented(t *testing.T) {
	t.Parallel()
	stub.EachDocumented(t, documented, func(t *testing.T, want stub.Documented, send func(context.Context, tenant.Client) error) {
		t.Helper()
		service := stub.Answering(stub.Answer(200, `{"id":"x","mdmAppId":"x"}`))
		require.NoError(t, send(t.Context(), service.Client(t).Tenant()))
		got := service.Only(t)
		require.Equal(t, want.Method+" "+want.Path, got.Route())
		require.JSONEq(t, string(want.Body), withoutOwnType(t, got.Body))
	})
}

// withoutOwnType leaves out the type of the settings, which the service knows.
func withoutOwnType(t *testing.T, body string) string {
	t.Helper()
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &members))
	if members["@odata.type"] == "#microsoft.graph.windowsUpdates.tenantSetting" {
		delete(members, "@odata.type")
	}
	text, err := json.Marshal(members)
	require.NoError(t, err)
	return string(text)
}

func TestEachCallSendsItsRequest(t *testing.T) {
	t.Parallel()
	const apps, connections = "/tenantSettings/mdmAppSettings", "/resourceConnections"
	for name, c := range map[string]struct {
		send        func(context.Context, tenant.Client) error
		route, body string
	}{
		"settings": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.GetSettings(ctx)
			return err
		}, "GET /tenantSettings", ""},
		"null and more": {func(ctx context.Context, c tenant.Client) error {
			return c.UpdateSettings(ctx, tenant.SettingsUpdate{DataProcessor: odata.Null[bool](), Extra: stub.Extra("new", "1")})
		}, "PATCH /tenantSettings", `{"areDataProcessorServiceForWindowsFeaturesEnabled":null,"new":1}`},
		"apps": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.ListMDMApps(nil).First(ctx)
			return err
		}, "GET " + apps, ""},
		"app": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.GetMDMApp(ctx, intune)
			return err
		}, "GET " + apps + "/" + intune, ""},
		"app that leaves hotpatches to the service": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.CreateMDMApp(ctx, tenant.MDMApp{ID: intune, Extra: stub.Extra("new", "1")})
			return err
		}, "POST " + apps, `{"mdmAppId":"` + intune + `","new":1}`},
		"change of an app": {func(ctx context.Context, c tenant.Client) error {
			return c.UpdateMDMApp(ctx, intune, tenant.MDMAppUpdate{Hotpatch: odata.Set(false)})
		}, "PATCH " + apps + "/" + intune, `{"isHotpatchEnabled":false}`},
		"connections": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.ListConnections(nil).First(ctx)
			return err
		}, "GET " + connections, ""},
		"workspaces": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.ListLogAnalytics(nil).First(ctx)
			return err
		}, "GET " + connections + "/microsoft.graph.windowsUpdates.operationalInsightsConnection", ""},
		"connection": {func(ctx context.Context, c tenant.Client) error {
			_, err := c.GetConnection(ctx, "x")
			return err
		}, "GET " + connections + "/x", ""},
		"deletion": {func(ctx context.Context, c tenant.Client) error {
			return c.DeleteConnection(ctx, "x")
		}, "DELETE " + connections + "/x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"id":"x","mdmAppId":"x","value":[{"id":"y"}]}`))
			require.NoError(t, c.send(t.Context(), service.Client(t).Tenant()))
			got := service.Only(t)
			require.Equal(t, c.route, got.Route())
			if c.body == "" {
				require.Empty(t, got.Body)
				return
			}
			require.JSONEq(t, c.body, withoutOwnType(t, got.Body))
		})
	}
}

package tenant_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

func TestEachFormOfTheSettingsIsRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]tenant.Settings{
		`{}`: {},
		`{"areDataProcessorServiceForWindowsFeaturesEnabled":true}`:                     {DataProcessor: true},
		`{"id":"x","areDataProcessorServiceForWindowsFeaturesEnabled":null,"new":1.50}`: {ID: "x", Extra: stub.Extra("new", "1.50")},
		`{"mdmAppSettings":[null,{"mdmAppId":"a","isHotpatchEnabled":true,"new":[]}]}`: {
			MDMApps: []*tenant.MDMApp{{ID: "a", Hotpatch: new(true), Extra: stub.Extra("new", "[]")}},
		},
		`{"mdmAppSettings":[]}`: {MDMApps: []*tenant.MDMApp{}},
	} {
		got, err := stub.Answering(stub.Answer(200, body)).Client(t).Tenant().GetSettings(t.Context())
		require.NoError(t, err, body)
		require.Equal(t, &want, got, body)
		stub.RequireStored(t, *got)
	}
}

// Of settings there is one set for each tenant, so they need no id; of a connection
// there can be many.
func TestOnlyTheSettingsNeedNoID(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, `{}`)).Client(t).Tenant()
	_, err := client.GetSettings(t.Context())
	require.NoError(t, err)
	_, err = client.GetConnection(t.Context(), "x")
	require.ErrorContains(t, err, "the response has no ID")
	_, err = client.GetMDMApp(t.Context(), intune)
	require.ErrorContains(t, err, "the response has no ID")
	_, err = client.CreateMDMApp(t.Context(), tenant.MDMApp{ID: intune})
	require.ErrorContains(t, err, "the response has no ID")
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	_, err = stub.Answering(stub.Answer(200, `[]`)).Client(t).Tenant().GetSettings(t.Context())
	require.Error(t, err)
}

func TestAnErrorThatSaysItIsASuccessIsNoResponse(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, `{"error":{"code":"UnknownError","message":""}}`)).Client(t).Tenant()
	settings, err := client.GetSettings(t.Context())
	require.Nil(t, settings)
	require.ErrorContains(t, err, "200 UnknownError; the response has an error although its status is a success")
	app, err := client.GetMDMApp(t.Context(), intune)
	require.Nil(t, app)
	require.ErrorContains(t, err, "200 UnknownError; the response has an error although its status is a success")
}

func TestEachFormOfAConnectionIsRead(t *testing.T) {
	t.Parallel()
	const types, names = "microsoft.graph.windowsUpdates.", `"azureSubscriptionId":"s","azureResourceGroupName":"g","workspaceName":"w"`
	for name, c := range map[string]struct {
		body string
		want tenant.Connection
	}{
		"whole": {
			`"@odata.type":"#` + types + `operationalInsightsConnection","state":"connected",` + names,
			tenant.Connection{
				Kind: tenant.KindLogAnalytics, State: tenant.StateConnected, Subscription: "s", ResourceGroup: "g", Workspace: "w",
			},
		},
		"without a hash": {
			`"@odata.type":"` + types + `operationalInsightsConnection",` + names,
			tenant.Connection{Kind: tenant.KindLogAnalytics, Subscription: "s", ResourceGroup: "g", Workspace: "w"},
		},
		"abstract": {
			`"@odata.type":"#` + types + `resourceConnection","state":"notFound"`,
			tenant.Connection{Kind: "resourceConnection", State: tenant.StateNotFound},
		},
		"abstract, more": {
			`"@odata.type":"#` + types + `resourceConnection",` + names + `,"new":1`,
			tenant.Connection{Kind: "resourceConnection", Subscription: "s", ResourceGroup: "g", Workspace: "w", Extra: stub.Extra("new", "1")},
		},
		"not authorized": {
			`"@odata.type":"#` + types + `operationalInsightsConnection","state":"notAuthorized"`,
			tenant.Connection{Kind: tenant.KindLogAnalytics, State: tenant.StateNotAuthorized},
		},
		"no type": {names, tenant.Connection{Subscription: "s", ResourceGroup: "g", Workspace: "w"}},
		"another kind": {
			`"@odata.type":"#` + types + `lunarConnection","crater":"c","workspaceName":3,"state":"strange"`,
			tenant.Connection{
				Kind: "lunarConnection", State: "strange", Extra: map[string]json.RawMessage{
					"crater": []byte(`"c"`), "workspaceName": []byte("3"),
				},
			},
		},
		"nulls": {`"state":null,"workspaceName":null`, tenant.Connection{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.ID = "x"
			got, err := stub.Answering(stub.Answer(200, `{"id":"x",`+c.body+`}`)).Client(t).Tenant().GetConnection(t.Context(), "x")
			require.NoError(t, err)
			require.Equal(t, &c.want, got)
			stub.RequireStored(t, *got)
		})
	}
}

func TestChangesComeBackFromJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []odata.Change[bool]{{}, odata.Null[bool](), odata.Set(false), odata.Set(true)} {
		update, app := tenant.SettingsUpdate{DataProcessor: c, Extra: stub.Extra("new", "1e400")}, tenant.MDMAppUpdate{Hotpatch: c}
		stub.RequireStored(t, update)
		stub.RequireStored(t, app)
	}
	stub.RequireStored(t, workspace)
}

func TestAnAppComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		app := tenant.MDMApp{ID: fmt.Sprintf("%08x-0000-4000-8000-000000000000", r.Uint32()), Hotpatch: []*bool{nil, new(true), new(false)}[r.IntN(3)]}
		if r.IntN(2) == 0 {
			app.Extra = stub.Extra("new", []string{"null", "0.10", `{"a":[]}`, "12345678901234567890"}[r.IntN(4)])
		}
		service := stub.Answering(stub.Answer(201, `{"mdmAppId":"x"}`))
		_, err := service.Client(t).Tenant().CreateMDMApp(t.Context(), app)
		require.NoError(t, err)
		got, err := stub.Answering(stub.Answer(200, service.Last(t).Body)).Client(t).Tenant().GetMDMApp(t.Context(), app.ID)
		require.NoError(t, err)
		require.Equal(t, &app, got)
	}
}

func TestInvalidInputIsNotSent(t *testing.T) {
	t.Parallel()
	create := func(app tenant.MDMApp) func(context.Context, tenant.Client) error {
		return func(ctx context.Context, c tenant.Client) error {
			_, err := c.CreateMDMApp(ctx, app)
			return err
		}
	}
	connect := func(l tenant.LogAnalyticsWorkspace) func(context.Context, tenant.Client) error {
		return func(ctx context.Context, c tenant.Client) error {
			_, err := c.CreateConnection(ctx, l)
			return err
		}
	}
	for _, c := range []struct {
		want string
		send func(context.Context, tenant.Client) error
	}{
		{
			"tenant.UpdateSettings: SettingsUpdate must change something", func(ctx context.Context, c tenant.Client) error {
				return c.UpdateSettings(ctx, tenant.SettingsUpdate{})
			},
		},
		{"tenant.UpdateMDMApp: MDMAppUpdate must change something", func(ctx context.Context, c tenant.Client) error {
			return c.UpdateMDMApp(ctx, intune, tenant.MDMAppUpdate{})
		}},
		{`tenant.UpdateMDMApp: MDMAppUpdate.Extra["mdmAppId"]`, func(ctx context.Context, c tenant.Client) error {
			return c.UpdateMDMApp(ctx, intune, tenant.MDMAppUpdate{Extra: stub.Extra("mdmAppId", `"x"`)})
		}},
		{"tenant.UpdateMDMApp: appID must not be empty", func(ctx context.Context, c tenant.Client) error {
			return c.UpdateMDMApp(ctx, "", tenant.MDMAppUpdate{Hotpatch: odata.Set(true)})
		}},
		{"tenant.CreateMDMApp: ID must not be empty", create(tenant.MDMApp{})},
		{`tenant.CreateMDMApp: ID must be an ID of the service (got " ` + intune + `")`, create(tenant.MDMApp{ID: " " + intune})},
		{"tenant.CreateMDMApp: ID must be a GUID that is not all zeros", create(tenant.MDMApp{ID: "00000000-0000-0000-0000-000000000000"})},
		{`must be a GUID that is not all zeros (got "{` + intune + `}")`, create(tenant.MDMApp{ID: "{" + intune + "}"})},
		{`must be a GUID that is not all zeros (got "Intune")`, create(tenant.MDMApp{ID: "Intune"})},
		{`tenant.CreateMDMApp: MDMApp.Extra["isHotpatchEnabled"]`, create(tenant.MDMApp{ID: intune, Hotpatch: new(true), Extra: stub.Extra("isHotpatchEnabled", "1")})},
		{"tenant.CreateConnection: Subscription must not be empty", connect(tenant.LogAnalyticsWorkspace{ResourceGroup: "g", Workspace: "w"})},
		{"tenant.CreateConnection: ResourceGroup must not be empty", connect(tenant.LogAnalyticsWorkspace{Subscription: "s", Workspace: "w"})},
		{"tenant.CreateConnection: Workspace must not be empty", connect(tenant.LogAnalyticsWorkspace{Subscription: "s", ResourceGroup: "g"})},
		{
			"tenant.DeleteConnection: id must not be empty", func(ctx context.Context, c tenant.Client) error {
				return c.DeleteConnection(ctx, "")
			},
		},
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		err := c.send(t.Context(), service.Client(t).Tenant())
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, c.want)
		require.Empty(t, service.Requests(), c.want)
	}
}

func TestAChangeWhoseResponseIsLostIsSettledByReading(t *testing.T) {
	t.Parallel()
	setting := func(c odata.Change[bool]) func(context.Context, tenant.Client) error {
		return func(ctx context.Context, client tenant.Client) error {
			return client.UpdateSettings(ctx, tenant.SettingsUpdate{DataProcessor: c})
		}
	}
	hotpatch := func(c odata.Change[bool]) func(context.Context, tenant.Client) error {
		return func(ctx context.Context, client tenant.Client) error {
			return client.UpdateMDMApp(ctx, intune, tenant.MDMAppUpdate{Hotpatch: c})
		}
	}
	const on, off = `{"areDataProcessorServiceForWindowsFeaturesEnabled":true}`,
		`{"areDataProcessorServiceForWindowsFeaturesEnabled":false}`
	for name, c := range map[string]struct {
		change func(context.Context, tenant.Client) error
		read   string
		done   bool
	}{
		"on":                    {setting(odata.Set(true)), on, true},
		"not on":                {setting(odata.Set(true)), off, false},
		"off":                   {setting(odata.Set(false)), off, true},
		"not off":               {setting(odata.Set(false)), on, false},
		"off, and not a word":   {setting(odata.Set(false)), `{}`, false},
		"off, and an error":     {setting(odata.Set(false)), `{"error":{"code":"x"}}`, false},
		"null":                  {setting(odata.Null[bool]()), off, true},
		"null, and not a word":  {setting(odata.Null[bool]()), `{}`, false},
		"null? on":              {setting(odata.Null[bool]()), on, false},
		"app":                   {hotpatch(odata.Set(true)), `{"mdmAppId":"x","isHotpatchEnabled":true}`, true},
		"app, not yet":          {hotpatch(odata.Set(true)), `{"mdmAppId":"x","isHotpatchEnabled":false}`, false},
		"app off":               {hotpatch(odata.Set(false)), `{"mdmAppId":"x","isHotpatchEnabled":false}`, true},
		"app, null":             {hotpatch(odata.Null[bool]()), `{"mdmAppId":"x","isHotpatchEnabled":false}`, false},
		"app off, not a word":   {hotpatch(odata.Set(false)), `{"mdmAppId":"x"}`, false},
		"app off, not an app":   {hotpatch(odata.Set(false)), `{"isHotpatchEnabled":false}`, false},
		"app off, and an error": {hotpatch(odata.Set(false)), `{"error":{"code":"x"}}`, false},
		"something unknown": {func(ctx context.Context, c tenant.Client) error {
			return c.UpdateSettings(ctx, tenant.SettingsUpdate{Extra: stub.Extra("a", "1")})
		}, `{"a":1}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(503, ``), stub.Answer(409, `{"error":{"code":"x"}}`), stub.Answer(200, c.read))
			err := c.change(t.Context(), service.Client(t, stub.Attempts(2)).Tenant())
			if c.done {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			}
		})
	}
}

func TestSettingsAndAppsAreKept(t *testing.T) {
	t.Parallel()
	sdk, _ := stub.OnSimulator(t, nil, stub.Attempts(5))
	client := sdk.Tenant()
	settings, err := client.GetSettings(t.Context())
	require.NoError(t, err)
	require.False(t, settings.DataProcessor)
	require.NoError(t, client.UpdateSettings(t.Context(), tenant.SettingsUpdate{DataProcessor: odata.Set(true)}))
	created, err := client.CreateMDMApp(t.Context(), tenant.MDMApp{ID: intune, Hotpatch: new(true)})
	require.NoError(t, err)
	require.Equal(t, &tenant.MDMApp{ID: intune, Hotpatch: new(true)}, created)
	require.NoError(t, client.UpdateMDMApp(t.Context(), intune, tenant.MDMAppUpdate{Hotpatch: odata.Set(false)}))

	settings, err = client.GetSettings(t.Context())
	require.NoError(t, err)
	require.True(t, settings.DataProcessor)
	apps, err := client.ListMDMApps(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []*tenant.MDMApp{{ID: intune, Hotpatch: new(false)}}, apps)
	_, err = client.CreateMDMApp(t.Context(), tenant.MDMApp{ID: intune})
	require.ErrorIs(t, err, apierr.ErrConflict)
	app, err := client.GetMDMApp(t.Context(), intune)
	require.NoError(t, err)
	require.Equal(t, apps[0], app)
	_, err = client.GetMDMApp(t.Context(), "00000000-0000-4000-8000-0000000000ff")
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestAConnectionIsRejectedForItsReason(t *testing.T) {
	t.Parallel()
	sdk, service := stub.OnSimulator(t, nil, stub.Attempts(5))
	client := sdk.Tenant()
	require.NoError(t, service.RemoveWorkspace("gone"))
	require.NoError(t, service.SuspendSubscription("idle"))
	gone, idle := workspace, workspace
	gone.Workspace, idle.Subscription = "gone", "idle"
	first, err := client.CreateConnection(t.Context(), workspace)
	require.NoError(t, err)
	require.Equal(t, &tenant.Connection{
		ID: first.ID, Kind: tenant.KindLogAnalytics, State: tenant.StateConnected,
		Subscription: workspace.Subscription, ResourceGroup: workspace.ResourceGroup, Workspace: workspace.Workspace,
	}, first)
	for message, c := range map[string]struct {
		workspace tenant.LogAnalyticsWorkspace
		class     error
	}{
		"Verify that the key properties are correct.":   {gone, apierr.ErrInvalid},
		"Verify that the Azure subscription is active.": {idle, apierr.ErrForbidden},
		"The specified resource already exists.":        {workspace, apierr.ErrConflict},
	} {
		_, err := client.CreateConnection(t.Context(), c.workspace)
		require.ErrorIs(t, err, c.class)
		require.ErrorContains(t, err, message)
	}
}

func TestConnectionsAreListedUntilTheyAreDeleted(t *testing.T) {
	t.Parallel()
	sdk, service := stub.OnSimulator(t, nil, stub.Attempts(5))
	client := sdk.Tenant()
	made, err := client.CreateConnection(t.Context(), workspace)
	require.NoError(t, err)
	require.NoError(t, service.RemoveWorkspace(strings.ToUpper(workspace.Workspace)))
	service.SetQuirks(simulator.Quirks{AbstractTypes: true})
	for _, list := range []odata.List[*tenant.Connection]{client.ListConnections(nil), client.ListLogAnalytics(nil)} {
		all, err := list.Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, made.ID, all[0].ID)
		require.Equal(t, tenant.StateNotFound, all[0].State)
		require.Equal(t, workspace.Workspace, all[0].Workspace)
	}
	require.NoError(t, client.DeleteConnection(t.Context(), made.ID))
	_, err = client.GetConnection(t.Context(), made.ID)
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestALostConnectionIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	sdk, service := stub.OnSimulator(t, nil, stub.Attempts(5))
	client := sdk.Tenant()
	service.FailNext(1, simulator.Break().AfterEffect())
	_, err := client.CreateConnection(t.Context(), workspace)
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	all, err := client.ListConnections(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

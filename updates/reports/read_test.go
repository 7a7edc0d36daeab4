package reports_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/reports"
)

const driverEntry = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestADocumentedAssignmentIsRead(t *testing.T) {
	t.Parallel()
	const id = "bc11d699-c171-bde8-e0d6-33a182d12841"
	service := stub.Answering(stub.Answer(200, stub.Testdata(t, "assignment.json")))
	got, err := service.Client(t).Reports().GetAssignment(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "GET /data/policyAssignments/"+id, service.Only(t).Route())
	require.Equal(t, &reports.Assignment{
		ID: id, DeviceID: "66666666-6666-4666-8666-666666666666",
		PolicyID: "11111111-1111-4111-8111-111111111111", PolicyName: "Contoso driver policy",
	}, got)
}

func TestADocumentedDriverIsRead(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, stub.Testdata(t, "driver.json")))
	got, err := service.Client(t).Reports().GetDriver(t.Context(), driverEntry)
	require.NoError(t, err)
	require.Equal(t, "GET /data/drivers/"+driverEntry, service.Only(t).Route())
	require.Equal(t, &reports.Driver{
		EntryID: driverEntry, Name: "Contoso Display Driver 31.0.101.5590", Manufacturer: "Contoso", Class: "Display",
		Version: "31.0.101.5590", Released: time.Date(2026, 9, 15, 0, 0, 0, 0, time.UTC),
	}, got)
}

// each reads one object of every type of this package.
var each = map[string]func(context.Context, reports.Client) (any, error){
	"profile": func(ctx context.Context, c reports.Client) (any, error) { return c.GetProfile(ctx, "x") },
	"assigned profile": func(ctx context.Context, c reports.Client) (any, error) {
		return c.GetAssignedProfile(ctx, "x")
	},
	"assignment": func(ctx context.Context, c reports.Client) (any, error) { return c.GetAssignment(ctx, "x") },
	"driver":     func(ctx context.Context, c reports.Client) (any, error) { return c.GetDriver(ctx, "x") },
	"status":     func(ctx context.Context, c reports.Client) (any, error) { return c.GetDriverStatus(ctx, "x", "y") },
	"summary":    func(ctx context.Context, c reports.Client) (any, error) { return c.GetSummary(ctx, "x") },
}

func TestAllPropertiesAreReadAndStored(t *testing.T) {
	t.Parallel()
	profile := reports.Profile{
		ID: "x", DeviceID: "d", Name: "PC-1", Model: "M", Build: "10.0.26100.7171", Status: "s",
		Hotpatch: reports.HotpatchReady, Extra: stub.Extra("new", "1.50"),
	}
	const profileText = `{"id":"x","azureAdDeviceId":"d","deviceName":"PC-1","deviceModel":"M","osBuild":"10.0.26100.7171",` +
		`"osStatus":"s","hotpatchReadiness":"ready","new":1.50}`
	status := reports.DriverStatus{
		ID: "x", DeviceID: "d", State: reports.DriverStateInstalling, Substate: reports.DriverSubstateDownloadStart,
		Extra: stub.Extra("new", "[]"),
	}
	const statusText = `{"id":"x","aadDeviceId":"d","clientState":"installing","clientSubstate":"downloadStart","new":[]}`
	for kind, c := range map[string]struct {
		text string
		want any
	}{
		"profile":          {profileText, &profile},
		"assigned profile": {profileText, &profile},
		"assignment": {`{"id":"x","azureAdDeviceId":"d","policyId":"p","policyName":"n","deviceProfile":` + profileText + `,"new":{}}`,
			&reports.Assignment{ID: "x", DeviceID: "d", PolicyID: "p", PolicyName: "n", Profile: &profile, Extra: stub.Extra("new", "{}")}},
		"driver": {`{"id":"x","displayName":"D","manufacturer":"m","class":"c","version":"1","releaseDateTime":"2026-09-15T02:00:00+02:00",` +
			`"deviceStatuses":[null,` + statusText + `],"new":0}`,
			&reports.Driver{
				EntryID: "x", Name: "D", Manufacturer: "m", Class: "c", Version: "1",
				Released: time.Date(2026, 9, 15, 0, 0, 0, 0, time.UTC),
				Statuses: []reports.DriverStatus{status}, Extra: stub.Extra("new", "0"),
			}},
		"status": {statusText, &status},
		"summary": {`{"id":"x","aggregatedDeviceCount":0,"hasRecommendedDevice":false,"aggregatedDevices":[{"id":"d","isRecommended":true}],"new":""}`,
			&reports.Summary{
				EntryID: "x", DeviceCount: new(0), HasRecommended: new(false),
				Devices: []*audience.ApplicableDevice{{DeviceID: "d", Recommended: true}}, Extra: stub.Extra("new", `""`),
			}},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			got, err := each[kind](t.Context(), stub.Answering(stub.Answer(200, c.text)).Client(t).Reports())
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			stub.RequireStored(t, got)
			stub.RequireStrict(t, got)
		})
	}
}

func TestAnObjectWithoutPropertiesIsRead(t *testing.T) {
	t.Parallel()
	for kind, read := range each {
		_, err := read(t.Context(), stub.Answering(stub.Answer(200, `{"id":"x"}`)).Client(t).Reports())
		require.NoError(t, err, kind)
		_, err = read(t.Context(), stub.Answering(stub.Answer(404, `{"error":{"code":"NotFound"}}`)).Client(t).Reports())
		require.ErrorIs(t, err, apierr.ErrNotFound, kind)
		require.ErrorContains(t, err, "reports.Get", kind)
	}
}

func TestEachGetGoesToItsRoute(t *testing.T) {
	t.Parallel()
	for kind, route := range map[string]string{
		"profile": "/data/deviceProfiles/x", "assignment": "/data/policyAssignments/x",
		"assigned profile": "/data/policyAssignments/x/deviceProfile", "driver": "/data/drivers/x",
		"status": "/data/drivers/x/deviceStatuses/y", "summary": "/data/applicableCatalogSummaries/x",
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		_, err := each[kind](t.Context(), service.Client(t).Reports())
		require.NoError(t, err, kind)
		require.Equal(t, "GET "+route, service.Only(t).Route())
	}
}

func TestAnEmptyIDIsRejected(t *testing.T) {
	t.Parallel()
	service := stub.Answering()
	c, ctx := service.Client(t).Reports(), t.Context()
	for name, send := range map[string]func() error{
		"profile":          func() error { _, err := c.GetProfile(ctx, ""); return err },
		"assignment":       func() error { _, err := c.GetAssignment(ctx, "."); return err },
		"assigned profile": func() error { _, err := c.GetAssignedProfile(ctx, ""); return err },
		"driver":           func() error { _, err := c.GetDriver(ctx, " "); return err },
		"status":           func() error { _, err := c.GetDriverStatus(ctx, "x", ""); return err },
		"statuses":         func() error { _, err := c.ListDriverStatuses("", nil).First(ctx); return err },
		"summary":          func() error { _, err := c.GetSummary(ctx, ""); return err },
		"summary devices":  func() error { _, err := c.ListApplicableDevices("", nil).First(ctx); return err },
	} {
		require.ErrorIs(t, send(), apierr.ErrInvalid, name)
	}
	require.Empty(t, service.Requests())
}

// firstOf reads the first item of every list of this package.
var firstOf = map[string]func(context.Context, reports.Client, *odata.Query) error{
	"/data/deviceProfiles": func(ctx context.Context, c reports.Client, q *odata.Query) error {
		_, err := c.ListProfiles(q).First(ctx)
		return err
	},
	"/data/policyAssignments": func(ctx context.Context, c reports.Client, q *odata.Query) error {
		_, err := c.ListAssignments(q).First(ctx)
		return err
	},
	"/data/drivers": func(ctx context.Context, c reports.Client, q *odata.Query) error {
		_, err := c.ListDrivers(q).First(ctx)
		return err
	},
	"/data/drivers/x/deviceStatuses": func(ctx context.Context, c reports.Client, q *odata.Query) error {
		_, err := c.ListDriverStatuses("x", q).First(ctx)
		return err
	},
	"/data/applicableCatalogSummaries": func(ctx context.Context, c reports.Client, q *odata.Query) error {
		_, err := c.ListSummaries(q).First(ctx)
		return err
	},
	"/data/applicableCatalogSummaries/x/aggregatedDevices": func(ctx context.Context, c reports.Client, q *odata.Query) error {
		_, err := c.ListApplicableDevices("x", q).First(ctx)
		return err
	},
}

func TestAListSendsTheOptionsThatTheServiceHas(t *testing.T) {
	t.Parallel()
	query := &odata.Query{Filter: "id eq 'a'", OrderBy: []string{"id desc"}, Select: []string{"id"}, Top: 5, Count: true}
	for path, first := range firstOf {
		service := stub.Answering(stub.Answer(200, stub.Page("", `{"id":"x"}`)))
		require.NoError(t, first(t.Context(), service.Client(t).Reports(), query), path)
		require.Equal(t, "GET "+path+"?$count=true&$filter=id eq 'a'&$orderby=id desc&$select=id&$top=5",
			service.Only(t).Route())
	}
}

func TestAListRejectsTheOptionsThatTheServiceHasNot(t *testing.T) {
	t.Parallel()
	service := stub.Answering()
	for path, first := range firstOf {
		err := first(t.Context(), service.Client(t).Reports(), &odata.Query{Skip: 1})
		require.ErrorIs(t, err, apierr.ErrInvalid, path)
		require.ErrorContains(t, err, "Query.Skip must be 0", path)
		err = first(t.Context(), service.Client(t).Reports(), &odata.Query{Expand: []string{"catalogEntry"}})
		require.ErrorIs(t, err, apierr.ErrInvalid, path)
		require.ErrorContains(t, err, `(got "catalogEntry")`, path)
	}
	require.Empty(t, service.Requests())
}

func TestAnAssignmentBringsItsProfileOnRequest(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, stub.Page("", `{"id":"a","deviceProfile":{"id":"p","deviceName":"PC-1"}}`)))
	got, err := service.Client(t).Reports().ListAssignments(&odata.Query{Expand: []string{"deviceProfile"}}).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "PC-1", got.Profile.Name)
	require.Equal(t, "deviceProfile", service.Only(t).URL.Query().Get("$expand"))
}

func TestABuildIsReadFromBothFormsAndNoOther(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{"10.0.22621.1702": {22621, 1702}, "26100.7171": {26100, 7171}} {
		build, revision, ok := (&reports.Profile{Build: text}).OSBuild()
		require.True(t, ok, text)
		require.Equal(t, want, [2]int{build, revision}, text)
	}
	for _, text := range []string{"", "26100", "10.0.26100", "10.0.26100.7171.1", "10.0.-1.2", "10.0.+1.2", "a.b", "6.3.9600.1", "99999999999.1"} {
		_, _, ok := (&reports.Profile{Build: text}).OSBuild()
		require.False(t, ok, text)
	}
}

func TestKnownValuesAreTheWordsOfTheService(t *testing.T) {
	t.Parallel()
	require.Equal(t, []reports.DriverState{
		"offering", "onHold", "installing", "installed", "cancelled", "uninstalling", "uninstalled", "notOffering",
	}, []reports.DriverState{
		reports.DriverStateOffering, reports.DriverStateOnHold, reports.DriverStateInstalling, reports.DriverStateInstalled,
		reports.DriverStateCancelled, reports.DriverStateUninstalling, reports.DriverStateUninstalled, reports.DriverStateNotOffering,
	})
	require.Equal(t, []reports.DriverSubstate{
		"deferred", "offerReady", "paused", "offerReceived", "downloadStart", "downloadComplete", "installStart",
	}, []reports.DriverSubstate{
		reports.DriverSubstateDeferred, reports.DriverSubstateOfferReady, reports.DriverSubstatePaused,
		reports.DriverSubstateOfferReceived, reports.DriverSubstateDownloadStart, reports.DriverSubstateDownloadComplete,
		reports.DriverSubstateInstallStart,
	})
	require.Equal(t, []reports.HotpatchReadiness{"ready", "notReady"},
		[]reports.HotpatchReadiness{reports.HotpatchReady, reports.HotpatchNotReady})
}

func TestOnlyARealNameIsAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"PC-1": true, "": false, "#": false, " # ": false, "#1": true} {
		require.Equal(t, want, (&reports.Profile{Name: name}).HasName(), name)
	}
}

func TestListsReadAllPages(t *testing.T) {
	t.Parallel()
	const next = "/data/more"
	c := stub.Serving(func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, next) {
			return 200, stub.Page("", `{"id":"2"}`)
		}
		return 200, stub.Page(next, `{"id":"1"}`, "null")
	}).Client(t).Reports()
	profiles, err := c.ListProfiles(nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*reports.Profile{{ID: "1"}, {ID: "2"}}, profiles)
	drivers, err := c.ListDrivers(nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*reports.Driver{{EntryID: "1"}, {EntryID: "2"}}, drivers)
	statuses, err := c.ListDriverStatuses("x", nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*reports.DriverStatus{{ID: "1"}, {ID: "2"}}, statuses)
	summaries, err := c.ListSummaries(nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*reports.Summary{{EntryID: "1"}, {EntryID: "2"}}, summaries)
	devices, err := c.ListApplicableDevices("x", nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*audience.ApplicableDevice{{DeviceID: "1"}, {DeviceID: "2"}}, devices)
}

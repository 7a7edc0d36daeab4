package tenant_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

func TestStoredValuesDropNoProperty(t *testing.T) {
	t.Parallel()
	app := tenant.MDMApp{ID: intune, Hotpatch: new(false)}
	requireStrict(t, app)
	requireStrict(t, tenant.MDMAppUpdate{Hotpatch: odata.Set(false), Extra: stub.Extra("new", "{}")})
	requireStrict(t, tenant.Settings{MDMApps: []*tenant.MDMApp{&app}})
	requireStrict(t, tenant.SettingsUpdate{DataProcessor: odata.Null[bool]()})
	requireStrict(t, tenant.Connection{ID: "a", State: tenant.StateNotFound})
	requireStrict(t, workspace)
}

// indexes are those of items, which not all paths have.
var indexes = regexp.MustCompile(`\b\d+\.`)

// requireStrict requires an error with the path of each unknown property, and of one that
// is given twice.
func requireStrict[T any](t *testing.T, value T) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	for path, text := range stub.WithUnknown(t, string(text)) {
		err := json.Unmarshal([]byte(text), new(T))
		require.Error(t, err, text)
		problem, _ := strings.CutSuffix(err.Error(), `; to send it, put it in "extra"`) // which not all types have
		require.Equal(t, indexes.ReplaceAllString(path, "")+": unknown property", indexes.ReplaceAllString(problem, ""), text)
	}
	twice := string(text[:len(text)-1]) + `,` + string(text[1:])
	require.ErrorContains(t, json.Unmarshal([]byte(twice), new(T)), "property is given twice", twice)
}

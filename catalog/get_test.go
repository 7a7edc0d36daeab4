package catalog_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAnEntryIsReadByItsID(t *testing.T) {
	t.Parallel()
	client := onSimulator(t).Catalog()
	want, err := client.ListQualityUpdates(catalog.QualityQuery{}).First(t.Context())
	require.NoError(t, err)
	got, err := client.Get(t.Context(), want.ID)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestAnEntryIsAskedForByItsID(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"bare": unknown, "wrapped": `{"value":` + unknown + `}`} {
		service := stub.Answering(stub.Answer(200, body))
		entry, err := service.Client(t).Catalog().Get(t.Context(), "u")
		require.NoError(t, err, name)
		require.Equal(t, &catalog.UnknownEntry{
			Base: catalog.Base{ID: "u", Kind: "lunarCatalogEntry", DisplayName: "U", Extra: stub.Extra("phase", `"full"`)},
		}, entry, name)
		requireRead(t, service.Only(t), "/catalog/entries/u", url.Values{})
	}
}

func TestAnEntryThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	entry, err := onSimulator(t).Catalog().Get(t.Context(), "no")
	require.Nil(t, entry)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, "catalog.Get: 404")
}

func TestAnEntryWithoutAnIDIsNotAskedFor(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, unknown))
	entry, err := service.Client(t).Catalog().Get(t.Context(), " ")
	require.Nil(t, entry)
	require.EqualError(t, err, "catalog.Get: id must not be empty")
	require.Empty(t, service.Requests())
}

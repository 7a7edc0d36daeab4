package wire

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func TestJSONIsReadAsAModel(t *testing.T) {
	t.Parallel()
	parse := func(text string) models.CatalogEntryable {
		return Parse[models.CatalogEntryable]([]byte(text), models.CreateCatalogEntryFromDiscriminatorValue)
	}
	entry := parse(`{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"1"}`)
	require.IsType(t, &models.FeatureUpdateCatalogEntry{}, entry)
	require.Equal(t, "1", *entry.GetId())
	for _, text := range []string{"", "{", "null", "7", `{"id":7}`, `{"id":"1"} {}`} {
		require.Nil(t, parse(text), text)
	}
}

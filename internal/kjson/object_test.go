package kjson

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func TestUnknownMembersAreKept(t *testing.T) {
	t.Parallel()
	page := readAs[*models.DeploymentPage](t, models.CreateDeploymentPageFromDiscriminatorValue,
		`{"x":null,"value":[{"y":{ "a" : [1 , "b c"] },"y":2,"\u007a":9007199254740993}]}`)
	require.Equal(t, map[string]any{"x": json.RawMessage("null")}, page.GetAdditionalData())
	require.Equal(t, map[string]any{"y": json.RawMessage("2"), "z": json.RawMessage("9007199254740993")},
		page.GetValue()[0].GetAdditionalData())
}

func TestKeptMembersDoNotHoldTheDocument(t *testing.T) {
	t.Parallel()
	content := []byte(`{"x":"old","id":"old"}`)
	entity := mustRead(t, content, models.CreateEntityFromDiscriminatorValue).(*models.Entity)
	copy(content, `{"x":"new","id":"new"}`)
	requireText(t, `"old"`, entity.GetAdditionalData()["x"].(json.RawMessage))
	require.Equal(t, "old", *entity.GetId())
}

func TestTextsAreSeparateFromEachOther(t *testing.T) {
	t.Parallel()
	const texts = 3*maxBlock + 1
	items, err := nodeOf(t, "["+strings.Repeat(`"#type",`, texts)+`"#other"]`).GetCollectionOfPrimitiveValues("string")
	require.NoError(t, err)
	require.Len(t, items, texts+1)
	for i, item := range items[:texts] {
		require.Equal(t, "#type", *item.(*string))
		*item.(*string) = strconv.Itoa(i)
	}
	require.Equal(t, "#other", *items[texts].(*string))
	require.Equal(t, "0", *items[0].(*string))
}

func TestUnknownTypesAndValuesAreKept(t *testing.T) {
	t.Parallel()
	page := readAs[*models.CatalogEntryPage](t, models.CreateCatalogEntryPageFromDiscriminatorValue,
		`{"value":[{"@odata.type":"#new","shape":"round"},{"id":"1"},`+
			`{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","version":"x"}]}`)
	require.IsType(t, &models.CatalogEntry{}, page.GetValue()[0])
	require.Equal(t, "#new", *page.GetValue()[0].GetOdataType())
	require.Equal(t, map[string]any{"shape": json.RawMessage(`"round"`)}, page.GetValue()[0].GetAdditionalData())
	require.IsType(t, &models.CatalogEntry{}, page.GetValue()[1])
	require.IsType(t, &models.FeatureUpdateCatalogEntry{}, page.GetValue()[2])
}

func TestTheTypeIsFoundWhereverItStands(t *testing.T) {
	t.Parallel()
	const feature, quality = `"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"`,
		`"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry"`
	for _, content := range []string{
		`{"@odata.type":` + feature + `,"id":"1"}`,
		`{"id":"1","@odata.type":` + feature + `}`,
		`{"id":"1","\u0040odata.type":` + feature + `}`,
		`{"@odata.type":` + quality + `,"@odata.type":` + feature + `}`,
	} {
		readAs[*models.FeatureUpdateCatalogEntry](t, models.CreateCatalogEntryFromDiscriminatorValue, content)
	}
}

func TestTheLastOfSeveralMembersCounts(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]*string{
		`{"id":"1","id":"2"}`:                 new("2"),
		`{"id":"1","id":null}`:                nil,
		`{"id":"1","id":null,"id":"2"}`:       new("2"),
		`{"id":null,"id":"1"}`:                new("1"),
		`{"id":"1","\u0069d":null}`:           nil,
		`{"id":null,"id":"1","id":null}`:      nil,
		`{"id":"1","x":null,"ID":null}`:       new("1"),
		`{"id":"1","@odata.type":null,"x":1}`: new("1"),
	} {
		require.Equal(t, want, readAs[*models.Entity](t, models.CreateEntityFromDiscriminatorValue, content).GetId(), content)
	}
}

func TestNullAmongObjectsIsANilItem(t *testing.T) {
	t.Parallel()
	page := readAs[*models.DeploymentPage](t, models.CreateDeploymentPageFromDiscriminatorValue, `{"value":[null,{"id":"1"},null]}`)
	require.Len(t, page.GetValue(), 3)
	require.Nil(t, page.GetValue()[0])
	require.Equal(t, "1", *page.GetValue()[1].GetId())
	require.Nil(t, page.GetValue()[2])
}

func TestNullAndAnEmptyListDiffer(t *testing.T) {
	t.Parallel()
	read := func(content string) []models.Deploymentable {
		return readAs[*models.DeploymentPage](t, models.CreateDeploymentPageFromDiscriminatorValue, content).GetValue()
	}
	require.Nil(t, read(`{"value":null}`))
	require.Nil(t, read(`{}`))
	require.Equal(t, []models.Deploymentable{}, read(`{"value":[]}`))
}

func TestAWrappedEntityIsUnwrapped(t *testing.T) {
	t.Parallel()
	for content, id := range map[string]*string{
		`{"value":{"id":"1"}}`: new("1"),
		`{"@odata.context":"c","value":{"@odata.type":"#x","id":"1"},"@odata.etag":"e"}`: new("1"),
		`{"value":{"value":{"id":"1"}}}`:                                                 nil,
		`{"value":{"id":"1"},"name":"x"}`:                                                nil,
		`{"id":"2","value":{"id":"1"}}`:                                                  new("2"),
		`{"value":["id"]}`:                                                               nil,
	} {
		require.Equal(t, id, readAs[*models.Entity](t, models.CreateEntityFromDiscriminatorValue, content).GetId(), content)
	}
	readAs[*models.FeatureUpdateCatalogEntry](t, models.CreateCatalogEntryFromDiscriminatorValue,
		`{"value":{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"}}`)
}

func TestOnlyTheRootIsUnwrapped(t *testing.T) {
	t.Parallel()
	d := readAs[*models.Deployment](t, models.CreateDeploymentFromDiscriminatorValue, `{"audience":{"value":{"id":"1"}}}`)
	require.Nil(t, d.GetAudience().GetId())
	require.Contains(t, d.GetAudience().GetAdditionalData(), "value")
}

func TestAnErrorNamesItsPlace(t *testing.T) {
	t.Parallel()
	page := models.CreateCatalogEntryPageFromDiscriminatorValue
	for _, r := range []struct {
		content, want string
		create        serialization.ParsableFactory
	}{
		{`null`, "null instead of an object", page},
		{`[]`, "an array instead of an object", page},
		{`"x"`, "a string instead of an object", page},
		{`{"value":{}}`, "value: an object instead of an array", page},
		{`{"value":"x"}`, "value: a string instead of an array", page},
		{`{"value":[{},[]]}`, "value[1]: an array instead of an object", page},
		{`{"value":[{},{},null,{"id":{}}]}`, `value[3].id: an object instead of a string`, page},
		{`{"value":{"id":1}}`, "value.id: a number instead of a string", models.CreateEntityFromDiscriminatorValue},
	} {
		item, err := Read([]byte(r.content), r.create)
		require.EqualError(t, err, r.want, r.content)
		require.Nil(t, item)
	}
}

func TestObjectsNeedAConstructorThatMakesThem(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	n := nodeOf(t, `[{}]`)
	for want, create := range map[string]serialization.ParsableFactory{
		"a.b[0]: broken": func(serialization.ParseNode) (serialization.Parsable, error) { return nil, broken },
		"a.b[0]: its constructor returned nil": func(serialization.ParseNode) (serialization.Parsable, error) {
			return (*models.Entity)(nil), nil
		},
		"no constructor was given": nil,
	} {
		_, err := n.GetCollectionOfObjectValues(create)
		require.EqualError(t, err, want)
	}
	_, err := n.GetObjectValue(nil)
	require.EqualError(t, err, "no constructor was given")
}

func TestNullIsNoObjectAndNoList(t *testing.T) {
	t.Parallel()
	item, err := nodeOf(t, `null`).GetObjectValue(models.CreateEntityFromDiscriminatorValue)
	require.NoError(t, err)
	require.Nil(t, item)
	items, err := nodeOf(t, `null`).GetCollectionOfObjectValues(models.CreateEntityFromDiscriminatorValue)
	require.NoError(t, err)
	require.Nil(t, items)
}

// bare is a model without additional data.
type bare struct{}

func (*bare) Serialize(serialization.SerializationWriter) error { return nil }
func (*bare) GetFieldDeserializers() map[string]func(serialization.ParseNode) error {
	return nil
}

func TestAdditionalDataIsMadeWhereAModelHasNone(t *testing.T) {
	t.Parallel()
	item := readAs[*models.Entity](t, func(serialization.ParseNode) (serialization.Parsable, error) { return &models.Entity{}, nil },
		`{"x":1}`)
	require.Equal(t, map[string]any{"x": json.RawMessage("1")}, item.GetAdditionalData())
	readAs[*bare](t, func(serialization.ParseNode) (serialization.Parsable, error) { return &bare{}, nil }, `{"x":1}`)
}

// The page of the deployment sample, in the forms that published pages use.
func TestADeploymentIsReadInTheFormsOfPublishedPages(t *testing.T) {
	t.Parallel()
	d := readAs[*models.Deployment](t, models.CreateDeploymentFromDiscriminatorValue, `{"value":{
		"@odata.type":"#microsoft.graph.windowsUpdates.deployment","id":"String (identifier)",
		"createdDateTime":"String (timestamp)","lastModifiedDateTime":"2023-01-19T07:58:01.9721459Z",
		"content":{"@odata.type":"microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{
			"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","isExpeditable":"false",
				"releaseDateTime":"0001-01-01T00:00:00Z"}},
		"settings":{"schedule":{"startDateTime":null,"gradualRollout":{
			"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",
			"durationBetweenOffers":"P7D","devicesPerOffer":"100"}}}}}`)
	require.Nil(t, d.GetCreatedDateTime())
	require.Equal(t, time.Date(2023, 1, 19, 7, 58, 1, 972145900, time.UTC), *d.GetLastModifiedDateTime())
	entry := d.GetContent().(models.CatalogContentable).GetCatalogEntry().(models.QualityUpdateCatalogEntryable)
	require.False(t, *entry.GetIsExpeditable())
	require.Zero(t, *entry.GetReleaseDateTime())
	rollout := d.GetSettings().GetSchedule().GetGradualRollout().(models.RateDrivenRolloutSettingsable)
	require.Equal(t, int32(100), *rollout.GetDevicesPerOffer())
	require.Equal(t, "P7D", *rollout.GetDurationBetweenOffers())
}

func readAs[T serialization.Parsable](t *testing.T, create serialization.ParsableFactory, content string) T {
	t.Helper()
	item := mustRead(t, []byte(content), create)
	var as T
	require.IsType(t, as, item)
	return item.(T)
}

func idOf(e models.Entityable) string {
	if e.GetId() == nil {
		return ""
	}
	return *e.GetId()
}

package kjson

import (
	"encoding/json"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// kept is additional data, by the name of the property.
func kept(properties map[string]string) map[string]any {
	data := map[string]any{}
	for name, value := range properties {
		data[name] = json.RawMessage(value)
	}
	return data
}

func TestAPropertyOfAWrongTypeStaysAsItCame(t *testing.T) {
	t.Parallel()
	page := readAs[*models.DeploymentPage](t, models.CreateDeploymentPageFromDiscriminatorValue, `{"value":[{"id":"1",
		"createdDateTime":"String (timestamp)Z","state":[ 1 , 2 ],"settings":{"schedule":{"gradualRollout":"weekly"},
		"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":""}]},
		"contentApplicability":{"offerWhileRecommendedBy":["microsoft",5]},
		"userExperience":{"daysUntilForcedReboot":"Integer","isHotpatchEnabled":"Boolean","offerAsOptional":true}}},{"id":"2"}]}`)
	require.Len(t, page.GetValue(), 2)
	require.Equal(t, "2", *page.GetValue()[1].GetId())

	first := page.GetValue()[0]
	require.Equal(t, kept(map[string]string{"createdDateTime": `"String (timestamp)Z"`, "state": `[1,2]`}), first.GetAdditionalData())
	require.Nil(t, first.GetCreatedDateTime())
	require.Nil(t, first.GetState())

	settings := first.GetSettings()
	require.Empty(t, settings.GetAdditionalData())
	require.Nil(t, settings.GetSchedule().GetGradualRollout())
	require.Equal(t, kept(map[string]string{"gradualRollout": `"weekly"`}), settings.GetSchedule().GetAdditionalData())
	rule := settings.GetMonitoring().GetMonitoringRules()[0]
	require.Equal(t, "rollback", *rule.GetSignal())
	require.Equal(t, kept(map[string]string{"threshold": `""`}), rule.GetAdditionalData())
	require.Equal(t, kept(map[string]string{"daysUntilForcedReboot": `"Integer"`, "isHotpatchEnabled": `"Boolean"`}),
		settings.GetUserExperience().GetAdditionalData())
	require.True(t, *settings.GetUserExperience().GetOfferAsOptional())
}

func TestAListWithAnItemOfAWrongTypeStaysWhole(t *testing.T) {
	t.Parallel()
	settings := readAs[*models.DeploymentSettings](t, models.CreateDeploymentSettingsFromDiscriminatorValue,
		`{"monitoring":{"monitoringRules":[{"threshold":5},"x"]},"contentApplicability":{"offerWhileRecommendedBy":["a",5]}}`)
	require.Nil(t, settings.GetMonitoring().GetMonitoringRules())
	require.Equal(t, kept(map[string]string{"monitoringRules": `[{"threshold":5},"x"]`}), settings.GetMonitoring().GetAdditionalData())
	require.Nil(t, settings.GetContentApplicability().GetOfferWhileRecommendedBy())
	require.Equal(t, kept(map[string]string{"offerWhileRecommendedBy": `["a",5]`}), settings.GetContentApplicability().GetAdditionalData())
}

func TestAnObjectWhoseTypeCannotBeReadIsOfTheBasicType(t *testing.T) {
	t.Parallel()
	page := readAs[*models.CatalogEntryPage](t, models.CreateCatalogEntryPageFromDiscriminatorValue,
		`{"value":[{"@odata.type":5,"id":"1","version":"x"}]}`)
	require.IsType(t, &models.CatalogEntry{}, page.GetValue()[0])
	require.Equal(t, kept(map[string]string{"@odata.type": "5", "version": `"x"`}), page.GetValue()[0].GetAdditionalData())
}

// Without an ID an object is not known, and without the next link or an item a page is not whole.
func TestWhatCannotBeDoneWithoutIsAnError(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`{"value":[{"id":"1"},{"id":5}]}`:             "value[1].id: a number instead of a string",
		`{"value":[],"@odata.nextLink":{}}`:           "@odata.nextLink: an object instead of a string",
		`{"value":[{"id":"1"},"x"]}`:                  "value[1]: a string instead of an object",
		`{"value":[],"x":1,"@odata.nextLink":5}`:      "@odata.nextLink: a number instead of a string",
		`{"value":{"0":{"id":"1"}},"@odata.count":1}`: "value: an object instead of an array",
	} {
		_, err := Read([]byte(content), models.CreateDeploymentPageFromDiscriminatorValue)
		require.EqualError(t, err, want)
	}
	_, err := Read([]byte(`{"mdmAppId":5}`), models.CreateMdmAppSettingFromDiscriminatorValue)
	require.EqualError(t, err, "mdmAppId: a number instead of a string")

	_, err = Read([]byte(`{"value":[{"catalogEntryId":"1","matchedDevices@odata.nextLink":5}]}`),
		models.CreateApplicableContentPageFromDiscriminatorValue)
	require.EqualError(t, err, "value[0].matchedDevices@odata.nextLink: a number instead of a string")
	_, err = Read([]byte(`{"value":[{"deviceId":5}]}`), models.CreateApplicableContentDeviceMatchPageFromDiscriminatorValue)
	require.EqualError(t, err, "value[0].deviceId: a number instead of a string")

	d := readAs[*models.Deployment](t, models.CreateDeploymentFromDiscriminatorValue, `{"id":"1","audience":{"id":5}}`)
	require.Nil(t, d.GetAudience())
	require.Equal(t, kept(map[string]string{"audience": `{"id":5}`}), d.GetAdditionalData())
}

func TestTheLastOfSeveralCountsAlsoIfItsTypeIsWrong(t *testing.T) {
	t.Parallel()
	read := func(content string) serialization.Parsable {
		return mustRead(t, []byte(content), models.CreateMonitoringSettingsFromDiscriminatorValue)
	}
	rules := func(content string) []models.MonitoringRuleable {
		return read(`{"monitoringRules":[` + content + `]}`).(*models.MonitoringSettings).GetMonitoringRules()
	}
	for content, want := range map[string]*int32{
		`{"threshold":"x","threshold":3}`:                 new(int32(3)),
		`{"threshold":"x","threshold":"y","threshold":3}`: new(int32(3)),
		`{"threshold":"x","threshold":null}`:              nil,
	} {
		require.Equal(t, want, rules(content)[0].GetThreshold(), content)
		require.Empty(t, rules(content)[0].GetAdditionalData(), content)
	}
	// Nothing takes the first value out of its field again, so the object is not read.
	require.Nil(t, rules(`{"threshold":3,"threshold":"x"}`))
}

func TestPropertiesThatCouldNotBeReadAreNamed(t *testing.T) {
	t.Parallel()
	_, unread, err := ReadAndName([]byte(`{"value":[{"id":"1"},{"id":"2","createdDateTime":"x","state":5,
		"settings":{"monitoring":{"monitoringRules":[{"threshold":""}]}}},{"id":"3","createdDateTime":"y"}],"@odata.count":"many"}`),
		models.CreateDeploymentPageFromDiscriminatorValue)
	require.NoError(t, err)
	require.Equal(t, []string{
		"@odata.count", "value[1].createdDateTime", "value[1].settings.monitoring.monitoringRules[0].threshold", "value[1].state",
	}, unread)
	_, unread, err = ReadAndName([]byte(`{"value":[]}`), models.CreateDeploymentPageFromDiscriminatorValue)
	require.NoError(t, err)
	require.Empty(t, unread)
}

package kjson

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// fuzzed are the documents that the fuzz targets read: pages with everything that
// may lie in them, and a body that is written.
func fuzzed() []serialization.ParsableFactory {
	return []serialization.ParsableFactory{
		models.CreateCatalogEntryPageFromDiscriminatorValue,
		models.CreateDeploymentPageFromDiscriminatorValue,
		models.CreateUpdateAudienceBodyFromDiscriminatorValue,
		models.CreateUpdateAudienceByIdBodyFromDiscriminatorValue,
		models.CreateUpdatePolicyPageFromDiscriminatorValue,
		models.CreateProductPageFromDiscriminatorValue,
		models.CreateOdataErrorFromDiscriminatorValue,
	}
}

func addSeeds(f *testing.F) {
	f.Helper()
	for kind := range fuzzed() {
		for _, seed := range seeds() {
			f.Add(uint8(kind), []byte(seed))
		}
		for _, d := range differences() {
			f.Add(uint8(kind), []byte(d.example))
		}
	}
}

func seeds() []string {
	return []string{
		"", " ", "{}", `{"\\u0076":[]}`, "[]", "nul", `{"a":1}x`, `{"a":1,}`, `{"a" 1}`, `"\ud800"`, `{"\u0076alue":[]}`,
		`{"value":[null,{}]}`,
		string(catalogPage(4)),
		`{"value":[{"id":"1","createdDateTime":"2024-01-01T00:00:00Z","state":{"effectiveValue":"offering","requestedValue":"none",` +
			`"reasons":[{"value":"offeringByRequest"}]},"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent",` +
			`"catalogEntry":{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"x",` +
			`"releaseDateTime":"0001-01-01T00:00:00Z"}},"settings":{"schedule":{"startDateTime":null,` +
			`"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","durationBetweenOffers":"P7D",` +
			`"devicesPerOffer":100}},"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]},` +
			`"contentApplicability":{"offerWhileRecommendedBy":["microsoft",null],` +
			`"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}},"userExperience":{"daysUntilForcedReboot":1e0,` +
			`"offerAsOptional":false},"expedite":null},"audience":{"id":"2","members":[],"x":[1,{"y":null}]}}],"@odata.count":1}`,
		`{"addMembers":[{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"a",` +
			`"errors":[{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDeviceRegistrationError","reason":"x"}]},` +
			`{"@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup","id":"b"}],"removeMembers":[]}`,
		`{"memberEntityType":"#microsoft.graph.windowsUpdates.azureADDevice","addMembers":["a",null,"b"]}`,
		`{"value":[{"editions":[{"endOfServiceDateTime":"2025-10-14T00:00:00Z"}],"knownIssues":[{"safeguardHoldIds":[1,2.0,3]}],` +
			`"friendlyNames":["a"]}]}`,
		`{"error":{"code":"a","message":"b","innerError":{"date":"c","request-id":"d"},"details":[{"code":"e"}]}}`,
	}
}

// FuzzReadLikeStock reads documents with both packages. They must make the same of
// them, but for the differences that are listed.
func FuzzReadLikeStock(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		c := compare(content, fuzzed()[int(kind)%len(fuzzed())])
		if !c.same() && !c.explained() {
			t.Fatalf("not explained: %s\nours:  %v %v\nstock: %v %v", content, c.ours, c.oursErr, c.stock, c.stockErr)
		}
	})
}

// FuzzWriteLikeStock writes what it read with both packages. What they write must
// mean the same, and read back as the same.
func FuzzWriteLikeStock(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		create := fuzzed()[int(kind)%len(fuzzed())]
		item, err := Read(content, create)
		if err != nil {
			return
		}
		ours, err := written(NewSerializationWriterFactory(), item)
		if err != nil {
			require.ErrorIs(t, err, errNoName)
			return
		}
		require.True(t, json.Valid(ours), "%s", ours)
		stock, err := written(jsonserialization.NewJsonSerializationWriterFactory(), item)
		require.NoError(t, err)
		if hasPlainNames(ours) { // stock does not escape names
			require.Equal(t, inSeconds(decoded(t, stock)), inSeconds(decoded(t, ours)))
		}
	})
}

// FuzzDocument holds what is taken for a document against encoding/json, and asks
// every node everything.
func FuzzDocument(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, _ uint8, content []byte) {
		doc, err := parse(content)
		if err != nil {
			require.False(t, json.Valid(content) && utf8.Valid(content) && depthOf(content) <= maxDepth, "%v: %s", err, content)
			return
		}
		require.True(t, json.Valid(doc.content), "%s", content)
		for i := range doc.nodes {
			n := &doc.nodes[i]
			require.True(t, json.Valid(n.raw()), "%s", n.raw())
			require.NotEmpty(t, n.path()+"root")
			require.True(t, json.Valid(n.compact()), "%s", n.raw())
			askEverything(n)
		}
	})
}

// hasPlainNames says whether no name in a document needs an escape.
func hasPlainNames(content []byte) bool {
	doc, err := parse(content)
	return err == nil && len(doc.escaped) == 0
}

// askEverything calls all that a model can call; a caller sees either a value, or
// none, or an error, and never a panic.
func askEverything(n *node) {
	_, _ = n.GetStringValue()
	_, _ = n.GetBoolValue()
	_, _ = n.GetInt32Value()
	_, _ = n.GetFloat64Value()
	_, _ = n.GetTimeValue()
	_, _ = n.GetChildNode("value")
	_, _ = n.GetObjectValue(models.CreateDeploymentPageFromDiscriminatorValue)
	_, _ = n.GetCollectionOfObjectValues(models.CreateCatalogEntryFromDiscriminatorValue)
	_, _ = n.GetCollectionOfPrimitiveValues("string")
	_, _ = n.GetCollectionOfPrimitiveValues("int32")
}

// depthOf is how many objects and arrays lie in one another.
func depthOf(content []byte) int {
	decoder, depth, deepest := json.NewDecoder(bytes.NewReader(content)), 0, 0
	for {
		token, err := decoder.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		deepest = max(deepest, depth)
	}
}

// inSeconds cuts the fractions of times, which the stock writer does not write.
func inSeconds(v any) any {
	switch v := v.(type) {
	case string:
		if moment, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return moment.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
	case []any:
		for i := range v {
			v[i] = inSeconds(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = inSeconds(v[name])
		}
	}
	return v
}

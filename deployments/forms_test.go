package deployments_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// namespace is what the names of the service's types begin with.
const namespace = "microsoft.graph.windowsUpdates."

// The service's pages differ from each other and from the service. Each case is a
// form that one of them has.
func TestEachFormOfThePagesIsRead(t *testing.T) {
	t.Parallel()
	rate := `{"@odata.type":"#` + namespace + `rateDrivenRolloutSettings","durationBetweenOffers":"P7D",`
	paused := deployments.Deployment{State: deployments.State{Effective: deployments.StatePaused}}
	feature := deployments.Content{EntryID: entryID, Kind: catalog.KindFeature, Entry: &catalog.FeatureUpdate{
		Base:    catalog.Base{ID: entryID, Kind: catalog.KindFeature, Extra: stub.Extra("new", "[null]")},
		Version: "Windows 11, version 24H2",
	}}
	flat := `"id":"` + entryID + `","version":"Windows 11, version 24H2","releaseDateTime":"0001-01-01T00:00:00Z","new":[null]}`
	for name, c := range map[string]struct {
		body string
		want deployments.Deployment
	}{
		"devicePerOffer":          {scheduled(rate + `"devicePerOffer":100}`), rolledOut(deployments.ByRate(100, 7))},
		"devicePerOffer as text":  {scheduled(rate + `"devicePerOffer":"100"}`), rolledOut(deployments.ByRate(100, 7))},
		"devicePerOffer null":     {scheduled(rate + `"devicePerOffer":null}`), deployments.Deployment{}},
		"devicesPerOffer as text": {scheduled(rate + `"devicesPerOffer":"100"}`), rolledOut(deployments.ByRate(100, 7))},
		"state value":             {`{"state":{"value":"paused"}}`, paused},
		"state since":             {`{"state":{"value":"paused","effectiveSinceDate":"String (timestamp)"}}`, since(paused)},
		"wrapped": {
			`{"@odata.context":"x","value":{"id":"` + deploymentID + `","state":{"effectiveValue":"paused"}}}`,
			paused,
		},
		"types with #": {
			`{"content":{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{"@odata.type":"#` + namespace + `featureUpdateCatalogEntry",` + flat + `}}`,
			deployments.Deployment{Content: feature},
		},
		"types without #": {
			`{"content":{"@odata.type":"` + namespace + `catalogContent","catalogEntry":{"@odata.type":"` + namespace + `featureUpdateCatalogEntry",` + flat + `}}`,
			deployments.Deployment{Content: feature},
		},
		"rollout without #": {
			scheduled(strings.Replace(rate, "#", "", 1) + `"devicesPerOffer":100}`),
			rolledOut(deployments.ByRate(100, 7)),
		},
		"types of plain parts": {
			`{"settings":{"@odata.type":"` + namespace + `deploymentSettings","expedite":{"@odata.type":"#` + namespace + `expediteSettings","isExpedited":true}}}`,
			settled(expedited),
		},
		"content is an entry": {
			`{"content":{"@odata.type":"#` + namespace + `featureUpdateCatalogEntry",` + flat + `}`,
			deployments.Deployment{Content: feature},
		},
		"content is an entry, no #": {
			`{"content":{"@odata.type":"` + namespace + `featureUpdateCatalogEntry",` + flat + `}`,
			deployments.Deployment{Content: feature},
		},
		"entry in the content": {
			`{"content":{"@odata.type":"#` + namespace + `catalogContent","id":"x","name":"n"}}`,
			unknownEntry("x", stub.Extra("name", `"n"`)),
		},
		"entry in the content, null": {
			`{"content":{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":null,"id":"x"}}`,
			unknownEntry("x", nil),
		},
		"entry, content untyped": {
			`{"content":{"new":1,"catalogEntry":{"@odata.type":"#` + namespace + `featureUpdateCatalogEntry",` + flat + `}}`,
			withMore(feature),
		},
		"entry without an id": {
			`{"content":{"id":null,"catalogEntry":{"id":null}}}`,
			deployments.Deployment{
				Content: deployments.Content{
					Extra: map[string]json.RawMessage{"id": []byte("null"), "catalogEntry": []byte(`{"id":null}`)},
				},
			},
		},
		"content without a type": {`{"content":{"id":"x"}}`, unknownEntry("x", nil)},
		"settings of 2021": {
			`{"settings":{"rollout":{"devicesPerOffer":100},"safeguard":{"disabledSafeguardProfiles":[]}}}`,
			settled(deployments.Settings{
				Extra: map[string]json.RawMessage{
					"rollout":   []byte(`{"devicesPerOffer":100}`),
					"safeguard": []byte(`{"disabledSafeguardProfiles":[]}`),
				},
			}),
		},
		"year 1": {
			`{"createdDateTime":"0001-01-01T00:00:00Z","settings":{"schedule":{"startDateTime":"0001-01-01T00:00:00Z"}}}`,
			deployments.Deployment{},
		},
		"no timestamp": {
			`{"createdDateTime":"String (timestamp)","lastModifiedDateTime":"String (timestamp)"}`,
			deployments.Deployment{},
		},
		"texts for values": {
			`{"settings":{"expedite":{"isExpedited":"true"},"userExperience":{"daysUntilForcedReboot":"2"}}}`,
			settled(expedited.RestartingWithin(2)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.ID = deploymentID
			require.Equal(t, &c.want, get(t, c.body))
		})
	}
}

func scheduled(rollout string) string {
	return `{"settings":{"schedule":{"gradualRollout":` + rollout + `}}}`
}

func settled(s deployments.Settings) deployments.Deployment {
	return deployments.Deployment{Settings: s}
}

func rolledOut(r deployments.Rollout) deployments.Deployment { return settled(rolling(r)) }

func since(d deployments.Deployment) deployments.Deployment {
	d.State.Extra = stub.Extra("effectiveSinceDate", `"String (timestamp)"`)
	return d
}

func withMore(content deployments.Content) deployments.Deployment {
	content.Extra = stub.Extra("new", "1")
	return deployments.Deployment{Content: content}
}

func unknownEntry(id string, more map[string]json.RawMessage) deployments.Deployment {
	return deployments.Deployment{
		Content: deployments.Content{EntryID: id, Entry: &catalog.UnknownEntry{Base: catalog.Base{ID: id, Extra: more}}},
	}
}

func TestARolloutThatCannotBeReadIsKept(t *testing.T) {
	t.Parallel()
	const kind = "rateDrivenRolloutSettings"
	for _, odd := range []string{
		`"devicesEachTime":50`, `"devicePerOffer":"many"`, `"devicePerOffer":1.5`, `"devicePerOffer":99999999999`,
	} {
		name, value, _ := strings.Cut(odd, ":")
		want := &deployments.RateDriven{
			RolloutBase: deployments.RolloutBase{BetweenOffers: 3, Extra: stub.Extra(strings.Trim(name, `"`), value)},
		}
		body := `{"@odata.type":"#` + namespace + kind + `","durationBetweenOffers":"P3D",` + odd + `}`
		require.Equal(t, want, rollout(t, body), odd)

		service := stub.Answering(answer(200, scheduled(body)), answer(202, ""))
		require.NoError(t, service.Client(t).Deployments().Reschedule(t.Context(), deploymentID, start))
		sent := member(t, stub.Exact(t, service.Last(t).Body), "settings", "schedule", "gradualRollout")
		require.Equal(t, stub.Exact(t, body), sent, "the rollout goes back as it came")
	}
}

func TestSettingsComeBackAsTheyWereSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := seeded(seed)
		want := ofNewKind(r.settings())
		service := stub.Answering(answer(201, `{"id":"x"}`))
		_, err := service.Client(t).Deployments().Create(t.Context(), want)
		require.NoError(t, err, "seed %d", seed)
		body := service.Last(t).Body

		require.Equal(t, want.Settings, get(t, `{"settings":`+settingsIn(t, body)+`}`).Settings, "seed %d: %s", seed, body)
	}
}

// settingsIn are the settings in a body, as they are written.
func settingsIn(t *testing.T, body string) string {
	t.Helper()
	var sent struct{ Settings json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(body), &sent))
	if sent.Settings == nil {
		return "null"
	}
	return string(sent.Settings)
}

func TestADocumentOfTheServiceIsKeptWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := seeded(seed)
		text := r.document()
		service := stub.Answering(answer(201, `{"id":"x"}`))
		spec := ofNewKind(get(t, `{"settings":`+text+`}`).Settings)
		_, err := service.Client(t).Deployments().Create(t.Context(), spec)
		require.NoError(t, err, "seed %d: %s", seed, text)

		got := stub.Exact(t, settingsIn(t, service.Last(t).Body))
		require.Equal(t, saying(stub.Exact(t, text)), saying(got), "seed %d: %s", seed, text)
	}
}

// saying is what a document says: annotations, known members that are null, flags
// of expediting that are false and parts without any member say nothing.
func saying(document any) any {
	if list, ok := document.([]any); ok {
		all := []any{}
		for _, item := range list {
			all = append(all, saying(item))
		}
		return all
	}
	members, ok := document.(map[string]any)
	if !ok {
		return document
	}
	said := map[string]any{}
	for name, value := range members {
		if !strings.HasPrefix(name, "new") {
			value = saying(value)
		}
		if saysSomething(name, value) {
			said[name] = value
		}
	}
	if len(said) == 0 {
		return nil
	}
	return said
}

func saysSomething(name string, value any) bool {
	isFlag := name == "isExpedited" || name == "isReadinessTest"
	return strings.HasPrefix(name, "new") || value != nil && !strings.Contains(name, "@odata.") && !(isFlag && value == false)
}

// document are random settings as the service writes them, with nulls where it has
// nothing, annotations, and unknown members.
func (r random) document() string {
	return r.object(map[string]func() string{
		"schedule": func() string {
			return r.object(map[string]func() string{
				"startDateTime":  func() string { return quoted(r.Time().Format(time.RFC3339Nano)) },
				"gradualRollout": r.wireRollout,
			})
		},
		"monitoring": func() string {
			return r.object(map[string]func() string{"monitoringRules": func() string { return r.array(r.wireRule) }})
		},
		"contentApplicability": func() string {
			return r.object(map[string]func() string{
				"offerWhileRecommendedBy": func() string { return r.array(func() string { return quoted(r.word()) }) },
				"safeguard": func() string {
					return r.object(map[string]func() string{"disabledSafeguardProfiles": func() string {
						return r.array(func() string { return `{"category":` + quoted(r.word()) + `,"new":null}` })
					}})
				},
			})
		},
		"userExperience": func() string {
			return r.object(map[string]func() string{
				"offerAsOptional": r.flag, "isHotpatchEnabled": r.flag,
				"daysUntilForcedReboot": func() string { return fmt.Sprint(r.IntN(100)) },
			})
		},
		"expedite": func() string {
			return r.object(map[string]func() string{
				"isExpedited": func() string { return "true" }, "isReadinessTest": func() string { return "false" },
			})
		},
	})
}

func (r random) wireRollout() string {
	kind := []string{"rateDrivenRolloutSettings", "lunarRolloutSettings"}[r.IntN(2)]
	return fmt.Sprintf(`{"@odata.type":"#%s","durationBetweenOffers":"P%dD","devicesPerOffer":%d,"new":{"a":null}}`,
		namespace+kind, 1+r.IntN(30), 1+r.IntN(1e9))
}

func (r random) wireRule() string {
	return fmt.Sprintf(`{"@odata.type":"#%smonitoringRule","signal":"rollback","threshold":%d,"action":"strange","new":[1.50]}`,
		namespace, 1+r.IntN(100))
}

func (r random) flag() string { return fmt.Sprint(r.Yes()) }

// object has some of the members, some of them null, and others.
func (r random) object(members map[string]func() string) string {
	parts := []string{`"@odata.type":"#` + namespace + `something"`, `"a@odata.count":3`}
	for name, value := range r.Extra() {
		parts = append(parts, quoted(name)+":"+string(value))
	}
	for name, value := range members {
		switch r.IntN(3) {
		case 0:
			parts = append(parts, quoted(name)+":null")
		case 1:
			parts = append(parts, quoted(name)+":"+value())
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (r random) array(item func() string) string {
	return "[" + strings.Join(stub.Some(r, item), ",") + "]"
}

func quoted(text string) string {
	out, _ := json.Marshal(text)
	return string(out)
}

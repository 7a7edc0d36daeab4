package deployments_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// storedSpec is a spec that a program has stored, with this rollout.
func storedSpec(rollout string) string {
	return `{"kind":"featureUpdateCatalogEntry","entryId":"e1","settings":{"schedule":{"gradualRollout":` + rollout + `}}}`
}

func TestAStoredRolloutIsReadInEachSpellingOfItsKind(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		`"type":"rateDrivenRolloutSettings"`, `"type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings"`,
		`"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings"`,
		`"@odata.type":"microsoft.graph.windowsUpdates.rateDrivenRolloutSettings"`,
	} {
		var spec deployments.Spec
		text := storedSpec(`{` + kind + `,"durationBetweenOffers":"P7D","devicesPerOffer":100}`)
		require.NoError(t, json.Unmarshal([]byte(text), &spec), text)
		require.Equal(t, deployments.ByRate(100, 7), spec.Settings.Schedule.Rollout, text)
	}
}

func TestAStoredRolloutWithoutItsNumberIsInvalid(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"rateDrivenRolloutSettings":     "Settings.Schedule.Rollout.DevicesPerOffer must be 1 to 2147483647 (got 0)",
		"dateDrivenRolloutSettings":     "Settings.Schedule.Rollout.End must not be zero",
		"durationDrivenRolloutSettings": "Settings.Schedule.Rollout.Length must be 1 day or more (got 0)",
	} {
		var spec deployments.Spec
		require.NoError(t, json.Unmarshal([]byte(storedSpec(`{"type":"`+kind+`","durationBetweenOffers":"P7D"}`)), &spec))
		require.EqualError(t, spec.Validate(), want)
	}
	for _, text := range []string{`{"type":null}`, `{}`} {
		var spec deployments.Spec
		require.NoError(t, json.Unmarshal([]byte(storedSpec(text)), &spec), text)
		require.EqualError(t, spec.Validate(), "Settings.Schedule.Rollout.Kind must not be empty", text)
	}
}

// A value that means none is an error, because the service would choose what the program seems to have chosen.
func TestAStoredValueThatMeansNoneIsRejected(t *testing.T) {
	t.Parallel()
	const path, rule = "settings.schedule.gradualRollout.", ": must be omitted instead of a value that means none (got "
	for text, want := range map[string]string{
		`{"type":""}`: path + "type: must not be empty",
		`{"type":"rateDrivenRolloutSettings","devicesPerOffer":1,"durationBetweenOffers":"P0D"}`: path +
			"durationBetweenOffers" + rule + `"P0D")`,
		`{"type":"dateDrivenRolloutSettings","durationBetweenOffers":"PT0H"}`:                                           path + "durationBetweenOffers" + rule + `"PT0H")`,
		`{"type":"lunarRolloutSettings","DurationBetweenOffers":"P0W"}`:                                                 path + "DurationBetweenOffers" + rule + `"P0W")`,
		`null},"monitoring":{"monitoringRules":[{"signal":"s","action":"a"},{"signal":"s","action":"a","threshold":0}]`: "settings.monitoring.monitoringRules.1.threshold" + rule + `0)`,
		`null,"startDateTime":"0001-01-01T00:00:00Z"`:                                                                   "settings.schedule.startDateTime" + rule + `"0001-01-01T00:00:00Z")`,
		`null,"startDateTime":"0001-01-01T05:00:00+05:00"`:                                                              "settings.schedule.startDateTime" + rule,
		`null}},"audienceId":"","extra":{"x":{"y":{"z":0}`:                                                              "audienceId" + rule + `"")`,
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(storedSpec(text)), new(deployments.Spec)), want, text)
	}
	for _, text := range []string{
		`{"type":"rateDrivenRolloutSettings","devicesPerOffer":1,"durationBetweenOffers":null}`,
		`null},"expedite":{"isExpedited":false,"isReadinessTest":false`, `null},"monitoring":{`,
	} {
		require.NoError(t, json.Unmarshal([]byte(storedSpec(text)), new(deployments.Spec)), text)
	}
}

func TestAnUnknownRolloutIsNamedLikeNoOther(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"":                          "Settings.Schedule.Rollout.Kind must not be empty",
		"#lunarRolloutSettings":     "Settings.Schedule.Rollout.Kind must not begin with # (got \"#lunarRolloutSettings\")",
		"rateDrivenRolloutSettings": "Settings.Schedule.Rollout.Kind must not be a kind that has a type of its own (got \"rateDrivenRolloutSettings\")",
		"microsoft.graph.windowsUpdates.DateDrivenRolloutSettings": "Settings.Schedule.Rollout.Kind must not be a kind that has " +
			"a type of its own (got \"microsoft.graph.windowsUpdates.DateDrivenRolloutSettings\")",
	} {
		require.EqualError(t, rolling(&deployments.UnknownRollout{Kind: kind}).Validate(), want)
	}
	require.NoError(t, rolling(&deployments.UnknownRollout{Kind: "lunarRolloutSettings"}).Validate())
}

func TestStoredInputThatWouldBeLostIsRejectedWithItsPath(t *testing.T) {
	t.Parallel()
	const unknown = `: unknown property; to send it, put it in "extra"`
	at := func(part, text string) string { return `{"settings":{"` + part + `":` + text + `}}` }
	for text, want := range map[string]string{
		storedSpec(`{"type":"rateDrivenRolloutSettings","durationBetweenOffers":"P7D","devicePerOffer":100}`): "settings.schedule.gradualRollout.devicePerOffer" + unknown,
		storedSpec(`{"type":"lunarRolloutSettings","phase":1}`):                                               "settings.schedule.gradualRollout.phase" + unknown,
		storedSpec(`{"type":"rateDrivenRolloutSettings","endDateTime":"2026-12-01T08:00:00Z"}`):               "settings.schedule.gradualRollout.endDateTime" + unknown,
		storedSpec(`{"type":"rateDrivenRolloutSettings","devicesPerOffer":1,"devicesPerOffer":100}`):          "settings.schedule.gradualRollout.devicesPerOffer: property is given twice",
		storedSpec(`{"type":"rateDrivenRolloutSettings","durationBetweenOffers":"PT12H","devicesPerOffer":1}`): "settings.schedule.gradualRollout.durationBetweenOffers: " +
			`duration must be whole days, such as "P7D" (got "PT12H")`,
		storedSpec(`[]`): "settings.schedule.gradualRollout: ",
		`{"kind":"x","entryID":"e","setings":{}}`:                                               "setings" + unknown,
		`{"settings":{"shedule":null}}`:                                                         "settings.shedule" + unknown,
		at("schedule", `{"start":null}`):                                                        "settings.schedule.start" + unknown,
		at("monitoring", `{"rules":[]}`):                                                        "settings.monitoring.rules" + unknown,
		at("monitoring", `{"monitoringRules":[{"signal":"rollback","thresold":5}]}`):            "settings.monitoring.monitoringRules.0.thresold" + unknown,
		at("contentApplicability", `{"safeguards":{}}`):                                         "settings.contentApplicability.safeguards" + unknown,
		at("contentApplicability", `{"safeguard":{"profiles":[]}}`):                             "settings.contentApplicability.safeguard.profiles" + unknown,
		at("contentApplicability", `{"safeguard":{"disabledSafeguardProfiles":[{"kind":""}]}}`): "settings.contentApplicability.safeguard.disabledSafeguardProfiles.0.kind" + unknown,
		at("userExperience", `{"offerAsOptionl":false}`):                                        "settings.userExperience.offerAsOptionl" + unknown,
		at("expedite", `{"isExpedited":true,"isReadinesTest":true}`):                            "settings.expedite.isReadinesTest" + unknown,
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), &deployments.Spec{}), want, text)
	}
	for text, want := range map[string]string{
		`{"schdule":null}`: "schdule" + unknown,
		`{"state":"paused","expedite":{"expedited":true}}`: "expedite.expedited" + unknown,
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), &deployments.Update{}), want, text)
	}
	for text, want := range map[string]string{
		`{"id":"d1","name":""}`:                         "name" + unknown,
		`{"state":{"effective":"paused"}}`:              "state.effective" + unknown,
		`{"state":{"reasons":[{"reason":"x"}]}}`:        "state.reasons.0.reason" + unknown,
		`{"content":{"entryID":"e","catalogEntry":{}}}`: "content.catalogEntry" + unknown,
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), &deployments.Deployment{}), want, text)
	}
}

func TestAStoredRolloutIsReadAsItsOwnKindOnly(t *testing.T) {
	t.Parallel()
	var rate deployments.RateDriven
	require.NoError(t, json.Unmarshal([]byte(`{"type":"rateDrivenRolloutSettings","devicesPerOffer":7}`), &rate))
	require.Equal(t, *deployments.ByRate(7, 0), rate)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"type":"dateDrivenRolloutSettings"}`), &rate), "type: must be rateDrivenRolloutSettings")
	var unknown deployments.UnknownRollout
	require.NoError(t, json.Unmarshal([]byte(`{"@odata.type":"#lunar","extra":{"a":1}}`), &unknown))
	require.Equal(t, deployments.UnknownRollout{Kind: "lunar", RolloutBase: deployments.RolloutBase{Extra: stub.Extra("a", "1")}}, unknown)
}

// No text that is accepted loses a property on its way to the request.
func TestNoPropertyOfStoredInputIsLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		text, err := json.Marshal(seeded(seed).spec())
		require.NoError(t, err)
		for _, changed := range withOneMore(t, text) {
			require.Error(t, json.Unmarshal(changed, &deployments.Spec{}), string(changed))
		}
	}
}

// withOneMore are the texts that have one property more, in one of the objects that are not
// extra.
func withOneMore(t *testing.T, text []byte) (texts [][]byte) {
	t.Helper()
	var tree map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&tree))
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				walk(item)
			}
		case map[string]any:
			value["unknownProperty"] = false
			changed, err := json.Marshal(tree)
			require.NoError(t, err)
			texts = append(texts, changed)
			delete(value, "unknownProperty")
			for name, item := range value {
				if name != "extra" {
					walk(item)
				}
			}
		}
	}
	walk(tree)
	return texts
}

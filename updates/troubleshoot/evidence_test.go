package troubleshoot_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
)

// Parts of responses of the service.
const (
	offering  = `"state":{"effectiveValue":"offering","requestedValue":"none","reasons":[]}`
	windows11 = `"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{` +
		`"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f1"}}`
	driver = `"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{` +
		`"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateCatalogEntry","id":"dr1"}}`
	ofDriver = "/deploymentAudiences/a1/applicableContent/dr1/matchedDevices"
)

// site has deployment d1, whose audience a1 has the device, with changes of bodies.
func site(deployment string, changes map[string]string) *stub.Transport {
	bodies := map[string]string{
		"/updatableAssets/" + asked:          device("enrolledWithPolicy", time.Time{}),
		"/deployments/d1":                    `{"id":"d1","audience":{"id":"a1"},` + deployment + `}`,
		"/deploymentAudiences/a1":            `{"id":"a1"}`,
		"/deploymentAudiences/a1/members":    stub.Page("", device("enrolled", time.Time{})),
		"/deploymentAudiences/a1/exclusions": stub.NoItems,
		"/deployments":                       stub.NoItems,
		"/catalog/entries/f1":                `{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f1","releaseDateTime":"2026-07-14T17:00:00Z"}`,
		"/catalog/entries/q1":                `{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"q1","releaseDateTime":"2026-07-14T17:00:00Z"}`,
		ofDriver:                             stub.Page("", `{"deviceId":"`+asked+`","recommendedBy":["Contoso"]}`),
	}
	maps.Copy(bodies, changes)
	return stub.Site(bodies)
}

func device(state string, modified time.Time) string {
	enrollment := fmt.Sprintf(`{"enrollmentState":%q,"lastModifiedDateTime":%q}`, state, modified.UTC().Format(time.RFC3339))
	return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":%q,"errors":[],`+
		`"enrollment":{"feature":%s,"driver":%s}}`, asked, enrollment, enrollment)
}

func explained(t *testing.T, deployment string, changes map[string]string) *troubleshoot.Explanation {
	t.Helper()
	e, err := site(deployment, changes).Client(t).Troubleshoot().Explain(t.Context(), "d1", asked)
	require.NoError(t, err)
	return e
}

func TestAMonitoringRuleHasPausedOnlyIfOnePauses(t *testing.T) {
	t.Parallel()
	paused := func(requested, reasons, rules string) string {
		return `"state":{"effectiveValue":"paused","requestedValue":` + requested + `,"reasons":` + reasons + `},` +
			`"settings":{"monitoring":{"monitoringRules":` + rules + `}},` + windows11
	}
	const (
		pauses = `[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]`
		alerts = `[{"signal":"rollback","threshold":5,"action":"alertError"}]`
	)
	for name, c := range map[string]struct{ deployment, text, not string }{
		"a rule that pauses":     {paused(`"none"`, "[]", pauses), "The monitoring rule rollback at 5% paused it: remove the rule with Deployments().ClearMonitoringRules, or raise its threshold.", "Resume it"},
		"a rule that alerts":     {paused(`"none"`, "[]", alerts), "Nothing shows what paused it", "ClearMonitoringRules"},
		"no rule":                {paused(`"none"`, "[]", "[]"), "Nothing shows what paused it", "ClearMonitoringRules"},
		"no rules at all":        {paused(`"none"`, "[]", "null"), "Nothing shows what paused it", "ClearMonitoringRules"},
		"a request":              {paused(`"paused"`, "[]", pauses), "Resume it with Deployments().Resume.", "ClearMonitoringRules"},
		"a request that is said": {paused(`"none"`, `[{"value":"pausedByRequest"}]`, pauses), "Resume it with Deployments().Resume.", "ClearMonitoringRules"},
		"unread reasons":         {paused(`"none"`, `"many"`, pauses), "state.reasons could not be read", "ClearMonitoringRules"},
		"an unread request":      {paused(`7`, "[]", pauses), "state.requestedValue could not be read", "Resume it"},
		"unread rules":           {paused(`"none"`, "[]", `"many"`), "settings.monitoring.monitoringRules could not be read", "Nothing shows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := explained(t, c.deployment, nil)
			require.Equal(t, troubleshoot.EffectBlocks, severe(e)[troubleshoot.TopicState], e.String())
			require.Contains(t, e.String(), c.text)
			require.NotContains(t, e.String(), c.not)
		})
	}
}

func TestWhatCouldNotBeReadIsUnclearAndNamed(t *testing.T) {
	t.Parallel()
	settings := func(text string) string { return offering + `,"settings":` + text + "," + windows11 }
	for name, c := range map[string]struct {
		deployment string
		changes    map[string]string
		topics     []troubleshoot.Topic
	}{
		"state":                             {`"state":7,` + windows11, nil, []troubleshoot.Topic{troubleshoot.TopicState}},
		"state.effectiveValue":              {`"state":{"effectiveValue":7,"requestedValue":"none"},` + windows11, nil, []troubleshoot.Topic{troubleshoot.TopicState}},
		"settings":                          {settings(`7`), nil, []troubleshoot.Topic{troubleshoot.TopicReadinessTest, troubleshoot.TopicSchedule, troubleshoot.TopicRollout}},
		"settings.expedite":                 {settings(`{"expedite":7}`), nil, []troubleshoot.Topic{troubleshoot.TopicReadinessTest}},
		"settings.expedite.isReadinessTest": {settings(`{"expedite":{"isReadinessTest":"yes"}}`), nil, []troubleshoot.Topic{troubleshoot.TopicReadinessTest}},
		"settings.schedule":                 {settings(`{"schedule":7}`), nil, []troubleshoot.Topic{troubleshoot.TopicSchedule, troubleshoot.TopicRollout}},
		"settings.schedule.startDateTime":   {settings(`{"schedule":{"startDateTime":"soon"}}`), nil, []troubleshoot.Topic{troubleshoot.TopicSchedule}},
		"settings.schedule.gradualRollout":  {settings(`{"schedule":{"gradualRollout":"weekly"}}`), nil, []troubleshoot.Topic{troubleshoot.TopicRollout}},
		"durationBetweenOffers": {settings(`{"schedule":{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
			`"durationBetweenOffers":"weekly","devicesPerOffer":1}}}`), nil, []troubleshoot.Topic{troubleshoot.TopicRollout}},
		"content.catalogEntry": {offering + `,"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":7}`, nil,
			[]troubleshoot.Topic{troubleshoot.TopicEnrollment, troubleshoot.TopicOtherDeployments}},
		"content":                       {offering + `,"content":7`, nil, []troubleshoot.Topic{troubleshoot.TopicEnrollment, troubleshoot.TopicOtherDeployments}},
		"settings.contentApplicability": {offering + `,"settings":{"contentApplicability":7},` + driver, nil, []troubleshoot.Topic{troubleshoot.TopicRecommendation}},
		"settings.contentApplicability.offerWhileRecommendedBy": {offering + `,"settings":{"contentApplicability":{"offerWhileRecommendedBy":7}},` + driver, nil,
			[]troubleshoot.Topic{troubleshoot.TopicRecommendation}},
		"recommendedBy": {offering + `,"settings":{"contentApplicability":{"offerWhileRecommendedBy":["microsoft"]}},` + driver,
			map[string]string{ofDriver: stub.Page("", `{"deviceId":"`+asked+`","recommendedBy":7}`)}, []troubleshoot.Topic{troubleshoot.TopicRecommendation}},
		"d2: state":                {offering + "," + windows11, others(`"state":7,` + newer), []troubleshoot.Topic{troubleshoot.TopicOtherDeployments}},
		"d2: state.effectiveValue": {offering + "," + windows11, others(`"state":{"effectiveValue":7},` + newer), []troubleshoot.Topic{troubleshoot.TopicOtherDeployments}},
		"d2: content":              {offering + "," + windows11, others(offering + `,"content":7`), []troubleshoot.Topic{troubleshoot.TopicOtherDeployments}},
		"d2: settings":             {offering + "," + windows11, others(offering + `,"settings":7,` + newer), []troubleshoot.Topic{troubleshoot.TopicOtherDeployments}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := explained(t, c.deployment, c.changes)
			want := found{}
			for _, topic := range c.topics {
				want[topic] = troubleshoot.EffectUnclear
			}
			require.Equal(t, want, severe(e), e.String())
			member, _, _ := strings.Cut(name, ": ")
			require.Contains(t, e.String(), member)
			require.Contains(t, e.String(), strings.TrimPrefix(name, "d2: "))
		})
	}
}

// newer is the content of a newer update with an ID.
const newer = `"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{` +
	`"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f2"}}`

// others has deployment d2 to the same audience.
func others(deployment string) map[string]string {
	return map[string]string{
		"/deployments":        stub.Page("", `{"id":"d2","audience":{"id":"a1"},`+deployment+`}`),
		"/catalog/entries/f2": `{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f2","releaseDateTime":"2026-09-08T17:00:00Z"}`,
	}
}

// An embedded entry can lack its ID. That of a quality update has its release date.
func TestAnUpdateWithoutAnIDIsComparedByItsReleaseDate(t *testing.T) {
	t.Parallel()
	quality := func(id, released string) string {
		return offering + `,"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{` +
			`"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"` + id + `","releaseDateTime":"` + released +
			`","qualityUpdateClassification":"security","qualityUpdateCadence":"monthly"}}`
	}
	for name, c := range map[string]struct {
		mine, other string
		effect      troubleshoot.Effect
	}{
		"the same update, mine without an ID":    {quality("", "2026-07-14T00:00:00Z"), quality("q1", "2026-07-14T00:00:00Z"), troubleshoot.EffectNone},
		"the same update, another without an ID": {quality("q1", "2026-07-14T00:00:00Z"), quality("", "2026-07-14T00:00:00Z"), troubleshoot.EffectNone},
		"the same update, both without an ID":    {quality("", "2026-07-14T00:00:00Z"), quality("", "2026-07-14T00:00:00Z"), troubleshoot.EffectNone},
		"a newer update":                         {quality("q1", "2026-07-14T00:00:00Z"), quality("", "2026-08-11T00:00:00Z"), troubleshoot.EffectBlocks},
		"an older update":                        {quality("", "2026-07-14T00:00:00Z"), quality("", "2026-06-09T00:00:00Z"), troubleshoot.EffectNone},
		"no date of mine":                        {quality("", "0001-01-01T00:00:00Z"), quality("q1", "2026-07-14T00:00:00Z"), troubleshoot.EffectUnclear},
		"no date of another":                     {quality("q1", "2026-07-14T00:00:00Z"), quality("", "0001-01-01T00:00:00Z"), troubleshoot.EffectUnclear},
		"a feature update":                       {offering + "," + strings.ReplaceAll(windows11, `"f1"`, `""`), offering + "," + newer, troubleshoot.EffectUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := explained(t, c.mine, others(c.other))
			said := e.ByTopic(troubleshoot.TopicOtherDeployments)
			require.Len(t, said, 1, e.String())
			require.Equal(t, c.effect, said[0].Effect, e.String())
			if c.effect == troubleshoot.EffectUnclear {
				require.Contains(t, said[0].Text, "does not name its catalog entry")
			}
		})
	}
}

// The audience of another deployment can hide its members, and have members that the SDK does not recognize.
func TestAnAudienceThatIsNotKnownMayHaveTheDevice(t *testing.T) {
	t.Parallel()
	const members, exclusions = "/deploymentAudiences/a2/members", "/deploymentAudiences/a2/exclusions"
	strange := stub.Page("", `{"@odata.type":"#microsoft.graph.windowsUpdates.moonBase","id":"b1"}`)
	for name, c := range map[string]struct {
		more map[string]string
		want troubleshoot.Effect
		text string
	}{
		"hidden members":     {map[string]string{exclusions: stub.NoItems}, troubleshoot.EffectUnclear, "deployment d2: the service returns 404 for its members"},
		"unknown members":    {map[string]string{members: strange, exclusions: stub.NoItems}, troubleshoot.EffectUnclear, "deployment d2: it has members of an unknown kind"},
		"unknown exclusions": {map[string]string{members: stub.Page("", device("enrolled", time.Time{})), exclusions: strange}, troubleshoot.EffectUnclear, "deployment d2: it has exclusions of an unknown kind"},
		"no exclusions":      {map[string]string{members: stub.Page("", device("enrolled", time.Time{}))}, troubleshoot.EffectBlocks, "Deployment d2 offers"},
		"other members":      {map[string]string{members: stub.NoItems}, troubleshoot.EffectNone, "No other deployment"},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			changes := others(offering + "," + newer)
			changes["/deployments"] = strings.ReplaceAll(changes["/deployments"], `"a1"`, `"a2"`)
			changes["/deploymentAudiences/a2"] = `{"id":"a2"}`
			maps.Copy(changes, c.more)
			said := explained(t, offering+","+windows11, changes).ByTopic(troubleshoot.TopicOtherDeployments)
			require.Len(t, said, 1)
			require.Equal(t, c.want, said[0].Effect, said[0].Text)
			require.Contains(t, said[0].Text, c.text)
		})
	}
}

func TestARolloutOfAnUnknownStartIsUnclear(t *testing.T) {
	t.Parallel()
	const rate = `"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","durationBetweenOffers":"P7D","devicesPerOffer":1}`
	e := explained(t, offering+`,"settings":{"schedule":{`+rate+`}},`+windows11, nil)
	require.Equal(t, found{troubleshoot.TopicRollout: troubleshoot.EffectUnclear}, severe(e), e.String())
	e = explained(t, offering+`,"settings":{"schedule":{"startDateTime":"2020-01-01T00:00:00Z",`+rate+`}},`+windows11, nil)
	require.Equal(t, found{troubleshoot.TopicRollout: troubleshoot.EffectUnclear}, severe(e), "the deployment may be younger")
	e = explained(t, offering+`,"settings":{"schedule":{"startDateTime":"2999-01-01T00:00:00Z",`+rate+`}},`+windows11, nil)
	require.Equal(t, troubleshoot.EffectDelays, severe(e)[troubleshoot.TopicRollout], e.String())
}

func TestADriverWithoutAnIDIsUnclear(t *testing.T) {
	t.Parallel()
	e := explained(t, offering+","+strings.ReplaceAll(driver, `"dr1"`, `""`), nil)
	require.Equal(t, found{troubleshoot.TopicApplicability: troubleshoot.EffectUnclear}, severe(e), e.String())
	require.Contains(t, e.String(), "does not name its catalog entry")
}

func TestADeviceWithoutAnIDMayBeTheOneThatADriverAppliesTo(t *testing.T) {
	t.Parallel()
	for name, match := range map[string]string{"none": `{}`, "null": `{"deviceId":null}`, "a wrong type": `{"deviceId":7}`} {
		e := explained(t, offering+","+driver, map[string]string{ofDriver: stub.Page("", match)})
		require.Equal(t, found{troubleshoot.TopicApplicability: troubleshoot.EffectUnclear}, severe(e), name)
	}
}

// A device that is enrolled without a policy is offered no feature update. Between its enrollment and its first
// deployment that is normal, and what the service applies it applies later.
func TestADeviceWithoutAPolicyIsNotReachedByAFeatureUpdate(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	deployment := func(age time.Duration, state, more string) string {
		return fmt.Sprintf(`"createdDateTime":%q,"state":{"effectiveValue":%q,"requestedValue":"none"}%s`,
			time.Now().Add(-age).UTC().Format(time.RFC3339), state, more)
	}
	rollout := `,"settings":{"schedule":{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
		`"durationBetweenOffers":"P7D","devicesPerOffer":1}}}`
	for name, c := range map[string]struct {
		age, enrolled time.Duration
		state, more   string
		changes       map[string]string
		want          troubleshoot.Effect
	}{
		"at first":                  {time.Hour, 9 * day, "offering", "," + windows11, nil, troubleshoot.EffectUnclear},
		"soon after the enrollment": {9 * day, time.Hour, "offering", "," + windows11, nil, troubleshoot.EffectUnclear},
		"after a day":               {9 * day, 9 * day, "offering", "," + windows11, nil, troubleshoot.EffectBlocks},
		"a start that is ahead":     {9 * day, 9 * day, "scheduled", "," + windows11, nil, troubleshoot.EffectNone},
		"a pause":                   {9 * day, 9 * day, "paused", "," + windows11, nil, troubleshoot.EffectNone},
		"a driver":                  {9 * day, 9 * day, "offering", "," + driver, nil, troubleshoot.EffectNone},
		"a rollout that is not over": {time.Hour, 9 * day, "offering", rollout + "," + windows11, map[string]string{
			"/deploymentAudiences/a1/members": stub.Page("", device("enrolled", time.Time{}), `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"b"}`),
		}, troubleshoot.EffectNone},
		"no member": {9 * day, 9 * day, "offering", "," + windows11, map[string]string{"/deploymentAudiences/a1/members": stub.NoItems}, troubleshoot.EffectNone},
		"an exclusion": {9 * day, 9 * day, "offering", "," + windows11, map[string]string{
			"/deploymentAudiences/a1/exclusions": stub.Page("", device("enrolled", time.Time{})),
		}, troubleshoot.EffectNone},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			changes := map[string]string{"/updatableAssets/" + asked: device("enrolled", time.Now().Add(-c.enrolled))}
			maps.Copy(changes, c.changes)
			e := explained(t, deployment(c.age, c.state, c.more), changes)
			said := e.ByTopic(troubleshoot.TopicEnrollment)
			require.Len(t, said, 1)
			require.Equal(t, c.want, said[0].Effect, e.String())
			require.Equal(t, c.want != troubleshoot.EffectNone, strings.Contains(said[0].Text, "no policy is assigned"), said[0].Text)
		})
	}
}

func TestAnEnrollmentOfAnUnknownAgeIsUnclear(t *testing.T) {
	t.Parallel()
	e := explained(t, offering+","+windows11, map[string]string{"/updatableAssets/" + asked: device("enrolled", time.Time{})})
	require.Equal(t, found{troubleshoot.TopicEnrollment: troubleshoot.EffectUnclear}, severe(e), e.String())
}

func TestIDsInTheWrongOrderAreSuspected(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "both", idsInTheWrongOrder)
}

func idsInTheWrongOrder(t *testing.T) {
	s := site(offering+","+windows11, nil)
	e, err := s.Client(t).Troubleshoot().Explain(t.Context(), asked, "d1")
	require.NoError(t, err)
	require.Equal(t, found{troubleshoot.TopicDevice: troubleshoot.EffectBlocks, troubleshoot.TopicDeployment: troubleshoot.EffectBlocks}, severe(e))
	require.Contains(t, e.String(), "The ID of the device is that of a deployment: the IDs are probably swapped.")

	e, err = s.Client(t).Troubleshoot().Explain(t.Context(), "d9", "d8")
	require.NoError(t, err)
	require.NotContains(t, e.String(), "swapped")
}

func TestAnIDOfAGroupIsNotADeviceThatIsUnknown(t *testing.T) {
	t.Parallel()
	group := `{"@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup","id":"` + asked + `"}`
	e := explained(t, offering+","+windows11, map[string]string{"/updatableAssets/" + asked: group})
	said := e.ByTopic(troubleshoot.TopicDevice)
	require.Len(t, said, 1)
	require.Contains(t, said[0].Text, "The ID is not that of a device")
	require.NotContains(t, e.String(), "never enrolled")
}

func TestIntuneIsSuspectedOnlyIfTheMembersAnswer404(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "both", intuneIsSuspected)
}

func intuneIsSuspected(t *testing.T) {
	e := explained(t, offering+","+windows11, map[string]string{"/deploymentAudiences/a1/members": stub.NoItems})
	require.Equal(t, found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear}, severe(e), e.String())
	require.NotContains(t, e.String(), "Intune")
	s := stub.Site(map[string]string{
		"/updatableAssets/" + asked: device("enrolledWithPolicy", time.Time{}), "/deployments/d1": `{"id":"d1","audience":{"id":"a1"},` + offering + "," + windows11 + `}`,
		"/deploymentAudiences/a1": `{"id":"a1"}`,
	})
	e, err := s.Client(t).Troubleshoot().Explain(t.Context(), "d1", asked)
	require.NoError(t, err)
	want := found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear, troubleshoot.TopicExclusion: troubleshoot.EffectUnclear}
	require.Equal(t, want, severe(e), e.String())
	require.Contains(t, e.String(), "The service returns 404 for the members")
	require.Contains(t, e.String(), "Intune")
}

func TestAnObjectIDThatWasTakenForADeviceIDIsSuspected(t *testing.T) {
	t.Parallel()
	wrong := strings.Replace(device("enrolled", time.Time{}), `"errors":[]`,
		`"errors":[{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDeviceRegistrationError","reason":"invalidAzureADDeviceId"}]`, 1)
	e := explained(t, offering+","+driver, map[string]string{"/updatableAssets/" + asked: wrong})
	said := e.ByTopic(troubleshoot.TopicRegistration)
	require.Len(t, said, 1)
	require.Contains(t, said[0].Advice, "deviceId, not the object ID")
}

func TestTextsOfTheServiceCannotControlAnObservation(t *testing.T) {
	t.Parallel()
	e := explained(t, `"state":{"effectiveValue":"a\u001b[31m\u202e\nINJECTED","requestedValue":"none"},`+windows11, nil)
	said := e.ByTopic(troubleshoot.TopicState)
	require.Len(t, said, 1)
	require.NotContains(t, said[0].Text, "\x1b")
	require.NotContains(t, said[0].Text, "\u202e")
	require.NotContains(t, said[0].Text, "\n")
}

// A replica that lags behind, and a load balancer, answer 404 for what exists.
func TestOneResponseOf404IsNoEvidence(t *testing.T) {
	t.Parallel()
	const members, exclusions = "/deploymentAudiences/a1/members", "/deploymentAudiences/a1/exclusions"
	excluded := map[string]string{exclusions: stub.Page("", device("enrolled", time.Time{}))}
	for name, c := range map[string]struct {
		deployment string
		changes    map[string]string
		missing    string
		want       found
	}{
		"device":           {offering + "," + windows11, nil, "/updatableAssets/" + asked, found{}},
		"deployment":       {offering + "," + windows11, nil, "/deployments/d1", found{}},
		"exclusions":       {offering + "," + windows11, excluded, exclusions, found{troubleshoot.TopicExclusion: troubleshoot.EffectBlocks}},
		"members":          {offering + "," + windows11, nil, members, found{troubleshoot.TopicMembership: troubleshoot.EffectUnclear}},
		"matched devices":  {offering + "," + driver, nil, ofDriver, found{}},
		"the second page":  {offering + "," + driver, map[string]string{ofDriver: stub.Page(ofDriver+"?$skiptoken=2", `{"deviceId":"x"}`)}, "none", found{troubleshoot.TopicApplicability: troubleshoot.EffectUnclear}},
		"other exclusions": {offering + "," + windows11, ofAnother(excluded[exclusions]), "/deploymentAudiences/a2/exclusions", found{}},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			proper, isFirst := site(c.deployment, c.changes), true
			s := stub.Answering(func(req *http.Request) (*http.Response, error) {
				if isFirst && strings.HasSuffix(req.URL.Path, c.missing) {
					isFirst = false
					return stub.Answer(http.StatusNotFound, "")(req)
				}
				return proper.RoundTrip(req)
			})
			e, err := s.Client(t).Troubleshoot().Explain(t.Context(), "d1", asked)
			require.NoError(t, err)
			require.Equal(t, c.want, severe(e), e.String())
		})
	}
}

// ofAnother has deployment d2 of a newer update, to audience a2, which has the device and exclusions.
func ofAnother(exclusions string) map[string]string {
	changes := others(offering + "," + newer)
	changes["/deployments"] = strings.ReplaceAll(changes["/deployments"], `"a1"`, `"a2"`)
	changes["/deploymentAudiences/a2"] = `{"id":"a2"}`
	changes["/deploymentAudiences/a2/members"] = stub.Page("", device("enrolled", time.Time{}))
	changes["/deploymentAudiences/a2/exclusions"] = exclusions
	return changes
}

// The service lists a group as its enrolled devices, and nothing of an audience that Intune owns. The
// device may be a member or an exclusion then.
func TestADeviceThatListsCanHideMayBeInThem(t *testing.T) {
	t.Parallel()
	free, other := device("notEnrolled", time.Time{}), strings.ReplaceAll(device("enrolled", time.Time{}), asked, "other")
	const members, exclusions = "/deploymentAudiences/a1/members", "/deploymentAudiences/a1/exclusions"
	quality := strings.ReplaceAll(strings.ReplaceAll(windows11, "feature", "quality"), "f1", "q1")
	for name, c := range map[string]struct {
		changes map[string]string
		hidden  bool // 404 for both lists
		topic   troubleshoot.Topic
	}{
		"exclusion of a device that is not enrolled": {map[string]string{
			"/updatableAssets/" + asked: free, exclusions: stub.Page("", other),
		}, false, troubleshoot.TopicExclusion},
		"no lists":                      {nil, true, troubleshoot.TopicExclusion},
		"member that cannot be read":    {map[string]string{"/updatableAssets/" + asked: "{", members: stub.Page("", other)}, false, troubleshoot.TopicMembership},
		"exclusion that cannot be read": {map[string]string{"/updatableAssets/" + asked: "{", exclusions: stub.Page("", other)}, false, troubleshoot.TopicExclusion},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			proper := site(offering+","+quality, c.changes)
			s := stub.Answering(func(req *http.Request) (*http.Response, error) {
				if c.hidden && (strings.HasSuffix(req.URL.Path, members) || strings.HasSuffix(req.URL.Path, exclusions)) {
					return stub.Answer(http.StatusNotFound, "")(req)
				}
				return proper.RoundTrip(req)
			})
			e, err := s.Client(t).Troubleshoot().Explain(t.Context(), "d1", asked)
			require.NoError(t, err)
			said := e.ByTopic(c.topic)
			require.Len(t, said, 1)
			require.Equal(t, troubleshoot.EffectUnclear, said[0].Effect, e.String())
		})
	}
}

// The devices that need a driver are listed below the audience, so its 404 is not theirs.
func TestAnAudienceThatIsNotFoundSaysNothingAboutADriver(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "unnamed audience", func(t *testing.T) {
		s := stub.Site(map[string]string{
			"/updatableAssets/" + asked:           device("enrolled", time.Time{}),
			"/deployments/d1":                     `{"id":"d1",` + offering + "," + driver + `}`,
			"/deployments/d1/audience/members":    stub.Page("", device("enrolled", time.Time{})),
			"/deployments/d1/audience/exclusions": stub.NoItems,
		})
		e, err := s.Client(t).Troubleshoot().Explain(t.Context(), "d1", asked)
		require.NoError(t, err)
		require.Equal(t, found{troubleshoot.TopicApplicability: troubleshoot.EffectUnclear}, severe(e), e.String())
	})
}

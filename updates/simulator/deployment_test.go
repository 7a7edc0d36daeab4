package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestADeploymentIsScheduledUntilItsStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		id := n.deploy(`{"schedule":{"startDateTime":"` + time.Now().Add(day).UTC().Format(time.RFC3339) + `"}}`)
		require.Equal(t, "scheduled scheduledByOfferWindow", n.state(id))
		<-time.After(day)
		require.Equal(t, "offering", n.state(id))
	})
}

func TestAStartThatIsMovedAheadSchedulesAgain(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	require.Equal(t, "offering", n.state(id))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":{"schedule":{"startDateTime":"9999-01-01T00:00:00Z"}}}`))
	require.Equal(t, "scheduled scheduledByOfferWindow", n.state(id))
}

func TestARequestPausesAndResumes(t *testing.T) {
	t.Parallel()
	for _, from := range []string{`{}`, `{"schedule":{"startDateTime":"9999-01-01T00:00:00Z"}}`} {
		n := newTenant(t, nil)
		id := n.deploy(from)
		before := n.state(id)
		n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`))
		require.Equal(t, "paused pausedByRequest", n.state(id))
		n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"none"}}`))
		require.Equal(t, before, n.state(id))
	}
}

func TestArchivedIsFinal(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"archived"}}`))
	require.Equal(t, "archived", n.state(id))
	for _, body := range []string{
		`{"state":{"requestedValue":"none"}}`,
		`{"state":{"requestedValue":"paused"}}`,
		`{"settings":{"schedule":null}}`,
		`{"settings":null}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.patch("/deployments/"+id, body).status, body)
	}
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"archived"}}`))
	require.Equal(t, "archived", n.state(id))
}

func TestOutdatedContentFaultsADeploymentInEveryState(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	offering, paused, archived := n.deploy(`{}`), n.deploy(`{}`), n.deploy(`{}`)
	n.patch("/deployments/"+paused, `{"state":{"requestedValue":"paused"}}`)
	n.patch("/deployments/"+archived, `{"state":{"requestedValue":"archived"}}`)
	require.NoError(t, n.OutdateContent(n.entry(version24)))
	require.Equal(t, "faulted faultedByContentOutdated", n.state(offering))
	require.Equal(t, "faulted faultedByContentOutdated", n.state(paused))
	require.Equal(t, "archived", n.state(archived))

	n.enroll("feature", deviceA)
	n.add(offering, deviceA)
	require.Empty(t, n.Offers(offering))
	n.mustAccept(n.patch("/deployments/"+offering, `{"state":{"requestedValue":"archived"}}`))
	require.Equal(t, "archived", n.state(offering))
}

func TestContentThatExpiresFaultsItsDeployments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		entryID, err := n.AddEntry(object{
			"@odata.type":             "#" + namespace + "featureUpdateCatalogEntry",
			"deployableUntilDateTime": time.Now().Add(week).UTC().Format(time.RFC3339),
		})
		require.NoError(t, err)
		id := n.post("/deployments", deploymentOf("feature", entryID, `{}`)).body["id"].(string)
		<-time.After(week - time.Second)
		require.Equal(t, "offering", n.state(id))
		<-time.After(time.Second)
		require.Equal(t, "faulted faultedByContentOutdated", n.state(id))
		require.Equal(t, http.StatusBadRequest, n.post("/deployments", deploymentOf("feature", entryID, `{}`)).status)
	})
}

func TestAnEvolvedReasonIsHiddenUnlessItIsAskedFor(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	require.NoError(t, n.OutdateContent(n.entry(version24)))
	state := n.get("/deployments/" + id).body["state"].(object)
	require.Equal(t, "faulted", state["effectiveValue"])
	require.Equal(t, []any{object{"value": "unknownFutureValue"}}, state["reasons"])

	r := n.request(http.MethodGet, "/deployments", "")
	r.Header.Set("Prefer", "return=minimal, Include-Unknown-Enum-Members")
	state = n.do(r).body["value"].([]any)[0].(object)["state"].(object)
	require.Equal(t, []any{object{"value": "faultedByContentOutdated"}}, state["reasons"])
}

func TestAPatchTakesEffectAfterTheLagButItsResponseHasItImmediately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		id := n.deploy(`{}`)
		r := n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`)
		require.Equal(t, http.StatusAccepted, r.status)
		require.Equal(t, "paused", r.body["state"].(object)["effectiveValue"])
		require.Equal(t, "offering", n.state(id))
		<-time.After(time.Minute)
		require.Equal(t, "paused pausedByRequest", n.state(id))
	})
}

func TestAPatchThatOvertakesAnArchivingIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		id := n.deploy(`{}`)
		n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"archived"}}`))
		n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"none"}}`))
		<-time.After(time.Minute)
		require.Equal(t, "archived", n.state(id))
	})
}

package simulator_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

func devices(n int) []string {
	ids := []string{}
	for i := range n {
		ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	return ids
}

// perDay counts the offers by the days since a start.
func perDay(offers []simulator.Offer, start time.Time) map[int]int {
	counts := map[int]int{}
	for _, offer := range offers {
		counts[int(offer.At.Sub(start)/day)]++
	}
	return counts
}

func TestWithoutARolloutAllDevicesAreOfferedImmediately(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(5)...)
	id := n.deploy(`{}`)
	require.Empty(t, n.Offers(id))
	n.add(id, devices(5)...)
	require.ElementsMatch(t, devices(5), n.offered(id))
}

func TestAnUnenrolledDeviceIsNotOffered(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	n.add(id, deviceA)
	n.enroll("driver", deviceA)
	n.enroll("quality", deviceA)
	require.Empty(t, n.Offers(id))
	n.enroll("feature", deviceA)
	require.Equal(t, []string{deviceA}, n.offered(id))
}

func TestAnExpeditedQualityUpdateNeedsNoEnrollment(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/deployments", deploymentOf("quality", n.quality("2025.11 B"), `{"expedite":{"isExpedited":true}}`))
	id := r.body["id"].(string)
	n.add(id, deviceA)
	require.Equal(t, []string{deviceA}, n.offered(id))
}

func TestAReadinessTestOffersNothing(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/deployments", deploymentOf("quality", n.quality("2025.11 B"), `{"expedite":{"isExpedited":true,"isReadinessTest":true}}`))
	id := r.body["id"].(string)
	n.add(id, deviceA)
	require.Empty(t, n.Offers(id))
}

func TestExclusionsWinWhetherDirectOrThroughAGroup(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA, deviceB, deviceC, deviceD)
	all := n.group(deviceA, deviceB, deviceC, deviceD)
	some := n.group(deviceB)
	id := n.deploy(`{}`)
	n.mustAccept(n.post("/deployments/"+id+"/audience/updateAudience", `{
		"addExclusions":[{"@odata.type":"#`+namespace+`azureADDevice","id":"`+deviceA+`"},{"@odata.type":"#`+namespace+`updatableAssetGroup","id":"`+
		some+`"}],
		"addMembers":[{"@odata.type":"#`+namespace+`azureADDevice","id":"`+deviceA+`"},{"@odata.type":"#`+namespace+`updatableAssetGroup","id":"`+all+
		`"}]}`))
	require.ElementsMatch(t, []string{deviceC, deviceD}, n.offered(id))
}

func TestARolloutByRateOffersABatchInEachWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(25)...)
		id := n.deploy(gradual("rateDriven", `"durationBetweenOffers":"P7D","devicesPerOffer":10`))
		start := time.Now()
		n.add(id, devices(25)...)
		require.Len(t, n.Offers(id), 10)

		<-time.After(week - time.Second)
		require.Len(t, n.Offers(id), 10)
		<-time.After(time.Second)
		require.Len(t, n.Offers(id), 20)
		<-time.After(10 * week)
		require.Equal(t, map[int]int{0: 10, 7: 10, 14: 5}, perDay(n.Offers(id), start))
	})
}

func TestWindowsThatPassBetweenRequestsAreStillDatedCorrectly(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(6)...)
	id := n.deploy(gradual("rateDriven", `"durationBetweenOffers":"P2D","devicesPerOffer":2`))
	n.add(id, devices(6)...)
	n.Advance(100 * day)
	offers := n.Offers(id)
	require.Equal(t, map[int]int{0: 2, 2: 2, 4: 2}, perDay(offers, offers[0].At))
}

func TestTheOrderOfDevicesIsTheirOwnAndNotThatOfInsertion(t *testing.T) {
	t.Parallel()
	first, second := orderOfOffers(t, devices(20)), orderOfOffers(t, reversed(devices(20)))
	require.Equal(t, first, second)
	require.NotEqual(t, devices(20), first)
	require.NotEqual(t, reversed(devices(20)), first)
}

func orderOfOffers(t *testing.T, ids []string) []string {
	n := newTenant(t, nil)
	n.enroll("feature", ids...)
	id := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
	n.add(id, ids...)
	n.Advance(30 * day)
	return n.offered(id)
}

func TestTheSeedShufflesARollout(t *testing.T) {
	t.Parallel()
	order := func(seed uint64, ids []string) []string {
		n := newTenant(t, &simulator.Options{Seed: seed})
		n.enroll("feature", ids...)
		id := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
		n.add(id, ids...)
		n.Advance(30 * day)
		return n.offered(id)
	}
	require.ElementsMatch(t, devices(9), order(1, devices(9)))
	require.Equal(t, order(1, devices(9)), order(1, reversed(devices(9))))
	require.NotEqual(t, order(1, devices(9)), order(2, devices(9)))
	require.NotEqual(t, devices(9), order(1, devices(9)))
}

func reversed(ids []string) []string {
	slices.Reverse(ids)
	return ids
}

func TestOffersOfOneTimeAreOrderedByID(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(20)...)
	id := n.deploy(`{}`)
	n.add(id, devices(20)...)
	require.True(t, slices.IsSorted(n.offered(id)))
}

func TestARolloutByDateOffersEveryoneBeforeItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(10)...)
		start := time.Now()
		end := start.Add(4 * week).UTC().Format(time.RFC3339)
		id := n.deploy(gradual("dateDriven", `"durationBetweenOffers":"P7D","endDateTime":"`+end+`"`))
		n.add(id, devices(10)...)
		<-time.After(5 * week)
		require.Equal(t, map[int]int{0: 3, 7: 3, 14: 2, 21: 2}, perDay(n.Offers(id), start))
	})
}

func TestARolloutByDurationOffersEveryoneBeforeItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(10)...)
		start := time.Now()
		id := n.deploy(gradual("durationDriven", `"durationBetweenOffers":"P1D","durationUntilDeploymentEnd":"P5D"`))
		n.add(id, devices(10)...)
		<-time.After(week)
		require.Equal(t, map[int]int{0: 2, 1: 2, 2: 2, 3: 2, 4: 2}, perDay(n.Offers(id), start))
	})
}

func TestADistantEndMakesSmallBatches(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(3)...)
	id := n.deploy(gradual("dateDriven", `"endDateTime":"9999-12-31T00:00:00Z"`))
	n.add(id, devices(3)...)
	require.Len(t, n.Offers(id), 1)
}

func TestDevicesThatComeLateToARolloutWithAnEndDoNotWait(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", append(devices(4), late)...)
	id := n.deploy(gradual("durationDriven", `"durationUntilDeploymentEnd":"P4D"`))
	n.add(id, devices(4)...)
	require.Len(t, n.Offers(id), 1)
	n.add(id, late)
	require.Len(t, n.Offers(id), 2)
	require.Contains(t, n.offered(id), late)
}

func TestDevicesThatComeLateToARolloutByRateTakeWhatIsLeftOfTheWindow(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(5)...)
	id := n.deploy(gradual("rateDriven", `"durationBetweenOffers":"P7D","devicesPerOffer":3`))
	n.add(id, devices(2)...)
	require.Len(t, n.Offers(id), 2)
	n.add(id, devices(5)...)
	require.Len(t, n.Offers(id), 3)
	n.Advance(week)
	require.Len(t, n.Offers(id), 5)
}

func TestAPauseStopsOffersAndTheRolloutGoesOnAfterwards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(10)...)
		id := n.deploy(gradual("rateDriven", `"durationBetweenOffers":"P7D","devicesPerOffer":2`))
		start := time.Now()
		n.add(id, devices(10)...)
		n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`)
		<-time.After(3*week + day)
		require.Len(t, n.Offers(id), 2)
		n.patch("/deployments/"+id, `{"state":{"requestedValue":"none"}}`)
		<-time.After(week)
		require.Equal(t, map[int]int{0: 2, 22: 2, 28: 2}, perDay(n.Offers(id), start))
	})
}

func TestARolloutWithAnEndCatchesUpAfterAPause(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(8)...)
	id := n.deploy(gradual("durationDriven", `"durationUntilDeploymentEnd":"P4D"`))
	n.add(id, devices(8)...)
	n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`)
	n.Advance(2 * day)
	n.patch("/deployments/"+id, `{"state":{"requestedValue":"none"}}`)
	require.Len(t, n.Offers(id), 2+3)
	n.Advance(day)
	require.Len(t, n.Offers(id), 8)
}

func TestAnArchivedDeploymentOffersNothingMore(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA, deviceB)
	id := n.deploy(`{}`)
	n.add(id, deviceA)
	n.patch("/deployments/"+id, `{"state":{"requestedValue":"archived"}}`)
	n.add(id, deviceB)
	require.Equal(t, []string{deviceA}, n.offered(id))
}

func TestAScheduledDeploymentOffersFromItsStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(3)...)
		start := time.Now().Add(36 * time.Hour).UTC()
		id := n.deploy(`{"schedule":{"startDateTime":"` + start.Format(time.RFC3339) + `","gradualRollout":{"@odata.type":"#` +
			namespace + `rateDrivenRolloutSettings","devicesPerOffer":1}}}`)
		n.add(id, devices(3)...)
		<-time.After(36*time.Hour - time.Second)
		require.Empty(t, n.Offers(id))
		<-time.After(week)
		require.Equal(t, map[int]int{0: 1, 1: 1, 2: 1}, perDay(n.Offers(id), start))
	})
}

func TestAStartInThePastIsReadAsTheTimeOfCreation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(2)...)
		id := n.deploy(`{"schedule":{"startDateTime":"0001-01-01T00:00:01Z","gradualRollout":{"@odata.type":"#` +
			namespace + `rateDrivenRolloutSettings","devicesPerOffer":1}}}`)
		n.add(id, devices(2)...)
		<-time.After(day)
		require.Equal(t, map[int]int{0: 1, 1: 1}, perDay(n.Offers(id), time.Now().Add(-day)))
	})
}

func TestAnotherRateHoldsFromTheNextWindow(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(20)...)
	id := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
	n.add(id, devices(20)...)
	n.patch("/deployments/"+id, `{"settings":`+gradual("rateDriven", `"devicesPerOffer":10`)+`}`)
	require.Len(t, n.Offers(id), 1)
	n.Advance(day)
	require.Len(t, n.Offers(id), 11)
}

func TestClearingTheScheduleOffersToTheRestImmediately(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(20)...)
	id := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
	n.add(id, devices(20)...)
	n.patch("/deployments/"+id, `{"settings":{"schedule":null}}`)
	require.Len(t, n.Offers(id), 20)
}

func TestAnOfferStaysWhenTheDeviceLeavesAndIsNotRepeatedWhenItComesBack(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA)
	id := n.deploy(`{}`)
	n.add(id, deviceA)
	n.edit(id, "removeMembers", deviceA)
	require.Len(t, n.Offers(id), 1)
	n.add(id, deviceA)
	require.Len(t, n.Offers(id), 1)
}

func TestEnrollmentThatLagsDelaysTheOffer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		start := time.Now()
		n.enroll("feature", deviceA)
		id := n.deploy(`{}`)
		n.add(id, deviceA)
		<-time.After(time.Hour)
		require.Equal(t, []simulator.Offer{{DeviceID: deviceA, At: start.Add(time.Minute).UTC().Round(0)}}, n.Offers(id))
	})
}

func TestAWindowBeforeAChangeTakesEffectIsOfferedAsItWasThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: 36 * time.Hour})
		n.enroll("feature", deviceA, deviceB)
		id := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
		n.add(id, deviceA, deviceB)
		<-time.After(36 * time.Hour)
		require.Len(t, n.Offers(id), 1)
		n.edit(id, "removeMembers", deviceA, deviceB)
		<-time.After(week)
		require.Len(t, n.Offers(id), 2)
	})
}

func TestAnotherScheduleDividesTheDevicesAgain(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(8)...)
	id := n.deploy(gradual("durationDriven", `"durationUntilDeploymentEnd":"P4D"`))
	n.add(id, devices(4)...)
	n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`)
	n.add(id, devices(8)...)
	n.patch("/deployments/"+id, `{"settings":`+gradual("durationDriven", `"durationUntilDeploymentEnd":"P8D"`)+`}`)
	n.patch("/deployments/"+id, `{"state":{"requestedValue":"none"}}`)
	require.Len(t, n.Offers(id), 1)
	n.Advance(day)
	require.Len(t, n.Offers(id), 2)
	n.Advance(week)
	require.Len(t, n.Offers(id), 8)
}

func TestADeploymentThatDoesNotExistHasNoOffers(t *testing.T) {
	t.Parallel()
	require.Nil(t, newTenant(t, nil).Offers("nothing"))
}

package updates_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// TestTheMatrixOfRingsHolds finds each word of the table in doc.go again: what works on the
// simulator, what the SDK rejects, and what it has no method for.
func TestTheMatrixOfRingsHolds(t *testing.T) {
	t.Parallel()
	table := matrix(t, "What rings can do")
	require.Equal(t, []string{"what", "Quality", "Feature", "Driver"}, table[0])
	require.Len(t, table[1:], len(ringCapabilities()))
	for i, capability := range ringCapabilities() {
		require.Equal(t, capability.name, table[i+1][0])
		for j, kind := range ringsOfKinds() {
			t.Run(capability.name+"/"+table[0][j+1], func(t *testing.T) {
				t.Parallel()
				require.Equal(t, table[i+1][j+1], capability.find(newRingEstate(t, kind), t))
			})
		}
	}
}

const estateGroup = "00000000-0000-4000-8000-0000000000e1"

// ringsOfKind is a column: a kind of policy, with its rings and updates.
type ringsOfKind struct {
	policy  policies.Spec
	ring    policies.RingSpec
	ruled   func(days int) policies.Spec     // with a rule; nil if there are none
	delayed func(days int) policies.RingSpec // the ring with a deferral
	entry   func(*testing.T, *estate) string // publishes an update, or finds one
}

func ringsOfKinds() []ringsOfKind {
	quality := policies.QualityRing("a").Including(estateGroup)
	feature := policies.FeatureRing("a").Including(estateGroup)
	driver := policies.DriverRing("a").Including(estateGroup)
	return []ringsOfKind{
		{
			policies.QualityPolicy("a"), quality,
			func(days int) policies.Spec {
				return policies.QualityPolicy("a").
					Approving(policies.QualityDeferredBy(days, catalog.ClassificationSecurity, catalog.CadenceMonthly))
			},
			func(days int) policies.RingSpec { return quality.DeferredBy(days) },
			newQualityUpdate,
		},
		{
			policies.FeaturePolicy("a"), feature, nil,
			func(days int) policies.RingSpec { return feature.DeferredBy(days) },
			featureUpdate("Windows 11, version 25H2"),
		},
		{
			policies.DriverPolicy("a"), driver,
			func(days int) policies.Spec {
				return policies.DriverPolicy("a").Approving(policies.DriverDeferredBy(days))
			},
			func(days int) policies.RingSpec { return driver.DeferredBy(days) },
			newDriver,
		},
	}
}

// ringCapability is a row, and what finds the word of a cell.
type ringCapability struct {
	name string
	find func(*ringEstate, *testing.T) string
}

func ringCapabilities() []ringCapability {
	return []ringCapability{
		{"a manual approval", (*ringEstate).approvesManually},
		{"a rule that approves", (*ringEstate).approvesByRule},
		{"a deferral of 30 days", deferral(30)},
		{"a deferral of 60 days", deferral(60)},
		{"offers in parts", (*ringEstate).offersInParts},
		{"hotpatches", (*ringEstate).offersHotpatches},
		{"a pause", (*ringEstate).pauses},
		{"devices that are not enrolled", (*ringEstate).offersToUnenrolled},
	}
}

// ringEstate is an estate with a policy of one kind, whose ring has all devices.
type ringEstate struct {
	*estate
	kind     ringsOfKind
	policyID string
	entryID  string // of the update that is approved
}

func newRingEstate(t *testing.T, kind ringsOfKind) *ringEstate {
	t.Helper()
	e := &ringEstate{estate: newEstate(t), kind: kind}
	require.NoError(t, e.PutGroup(estateGroup, estateDevices()...))
	e.setPolicy(t, kind.policy)
	return e
}

func (e *ringEstate) setPolicy(t *testing.T, spec policies.Spec) {
	t.Helper()
	policy, err := e.client.Policies().Create(t.Context(), spec)
	require.NoError(t, err)
	e.policyID = policy.ID
}

func (e *ringEstate) addRing(t *testing.T, spec policies.RingSpec) (ringID string) {
	t.Helper()
	ring, err := e.client.Policies().CreateRing(t.Context(), e.policyID, spec)
	require.NoError(t, err)
	return ring.Common().ID
}

func (e *ringEstate) approve(t *testing.T) {
	t.Helper()
	e.entryID = e.kind.entry(t, e.estate)
	_, err := e.client.Policies().Approve(t.Context(), e.policyID, e.entryID)
	require.NoError(t, err)
}

// offeredBy is the number of devices that a ring has offered the update to after a time.
func (e *ringEstate) offeredBy(ringID string, after time.Duration) (count int) {
	e.Advance(after)
	for _, offer := range e.RingOffers(ringID) {
		if offer.EntryID == e.entryID {
			count++
		}
	}
	return count
}

func (e *ringEstate) approvesManually(t *testing.T) string {
	t.Helper()
	e.enroll(t)
	ringID := e.addRing(t, e.kind.ring)
	e.approve(t)
	return yesIf(e.offeredBy(ringID, oneDay) == 2)
}

func (e *ringEstate) approvesByRule(t *testing.T) string {
	t.Helper()
	require.Equal(t, e.kind.ruled != nil, hasMethod(e.kind.policy, "Approving"))
	if e.kind.ruled == nil {
		return "no"
	}
	e.enroll(t)
	e.setPolicy(t, e.kind.ruled(3))
	ringID := e.addRing(t, e.kind.ring)
	e.entryID = e.kind.entry(t, e.estate)
	before := e.offeredBy(ringID, 2*oneDay)
	return yesIf(before == 0 && e.offeredBy(ringID, 2*oneDay) > 0)
}

func deferral(days int) func(*ringEstate, *testing.T) string {
	return func(e *ringEstate, t *testing.T) string {
		t.Helper()
		spec := e.kind.delayed(days)
		if err := spec.Validate(); err != nil {
			require.ErrorIs(t, err, apierr.ErrInvalid)
			return "rejected"
		}
		e.enroll(t)
		ringID := e.addRing(t, spec)
		e.approve(t)
		before := e.offeredBy(ringID, time.Duration(days)*oneDay-time.Hour)
		return yesIf(before == 0 && e.offeredBy(ringID, 2*time.Hour) == 2)
	}
}

func (e *ringEstate) offersInParts(t *testing.T) string {
	t.Helper()
	feature, ok := e.kind.ring.(policies.FeatureRingSpec)
	require.Equal(t, ok, hasMethod(e.kind.ring, "OfferingEvery"))
	if !ok {
		return "no"
	}
	e.enroll(t)
	ringID := e.addRing(t, feature.OfferingEvery(7).OfferingFor(14))
	e.approve(t)
	first := e.offeredBy(ringID, oneDay)
	return yesIf(first == 1 && e.offeredBy(ringID, 7*oneDay) == 2)
}

func (e *ringEstate) offersHotpatches(t *testing.T) string {
	t.Helper()
	quality, ok := e.kind.ring.(policies.QualityRingSpec)
	require.Equal(t, ok, hasMethod(e.kind.ring, "OfferingHotpatches"))
	if !ok {
		return "no"
	}
	ring, err := e.client.Policies().GetRing(t.Context(), e.policyID, e.addRing(t, quality.OfferingHotpatches()))
	require.NoError(t, err)
	return yesIf(*ring.(*policies.QualityUpdateRing).Hotpatch)
}

func (e *ringEstate) pauses(t *testing.T) string {
	t.Helper()
	e.enroll(t)
	ringID := e.addRing(t, e.kind.ring)
	require.NoError(t, e.client.Policies().PauseRing(t.Context(), e.policyID, ringID))
	e.approve(t)
	paused := e.offeredBy(ringID, oneDay)
	require.NoError(t, e.client.Policies().ResumeRing(t.Context(), e.policyID, ringID))
	return yesIf(paused == 0 && e.offeredBy(ringID, oneDay) == 2)
}

func (e *ringEstate) offersToUnenrolled(t *testing.T) string {
	t.Helper()
	ringID := e.addRing(t, e.kind.ring)
	e.approve(t)
	return yesIf(e.offeredBy(ringID, oneDay) == 2)
}

func yesIf(works bool) string {
	if works {
		return "yes"
	}
	return "no"
}

func hasMethod(value any, name string) bool {
	_, ok := reflect.TypeOf(value).MethodByName(name)
	return ok
}

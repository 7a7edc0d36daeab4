package policies_test

import (
	"context"
	"regexp"
	"testing"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func create[S policies.Spec](c policies.Client, spec S) error {
	_, err := c.Create(context.Background(), spec)
	return err
}

func update[U policies.Update](c policies.Client, u U) error {
	return c.Update(context.Background(), "p", u)
}

func createRing[S policies.RingSpec](c policies.Client, spec S) error {
	_, err := c.CreateRing(context.Background(), "p", spec)
	return err
}

func updateRing[U policies.RingUpdate](c policies.Client, u U) error {
	return c.UpdateRing(context.Background(), "p", "r", u)
}

// lossless has all values that are read from a text and sent.
var lossless = map[string]func(t *testing.T){
	"quality policy":  func(t *testing.T) { requireLossless(t, dice.qualityPolicySpec, create) },
	"feature policy":  func(t *testing.T) { requireLossless(t, dice.featurePolicySpec, create) },
	"driver policy":   func(t *testing.T) { requireLossless(t, dice.driverPolicySpec, create) },
	"quality update":  func(t *testing.T) { requireLossless(t, dice.qualityPolicyUpdate, update) },
	"feature update":  func(t *testing.T) { requireLossless(t, dice.featurePolicyUpdate, update) },
	"driver update":   func(t *testing.T) { requireLossless(t, dice.driverPolicyUpdate, update) },
	"quality ring":    func(t *testing.T) { requireLossless(t, dice.qualityRingSpec, createRing) },
	"feature ring":    func(t *testing.T) { requireLossless(t, dice.featureRingSpec, createRing) },
	"driver ring":     func(t *testing.T) { requireLossless(t, dice.driverRingSpec, createRing) },
	"quality changes": func(t *testing.T) { requireLossless(t, dice.qualityRingUpdate, updateRing) },
	"feature changes": func(t *testing.T) { requireLossless(t, dice.featureRingUpdate, updateRing) },
	"driver changes":  func(t *testing.T) { requireLossless(t, dice.driverRingUpdate, updateRing) },
}

func requireLossless[T any](t *testing.T, value func(dice) T, send func(policies.Client, T) error) {
	t.Helper()
	text := func(seed uint64) []byte { r := thrown(seed, 9); return r.Stored(t, value(r)) }
	toService := func(c *updates.Client, value T) error { return send(c.Policies(), value) }
	stub.RequireLossless(t, text, toService, sentAs, stub.StoredRounds/50)
}

var (
	groupItem = regexp.MustCompile(`^\.(in|ex)cludedgroupids(\.\d+)$`)
	groupList = regexp.MustCompile(`^\.(in|ex)cludedgroupids$`)
	ruleKind  = regexp.MustCompile(`^(|\.approvalrules\.\d+)\.type$`)
)

// sentAs is where a property of a stored policy or ring is in the request.
func sentAs(path, value string) string {
	if value == "null" || value == "{}" {
		return "" // null removes nothing here: it is refused where it could
	}
	path = groupItem.ReplaceAllString(path, ".${1}cludedgroupassignment.assignments${2}.groupid")
	path = groupList.ReplaceAllString(path, ".${1}cludedgroupassignment.assignments")
	return ruleKind.ReplaceAllString(path, "$1.@odata.type")
}

// What is stored is sent, or refused: nothing gets lost on the way.
func TestNoMemberOfAStoredPolicyOrRingIsLost(t *testing.T) {
	t.Parallel()
	for name, test := range lossless {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

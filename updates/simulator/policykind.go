package simulator

import (
	"math"
	"slices"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// policyKind is a kind of policy, which approves its own kinds of entries.
type policyKind struct {
	policy  string   // short name of the type of the policy
	ring    string   // of its rings
	rules   []string // of its rules
	entries []string // of the entries that it approves
}

func policyKinds() []policyKind {
	return []policyKind{
		{
			policy: qualityPolicyType, ring: qualityRingType,
			rules: []string{qualityRuleType, recoveryRuleType}, entries: []string{qualityType, recoveryType},
		},
		{policy: featurePolicyType, ring: featureRingType, entries: []string{featureType}},
		{policy: driverPolicyType, ring: driverRingType, rules: []string{driverRuleType}, entries: []string{driverType}},
	}
}

// readPolicyKind reads the kind of a new policy. A policy of the abstract type, as in samples, is of the
// kind of its rules, or for quality updates.
func readPolicyKind(in *odata.Body) (policyKind, error) {
	wanted := in.Kind()
	if wanted == policyType {
		wanted = qualityPolicyType
		for _, rule := range in.Children("approvalRules") {
			if knownKind(rule) == driverRuleType {
				wanted = driverPolicyType
			}
		}
	}
	for _, k := range policyKinds() {
		if k.policy == wanted {
			return k, nil
		}
	}
	return policyKind{}, odata.BadParameter("@odata.type")
}

func (k policyKind) approves(e *entry) bool { return slices.Contains(k.entries, e.kind()) }

// category is the update category in which the devices of a policy must be enrolled.
func (k policyKind) category() string {
	switch k.policy {
	case featurePolicyType:
		return "feature"
	case driverPolicyType:
		return "driver"
	}
	return ""
}

const deferralInDays = "deferralInDays"

// longestDeferral is the limit of a deferral in rules and rings of a type. None is documented for
// drivers and feature updates.
func longestDeferral(kind string) int {
	switch kind {
	case qualityRuleType, recoveryRuleType, qualityRingType:
		return 30
	}
	return math.MaxInt32
}

// readDays reads a number of days from 0 to a limit.
func readDays(in *odata.Body, name string, most int) *int {
	n := in.Number(name)
	if n != nil && (*n < 0 || *n > most) {
		in.Reject(odata.BadParameter(name))
		return nil
	}
	return n
}

package simulator

import (
	"slices"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of rules. There is no rule for feature updates.
const (
	qualityRuleType  = "qualityUpdateApprovalRule"
	recoveryRuleType = "recoveryApprovalRule"
	driverRuleType   = "driverUpdateApprovalRule"
)

func approvalRuleTypes() types {
	return types{
		"approvalRule":   {Properties: "deferralInDays number"},
		qualityRuleType:  {Base: "approvalRule", Properties: "cadence text, classification text"},
		recoveryRuleType: {Base: "approvalRule"},
		driverRuleType:   {Base: "approvalRule"},
	}
}

// approvalRule approves updates some days after their release.
type approvalRule struct {
	kind           string // of the rule
	deferral       int    // in days
	cadence        string // of a rule for quality updates
	classification string // of a rule for quality updates
}

// readApprovalRules reads rules of the types that a policy can have.
func readApprovalRules(in *odata.Body, allowed []string) []approvalRule {
	var rules []approvalRule
	for _, item := range in.Children("approvalRules") {
		r := readApprovalRule(item)
		if !slices.Contains(allowed, r.kind) {
			in.Reject(odata.BadParameter("approvalRules"))
		}
		rules = append(rules, r)
	}
	return rules
}

func readApprovalRule(in *odata.Body) approvalRule {
	r := approvalRule{kind: knownKind(in)}
	in.Require(deferralInDays)
	r.deferral = or(readDays(in, deferralInDays, longestDeferral(r.kind)), 0)
	if r.kind == qualityRuleType {
		in.Require("cadence", "classification")
		r.cadence = or(in.Word("cadence", "monthly", "outOfBand"), "")
		r.classification = or(in.Word("classification", "all", "security", "nonSecurity"), "")
	}
	return r
}

// matches reports whether a rule applies to an entry. Rules for drivers apply to drivers that are
// recommended for one of the devices.
func (s *Server) matches(r approvalRule, e *entry, devices []*asset) bool {
	switch r.kind {
	case recoveryRuleType:
		return e.kind() == recoveryType
	case driverRuleType:
		return e.kind() == driverType && slices.ContainsFunc(s.matchesAmong(e, devices), (*match).isRecommended)
	}
	return e.kind() == qualityType && r.cadence == textOf(e.properties, "qualityUpdateCadence") &&
		slices.Contains([]string{"all", textOf(e.properties, "qualityUpdateClassification")}, r.classification)
}

func (r approvalRule) object() object {
	o := object{"@odata.type": "#" + namespace + r.kind, deferralInDays: r.deferral}
	if r.kind == qualityRuleType {
		o["cadence"], o["classification"] = r.cadence, r.classification
	}
	return o
}

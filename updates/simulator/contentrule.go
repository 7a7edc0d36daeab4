package simulator

import (
	"slices"
	"strings"
	"time"
)

// ruleType is the short name of the type of rules.
const ruleType = "contentApprovalRule"

// Kinds of filters that a rule of an update policy can have.
const (
	driverFilter      = "driverUpdateFilter"
	qualityFilter     = "qualityUpdateFilter"
	remediationFilter = "remediationUpdateFilter"
)

// contentRule is a rule of an update policy that approves content as it appears.
type contentRule struct {
	filter    contentFilter
	days      *int // from the approval to the start of the deployment
	since     int  // entries that were there before are no new content
	created   time.Time
	evaluated time.Time
}

// contentFilter selects content; what is not of its kind is nil.
type contentFilter struct {
	kind           string
	cadence        *string
	classification *string
	remediation    *string
}

func contentRuleTypes() types {
	return types{
		"complianceChangeRule": {
			properties: "createdDateTime time, lastEvaluatedDateTime time, lastModifiedDateTime time",
		},
		ruleType:              {base: "complianceChangeRule", properties: "contentFilter contentFilter, durationBeforeDeploymentStart text"},
		"windowsUpdateFilter": {base: "contentFilter"},
		driverFilter:          {base: "windowsUpdateFilter"},
		qualityFilter:         {base: "windowsUpdateFilter", properties: "cadence text, classification text"},
		remediationFilter:     {base: "windowsUpdateFilter", properties: "remediationType text"},
	}
}

// readContentRules reads the rules of a policy that come into force at a time.
func (s *Server) readContentRules(in *input, at time.Time) []*contentRule {
	var rules []*contentRule
	for _, item := range in.children("complianceChangeRules") {
		rules = append(rules, &contentRule{
			filter:    readContentFilter(item),
			days:      item.days("durationBeforeDeploymentStart", mostDaysBetweenOffers),
			since:     s.entries.len(),
			created:   at,
			evaluated: at,
		})
	}
	return rules
}

// readContentFilter refuses filters of abstract types, windowsUpdateFilter among
// them, in the words of the service.
func readContentFilter(in *input) contentFilter {
	filter := in.child("contentFilter")
	if in.kind() != ruleType || filter == nil {
		in.refuse(schemaFailure("updatePolicy"))
		return contentFilter{}
	}
	f := contentFilter{kind: strings.TrimSuffix(filter.kind(), strangeSuffix)}
	switch f.kind {
	case driverFilter:
	case qualityFilter:
		f.cadence = filter.word("cadence", "monthly", "outOfBand")
		f.classification = filter.word("classification", "all", "security", "nonSecurity")
	case remediationFilter:
		if f.remediation = filter.word("remediationType", "inPlaceUpgrade"); f.remediation == nil {
			in.refuse(badParameter("remediationType"))
		}
	default:
		in.refuse(schemaFailure("updatePolicy"))
	}
	return f
}

// matches tells whether the rule approves an entry, which has a place in the
// catalog, for the devices of its policy.
func (r *contentRule) matches(e *entry, place int, devices []*asset) bool {
	switch r.filter.kind {
	case driverFilter:
		return e.kind() == driverType && slices.ContainsFunc(e.matchesAmong(devices), func(m *match) bool {
			return m.isRecommendedBy("Microsoft")
		})
	case qualityFilter:
		return e.kind() == qualityType && place >= r.since && r.filter.takesQuality(e)
	}
	return e.kind() == recoveryType && place >= r.since
}

func (f contentFilter) takesQuality(e *entry) bool {
	return (f.cadence == nil || *f.cadence == textOf(e.members, "qualityUpdateCadence")) &&
		(f.classification == nil || *f.classification == "all" || *f.classification == textOf(e.members, "qualityUpdateClassification"))
}

// settings are those of an approval that the rule makes at a time.
func (r *contentRule) settings(at time.Time) settings {
	if r.days == nil {
		return settings{}
	}
	return settings{schedule: &schedule{new(at.Add(time.Duration(*r.days) * day)), allAtOnce()}}
}

func (r *contentRule) object() object {
	o := object{
		"@odata.type":                   "#" + namespace + ruleType,
		"createdDateTime":               timestamp(r.created),
		"lastEvaluatedDateTime":         timestamp(r.evaluated),
		"lastModifiedDateTime":          timestamp(r.created),
		"durationBeforeDeploymentStart": nil,
		"contentFilter":                 r.filter.object(),
	}
	if r.days != nil {
		o["durationBeforeDeploymentStart"] = inDays(*r.days)
	}
	return o
}

func (f contentFilter) object() object {
	o := object{"@odata.type": "#" + namespace + f.kind}
	switch f.kind {
	case qualityFilter:
		o["cadence"], o["classification"] = orNull(f.cadence), orNull(f.classification)
	case remediationFilter:
		o["remediationType"] = orNull(f.remediation)
	}
	return o
}

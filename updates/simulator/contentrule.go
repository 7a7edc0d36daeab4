package simulator

import (
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// ruleType is the short name of the type of rules.
const ruleType = "contentApprovalRule"

// Kinds of filters that a rule of an update policy can have.
const (
	driverFilter      = "driverUpdateFilter"
	qualityFilter     = "qualityUpdateFilter"
	remediationFilter = "remediationUpdateFilter"
)

func contentRuleTypes() types {
	return types{
		"complianceChangeRule": {
			Properties: "createdDateTime time, lastEvaluatedDateTime time, lastModifiedDateTime time",
		},
		ruleType: {
			Base:       "complianceChangeRule",
			Properties: "contentFilter contentFilter, durationBeforeDeploymentStart text",
		},
		"contentFilter":       {Abstract: true},
		"windowsUpdateFilter": {Base: "contentFilter"},
		driverFilter:          {Base: "windowsUpdateFilter"},
		qualityFilter:         {Base: "windowsUpdateFilter", Properties: "cadence text, classification text"},
		remediationFilter:     {Base: "windowsUpdateFilter", Properties: "remediationType text"},
	}
}

// contentRule is a rule of an update policy that approves content as it appears.
type contentRule struct {
	filter    contentFilter
	days      *int // from the approval to the start of the deployment
	since     int  // entries that were there before are no new content
	created   time.Time
	evaluated time.Time // when it last approved something; zero: never
}

// contentFilter selects content; fields of other kinds of filters are nil.
type contentFilter struct {
	kind           string
	cadence        *string
	classification *string
	remediation    *string
}

// readContentRules reads the rules of a policy that come into force at a time.
func (s *Server) readContentRules(in *odata.Body, at time.Time) []*contentRule {
	var rules []*contentRule
	for _, item := range in.Children("complianceChangeRules") {
		rules = append(rules, &contentRule{
			filter:  readContentFilter(item),
			days:    s.readDaysBefore(item),
			since:   s.entries.len(),
			created: at,
		})
	}
	return rules
}

// readDaysBefore reads the days before a deployment starts, which can be PT0S.
func (s *Server) readDaysBefore(in *odata.Body) *int {
	const name = "durationBeforeDeploymentStart"
	if or(in.Text(name), "") == noDays && !s.quirks.StrictUpdatePolicies {
		return new(0)
	}
	return in.Days(name, mostDaysBetweenOffers)
}

// readContentFilter rejects filters of abstract types, such as windowsUpdateFilter, with the message
// of the service.
func readContentFilter(in *odata.Body) contentFilter {
	filter := in.Child("contentFilter")
	if in.Kind() != ruleType || filter == nil {
		in.Reject(odata.SchemaFailure("updatePolicy"))
		return contentFilter{}
	}
	f := contentFilter{kind: knownKind(filter)}
	switch f.kind {
	case driverFilter:
	case qualityFilter:
		f.cadence = filter.Word("cadence", "monthly", "outOfBand")
		f.classification = filter.Word("classification", "all", "security", "nonSecurity")
	case remediationFilter:
		if f.remediation = filter.Word("remediationType", "inPlaceUpgrade"); f.remediation == nil {
			in.Reject(odata.BadParameter("remediationType"))
		}
	default:
		in.Reject(odata.SchemaFailure("updatePolicy"))
	}
	return f
}

// selects reports whether a rule approves an entry at a position of the catalog for the devices of
// its policy.
func (s *Server) selects(r *contentRule, e *entry, place int, devices []*asset) bool {
	switch r.filter.kind {
	case driverFilter:
		return e.kind() == driverType && slices.ContainsFunc(s.matchesAmong(e, devices), func(m *match) bool {
			return m.isRecommendedBy("Microsoft")
		})
	case qualityFilter:
		return e.kind() == qualityType && place >= r.since && r.filter.takesQuality(e)
	}
	return e.kind() == recoveryType && place >= r.since
}

func (f contentFilter) takesQuality(e *entry) bool {
	return (f.cadence == nil || *f.cadence == textOf(e.properties, "qualityUpdateCadence")) &&
		(f.classification == nil || *f.classification == "all" ||
			*f.classification == textOf(e.properties, "qualityUpdateClassification"))
}

// settings returns the settings of an approval that the rule creates at a time.
func (r *contentRule) settings(at time.Time) settings {
	if r.days == nil {
		return settings{}
	}
	return settings{schedule: &schedule{new(at.Add(time.Duration(*r.days) * day)), allAtOnce()}}
}

func (r *contentRule) object() object {
	o := object{
		"@odata.type":                   "#" + namespace + ruleType,
		"createdDateTime":               odata.Timestamp(r.created),
		"lastEvaluatedDateTime":         odata.Timestamp(r.evaluated),
		"lastModifiedDateTime":          odata.Timestamp(r.created),
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

package simulator

import (
	"strings"
	"time"
)

// settings are those of a deployment. Each part is nil where it was never set or
// was set to null.
type settings struct {
	schedule      *schedule
	monitoring    *monitoring
	applicability *applicability
	experience    *experience
	expedite      *expedite
}

type schedule struct {
	start   *time.Time
	rollout *rollout
}

// Kinds of gradual rollouts.
const (
	rateDriven     = "rateDrivenRolloutSettings"
	dateDriven     = "dateDrivenRolloutSettings"
	durationDriven = "durationDrivenRolloutSettings"
)

// rollout is a gradual rollout; what is not of its kind is zero.
type rollout struct {
	kind    string
	every   int       // days between offers
	devices int       // per offer, zero: all at once
	end     time.Time // of a rollout that is driven by a date
	lasts   int       // days until the end, of one that is driven by a duration
}

type monitoring struct{ rules []rule }

type rule struct {
	signal    string
	action    string
	threshold *int
}

type applicability struct {
	recommendedBy []string
	safeguard     *[]string // categories whose safeguards are off
}

type experience struct {
	daysUntilReboot *int
	hotpatch        *bool
	optional        *bool
}

type expedite struct {
	expedited     bool
	readinessTest bool
}

// Bounds of durations in days. An end further away than the second one is far
// beyond anything that a clock could reach in a test.
const (
	mostDaysBetweenOffers = 30
	mostDays              = 36500
)

func settingsTypes() types {
	return types{
		"deploymentSettings": {properties: "contentApplicability contentApplicabilitySettings, expedite expediteSettings, " +
			"monitoring monitoringSettings, schedule scheduleSettings, userExperience userExperienceSettings"},
		"scheduleSettings":       {properties: "startDateTime time, gradualRollout gradualRolloutSettings"},
		"gradualRolloutSettings": {properties: "durationBetweenOffers text"},
		rateDriven:               {base: "gradualRolloutSettings", properties: "devicesPerOffer number"},
		dateDriven:               {base: "gradualRolloutSettings", properties: "endDateTime time"},
		durationDriven:           {base: "gradualRolloutSettings", properties: "durationUntilDeploymentEnd text"},
		"monitoringSettings":     {properties: "monitoringRules []monitoringRule"},
		"monitoringRule":         {properties: "action text, signal text, threshold number"},
		"contentApplicabilitySettings": {
			properties: "offerWhileRecommendedBy []text, safeguard safeguardSettings",
		},
		"safeguardSettings": {properties: "disabledSafeguardProfiles []safeguardProfile"},
		"safeguardProfile":  {properties: "category text"},
		"expediteSettings":  {properties: "isExpedited flag, isReadinessTest flag"},
		"userExperienceSettings": {
			properties: "daysUntilForcedReboot number, isHotpatchEnabled flag, offerAsOptional flag",
		},
	}
}

// with returns the settings in which the parts that were sent are replaced. A
// part that was sent as null is cleared.
func (s settings) with(in *input) settings {
	if in == nil {
		return s
	}
	if in.sent("schedule") {
		s.schedule = readSchedule(in.child("schedule"))
	}
	if in.sent("monitoring") {
		s.monitoring = readMonitoring(in.child("monitoring"))
	}
	if in.sent("contentApplicability") {
		s.applicability = readApplicability(in.child("contentApplicability"))
	}
	if in.sent("userExperience") {
		s.experience = readExperience(in.child("userExperience"))
	}
	if in.sent("expedite") {
		s.expedite = readExpedite(in.child("expedite"))
	}
	return s
}

// changed returns the settings as a body changes them, where they stand under a
// name and null clears them.
func (s settings) changed(in *input, name string) settings {
	if in.isNull(name) {
		return settings{}
	}
	return s.with(in.child(name))
}

func readSchedule(in *input) *schedule {
	if in == nil {
		return nil
	}
	return &schedule{in.instant("startDateTime"), readRollout(in.child("gradualRollout"))}
}

// readRollout gives a schedule without a rollout the one that the service fills
// in: all devices at once.
func readRollout(in *input) *rollout {
	if in == nil {
		return allAtOnce()
	}
	r := &rollout{kind: strings.TrimSuffix(in.kind(), strangeSuffix), every: 1}
	if days := in.days("durationBetweenOffers", mostDaysBetweenOffers); days != nil {
		r.every = *days
	}
	r.readKind(in)
	return r
}

func allAtOnce() *rollout { return &rollout{kind: rateDriven, every: 1} }

func (r *rollout) readKind(in *input) {
	switch r.kind {
	case rateDriven:
		r.devices = positive(in, "devicesPerOffer")
	case dateDriven:
		if end := in.instant("endDateTime"); end != nil {
			r.end = *end
			return
		}
		in.refuse(badParameter("endDateTime"))
	case durationDriven:
		if days := in.days("durationUntilDeploymentEnd", mostDays); days != nil {
			r.lasts = *days
			return
		}
		in.refuse(badParameter("durationUntilDeploymentEnd"))
	case "", "gradualRolloutSettings":
		r.kind = rateDriven // without a rate that is all at once
	default:
		in.refuse(badParameter("gradualRollout"))
	}
}

// positive reads a number of at least one. Zero stands for one that is absent.
func positive(in *input, name string) int {
	n := in.number(name)
	if n == nil {
		return 0
	}
	if *n < 1 {
		in.refuse(badParameter(name))
	}
	return *n
}

func readMonitoring(in *input) *monitoring {
	if in == nil {
		return nil
	}
	m := &monitoring{}
	for _, item := range in.children("monitoringRules") {
		m.rules = append(m.rules, readRule(item))
	}
	return m
}

// readRule reads a rule and refuses pairs of signal and action that do not go
// together.
func readRule(in *input) rule {
	signal := in.word("signal", "rollback", "ineligible")
	action := in.word("action", "alertError", "offerFallback", "pauseDeployment")
	threshold := in.number("threshold")
	if signal == nil || action == nil {
		in.refuse(badParameter("monitoringRules"))
		return rule{}
	}
	if (*signal == "ineligible") != (*action == "offerFallback") {
		in.refuse(badRequest("The monitoring action '" + *action + "' is not valid for the signal '" + *signal + "'."))
	}
	if *signal == "rollback" && (threshold == nil || *threshold < 1 || *threshold > 100) {
		in.refuse(badParameter("threshold"))
	}
	if *signal == "ineligible" && threshold != nil {
		in.refuse(badParameter("threshold"))
	}
	return rule{*signal, *action, threshold}
}

func readApplicability(in *input) *applicability {
	if in == nil {
		return nil
	}
	a := &applicability{recommendedBy: in.texts("offerWhileRecommendedBy")}
	if safeguard := in.child("safeguard"); safeguard != nil {
		a.safeguard = &[]string{}
		for _, profile := range safeguard.children("disabledSafeguardProfiles") {
			if category := profile.word("category", "likelyIssues"); category != nil {
				*a.safeguard = append(*a.safeguard, *category)
			}
		}
	}
	return a
}

func readExperience(in *input) *experience {
	if in == nil {
		return nil
	}
	return &experience{in.number("daysUntilForcedReboot"), in.flag("isHotpatchEnabled"), in.flag("offerAsOptional")}
}

func readExpedite(in *input) *expedite {
	if in == nil {
		return nil
	}
	e := &expedite{or(in.flag("isExpedited"), false), or(in.flag("isReadinessTest"), false)}
	if e.readinessTest && !e.expedited {
		in.refuse(badRequest("A readiness test needs isExpedited to be true."))
	}
	return e
}

// fit refuses settings that do not go with the content.
func (s settings) fit(e *entry) error {
	if s.expedite != nil && s.expedite.expedited && e.members["isExpeditable"] != true {
		return badRequest("The content is not expeditable.")
	}
	if s.monitoring == nil {
		return nil
	}
	for _, r := range s.monitoring.rules {
		if e.kind() != featureType {
			return badRequest("Monitoring rules are supported for feature updates only.")
		}
		if r.signal == "ineligible" && !e.isWindows11() {
			return badRequest("The monitoring signal 'ineligible' is supported for Windows 11 feature updates only.")
		}
	}
	return nil
}

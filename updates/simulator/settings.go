package simulator

import (
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func settingsTypes() types {
	return types{
		"deploymentSettings": {Properties: "contentApplicability contentApplicabilitySettings, expedite expediteSettings, " +
			"monitoring monitoringSettings, schedule scheduleSettings, userExperience userExperienceSettings"},
		"scheduleSettings":       {Properties: "startDateTime time, gradualRollout gradualRolloutSettings"},
		"gradualRolloutSettings": {Properties: "durationBetweenOffers text"},
		rateDriven:               {Base: "gradualRolloutSettings", Properties: "devicesPerOffer number"},
		dateDriven:               {Base: "gradualRolloutSettings", Properties: "endDateTime time"},
		durationDriven:           {Base: "gradualRolloutSettings", Properties: "durationUntilDeploymentEnd text"},
		"monitoringSettings":     {Properties: "monitoringRules []monitoringRule"},
		"monitoringRule":         {Properties: "action text, signal text, threshold number"},
		"contentApplicabilitySettings": {
			Properties: "offerWhileRecommendedBy []text, safeguard safeguardSettings",
		},
		"safeguardSettings": {Properties: "disabledSafeguardProfiles []safeguardProfile"},
		"safeguardProfile":  {Properties: "category text"},
		"expediteSettings":  {Properties: "isExpedited flag, isReadinessTest flag"},
		"userExperienceSettings": {
			Properties: "daysUntilForcedReboot number, isHotpatchEnabled flag, offerAsOptional flag",
		},
	}
}

// settings are those of a deployment. A part is nil if it was never set or was set to null.
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

// rollout is a gradual rollout; fields of other kinds are zero.
type rollout struct {
	kind    string
	every   int       // days between offers
	devices int       // per offer, zero: all devices immediately
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

// Limits of durations in days. An end beyond the second one is out of reach of a test's clock.
const (
	mostDaysBetweenOffers = 30
	mostDays              = 36500
)

// with returns the settings with the parts that were sent. A part that was sent as null is cleared.
func (s settings) with(in *odata.Body) settings {
	if in == nil {
		return s
	}
	if in.Sent("schedule") {
		s.schedule = readSchedule(in.Child("schedule"))
	}
	if in.Sent("monitoring") {
		s.monitoring = readMonitoring(in.Child("monitoring"))
	}
	if in.Sent("contentApplicability") {
		s.applicability = readApplicability(in.Child("contentApplicability"))
	}
	if in.Sent("userExperience") {
		s.experience = readExperience(in.Child("userExperience"))
	}
	if in.Sent("expedite") {
		s.expedite = readExpedite(in.Child("expedite"))
	}
	return s
}

// changed returns the settings after a body that has them under a name; null clears them.
func (s settings) changed(in *odata.Body, name string) settings {
	if in.IsNull(name) {
		return settings{}
	}
	return s.with(in.Child(name))
}

func readSchedule(in *odata.Body) *schedule {
	if in == nil {
		return nil
	}
	return &schedule{in.Instant("startDateTime"), readRollout(in.Child("gradualRollout"))}
}

// readRollout gives a schedule without a rollout the one that the service adds: all devices
// immediately.
func readRollout(in *odata.Body) *rollout {
	if in == nil {
		return allAtOnce()
	}
	r := &rollout{kind: knownKind(in), every: 1}
	if days := in.Days("durationBetweenOffers", mostDaysBetweenOffers); days != nil {
		r.every = *days
	}
	r.readKind(in)
	return r
}

func allAtOnce() *rollout { return &rollout{kind: rateDriven, every: 1} }

func (r *rollout) readKind(in *odata.Body) {
	switch r.kind {
	case rateDriven:
		r.devices = positive(in, "devicesPerOffer")
	case dateDriven:
		if end := in.Instant("endDateTime"); end != nil {
			r.end = *end
			return
		}
		in.Reject(odata.BadParameter("endDateTime"))
	case durationDriven:
		if days := in.Days("durationUntilDeploymentEnd", mostDays); days != nil {
			r.lasts = *days
			return
		}
		in.Reject(odata.BadParameter("durationUntilDeploymentEnd"))
	case "", "gradualRolloutSettings":
		r.kind = rateDriven // without a rate: all devices immediately
	default:
		in.Reject(odata.BadParameter("gradualRollout"))
	}
}

// positive reads a number of at least one. Zero means that it is absent.
func positive(in *odata.Body, name string) int {
	n := in.Number(name)
	if n == nil {
		return 0
	}
	if *n < 1 {
		in.Reject(odata.BadParameter(name))
	}
	return *n
}

func readMonitoring(in *odata.Body) *monitoring {
	if in == nil {
		return nil
	}
	m := &monitoring{}
	for _, item := range in.Children("monitoringRules") {
		m.rules = append(m.rules, readRule(item))
	}
	return m
}

// readRule reads a rule and rejects invalid pairs of signal and action.
func readRule(in *odata.Body) rule {
	signal := in.Word("signal", "rollback", "ineligible")
	action := in.Word("action", "alertError", "offerFallback", "pauseDeployment")
	threshold := in.Number("threshold")
	if signal == nil || action == nil {
		in.Reject(odata.BadParameter("monitoringRules"))
		return rule{}
	}
	if (*signal == "ineligible") != (*action == "offerFallback") {
		in.Reject(odata.BadRequest("The monitoring action '" + *action + "' is not valid for the signal '" +
			*signal + "'."))
	}
	if *signal == "rollback" && (threshold == nil || *threshold < 1 || *threshold > 100) {
		in.Reject(odata.BadParameter("threshold"))
	}
	if *signal == "ineligible" && threshold != nil {
		in.Reject(odata.BadParameter("threshold"))
	}
	return rule{*signal, *action, threshold}
}

func readApplicability(in *odata.Body) *applicability {
	if in == nil {
		return nil
	}
	a := &applicability{recommendedBy: in.Texts("offerWhileRecommendedBy")}
	if safeguard := in.Child("safeguard"); safeguard != nil {
		a.safeguard = &[]string{}
		for _, profile := range safeguard.Children("disabledSafeguardProfiles") {
			if category := profile.Word("category", "likelyIssues"); category != nil {
				*a.safeguard = append(*a.safeguard, *category)
			}
		}
	}
	return a
}

func readExperience(in *odata.Body) *experience {
	if in == nil {
		return nil
	}
	return &experience{in.Number("daysUntilForcedReboot"), in.Flag("isHotpatchEnabled"), in.Flag("offerAsOptional")}
}

func readExpedite(in *odata.Body) *expedite {
	if in == nil {
		return nil
	}
	e := &expedite{or(in.Flag("isExpedited"), false), or(in.Flag("isReadinessTest"), false)}
	if e.readinessTest && !e.expedited {
		in.Reject(odata.BadRequest("A readiness test needs isExpedited to be true."))
	}
	return e
}

// fit rejects settings that do not fit the content.
func (s settings) fit(e *entry) error {
	if s.expedite != nil && s.expedite.expedited && e.properties["isExpeditable"] != true {
		return odata.BadRequest("The content is not expeditable.")
	}
	if s.monitoring == nil {
		return nil
	}
	for _, r := range s.monitoring.rules {
		if e.kind() != featureType {
			return odata.BadRequest("Monitoring rules are supported for feature updates only.")
		}
		if r.signal == "ineligible" && !e.isWindows11() {
			return odata.BadRequest("The monitoring signal 'ineligible' is supported for Windows 11 feature updates only.")
		}
	}
	return nil
}

package deployments

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Monitoring has the rules that react to problems of a feature update.
type Monitoring struct {
	// Rules are independent of each other. In a [Spec], nil is not sent and an empty list
	// is; in an [Update], both remove all rules.
	Rules []MonitoringRule `json:"monitoringRules,omitzero"`
	// Extra has unknown properties of the monitoring settings.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// MonitoringRule takes an action on a deployment when a signal occurs. The service allows
// three pairs of signal and action; make them with [PauseOnRollbacks], [AlertOnRollbacks],
// and [FallBackWhenIneligible].
type MonitoringRule struct {
	// Signal is what triggers the action. It must not be empty.
	Signal Signal `json:"signal"`
	// Threshold is the percentage of devices that triggers the action, 1 to 100. It must
	// be 0 with [SignalIneligible].
	Threshold int `json:"threshold,omitempty"`
	// Action is what the service does. It must not be empty.
	Action Action `json:"action"`
	// Extra has unknown properties of the rule.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Signal is what triggers a rule.
type Signal string

// The signals.
const (
	// SignalRollback: devices rolled the update back.
	SignalRollback Signal = "rollback"
	// SignalIneligible: devices are not eligible for the deployed Windows 11.
	SignalIneligible Signal = "ineligible"
)

// Action is what a rule does.
type Action string

// The actions.
const (
	// ActionAlertError raises an alert in Windows Update for Business reports, not in
	// this API. It requires [SignalRollback].
	ActionAlertError Action = "alertError"
	// ActionOfferFallback offers Windows 10, version 22H2, which is out of support without
	// Extended Security Updates (ESU). It requires [SignalIneligible].
	ActionOfferFallback Action = "offerFallback"
	// ActionPauseDeployment pauses the deployment until the rule is removed or its
	// threshold is raised. It requires [SignalRollback].
	ActionPauseDeployment Action = "pauseDeployment"
)

// PauseOnRollbacks pauses the deployment when percent of the devices, 1 to 100, roll the
// update back.
func PauseOnRollbacks(percent int) MonitoringRule {
	return MonitoringRule{Signal: SignalRollback, Threshold: percent, Action: ActionPauseDeployment}
}

// AlertOnRollbacks raises an alert when percent of the devices, 1 to 100, roll the update
// back.
func AlertOnRollbacks(percent int) MonitoringRule {
	return MonitoringRule{Signal: SignalRollback, Threshold: percent, Action: ActionAlertError}
}

// FallBackWhenIneligible offers Windows 10, version 22H2, to devices that are not eligible for
// the deployed Windows 11. That version has been out of support since October 14, 2025: such a
// device gets security updates only with Extended Security Updates (ESU).
func FallBackWhenIneligible() MonitoringRule {
	return MonitoringRule{Signal: SignalIneligible, Action: ActionOfferFallback}
}

func (*Monitoring) names() (field, property string) { return "Monitoring", "monitoring" }

func (m Monitoring) isZero() bool { return m.Rules == nil && len(m.Extra) == 0 }

func (m Monitoring) check(field string) error {
	errs := []error{wire.CheckExtra(field, m.Extra, map[string]bool{"monitoringRules": m.Rules != nil})}
	for i, rule := range m.Rules {
		errs = append(errs, rule.check(fmt.Sprintf("%s.Rules[%d]", field, i)))
	}
	return errors.Join(errs...)
}

// check rejects wrong pairs of known values; only the service can judge unknown ones.
func (r MonitoringRule) check(field string) error {
	return errors.Join(r.checkPair(field), wire.CheckExtra(field, r.Extra, map[string]bool{
		"signal": true, "action": true, "threshold": r.Threshold != 0,
	}))
}

func (r MonitoringRule) checkPair(field string) error {
	falls, ineligible := r.Action == ActionOfferFallback, r.Signal == SignalIneligible
	switch {
	case r.Signal == "":
		return &apierr.FieldError{Field: field + ".Signal", Rule: "must not be empty"}
	case r.Action == "":
		return &apierr.FieldError{Field: field + ".Action", Rule: "must not be empty"}
	case ineligible && (r.Action == ActionAlertError || r.Action == ActionPauseDeployment):
		return wire.OutOfRange(field+".Action", strconv.Quote(string(r.Action)), "must be ActionOfferFallback with SignalIneligible")
	case falls && r.Signal == SignalRollback:
		return wire.OutOfRange(field+".Action", strconv.Quote(string(r.Action)),
			"must be ActionPauseDeployment or ActionAlertError with SignalRollback")
	case ineligible && r.Threshold != 0:
		return wire.OutOfRange(field+".Threshold", r.Threshold, "must be 0 with SignalIneligible")
	case r.Signal == SignalRollback && (r.Threshold < 1 || r.Threshold > 100):
		return wire.OutOfRange(field+".Threshold", r.Threshold, "must be 1 to 100 percent")
	case r.Threshold < 0 || r.Threshold > math.MaxInt32:
		return wire.OutOfRange(field+".Threshold", r.Threshold, "must be 0 to 2147483647")
	}
	return nil
}

// isBelow compares thresholds. One that could not be read is the highest.
func (r MonitoringRule) isBelow(other MonitoringRule) bool {
	return r.Extra["threshold"] == nil && (other.Extra["threshold"] != nil || r.Threshold < other.Threshold)
}

func (m *Monitoring) detach() {
	m.Rules = slices.Clone(m.Rules)
	for i := range m.Rules {
		m.Rules[i].Extra = maps.Clone(m.Rules[i].Extra)
	}
	m.Extra = maps.Clone(m.Extra)
}

func (m Monitoring) isAppliedTo(read Monitoring) bool {
	return len(m.Extra) == 0 && len(read.Unread()) == 0 &&
		slices.EqualFunc(m.Rules, read.Rules, MonitoringRule.isAppliedTo)
}

func (m Monitoring) matches(read Monitoring) bool {
	same := slices.EqualFunc(m.Rules, read.Rules, MonitoringRule.matches)
	return compared("monitoringRules", same, true, m.Extra, read.Extra)
}

func (r MonitoringRule) isAppliedTo(read MonitoringRule) bool {
	return len(r.Extra) == 0 && len(read.Unread()) == 0 && r.matches(read)
}

func (r MonitoringRule) matches(read MonitoringRule) bool {
	return compared("signal", r.Signal == read.Signal, true, r.Extra, read.Extra) &&
		compared("threshold", r.Threshold == read.Threshold, true, r.Extra, read.Extra) &&
		compared("action", r.Action == read.Action, true, r.Extra, read.Extra)
}

package deployments

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
)

// Deployment is an offer of one update to one audience.
type Deployment struct {
	// ID identifies the deployment. Deployments have no name.
	ID string `json:"id"`
	// State is the effective and the requested state.
	State State `json:"state"`
	// Content is what is offered. It cannot be changed.
	Content Content `json:"content"`
	// Settings are how, when, and under which conditions it is offered.
	Settings Settings `json:"settings,omitzero"`
	// Audience is the audience that it is offered to, in most cases with nothing but its
	// ID. It cannot be replaced, but its members can be changed.
	Audience audience.Audience `json:"audience,omitzero"`
	// Created is when the deployment was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when the deployment was last changed.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties of the deployment.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Content is what a deployment offers.
type Content struct {
	// EntryID is the ID of the catalog entry; empty if the service sent none.
	EntryID string `json:"entryId,omitempty"`
	// Kind is the kind of the entry; empty if the service sent none.
	Kind catalog.Kind `json:"kind,omitempty"`
	// Entry is the entry as embedded in the deployment, in most cases without names and
	// dates; nil if the service sent none. Read the complete entry from the catalog.
	Entry catalog.Entry `json:"entry,omitempty"`
	// Extra has unknown properties of the content.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// State is the effective state of a deployment, the reasons for it, and the requested state.
type State struct {
	// Effective is the net state.
	Effective EffectiveState `json:"effectiveValue,omitempty"`
	// Requested is the state that was last requested.
	Requested RequestedState `json:"requestedValue,omitempty"`
	// Reasons are the reasons for the effective state. The service leaves them out in most
	// cases, so do not depend on them.
	Reasons []Reason `json:"reasons,omitzero"`
	// Extra has unknown properties of the state.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// PausedByMonitoring returns the monitoring rule that paused the deployment. Use it instead of
// State.HasReason, because the service leaves reasons out in most cases. A pause without reasons that was
// not requested counts as one by a rule, if the deployment has a rule that pauses. Shortly after
// [Client.Resume] the service may still report such a pause. If several rules pause, it returns the one with
// the lowest threshold. If a property that this depends on could not be read, it returns false; see
// [Deployment.Unread].
func (d *Deployment) PausedByMonitoring() (MonitoringRule, bool) {
	if !d.State.maybePausedByRule() {
		return MonitoringRule{}, false
	}
	var found MonitoringRule
	for _, rule := range d.Settings.Monitoring.Rules {
		if rule.Action == ActionPauseDeployment && (found.Action == "" || rule.isBelow(found)) {
			found = rule
		}
	}
	return found, found.Action != ""
}

func (d *Deployment) hasPausingRule() bool {
	pauses := func(r MonitoringRule) bool { return r.Action == ActionPauseDeployment }
	return slices.ContainsFunc(d.Settings.Monitoring.Rules, pauses)
}

// maybePausedByRule reports whether the state can be the work of a rule.
func (s State) maybePausedByRule() bool {
	unrequested := len(s.Reasons) == 0 && s.Extra["reasons"] == nil && s.Requested == RequestNone
	return s.Effective == StatePaused && (s.HasReason(ReasonPausedByMonitoring) || unrequested)
}

// HasReason reports whether value is among the reasons. The service leaves reasons out in most cases, so
// false is no evidence.
func (s State) HasReason(value ReasonValue) bool {
	return slices.ContainsFunc(s.Reasons, func(r Reason) bool { return r.Value == value })
}

// EffectiveState is the net state of a deployment. It depends on the requested state, the
// schedule, the monitoring rules, and the content.
type EffectiveState string

// The effective states.
const (
	// StateScheduled: the start is in the future.
	StateScheduled EffectiveState = "scheduled"
	// StateOffering: the update is offered, in the steps of the rollout.
	StateOffering EffectiveState = "offering"
	// StatePaused: the update is not offered to more devices for now.
	StatePaused EffectiveState = "paused"
	// StateFaulted: the deployment failed for good; create another one.
	StateFaulted EffectiveState = "faulted"
	// StateArchived: the deployment has ended for good.
	StateArchived EffectiveState = "archived"
)

// RequestedState is a state that a caller requests for a deployment.
type RequestedState string

// The states that can be requested.
const (
	// RequestNone: follow the schedule. It resumes a paused deployment.
	RequestNone RequestedState = "none"
	// RequestPaused: pause.
	RequestPaused RequestedState = "paused"
	// RequestArchived: end for good. It cannot be undone.
	RequestArchived RequestedState = "archived"
)

// Reason is one reason for an effective state.
type Reason struct {
	// Value is the reason.
	Value ReasonValue `json:"value"`
	// Extra has unknown properties of the reason.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ReasonValue is a reason for an effective state.
type ReasonValue string

// The reasons.
const (
	// ReasonScheduledByOfferWindow: the start is in the future.
	ReasonScheduledByOfferWindow ReasonValue = "scheduledByOfferWindow"
	// ReasonOfferingByRequest: the update is offered as requested.
	ReasonOfferingByRequest ReasonValue = "offeringByRequest"
	// ReasonPausedByRequest: the pause was requested; [Client.Resume] ends it.
	ReasonPausedByRequest ReasonValue = "pausedByRequest"
	// ReasonPausedByMonitoring: a monitoring rule paused the deployment;
	// [Client.Resume] does not end the pause. Use [Deployment.PausedByMonitoring], since
	// the service leaves this reason out in most cases.
	ReasonPausedByMonitoring ReasonValue = "pausedByMonitoring"
	// ReasonFaultedByContentOutdated: the content can no longer be deployed.
	ReasonFaultedByContentOutdated ReasonValue = "faultedByContentOutdated"
)

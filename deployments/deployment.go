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
	// State is where the deployment stands and what was asked of it.
	State State `json:"state"`
	// Content is what is offered. It cannot be changed.
	Content Content `json:"content"`
	// Settings are how, when and under which conditions it is offered.
	Settings Settings `json:"settings,omitzero"`
	// Audience is who it is offered to. It cannot be replaced; its members can.
	// It mostly has nothing but its id.
	Audience audience.Audience `json:"audience,omitzero"`
	// Created is when the deployment was created, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when it was last changed, in UTC.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Content is what a deployment offers.
type Content struct {
	// EntryID is the id of the catalog entry; empty when the service sent none.
	EntryID string `json:"entryId,omitempty"`
	// Kind is the kind of the entry; empty when the service sent none.
	Kind catalog.Kind `json:"kind,omitempty"`
	// Entry is the entry as the service repeats it, mostly without names and
	// dates; nil when it sent none. Read it whole from the catalog.
	Entry catalog.Entry `json:"entry,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// State is where a deployment stands, why, and what was asked of it.
type State struct {
	// Effective is the net state.
	Effective EffectiveState `json:"effectiveValue,omitempty"`
	// Requested is what was last asked for.
	Requested RequestedState `json:"requestedValue,omitempty"`
	// Reasons say why the state is as it is; often empty, also where there must be
	// a reason.
	Reasons []Reason `json:"reasons,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// HasReason reports whether value is among the reasons.
func (s State) HasReason(value ReasonValue) bool {
	return slices.ContainsFunc(s.Reasons, func(r Reason) bool { return r.Value == value })
}

// EffectiveState is the net state of a deployment, made of what was asked for,
// schedule, monitoring and content. Unknown values are kept.
type EffectiveState string

// The effective states.
const (
	// StateScheduled: waiting for the start.
	StateScheduled EffectiveState = "scheduled"
	// StateOffering: offered to devices, in the steps of the rollout.
	StateOffering EffectiveState = "offering"
	// StatePaused: offered to no further device for now.
	StatePaused EffectiveState = "paused"
	// StateFaulted: cannot go on; make a new deployment.
	StateFaulted EffectiveState = "faulted"
	// StateArchived: ended for good.
	StateArchived EffectiveState = "archived"
)

// RequestedState is what a caller asks of a deployment. Unknown values are kept.
type RequestedState string

// The states that can be asked for.
const (
	// RequestNone: follow the schedule.
	RequestNone RequestedState = "none"
	// RequestPaused: pause.
	RequestPaused RequestedState = "paused"
	// RequestArchived: end for good. It cannot be taken back.
	RequestArchived RequestedState = "archived"
)

// Reason is one reason for an effective state.
type Reason struct {
	// Value is the reason.
	Value ReasonValue `json:"value"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ReasonValue is a reason for an effective state. Unknown values are kept.
type ReasonValue string

// The reasons.
const (
	// ReasonScheduledByOfferWindow: the start is still ahead.
	ReasonScheduledByOfferWindow ReasonValue = "scheduledByOfferWindow"
	// ReasonOfferingByRequest: nothing stands against offering.
	ReasonOfferingByRequest ReasonValue = "offeringByRequest"
	// ReasonPausedByRequest: somebody asked for the pause; [Client.Resume] lifts it.
	ReasonPausedByRequest ReasonValue = "pausedByRequest"
	// ReasonPausedByMonitoring: a monitoring rule paused; [Client.Resume] does not
	// lift it.
	ReasonPausedByMonitoring ReasonValue = "pausedByMonitoring"
	// ReasonFaultedByContentOutdated: the content can no longer be deployed.
	ReasonFaultedByContentOutdated ReasonValue = "faultedByContentOutdated"
)

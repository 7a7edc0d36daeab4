package deployments

import (
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Spec is a deployment to create. Make it with [ForFeature], [ForExpedited], or [ForReadinessTest], or as a
// literal. For drivers, use package updatepolicies: the service creates the deployments.
type Spec struct {
	// Kind is the kind of the catalog entry. It must not be empty.
	Kind catalog.Kind `json:"kind"`
	// EntryID is the ID of the catalog entry. It must not be empty.
	EntryID string `json:"entryId"`
	// AudienceID is the ID of an existing audience; empty creates an audience.
	AudienceID string `json:"audienceId,omitempty"`
	// Settings are how, when, and under which conditions to offer the update. The zero
	// Settings offer it to all members simultaneously, as soon as there are any.
	Settings Settings `json:"settings,omitzero"`
	// Extra has unknown properties of the deployment to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ForFeature returns a Spec for a feature update, by the ID of its catalog entry. For
// Windows 11, see the license terms in the package documentation.
func ForFeature(entryID string) Spec {
	return Spec{Kind: catalog.KindFeature, EntryID: entryID}
}

// ForExpedited returns a Spec for an expedited quality update, by the ID of its catalog
// entry: the update is installed as soon as possible. The entry must be expeditable, and the
// devices need not be enrolled. To force the restart, add [Settings.RestartingWithin]. A
// start, a rollout, and monitoring rules are invalid, because the service would not follow
// them. Approve other quality updates with package updatepolicies or policies.
func ForExpedited(entryID string) Spec {
	return forQuality(entryID, Expedite{Expedited: true})
}

// ForReadinessTest returns a Spec like [ForExpedited] for a readiness test: the devices only
// report whether the update could be expedited, and install nothing. Use it before
// ForExpedited. The results are in Windows Update for Business reports, not in this API.
func ForReadinessTest(entryID string) Spec {
	return forQuality(entryID, Expedite{Expedited: true, ReadinessTest: true})
}

func forQuality(entryID string, expedite Expedite) Spec {
	return Spec{Kind: catalog.KindQuality, EntryID: entryID, Settings: Settings{Expedite: expedite}}
}

// With returns a copy with these settings. A part that settings sets, such as Schedule,
// replaces that part as a whole; the other parts stay.
func (s Spec) With(settings Settings) Spec {
	s.Settings, s.Extra = s.Settings.with(settings), maps.Clone(s.Extra)
	return s
}

// ToAudience returns a copy for an existing audience.
func (s Spec) ToAudience(audienceID string) Spec {
	s.AudienceID = audienceID
	s.Settings, s.Extra = s.Settings.copied(), maps.Clone(s.Extra)
	return s
}

// Validate reports values that the service would reject, without a request. The error is apierr.ErrInvalid
// and joins an [apierr.FieldError] for each problem. Expediting is rejected for feature updates, drivers,
// and recovery updates; whether a quality update can be expedited is in the catalog. Monitoring is rejected
// for quality updates, drivers, and recovery updates. For what is valid and perhaps not meant, use
// [Spec.Warnings].
func (s Spec) Validate() error {
	return errors.Join(
		checkKind(s.Kind),
		call.CheckID("EntryID", s.EntryID),
		checkAudience(s.AudienceID),
		s.Settings.Validate(),
		checkExpeditable(s),
		checkMonitored(s),
		checkExpedited(s),
		wire.CheckExtra("Spec", s.Extra, map[string]bool{
			"content": true, "audience": true, "settings": !s.Settings.isZero(),
		}),
	)
}

func checkKind(kind catalog.Kind) error {
	if strings.ContainsAny(string(kind), "#. ") {
		return wire.OutOfRange("Kind", strconv.Quote(string(kind)), "must be a name without its namespace, such as "+string(catalog.KindFeature))
	}
	return wire.CheckNamed("Kind", string(kind))
}

func checkExpeditable(s Spec) error {
	isOther := s.Kind == catalog.KindFeature || s.Kind == catalog.KindDriver || s.Kind == catalog.KindRecovery
	if s.Settings.Expedite.Expedited && isOther {
		return &apierr.FieldError{Field: "Settings.Expedite.Expedited", Value: "true", Rule: "must be false except for quality updates"}
	}
	return nil
}

// checkExpedited leaves kinds that the SDK does not recognize to the service.
func checkExpedited(s Spec) error {
	if s.Kind != catalog.KindQuality {
		return nil
	}
	return checkImmediate("Settings.Schedule", s.Settings.Schedule, s.Settings.Expedite)
}

// checkImmediate rejects a schedule that would not be followed.
func checkImmediate(field string, s Schedule, e Expedite) error {
	switch {
	case !e.Expedited:
		return nil
	case !s.Start.IsZero():
		return wire.OutOfRange(field+".Start", timestamp(s.Start), "must be zero for an expedited update")
	case s.Rollout != nil:
		return wire.OutOfRange(field+".Rollout", s.Rollout, "must be nil for an expedited update")
	}
	return nil
}

func checkMonitored(s Spec) error {
	isOther := s.Kind == catalog.KindQuality || s.Kind == catalog.KindDriver || s.Kind == catalog.KindRecovery
	if len(s.Settings.Monitoring.Rules) > 0 && isOther {
		return &apierr.FieldError{Field: "Settings.Monitoring.Rules", Rule: "must be empty except for feature updates"}
	}
	return nil
}

func checkAudience(id string) error {
	if id == "" {
		return nil
	}
	return call.CheckID("AudienceID", id)
}

// matches compares content, audience, and settings. Values that the service did not send
// cannot be compared.
func (s Spec) matches(d *Deployment) bool {
	same := s.AudienceID == "" || d.Audience.ID == "" || wire.SameID(s.AudienceID, d.Audience.ID)
	return same && d.Content.mayBeOf(s.Kind, s.EntryID) &&
		compared("settings", s.Settings.EquivalentTo(d.Settings), true, s.Extra, d.Extra)
}

package updatepolicies

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Spec is an update policy to be created. Make it with [ForAudience]
// or as a literal.
//
// The methods return a changed copy, so they chain; each sets the field that its
// documentation names.
type Spec struct {
	// AudienceID is the id of an audience that exists. It must not be empty.
	AudienceID string `json:"audienceId"`
	// Settings are how and when approved updates are offered; the zero Settings
	// offer them to all members at once. An approval can have others.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Rules approve updates as they are published. Nil sends nothing, an empty list
	// is sent as such; both approve nothing.
	Rules Rules `json:"complianceChangeRules,omitzero"`
	// AutoEnroll are the categories in which the service is to enrol the devices of
	// the audience by itself. Nil sends nothing, an empty list is sent as such; both
	// enrol nothing.
	AutoEnroll []audience.Category `json:"autoEnrollmentUpdateCategories,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ForAudience is an update policy for an audience that exists.
func ForAudience(audienceID string) Spec {
	return Spec{AudienceID: audienceID}
}

// With sets Settings, to a copy of settings.
func (s Spec) With(settings deployments.Settings) Spec {
	s.Settings = settings
	return s.copied()
}

// Approving adds copies of rules to Rules.
func (s Spec) Approving(rules ...Rule) Spec {
	s = s.copied()
	s.Rules = append(s.Rules, Rules(rules).copied()...)
	return s
}

// EnrollingIn sets AutoEnroll. Without categories an empty list is sent.
func (s Spec) EnrollingIn(categories ...audience.Category) Spec {
	s = s.copied()
	s.AutoEnroll = append([]audience.Category{}, categories...)
	return s
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. What is only unwise, or not documented, passes.
func (s Spec) Validate() error {
	errs := []error{call.CheckID("AudienceID", s.AudienceID), s.Settings.Validate(), s.Rules.check()}
	for i, category := range s.AutoEnroll {
		if category == "" {
			errs = append(errs, &apierr.FieldError{Field: fmt.Sprintf("AutoEnroll[%d]", i), Rule: "must not be empty"})
		}
	}
	return errors.Join(append(errs, wire.CheckExtra("Spec", s.Extra, map[string]bool{
		"audience": true, "deploymentSettings": setsAnything(s.Settings),
		"complianceChangeRules": s.Rules != nil, "autoEnrollmentUpdateCategories": s.AutoEnroll != nil,
	}))...)
}

// copied shares nothing with s that can be changed.
func (s Spec) copied() Spec {
	s.Settings = s.Settings.Clone()
	s.Rules = s.Rules.copied()
	s.AutoEnroll = slices.Clone(s.AutoEnroll)
	s.Extra = maps.Clone(s.Extra)
	return s
}

// setsAnything reports whether there is anything of settings to send.
func setsAnything(s deployments.Settings) bool {
	return deployments.Internal.WriteSettings(s) != nil
}

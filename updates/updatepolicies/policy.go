package updatepolicies

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Policy approves updates for an audience, manually and by rule.
type Policy struct {
	// ID identifies the policy. Update policies have no name.
	ID string `json:"id"`
	// Audience is the audience of the policy. It cannot be replaced, but its members can
	// be changed. It is zero if the response has none.
	Audience audience.Audience `json:"audience,omitzero"`
	// Settings say how and when approved updates are offered. The settings of an approval
	// take precedence.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Rules approve updates when they are published. An empty list means that updates are
	// approved manually only.
	Rules Rules `json:"complianceChangeRules,omitzero"`
	// AutoEnroll are the categories in which the service enrolls the devices of the
	// audience automatically.
	AutoEnroll []audience.Category `json:"autoEnrollmentUpdateCategories,omitzero"`
	// Approvals are the approvals if the response has them, or nil. The list can be
	// incomplete; [Client.ListApprovals] lists all approvals.
	Approvals []*Approval `json:"complianceChanges,omitzero"`
	// Created is when the policy was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Spec is an update policy to create. Make one with [ForAudience] or as a literal.
//
// The methods return a changed copy, so calls can be chained.
type Spec struct {
	// AudienceID is the ID of an existing audience. It must not be empty.
	AudienceID string `json:"audienceId"`
	// Settings say how and when approved updates are offered. The zero Settings offer
	// them to all members immediately. An approval can have its own settings.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Rules approve updates when they are published. Nil is not sent, and an empty list
	// is sent; both approve nothing.
	Rules Rules `json:"complianceChangeRules,omitzero"`
	// AutoEnroll are the categories in which the service enrolls the devices of the
	// audience automatically. Nil is not sent, and an empty list is sent; both enroll
	// nothing.
	AutoEnroll []audience.Category `json:"autoEnrollmentUpdateCategories,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ForAudience returns a spec of an update policy for an existing audience.
func ForAudience(audienceID string) Spec {
	return Spec{AudienceID: audienceID}
}

// With sets Settings to a copy of settings, which replaces all settings of s.
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

// EnrollingIn adds categories to AutoEnroll.
func (s Spec) EnrollingIn(categories ...audience.Category) Spec {
	s = s.copied()
	s.AutoEnroll = append(append([]audience.Category{}, s.AutoEnroll...), categories...)
	return s
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s Spec) Validate() error {
	errs := []error{call.CheckID("AudienceID", s.AudienceID), s.Settings.Validate(), s.Rules.check()}
	for i, category := range s.AutoEnroll {
		if category == "" {
			errs = append(errs, &apierr.FieldError{Field: fmt.Sprintf("AutoEnroll[%d]", i), Rule: "must not be empty"})
		}
	}
	return errors.Join(append(errs, wire.CheckExtra("Spec", s.Extra, map[string]bool{
		"audience": true, "deploymentSettings": setsAnything(s.Settings),
		"complianceChangeRules": true, "autoEnrollmentUpdateCategories": s.AutoEnroll != nil,
	}))...)
}

// copied returns a deep copy.
func (s Spec) copied() Spec {
	s.Settings = s.Settings.Clone()
	s.Rules = s.Rules.copied()
	s.AutoEnroll = slices.Clone(s.AutoEnroll)
	s.Extra = maps.Clone(s.Extra)
	return s
}

// matches compares audience, settings, rules, and categories. Properties that the service
// did not send cannot be compared.
func (s Spec) matches(p *Policy) bool {
	return wire.SameID(s.AudienceID, p.Audience.ID) && mayEqual(s.Settings, p.Settings, p.Extra) &&
		(p.Rules == nil || sameSet(s.Rules, p.Rules, ruleMatches)) &&
		(p.AutoEnroll == nil || sameSet(s.AutoEnroll, p.AutoEnroll, func(a, b audience.Category) bool { return a == b }))
}

// Update is a change of an update policy. Fields that are not set are not changed.
type Update struct {
	// Settings sets parts of the settings; parts that are zero are not changed. Null
	// removes all settings. To remove one part, use [Client.UpdateSettings].
	Settings odata.Change[deployments.Settings] `json:"deploymentSettings,omitzero"`
	// Rules replaces all rules; null and an empty list remove them. Updates that the rules have approved
	// stay approved.
	Rules odata.Change[Rules] `json:"complianceChangeRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u Update) Validate() error {
	if u.Settings.IsUnset() && u.Rules.IsUnset() && len(u.Extra) == 0 {
		return &apierr.FieldError{Field: "Update", Rule: "must change something"}
	}
	var unset error
	settings, sets := u.Settings.Value()
	if sets {
		unset = checkSettings(settings)
	}
	rules, _ := u.Rules.Value()
	return errors.Join(unset, rules.check(), wire.CheckExtra("Update", u.Extra, map[string]bool{
		"deploymentSettings": true, "complianceChangeRules": true,
	}))
}

// checkSettings also rejects zero settings, because they would change nothing.
func checkSettings(s deployments.Settings) error {
	if !setsAnything(s) {
		return &apierr.FieldError{Field: "Settings", Rule: "must set something"}
	}
	return s.Validate()
}

// setsAnything reports whether settings have anything to send.
func setsAnything(s deployments.Settings) bool {
	return deployments.Internal.WriteSettings(s) != nil
}

// isAppliedTo reports whether a policy has everything that the update sets. Properties in
// Extra cannot be compared.
func (u Update) isAppliedTo(p *Policy) bool {
	settings, _ := u.Settings.Value()
	rules, _ := u.Rules.Value()
	return len(u.Extra) == 0 &&
		(u.Settings.IsUnset() || areRead(p.Extra) && settings.ContainedIn(p.Settings)) &&
		(!u.Settings.IsNull() || !setsAnything(p.Settings)) &&
		(u.Rules.IsUnset() || p.Rules != nil && slices.EqualFunc(rules, p.Rules, ruleIsAppliedTo))
}

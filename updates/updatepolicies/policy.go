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

// Policy approves updates for an audience, by hand or by rule.
type Policy struct {
	// ID identifies the policy. Update policies have no name.
	ID string `json:"id"`
	// Audience is whose updates are approved. It cannot be replaced; its members
	// can. It is zero where the service did not send it.
	Audience audience.Audience `json:"audience,omitzero"`
	// Settings are how and when approved updates are offered, where the approval
	// itself says nothing else.
	Settings deployments.Settings `json:"deploymentSettings,omitzero"`
	// Rules approve updates as they are published; empty when all is approved by
	// hand.
	Rules Rules `json:"complianceChangeRules,omitzero"`
	// AutoEnroll are the categories in which the service enrols the devices of the
	// audience by itself; empty for none.
	AutoEnroll []audience.Category `json:"autoEnrollmentUpdateCategories,omitzero"`
	// Approvals are the approvals, perhaps only the first, where an answer has them;
	// nil says nothing about them. [Client.ListApprovals] lists all of them.
	Approvals []*Approval `json:"complianceChanges,omitzero"`
	// Created is when the policy was created, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Spec is an update policy to be created. Make it with [ForAudience] or as a literal.
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

// matches compares audience, settings, rules and categories. What the service did
// not send cannot be compared.
func (s Spec) matches(p *Policy) bool {
	return wire.SameID(s.AudienceID, p.Audience.ID) && s.Settings.EquivalentTo(p.Settings) &&
		(p.Rules == nil || sameSet(s.Rules, p.Rules, ruleMatches)) &&
		(p.AutoEnroll == nil || sameSet(s.AutoEnroll, p.AutoEnroll, func(a, b audience.Category) bool { return a == b }))
}

// Update is a change of an update policy. What it does not name stays as it is. It is
// never made from a policy that was read.
type Update struct {
	// Settings sets parts of the settings: those that are zero are not sent and
	// stay. Null removes all settings.
	Settings odata.Change[deployments.Settings] `json:"deploymentSettings,omitzero"`
	// Rules replaces all rules; null and a list that is empty or nil remove them.
	// What they have approved stays approved.
	Rules odata.Change[Rules] `json:"complianceChangeRules,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. An update that changes nothing is a problem.
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
		"deploymentSettings": !u.Settings.IsUnset(), "complianceChangeRules": !u.Rules.IsUnset(),
	}))
}

// checkSettings checks settings that replace others. Zero ones would change nothing,
// whatever they were meant for.
func checkSettings(s deployments.Settings) error {
	if !setsAnything(s) {
		return &apierr.FieldError{Field: "Settings", Rule: "must set something"}
	}
	return s.Validate()
}

// setsAnything reports whether there is anything of settings to send.
func setsAnything(s deployments.Settings) bool {
	return deployments.Internal.WriteSettings(s) != nil
}

// isAppliedTo reports whether a policy certainly has what the update sets. Of members in
// Extra nobody can tell.
func (u Update) isAppliedTo(p *Policy) bool {
	settings, _ := u.Settings.Value()
	rules, _ := u.Rules.Value()
	return len(u.Extra) == 0 &&
		(!u.Settings.IsNull() || !setsAnything(p.Settings)) && settings.ContainedIn(p.Settings) &&
		(u.Rules.IsUnset() || slices.EqualFunc(rules, p.Rules, ruleIsAppliedTo))
}

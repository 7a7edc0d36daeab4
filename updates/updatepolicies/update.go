package updatepolicies

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Update is a change of an update policy. What it does not name stays
// as it is. It is never made from a policy that was read.
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
	if u.Settings.IsKeep() && u.Rules.IsKeep() && len(u.Extra) == 0 {
		return &apierr.FieldError{Field: "Update", Rule: "must change something"}
	}
	var unset error
	settings, sets := u.Settings.Value()
	if sets {
		unset = checkSettings(settings)
	}
	rules, _ := u.Rules.Value()
	return errors.Join(unset, rules.check(), wire.CheckExtra("Update", u.Extra, map[string]bool{
		"deploymentSettings": !u.Settings.IsKeep(), "complianceChangeRules": !u.Rules.IsKeep(),
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

// Update changes the settings or the rules of an update policy. Its audience cannot
// be replaced.
//
// Rules may be refused: the service's documentation lets them be changed, and so did
// the service at some time, but callers have seen it answer every change other than
// of the settings with 400 (apierr.ErrInvalid) and the text "Schema validation failed
// for resource 'deploymentPolicy'", which names another resource than the update
// policy it is about. Change settings and rules in two calls, then, so that the
// settings do not fail with the rules; for other rules create another policy for the
// same audience.
//
// When an answer was lost and the repetition is refused with 400 or 409, the
// policy is read until the change shows; if it does not, the error is the refusal
// and also apierr.ErrUnknownOutcome.
//
//   - Graph: PATCH /updatePolicies/{id}
//   - Graph: GET /updatePolicies/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) Update(ctx context.Context, id string, u Update) error {
	return c.update(ctx, "updatePolicies.Update", id, u)
}

// SetSettings sets parts of the settings of an update policy: those that are zero
// stay as they are, and all must not be. [Client.Update] can remove
// them.
//
//   - Graph: PATCH /updatePolicies/{id}
//   - Graph: GET /updatePolicies/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) SetSettings(ctx context.Context, id string, settings deployments.Settings) error {
	return c.update(ctx, "updatePolicies.SetSettings", id, Update{Settings: odata.Set(settings)})
}

// SetRules replaces all rules of an update policy; without rules it removes them.
// What they have approved stays approved. The service may refuse it; see
// [Client.Update].
//
//   - Graph: PATCH /updatePolicies/{id}
//   - Graph: GET /updatePolicies/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) SetRules(ctx context.Context, id string, rules ...Rule) error {
	return c.update(ctx, "updatePolicies.SetRules", id, Update{Rules: odata.Set(Rules(rules))})
}

func (c Client) update(ctx context.Context, op, id string, u Update) error {
	if err := u.Validate(); err != nil {
		return call.Invalid(op, err)
	}
	err := call.Exec(ctx, c.call, ofPolicy(op, call.Update, id), func(ctx context.Context, g *graph.Client) error {
		_, err := g.UpdatePolicies().ByUpdatePolicyId(id).Patch(ctx, writeUpdate(u), nil)
		return err
	})
	return c.call.Settle(ctx, err, func(ctx context.Context) (bool, error) {
		policy, err := c.Get(ctx, id)
		return err == nil && u.shows(policy), err
	})
}

func writeUpdate(u Update) models.UpdatePolicyable {
	w := models.NewUpdatePolicy()
	wire.Apply(w, "deploymentSettings", u.Settings, func(s deployments.Settings) {
		w.SetDeploymentSettings(deployments.Internal.WriteSettings(s))
	})
	wire.Apply(w, "complianceChangeRules", u.Rules, func(r Rules) { w.SetComplianceChangeRules(writeRules(r)) })
	wire.AddExtra(w, u.Extra)
	return w
}

// shows reports whether a policy certainly has what the update sets. Of members in
// Extra nobody can tell.
func (u Update) shows(p *Policy) bool {
	settings, _ := u.Settings.Value()
	rules, _ := u.Rules.Value()
	return len(u.Extra) == 0 &&
		(!u.Settings.IsNull() || !setsAnything(p.Settings)) && settings.ShownIn(p.Settings) &&
		(u.Rules.IsKeep() || slices.EqualFunc(rules, p.Rules, sameRule))
}

// sameRule compares what was sent of a rule with what is there.
func sameRule(sent, there Rule) bool {
	a, ok := sent.(*ApprovalRule)
	b, known := there.(*ApprovalRule)
	return ok && known && len(a.Extra) == 0 && a.DaysBeforeStart == b.DaysBeforeStart && sameFilter(a.Filter, b.Filter)
}

func sameFilter(sent, there Filter) bool {
	if there == nil || len(sent.Common().Extra) > 0 {
		return false
	}
	there = copyFilter(there)
	there.Common().Extra = sent.Common().Extra
	return reflect.DeepEqual(sent, there)
}

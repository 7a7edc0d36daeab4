package updates

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// TeardownTarget names what is to go: an update policy or an audience.
type TeardownTarget struct {
	// UpdatePolicyID is an update policy, which goes with its approvals, their
	// deployments, the archived deployments of its audience, and the audience. Empty
	// when AudienceID is set.
	UpdatePolicyID string `json:"updatePolicyId,omitempty"`
	// AudienceID is an audience, which goes with all update policies and deployments
	// that use it. Empty when UpdatePolicyID is set. A deployment goes by its audience:
	// the ID of its Audience, or of what Audiences().Get has for [audience.OfDeployment]
	// where that is empty.
	AudienceID string `json:"audienceId,omitempty"`
	// Also are ids of other update policies and deployments that use the audience of
	// the update policy and are to go with it; nil for none. An audience needs none.
	Also []string `json:"also,omitzero"`
	// KeepAudience lets the audience of the update policy stay as it is, with its
	// members and with what else uses it. It must be false with AudienceID and with Also.
	KeepAudience bool `json:"keepAudience,omitempty"`
}

// Validate says what is wrong with the target: nil, or an error that is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (t TeardownTarget) Validate() error {
	var problems []error
	add := func(field, rule string) {
		problems = append(problems, &apierr.FieldError{Field: field, Rule: rule})
	}
	if (t.UpdatePolicyID == "") == (t.AudienceID == "") {
		add("TeardownTarget", "must have one of UpdatePolicyID and AudienceID")
	}
	if t.KeepAudience && (t.AudienceID != "" || len(t.Also) > 0) {
		add("TeardownTarget.KeepAudience", "must not be set with AudienceID or Also")
	}
	if slices.Contains(t.Also, "") {
		add("TeardownTarget.Also", "must have no empty id")
	}
	return errors.Join(problems...)
}

// TeardownAction is what a step of a teardown does.
type TeardownAction string

// The actions, in the order in which they come.
const (
	// ClearRules removes the rules of an update policy, so that it approves nothing
	// any more.
	ClearRules TeardownAction = "clearRules"
	// DeleteApproval deletes an approval, which archives its deployments. Where the
	// service does not allow it the approval is revoked.
	DeleteApproval TeardownAction = "deleteApproval"
	// DeleteDeployment deletes a deployment, which the service does later.
	DeleteDeployment TeardownAction = "deleteDeployment"
	// AwaitDeployments waits until the deployments are gone.
	AwaitDeployments TeardownAction = "awaitDeployments"
	// RemoveMembers takes all members out of the audience, so that they are offered
	// nothing should it stay. The exclusions go with the audience.
	RemoveMembers TeardownAction = "removeMembers"
	// DeletePolicy deletes an update policy.
	DeletePolicy TeardownAction = "deletePolicy"
	// DeleteAudience deletes the audience.
	DeleteAudience TeardownAction = "deleteAudience"
)

var actionWords = map[TeardownAction]string{
	ClearRules:       "clear the rules of update policy",
	DeleteApproval:   "delete approval",
	DeleteDeployment: "delete deployment",
	AwaitDeployments: "wait until the deployments are gone",
	RemoveMembers:    "remove the members of audience",
	DeletePolicy:     "delete update policy",
	DeleteAudience:   "delete audience",
}

// TeardownStep is one thing that a teardown does.
type TeardownStep struct {
	// Action is what is done.
	Action TeardownAction `json:"action"`
	// ID is what it is done to; empty with [AwaitDeployments], which is about all
	// deployments of the plan.
	ID string `json:"id,omitempty"`
	// UpdatePolicyID is the policy of an approval; empty with other actions.
	UpdatePolicyID string `json:"updatePolicyId,omitempty"`
	// Note is for people: in a plan what is known of the thing, in a report how it
	// went. Empty when there is nothing to say.
	Note string `json:"note,omitempty"`
}

// String says in words what the step does, with the note.
func (s TeardownStep) String() string {
	text := strings.TrimSpace(cmp.Or(actionWords[s.Action], string(s.Action)) + " " + s.ID)
	if s.Note != "" {
		text += " (" + s.Note + ")"
	}
	return text
}

func (s TeardownStep) is(other TeardownStep) bool {
	return s.Action == other.Action && wire.SameID(s.ID, other.ID) && wire.SameID(s.UpdatePolicyID, other.UpdatePolicyID)
}

// TeardownPlan is what a teardown will do. Print it to have it confirmed, and store it
// as JSON to go on with it later. Make it with [Client.PlanTeardown].
type TeardownPlan struct {
	// Target is what the plan was made for.
	Target TeardownTarget `json:"target"`
	// AudienceID is the audience that goes; empty when it stays, or is gone already.
	AudienceID string `json:"audienceId,omitempty"`
	// Steps are what is done, in this order.
	Steps []TeardownStep `json:"steps"`
}

// String has one line for each step.
func (p *TeardownPlan) String() string { return numbered(p.Steps) }

func numbered(steps []TeardownStep) string {
	var text strings.Builder
	for i, step := range steps {
		fmt.Fprintf(&text, "%d. %s\n", i+1, step)
	}
	return text.String()
}

var (
	// ErrAudienceInUse: something that the target does not name uses the audience.
	ErrAudienceInUse = errors.New("something else uses the audience")
	// ErrPlanOutdated: something hangs on the target that the plan does not have.
	ErrPlanOutdated = errors.New("the plan is out of date")
)

// TeardownRefusedError is a teardown, or a plan for one, that something is in the way
// of.
type TeardownRefusedError struct {
	// Found are the steps that would be needed in addition.
	Found []TeardownStep
	// Err is [ErrAudienceInUse] or [ErrPlanOutdated], and what errors.Unwrap returns.
	Err error
}

// Error returns the reason, what was found, and what to do.
func (e *TeardownRefusedError) Error() string {
	advice := "look at it, and plan again"
	if errors.Is(e.Err, ErrAudienceInUse) {
		advice = "name it in Also, or set KeepAudience"
	}
	var found []string
	for _, step := range e.Found {
		found = append(found, step.String())
	}
	return fmt.Sprintf("%v; it would take to %s: %s", e.Err, strings.Join(found, ", "), advice)
}

// Unwrap returns Err.
func (e *TeardownRefusedError) Unwrap() error { return e.Err }

// PlanTeardown finds all that hangs on an update policy or an audience and says in
// which order it has to go. It changes nothing. A target that is not there is
// apierr.ErrNotFound. When something that the target does not name uses the audience
// of an update policy, the error is [ErrAudienceInUse] and a [*TeardownRefusedError].
// Archived deployments count as a part of their audience: they are records, and keep
// it from being deleted.
//
// It reads all update policies, those deployments and approvals that the target has,
// and all members to count them.
//
//   - Graph: GET /updatePolicies/{id}
//   - Graph: GET /updatePolicies
//   - Graph: GET /updatePolicies/{id}/audience
//   - Graph: GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Graph: GET /updatePolicies/{id}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Graph: GET /deployments
//   - Graph: GET /deployments/{id}/audience
//   - Graph: GET /deploymentAudiences/{id}
//   - Graph: GET /deploymentAudiences/{id}/members
//   - Permission: WindowsUpdates.Read.All
//   - Page: none, it is made of other operations
func (c *Client) PlanTeardown(ctx context.Context, target TeardownTarget) (*TeardownPlan, error) {
	const op = "updates.PlanTeardown"
	if err := target.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	plan := &TeardownPlan{Target: target}
	var err error
	if plan.AudienceID, err = c.targetAudience(ctx, target); err != nil {
		return nil, during(op, "finding the target", err)
	}
	found, err := c.survey(ctx, plan)
	if err != nil {
		return nil, during(op, "looking for what hangs on it", err)
	}
	if len(found.strangers) > 0 {
		return nil, call.Invalid(op, &TeardownRefusedError{Found: found.strangers, Err: ErrAudienceInUse})
	}
	members, err := c.countMembers(ctx, plan.AudienceID)
	if err != nil {
		return nil, during(op, "counting the members", err)
	}
	plan.Steps = found.steps(plan.AudienceID, members)
	return plan, nil
}

// targetAudience makes sure that the target is there, and returns the audience that
// goes.
func (c *Client) targetAudience(ctx context.Context, target TeardownTarget) (string, error) {
	if target.AudienceID != "" {
		read, err := c.Audiences().Get(ctx, audience.ByID(target.AudienceID))
		if err != nil {
			return "", err
		}
		return cmp.Or(read.ID, target.AudienceID), nil
	}
	policy, err := c.UpdatePolicies().Get(ctx, target.UpdatePolicyID)
	if err != nil || target.KeepAudience {
		return "", err
	}
	return c.audienceID(ctx, policy.Audience, audience.OfUpdatePolicy(policy.ID))
}

// hanging is what hangs on a target, and what only uses the same audience.
type hanging struct {
	policies    []policyUse
	deployments []*deployments.Deployment
	strangers   []TeardownStep
}

// survey finds what hangs on a target by now. What is gone is no error, so that a
// teardown can be run again.
func (c *Client) survey(ctx context.Context, plan *TeardownPlan) (hanging, error) {
	policies, using, err := c.found(ctx, plan)
	if err != nil {
		return hanging{}, err
	}
	var h hanging
	for _, use := range policies {
		if plan.Target.takesPolicy(use.policy.ID) {
			h.policies = append(h.policies, use)
		} else {
			h.strangers = append(h.strangers, TeardownStep{Action: DeletePolicy, ID: use.policy.ID})
		}
	}
	made := h.made()
	for _, d := range using {
		if wire.HasID(made, d.ID) || plan.Target.takesDeployment(d) {
			h.deployments = append(h.deployments, d)
		} else {
			h.strangers = append(h.strangers, deploymentStep(d))
		}
	}
	return h, nil
}

// made are the ids of the deployments that the approvals of the policies made.
func (h hanging) made() []string {
	var ids []string
	for _, use := range h.policies {
		for _, d := range use.made() {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// found is what there is of the target and what uses the audience that goes.
func (c *Client) found(ctx context.Context, plan *TeardownPlan) ([]policyUse, []*deployments.Deployment, error) {
	if plan.AudienceID != "" {
		return c.usersOf(ctx, plan.AudienceID)
	}
	policy, err := c.UpdatePolicies().Get(ctx, plan.Target.UpdatePolicyID)
	if errors.Is(err, apierr.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	use, err := c.approvalsOf(ctx, policy)
	return []policyUse{use}, withMade(nil, use), err
}

func (t TeardownTarget) takesPolicy(id string) bool {
	return t.AudienceID != "" || wire.SameID(t.UpdatePolicyID, id) || wire.HasID(t.Also, id)
}

func (t TeardownTarget) takesDeployment(d *deployments.Deployment) bool {
	return t.AudienceID != "" || wire.HasID(t.Also, d.ID) || d.State.Effective == deployments.Archived
}

// steps are in the order that the service needs.
func (h hanging) steps(audienceID, members string) []TeardownStep {
	var steps []TeardownStep
	for _, use := range h.policies {
		if n := len(use.policy.Rules); n > 0 {
			steps = append(steps, TeardownStep{Action: ClearRules, ID: use.policy.ID, Note: count(n, "rule")})
		}
	}
	steps = append(steps, h.approvals()...)
	for _, d := range h.deployments {
		steps = append(steps, deploymentStep(d))
	}
	if len(h.deployments) > 0 {
		steps = append(steps, TeardownStep{Action: AwaitDeployments})
	}
	if audienceID != "" {
		steps = append(steps, TeardownStep{Action: RemoveMembers, ID: audienceID, Note: members})
	}
	for _, use := range h.policies {
		steps = append(steps, TeardownStep{Action: DeletePolicy, ID: use.policy.ID})
	}
	if audienceID != "" {
		steps = append(steps, TeardownStep{Action: DeleteAudience, ID: audienceID})
	}
	return steps
}

func (h hanging) approvals() []TeardownStep {
	var steps []TeardownStep
	for _, use := range h.policies {
		for _, approval := range use.approvals {
			note := "of " + cmp.Or(approval.Content.EntryID, "an unknown update")
			if approval.Revoked {
				note += ", revoked"
			}
			step := TeardownStep{Action: DeleteApproval, ID: approval.ID, UpdatePolicyID: use.policy.ID, Note: note}
			steps = append(steps, step)
		}
	}
	return steps
}

func deploymentStep(d *deployments.Deployment) TeardownStep {
	state := cmp.Or(string(d.State.Effective), "in an unknown state")
	update := cmp.Or(d.Content.EntryID, "an unknown update")
	return TeardownStep{Action: DeleteDeployment, ID: d.ID, Note: state + ", of " + update}
}

func (c *Client) countMembers(ctx context.Context, audienceID string) (string, error) {
	if audienceID == "" {
		return "", nil
	}
	n := 0
	for _, err := range c.Audiences().ListMembers(audience.ByID(audienceID), odata.Query{}).All(ctx) {
		if err != nil {
			return "", err
		}
		n++
	}
	return count(n, "member") + " shown", nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// during names the operation, and what it was doing, in an error of a call that it
// made.
func during(op, doing string, err error) error {
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		failed.Op = fmt.Sprintf("%s (%s)", op, doing)
		return err
	}
	return &apierr.Error{Op: op, Err: err}
}

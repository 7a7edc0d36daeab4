package teardown

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Action is the kind of a step.
type Action string

// The actions, in the order in which a plan has them.
const (
	// ActionClearRules removes the rules of an update policy, so that it no longer approves updates.
	ActionClearRules Action = "clearRules"
	// ActionDeleteApproval deletes an approval, which archives its deployments. If the service rejects that,
	// the approval is revoked.
	ActionDeleteApproval Action = "deleteApproval"
	// ActionDeleteDeployment requests the deletion of a deployment. The service deletes it later.
	ActionDeleteDeployment Action = "deleteDeployment"
	// ActionWaitForDeployments waits until all deployments of the plan are deleted.
	ActionWaitForDeployments Action = "waitForDeployments"
	// ActionRemoveMembers removes all members and exclusions of the audience, so that they are offered
	// nothing if the audience cannot be deleted. Exclusions that updates.Limits protects stay. Removed
	// devices stay enrolled, and get no feature update until something is deployed to them.
	ActionRemoveMembers Action = "removeMembers"
	// ActionDeletePolicy deletes an update policy.
	ActionDeletePolicy Action = "deletePolicy"
	// ActionDeleteAudience deletes the audience.
	ActionDeleteAudience Action = "deleteAudience"
)

var actionWords = map[Action]string{
	ActionClearRules:         "clear the rules of update policy",
	ActionDeleteApproval:     "delete approval",
	ActionDeleteDeployment:   "delete deployment",
	ActionWaitForDeployments: "wait until the deployments are deleted",
	ActionRemoveMembers:      "remove the members and exclusions of audience",
	ActionDeletePolicy:       "delete update policy",
	ActionDeleteAudience:     "delete audience",
}

// Step is one change or wait of a teardown.
type Step struct {
	// Action is the kind of the step.
	Action Action `json:"action"`
	// ID is the ID of the object that the step changes. It is empty for [ActionWaitForDeployments], which is
	// about all deployments of the plan.
	ID string `json:"id,omitempty"`
	// UpdatePolicyID is the policy of an approval. It is empty for other actions.
	UpdatePolicyID string `json:"updatePolicyId,omitempty"`
	// Note is human-readable: details of the object in a plan, the result in a report.
	Note string `json:"note,omitempty"`
	// Deleted is whether a run has confirmed that the object no longer exists. See [Plan.After].
	Deleted bool `json:"deleted,omitempty"`
}

// String returns the action, the ID, and the note on one line.
func (s Step) String() string {
	note := s.Note
	if s.Deleted && note == "" {
		note = alreadyDeleted
	}
	if note != "" {
		note = "(" + note + ")"
	}
	return wire.Line(" ", cmp.Or(actionWords[s.Action], string(s.Action)), s.ID, note)
}

func (s Step) is(other Step) bool {
	return s.Action == other.Action && wire.SameID(s.ID, other.ID) && wire.SameID(s.UpdatePolicyID, other.UpdatePolicyID)
}

// Plan is the steps of a teardown, made by [Client.Plan]. Print it to have it confirmed, and store it as JSON
// to continue later.
type Plan struct {
	// Target is the target that the plan was made for.
	Target Target `json:"target"`
	// AudienceID is the audience to delete. It is empty if the audience is kept or no longer exists.
	AudienceID string `json:"audienceId,omitempty"`
	// Steps are the steps, in the order in which they are taken.
	Steps []Step `json:"steps"`
}

// String returns the steps, numbered, one per line.
func (p *Plan) String() string { return numbered(p.Steps) }

// After returns the plan for another run. That run skips the objects that the run of report has deleted; nil is
// a run that has deleted none.
func (p *Plan) After(report *Report) *Plan {
	next := *p
	next.Steps = slices.Clone(p.Steps)
	if report == nil {
		return &next
	}
	for i, step := range next.Steps {
		if slices.ContainsFunc(report.Done, func(done Step) bool { return done.Deleted && wire.SameID(done.ID, step.ID) }) {
			next.Steps[i].Deleted, next.Steps[i].Note = true, ""
		}
	}
	return &next
}

func numbered(steps []Step) string {
	var text strings.Builder
	for i, step := range steps {
		fmt.Fprintf(&text, "%d. %s\n", i+1, step)
	}
	return text.String()
}

var (
	// ErrAudienceInUse means that an update policy or deployment that the target does not name uses the
	// audience.
	ErrAudienceInUse = errors.New("the audience is used by more than the target names")
	// ErrPlanOutdated means that something depends on the target that is not in the plan.
	ErrPlanOutdated = errors.New("the plan is out of date")
	// ErrNotDeleted means that the deletion of a deployment was not confirmed within [PollOptions].Timeout.
	// Run the plan again later.
	ErrNotDeleted = errors.New("the deletion of a deployment is not confirmed")
)

// PlanError is the error of a plan or teardown that would have to delete more than was asked for.
type PlanError struct {
	// Found are the steps that would be needed in addition.
	Found []Step
	// Err is [ErrAudienceInUse] or [ErrPlanOutdated], and what errors.Unwrap returns.
	Err error
}

// Error returns the reason, the missing steps, and what to do.
func (e *PlanError) Error() string {
	advice := "check them, and make a new plan"
	if errors.Is(e.Err, ErrAudienceInUse) {
		advice = "to delete them too, name them in Target.Also; to keep the audience, set Target.KeepAudience"
	}
	var found []string
	for _, step := range e.Found {
		found = append(found, step.String())
	}
	return wire.Line("", fmt.Sprintf("%v: missing steps are %s; %s", e.Err, strings.Join(found, ", "), advice))
}

// Unwrap returns Err.
func (e *PlanError) Unwrap() error { return e.Err }

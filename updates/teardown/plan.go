package teardown

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Action is what a step of a teardown does.
type Action string

// The actions, in the order in which they come.
const (
	// ActionClearRules removes the rules of an update policy, so that it approves nothing
	// any more.
	ActionClearRules Action = "clearRules"
	// ActionDeleteApproval deletes an approval, which archives its deployments. Where the
	// service does not allow it the approval is revoked.
	ActionDeleteApproval Action = "deleteApproval"
	// ActionDeleteDeployment deletes a deployment, which the service does later.
	ActionDeleteDeployment Action = "deleteDeployment"
	// ActionWaitForDeployments waits until the deployments are gone.
	ActionWaitForDeployments Action = "awaitDeployments"
	// ActionRemoveMembers takes all members out of the audience, so that they are offered
	// nothing should it stay. The exclusions go with the audience.
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
	ActionWaitForDeployments: "wait until the deployments are gone",
	ActionRemoveMembers:      "remove the members of audience",
	ActionDeletePolicy:       "delete update policy",
	ActionDeleteAudience:     "delete audience",
}

// Step is one thing that a teardown does.
type Step struct {
	// Action is what is done.
	Action Action `json:"action"`
	// ID is what it is done to; empty with [ActionWaitForDeployments], which is about all
	// deployments of the plan.
	ID string `json:"id,omitempty"`
	// UpdatePolicyID is the policy of an approval; empty with other actions.
	UpdatePolicyID string `json:"updatePolicyId,omitempty"`
	// Note is for people: in a plan what is known of the thing, in a report how it
	// went. Empty when there is nothing to say.
	Note string `json:"note,omitempty"`
}

// String says in words what the step does, with the note.
func (s Step) String() string {
	text := strings.TrimSpace(cmp.Or(actionWords[s.Action], string(s.Action)) + " " + s.ID)
	if s.Note != "" {
		text += " (" + s.Note + ")"
	}
	return text
}

func (s Step) is(other Step) bool {
	return s.Action == other.Action && wire.SameID(s.ID, other.ID) && wire.SameID(s.UpdatePolicyID, other.UpdatePolicyID)
}

// Plan is what a teardown will do. Print it to have it confirmed, and store it
// as JSON to go on with it later. Make it with [Client.Plan].
type Plan struct {
	// Target is what the plan was made for.
	Target Target `json:"target"`
	// AudienceID is the audience that goes; empty when it stays, or is gone already.
	AudienceID string `json:"audienceId,omitempty"`
	// Steps are what is done, in this order.
	Steps []Step `json:"steps"`
}

// String has one line for each step.
func (p *Plan) String() string { return numbered(p.Steps) }

func numbered(steps []Step) string {
	var text strings.Builder
	for i, step := range steps {
		fmt.Fprintf(&text, "%d. %s\n", i+1, step)
	}
	return text.String()
}

var (
	// ErrAudienceInUse means that something that the target does not name uses the audience.
	ErrAudienceInUse = errors.New("something else uses the audience")
	// ErrPlanOutdated means that something hangs on the target that the plan does not have.
	ErrPlanOutdated = errors.New("the plan is out of date")
)

// RefusedError is a teardown, or a plan for one, that something is in the way
// of.
type RefusedError struct {
	// Found are the steps that would be needed in addition.
	Found []Step
	// Err is [ErrAudienceInUse] or [ErrPlanOutdated], and what errors.Unwrap returns.
	Err error
}

// Error returns the reason, what was found, and what to do.
func (e *RefusedError) Error() string {
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
func (e *RefusedError) Unwrap() error { return e.Err }

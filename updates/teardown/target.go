package teardown

import (
	"errors"
	"slices"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Target names what is to go: an update policy or an audience.
type Target struct {
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
func (t Target) Validate() error {
	var problems []error
	add := func(field, rule string) {
		problems = append(problems, &apierr.FieldError{Field: field, Rule: rule})
	}
	if (t.UpdatePolicyID == "") == (t.AudienceID == "") {
		add("Target", "must have one of UpdatePolicyID and AudienceID")
	}
	if t.KeepAudience && (t.AudienceID != "" || len(t.Also) > 0) {
		add("Target.KeepAudience", "must not be set with AudienceID or Also")
	}
	if slices.Contains(t.Also, "") {
		add("Target.Also", "must have no empty id")
	}
	return errors.Join(problems...)
}

func (t Target) takesPolicy(id string) bool {
	return t.AudienceID != "" || wire.SameID(t.UpdatePolicyID, id) || wire.HasID(t.Also, id)
}

func (t Target) takesDeployment(d *deployments.Deployment) bool {
	return t.AudienceID != "" || wire.HasID(t.Also, d.ID) || d.State.Effective == deployments.StateArchived
}

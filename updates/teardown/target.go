package teardown

import (
	"errors"
	"slices"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Target selects an update policy or an audience to delete.
type Target struct {
	// UpdatePolicyID is an update policy. Its approvals, their deployments, its audience, and the archived
	// deployments of that audience are deleted too. Set either UpdatePolicyID or AudienceID.
	UpdatePolicyID string `json:"updatePolicyId,omitempty"`
	// AudienceID is an audience. All update policies and deployments that use it are deleted too. To delete a
	// deployment, use the ID of its Audience; if that is empty, read it with Audiences().Get and
	// [audience.OfDeployment].
	AudienceID string `json:"audienceId,omitempty"`
	// Also are the IDs of other update policies and deployments that use the audience of the update policy
	// and are to be deleted with it. It has no effect with AudienceID.
	Also []string `json:"also,omitzero"`
	// KeepAudience keeps the audience of the update policy, with its members and everything else that uses
	// it. It must be false with AudienceID and with Also.
	KeepAudience bool `json:"keepAudience,omitempty"`
}

// Validate checks the target without a request. The error is apierr.ErrInvalid and joins an
// [apierr.FieldError] for each problem.
func (t Target) Validate() error {
	var problems []error
	add := func(field, rule string) {
		problems = append(problems, &apierr.FieldError{Field: field, Rule: rule})
	}
	if (t.UpdatePolicyID == "") == (t.AudienceID == "") {
		add("Target", "must have either UpdatePolicyID or AudienceID")
	}
	if t.KeepAudience && (t.AudienceID != "" || len(t.Also) > 0) {
		add("Target.KeepAudience", "must not be set with AudienceID or Also")
	}
	if slices.Contains(t.Also, "") {
		add("Target.Also", "must not contain an empty ID")
	}
	return errors.Join(problems...)
}

func (t Target) takesPolicy(id string) bool {
	return t.AudienceID != "" || wire.SameID(t.UpdatePolicyID, id) || wire.HasID(t.Also, id)
}

func (t Target) takesDeployment(d *deployments.Deployment) bool {
	return t.AudienceID != "" || wire.HasID(t.Also, d.ID) || d.State.Effective == deployments.StateArchived
}

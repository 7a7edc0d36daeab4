// Package updatepolicies manages update policies: their rules, and the approvals of
// updates in them.
package updatepolicies

import (
	"context"
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/updatepolicies"
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
	// nil says nothing about them. [Client.ListApprovals] lists all of
	// them.
	Approvals []*Approval `json:"complianceChanges,omitzero"`
	// Created is when the policy was created, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Client creates, reads and changes update policies, and approves
// content in them. Get it from updates.Client.UpdatePolicies; the zero client
// returns an error from every call that would send something.
type Client struct {
	call *call.Client
}

// Create creates an update policy. The audience must exist; it cannot be replaced
// later. Rules approve what is published from now on, and drivers from when a device
// needs them.
//
// The spec is checked first; see [Spec.Validate]. A lost answer is
// apierr.ErrUnknownOutcome: look for the policy before creating it again, or use
// [Client.CreateOnce].
//
//   - Graph: POST /updatePolicies
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-post-updatepolicies?view=graph-rest-beta
func (c Client) Create(ctx context.Context, spec Spec) (*Policy, error) {
	op := call.Op{Name: "updatePolicies.Create", Kind: call.Create}
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.UpdatePolicyable, error) {
		return g.UpdatePolicies().Post(ctx, writeSpec(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w).forAudience(spec.AudienceID), nil
}

// Get returns an update policy with the id of its audience.
//
//   - Graph: GET /updatePolicies/{id}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-get?view=graph-rest-beta
func (c Client) Get(ctx context.Context, id string) (*Policy, error) {
	return c.get(ctx, ofPolicy("updatePolicies.Get", call.Read, id), id)
}

func (c Client) get(ctx context.Context, op call.Op, id string) (*Policy, error) {
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.UpdatePolicyable, error) {
		with := &builders.UpdatePolicyItemRequestBuilderGetQueryParameters{Expand: []string{"audience"}}
		return g.UpdatePolicies().ByUpdatePolicyId(id).Get(ctx, call.With(with))
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w), nil
}

// List lists the update policies of the tenant. The audiences come only when the
// query has "audience" in Expand.
//
//   - Graph: GET /updatePolicies
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatepolicies?view=graph-rest-beta
func (c Client) List(q odata.Query) odata.List[*Policy] {
	return call.List(c.call, call.Op{Name: "updatePolicies.List"}, q, getPolicies, call.All(readPolicy))
}

// Delete deletes an update policy. Delete its approvals before, and look at the
// package documentation for what is left behind.
//
//   - Graph: DELETE /updatePolicies/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	return call.Exec(ctx, c.call, ofPolicy("updatePolicies.Delete", call.Delete, id), func(ctx context.Context, g *graph.Client) error {
		return g.UpdatePolicies().ByUpdatePolicyId(id).Delete(ctx, nil)
	})
}

func ofPolicy(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

func getPolicies(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.UpdatePolicyPageable, error) {
	return call.At(g.UpdatePolicies(), link).Get(ctx, call.With((*builders.UpdatePoliciesRequestBuilderGetQueryParameters)(p)))
}

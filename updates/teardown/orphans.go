package teardown

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Orphans are objects that nothing uses.
type Orphans struct {
	// Audiences are the audiences that no deployment and no update policy uses. They can still have members,
	// which [Client.Plan] counts.
	Audiences []*audience.Audience `json:"audiences,omitzero"`
	// Archived are the archived deployments. They are records, and the service does not delete their
	// audiences as long as they exist.
	Archived []ArchivedDeployment `json:"archived,omitzero"`
}

// ArchivedDeployment is a deployment that has ended and cannot be resumed.
type ArchivedDeployment struct {
	// Deployment is the deployment.
	Deployment *deployments.Deployment `json:"deployment"`
	// UpdatePolicyID is the policy whose approval created the deployment. It is empty if no existing approval
	// did.
	UpdatePolicyID string `json:"updatePolicyId,omitempty"`
	// ApprovalID is the approval that created the deployment, or empty as UpdatePolicyID.
	ApprovalID string `json:"approvalId,omitempty"`
}

// FindOrphans finds audiences that nothing uses, and archived deployments. Use it to clean up; it changes
// nothing.
//
// Check the result before you delete anything. An audience that another program has just created and not
// used yet is an orphan too. So is an audience whose only dependent the service does not list.
//
// FindOrphans reads all audiences, deployments, update policies, and approvals. It sends a request for each
// approval.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences
//graph:op GET /deployments
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /updatePolicies/{id}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//graph:page none, it is made of other operations
func (c Client) FindOrphans(ctx context.Context) (orphans *Orphans, err error) {
	const op = "teardown.FindOrphans"
	defer c.call.Span(&ctx, op)(&err)
	// Audiences come first: one that comes into use in the meantime is then no orphan.
	var all []*audience.Audience
	for a, err := range c.audiences.List(nil).All(ctx) {
		if err != nil {
			return nil, during(op, "listing audiences", err)
		}
		all = append(all, a)
	}
	s := search{client: c, used: map[string]bool{}}
	if err := s.deployments(ctx); err != nil {
		return nil, during(op, "listing deployments", err)
	}
	if err := s.policies(ctx); err != nil {
		return nil, during(op, "listing update policies", err)
	}
	unused := slices.DeleteFunc(all, func(a *audience.Audience) bool { return s.used[strings.ToLower(a.ID)] })
	return &Orphans{Audiences: unused, Archived: s.archived}, nil
}

// search is one search for orphans.
type search struct {
	client   Client
	used     map[string]bool // audiences, in lower case
	archived []ArchivedDeployment
}

func (s *search) deployments(ctx context.Context) error {
	for d, err := range s.client.deployments.List(nil).All(ctx) {
		if err == nil {
			err = s.see(ctx, ArchivedDeployment{Deployment: d})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// see notes the audience of a deployment, and the deployment if it is archived.
func (s *search) see(ctx context.Context, one ArchivedDeployment) error {
	d := one.Deployment
	id, err := s.client.audienceID(ctx, d.Audience, audience.OfDeployment(d.ID))
	if err != nil {
		return err
	}
	s.used[strings.ToLower(id)] = true
	if slices.Contains(d.Unread(), "state") || slices.Contains(d.State.Unread(), "effectiveValue") {
		return fmt.Errorf("it is unknown whether deployment %s is archived: its state could not be read", d.ID)
	}
	if isArchived(d) {
		s.archived = append(s.archived, one)
	}
	return nil
}

func (s *search) policies(ctx context.Context) error {
	for policy, err := range s.client.policies.List(&odata.Query{Expand: []string{"audience"}}).All(ctx) {
		if err != nil {
			return err
		}
		id, err := s.client.audienceID(ctx, policy.Audience, audience.OfUpdatePolicy(policy.ID))
		if err != nil {
			return err
		}
		s.used[strings.ToLower(id)] = true
		use, err := s.client.approvalsOf(ctx, policy)
		if err != nil {
			return err
		}
		if err := s.made(ctx, use); err != nil {
			return err
		}
	}
	return nil
}

// made notes the approval of each listed deployment, and adds the deployments that the list omits.
func (s *search) made(ctx context.Context, use policyUse) error {
	for _, approval := range use.approvals {
		for _, d := range approval.Deployments {
			one := ArchivedDeployment{Deployment: d, UpdatePolicyID: use.policy.ID, ApprovalID: approval.ID}
			i := slices.IndexFunc(s.archived,
				func(other ArchivedDeployment) bool { return wire.SameID(other.Deployment.ID, d.ID) })
			if i >= 0 {
				one.Deployment = s.archived[i].Deployment
				s.archived[i] = one
				continue
			}
			if err := s.see(ctx, one); err != nil {
				return err
			}
		}
	}
	return nil
}

package reports

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/data"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListAssignments lists which policies are assigned to which devices. To get the profile of each device too,
// set Expand to "deviceProfile".
//
// Graph: GET /data/policyAssignments (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatedata-list-policyassignments?view=graph-rest-beta
func (c Client) ListAssignments(q *odata.Query) odata.List[*Assignment] {
	op := call.Op{Name: "reports.ListAssignments"}
	return call.ListLimited(c.call, op, q, []string{"deviceProfile"}, fetchAssignments, call.All(readAssignment))
}

// GetAssignment returns an assignment. If there is none, the error is apierr.ErrNotFound.
//
// Graph: GET /data/policyAssignments/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policyassignment-get?view=graph-rest-beta
func (c Client) GetAssignment(ctx context.Context, id string) (*Assignment, error) {
	op := reportOp("reports.GetAssignment", "id", id)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.PolicyAssignmentable, error) {
		return g.Data().PolicyAssignments().ByPolicyAssignmentId(id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readAssignment(w), nil
}

// GetAssignedProfile returns the profile of the device of an assignment. If there is no assignment or no
// profile, the error is apierr.ErrNotFound.
//
// Graph: GET /data/policyAssignments/{id}/deviceProfile (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deviceprofile-get?view=graph-rest-beta
func (c Client) GetAssignedProfile(ctx context.Context, assignmentID string) (*Profile, error) {
	op := reportOp("reports.GetAssignedProfile", "assignmentID", assignmentID)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.DeviceProfileable, error) {
		return g.Data().PolicyAssignments().ByPolicyAssignmentId(assignmentID).DeviceProfile().Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readProfile(w), nil
}

func fetchAssignments(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.PolicyAssignmentPageable, error) {
	assignments := call.At(g.Data().PolicyAssignments(), link)
	return assignments.Get(ctx, call.With((*builders.PolicyAssignmentsRequestBuilderGetQueryParameters)(p)))
}

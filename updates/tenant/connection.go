package tenant

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/resourceconnections"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ConnectionKind is the kind of a connection.
type ConnectionKind string

// KindLogAnalytics is the kind of a connection to a Log Analytics workspace.
const KindLogAnalytics ConnectionKind = "operationalInsightsConnection"

// Connection sends reports of the service to a resource outside the service. It cannot be changed, only
// deleted and created again.
type Connection struct {
	// ID identifies the connection.
	ID string `json:"id"`
	// Kind is [KindLogAnalytics], an unknown kind, or in lists the abstract
	// "resourceConnection". It is empty if the service omitted it.
	Kind ConnectionKind `json:"kind,omitempty"`
	// State says whether the connection works.
	State ConnectionState `json:"state,omitempty"`
	// Subscription is the ID of the Azure subscription. It is empty in
	// [Client.ListConnections] and for other kinds.
	Subscription string `json:"azureSubscriptionId,omitempty"`
	// ResourceGroup is the name of the resource group; empty in the same cases.
	ResourceGroup string `json:"azureResourceGroupName,omitempty"`
	// Workspace is the name of the workspace; empty in the same cases.
	Workspace string `json:"workspaceName,omitempty"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// ConnectionState says whether a connection works.
type ConnectionState string

// The states of a connection.
const (
	// StateConnected: the connection works.
	StateConnected ConnectionState = "connected"
	// StateNotAuthorized: the service is not allowed to write to the resource.
	StateNotAuthorized ConnectionState = "notAuthorized"
	// StateNotFound: the resource no longer exists.
	StateNotFound ConnectionState = "notFound"
)

// LogAnalyticsWorkspace is a Log Analytics workspace in Azure.
type LogAnalyticsWorkspace struct {
	// Subscription is the ID of the Azure subscription. It must not be empty.
	Subscription string `json:"azureSubscriptionId"`
	// ResourceGroup is the name of the resource group. It must not be empty.
	ResourceGroup string `json:"azureResourceGroupName"`
	// Workspace is the name of the workspace. It must not be empty.
	Workspace string `json:"workspaceName"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (l LogAnalyticsWorkspace) Validate() error {
	return errors.Join(
		wire.CheckNamed("Subscription", l.Subscription),
		wire.CheckNamed("ResourceGroup", l.ResourceGroup),
		wire.CheckNamed("Workspace", l.Workspace),
	)
}

// CreateConnection connects the tenant to a Log Analytics workspace.
//
// CreateConnection validates workspace first; see [LogAnalyticsWorkspace.Validate]. If the service finds no
// such workspace, the error is apierr.ErrInvalid. If the Azure subscription is not active, the error is
// apierr.ErrForbidden, and if the workspace is connected already, apierr.ErrConflict. If the response is
// lost, the error is apierr.ErrUnknownOutcome: search [Client.ListLogAnalytics] before you retry.
//
// Graph: POST /resourceConnections (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-resourceconnections-operationalinsightsconnection?view=graph-rest-beta
func (c Client) CreateConnection(ctx context.Context, workspace LogAnalyticsWorkspace) (*Connection, error) {
	op := call.Op{Name: "tenant.CreateConnection", Kind: call.Create}
	if err := workspace.Validate(); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ResourceConnectionable, error) {
		return g.ResourceConnections().Post(ctx, writeLogAnalytics(workspace), nil)
	})
	if err != nil {
		return nil, err
	}
	return readConnection(w), nil
}

// GetConnection returns a connection. If there is none, the error is apierr.ErrNotFound.
//
// Graph: GET /resourceConnections/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-operationalinsightsconnection-get?view=graph-rest-beta
func (c Client) GetConnection(ctx context.Context, id string) (*Connection, error) {
	op := connectionOp("tenant.GetConnection", call.Read, id)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ResourceConnectionable, error) {
		return g.ResourceConnections().ByResourceConnectionId(id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readConnection(w), nil
}

// ListConnections lists the connections of all kinds. It is documented to return only ID
// and state; for the workspaces, use [Client.ListLogAnalytics].
//
// Graph: GET /resourceConnections (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-resourceconnections?view=graph-rest-beta
func (c Client) ListConnections(q *odata.Query) odata.List[*Connection] {
	op := call.Op{Name: "tenant.ListConnections"}
	return call.List(c.call, op, q, fetchConnections, call.All(readConnection))
}

// ListLogAnalytics lists the connections to Log Analytics workspaces.
//
// Graph: GET /resourceConnections/microsoft.graph.windowsUpdates.operationalInsightsConnection (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-resourceconnections-operationalinsightsconnection?view=graph-rest-beta
func (c Client) ListLogAnalytics(q *odata.Query) odata.List[*Connection] {
	op := call.Op{Name: "tenant.ListLogAnalytics"}
	return call.List(c.call, op, q, fetchLogAnalytics, func(w models.OperationalInsightsConnectionable) (*Connection, bool) {
		return readConnection(w), true
	})
}

// DeleteConnection deletes a connection. The workspace and its data are not changed.
//
// Graph: DELETE /resourceConnections/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-operationalinsightsconnection-delete?view=graph-rest-beta
func (c Client) DeleteConnection(ctx context.Context, id string) error {
	op := connectionOp("tenant.DeleteConnection", call.Delete, id)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return g.ResourceConnections().ByResourceConnectionId(id).Delete(ctx, nil)
	})
}

func connectionOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

func fetchConnections(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.ResourceConnectionPageable, error) {
	return call.At(g.ResourceConnections(), link).Get(ctx,
		call.With((*builders.ResourceConnectionsRequestBuilderGetQueryParameters)(p)))
}

func fetchLogAnalytics(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.OperationalInsightsConnectionPageable, error) {
	type parameters = builders.MicrosoftGraphWindowsUpdatesOperationalInsightsConnectionRequestBuilderGetQueryParameters
	connections := g.ResourceConnections().MicrosoftGraphWindowsUpdatesOperationalInsightsConnection()
	return call.At(connections, link).Get(ctx, call.With((*parameters)(p)))
}

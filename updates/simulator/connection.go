package simulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of connections.
const (
	connectionType = "resourceConnection"
	workspaceType  = "operationalInsightsConnection"
)

func connectionTypes() types {
	return types{
		connectionType: {Base: "entity", Abstract: true, Properties: "state text"},
		workspaceType: {
			Base:       connectionType,
			Properties: "azureResourceGroupName text, azureSubscriptionId text, workspaceName text",
		},
	}
}

func addConnectionRoutes(add func(string, methods)) {
	add("resourceConnections", methods{"GET": (*Server).listConnections, "POST": (*Server).createConnection})
	add("resourceConnections/"+namespace+workspaceType, methods{"GET": (*Server).listWorkspaces})
	add("resourceConnections/{}", methods{"GET": (*Server).getConnection, "DELETE": (*Server).deleteConnection})
}

// connection is the export of report data to a Log Analytics workspace.
type connection struct {
	id            string
	subscription  string
	resourceGroup string
	workspace     string
}

// RemoveWorkspace removes a Log Analytics workspace, by its case-insensitive name: creating a
// connection to it fails (400), and existing connections have the state notFound. All other workspaces
// exist. RemoveWorkspace returns an error if the name is empty.
func (s *Server) RemoveWorkspace(name string) error {
	if name == "" {
		return invalid("workspace name must not be empty")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lostWorkspaces.put(strings.ToLower(name), true)
	return nil
}

// SuspendSubscription makes an Azure subscription inactive, by its case-insensitive ID. A connection to one
// of its workspaces cannot be created then (403), and existing connections have the state notAuthorized. All
// other subscriptions are active. SuspendSubscription returns an error if the ID is empty.
func (s *Server) SuspendSubscription(subscriptionID string) error {
	if subscriptionID == "" {
		return invalid("subscription ID must not be empty")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idleSubscriptions.put(strings.ToLower(subscriptionID), true)
	return nil
}

func (s *Server) listConnections(c *call) (reply, error) {
	return s.pageOfConnections(c, connectionType, "resourceConnections")
}

func (s *Server) listWorkspaces(c *call) (reply, error) {
	return s.pageOfConnections(c, workspaceType, "resourceConnections/"+namespace+workspaceType)
}

func (s *Server) pageOfConnections(c *call, kind, context string) (reply, error) {
	return c.page(kind, context, s.connections.len(), func(i int) object {
		return s.connection(s.connections.at(i))
	})
}

func (s *Server) createConnection(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	made, err := readConnection(in)
	if err != nil {
		return reply{}, err
	}
	if err := s.admits(made); err != nil {
		return reply{}, err
	}
	s.connections.put(made.id, made)
	return reply{http.StatusCreated, c.single(s.connection(made), "resourceConnections/$entity")}, nil
}

func readConnection(in *odata.Body) (*connection, error) {
	if in.Kind() != workspaceType {
		return nil, odata.BadRequest("Only an operationalInsightsConnection can be created.")
	}
	made := &connection{
		id:            newID(),
		subscription:  or(in.Text("azureSubscriptionId"), ""),
		resourceGroup: or(in.Text("azureResourceGroupName"), ""),
		workspace:     or(in.Text("workspaceName"), ""),
	}
	if made.subscription == "" || made.resourceGroup == "" || made.workspace == "" {
		return nil, badKeys()
	}
	return made, nil
}

func badKeys() error {
	return odata.BadRequest("The specified workspace was not able to be linked. Verify that the key properties are correct.")
}

// admits rejects a connection with the messages of the service.
func (s *Server) admits(made *connection) error {
	switch s.stateOf(made) {
	case "notFound":
		return badKeys()
	case "notAuthorized":
		return odata.NewFault(http.StatusForbidden,
			"The specified workspace was not able to be linked. Verify that the Azure subscription is active.")
	}
	if slices.ContainsFunc(s.connections.all(), made.isLike) {
		return odata.Conflict("The specified resource already exists.")
	}
	return nil
}

// isLike ignores case, as Azure does.
func (c *connection) isLike(other *connection) bool {
	return strings.EqualFold(c.subscription, other.subscription) &&
		strings.EqualFold(c.resourceGroup, other.resourceGroup) &&
		strings.EqualFold(c.workspace, other.workspace)
}

func (s *Server) stateOf(c *connection) string {
	switch {
	case s.lostWorkspaces.has(strings.ToLower(c.workspace)):
		return "notFound"
	case s.idleSubscriptions.has(strings.ToLower(c.subscription)):
		return "notAuthorized"
	}
	return "connected"
}

func (s *Server) getConnection(c *call) (reply, error) {
	found, err := s.connections.find(c.ids[0], connectionType)
	if err != nil {
		return reply{}, err
	}
	return c.one(connectionType, "resourceConnections/$entity", s.connection(found))
}

func (s *Server) deleteConnection(c *call) (reply, error) {
	if !s.connections.has(c.ids[0]) {
		return reply{}, odata.NotFound(connectionType)
	}
	s.connections.remove(c.ids[0])
	return reply{status: http.StatusNoContent}, nil
}

// connection renders a connection as it is sent.
func (s *Server) connection(c *connection) object {
	return object{
		"@odata.type":            "#" + namespace + workspaceType,
		"id":                     c.id,
		"state":                  s.stateOf(c),
		"azureSubscriptionId":    c.subscription,
		"azureResourceGroupName": c.resourceGroup,
		"workspaceName":          c.workspace,
	}
}

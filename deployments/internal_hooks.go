package deployments

import (
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

func (hooks) NewClient(c *call.Client) Client { return Client{c} }

func (hooks) ReadSettings(w models.DeploymentSettingsable) Settings { return readSettings(w) }

// WriteSettings returns nil for zero settings, which are not sent.
func (hooks) WriteSettings(s Settings) models.DeploymentSettingsable { return writeSettings(s) }

func (hooks) ReadContent(w models.DeployableContentable) Content { return readContent(w) }

func (hooks) WriteContent(kind catalog.Kind, entryID string) models.DeployableContentable {
	return writeContent(kind, entryID)
}

// SearchWindow returns how long to search for the object after a lost response.
func (hooks) SearchWindow(o *CreateOnceOptions) (time.Duration, error) { return o.window() }

func (hooks) ReadDeployment(w models.Deploymentable) *Deployment { return readDeployment(w) }

// DesiredEntry tells contents without the ID of their entry apart.
func (hooks) DesiredEntry(c *call.Client, id string) *desiredEntry {
	return &desiredEntry{client: catalog.Internal.NewClient(c), id: id}
}

// MayBeOf reports whether a content can be that of an entry.
func (hooks) MayBeOf(c Content, kind catalog.Kind, entryID string) bool {
	return c.mayBeOf(kind, entryID)
}

// WriteChanges writes the settings of an update.
func (hooks) WriteChanges(u Update) models.DeploymentSettingsable { return writeChanges(u) }

// IsApplied reports whether settings certainly have what an update without a state sets.
func (hooks) IsApplied(u Update, read Settings) bool {
	return u.isAppliedTo(&Deployment{Settings: read})
}

func (hooks) Rescheduled(read Settings, start time.Time) Update { return rescheduled(read, start) }

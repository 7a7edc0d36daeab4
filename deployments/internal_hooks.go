package deployments

import (
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Internal is for the other packages of this module: its methods take internal types.
var Internal hooks

type hooks struct{}

func (hooks) NewClient(c *call.Client) Client { return Client{call: c} }

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

// Unread names the properties that could not be read of settings and all in them.
func (hooks) Unread(s Settings) []string { return s.allUnread() }

// Doubt is why something with properties that could not be read may not match, or empty.
func (hooks) Doubt(unread []string) string { return doubt(unread) }

// KindWarnings are about parts that the service ignores for a kind.
func (hooks) KindWarnings(s Settings, kind catalog.Kind) []Warning { return s.kindWarnings(kind) }

// OffersImmediately reports whether settings offer an update to all members as soon as it may
// be offered.
func (hooks) OffersImmediately(s Settings, now time.Time) bool { return s.offersImmediately(now) }

// HasOffered reports whether settings, in a property of a value with extra, certainly do.
func (hooks) HasOffered(s Settings, extra map[string]json.RawMessage, property string, now time.Time) bool {
	return s.hasOffered(extra, property, now)
}

// MayOffer reports whether an update can make settings do that, and AppliedTo returns the
// settings after the update, as far as it matters for that.
func (hooks) MayOffer(u Update, now time.Time) bool { return u.mayOffer(now) }

// DependsOnStart reports whether the start in an update decides how many steps its rollout takes.
func (hooks) DependsOnStart(u Update) bool { return u.dependsOnStart() }

func (hooks) AppliedTo(u Update, s Settings) Settings { return u.appliedTo(s) }

// Merged returns settings in which the parts that own sets, or its Extra, replace those of base.
func (h hooks) Merged(base, own Settings) Settings { return h.UpdateOf(own).appliedTo(base.with(own)) }

// UpdateOf is the update that sets the schedule and expediting of settings, if they have them.
func (hooks) UpdateOf(s Settings) (u Update) {
	u.Extra = s.Extra
	if !s.Schedule.isZero() {
		u.Schedule = odata.Set(s.Schedule)
	}
	if !s.Expedite.isZero() {
		u.Expedite = odata.Set(s.Expedite)
	}
	return u
}

// WriteChanges writes the settings of an update.
func (hooks) WriteChanges(u Update) models.DeploymentSettingsable { return writeChanges(u) }

// IsApplied reports whether settings certainly have what an update without a state sets.
func (hooks) IsApplied(u Update, read Settings) bool {
	return u.isAppliedTo(&Deployment{Settings: read})
}

// Rescheduled moves the start in settings that were read, which are in the property at path
// of a value with extra.
func (hooks) Rescheduled(
	read Settings, start time.Time, property string, extra map[string]json.RawMessage,
) (Update, error) {
	unread := wire.Unread(extra, property)
	return rescheduled(read, start, append(unread, under(property+".", read.moveUnread())...))
}

package deployments

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readDeployment(w models.Deploymentable) *Deployment {
	return &Deployment{
		ID:       wire.Value(w.GetId()),
		State:    readState(w.GetState()),
		Content:  readContent(w.GetContent()),
		Settings: readSettings(w.GetSettings()),
		Audience: audience.Internal.ReadAudience(w.GetAudience()),
		Created:  wire.Time(w.GetCreatedDateTime()),
		Modified: wire.Time(w.GetLastModifiedDateTime()),
		Extra:    wire.Extra(w),
	}
}

func readState(w models.DeploymentStateable) State {
	if w == nil {
		return State{}
	}
	s := State{
		Effective: EffectiveState(wire.Value(w.GetEffectiveValue())),
		Requested: RequestedState(wire.Value(w.GetRequestedValue())),
		Reasons: wire.Each(w.GetReasons(), func(w models.DeploymentStateReasonable) Reason {
			return Reason{Value: ReasonValue(wire.Value(w.GetValue())), Extra: wire.Extra(w)}
		}),
		Extra: wire.Extra(w),
	}
	s.Extra = wire.Take(s.Extra, "value", &s.Effective) // its name in responses before 2024
	return s
}

func readContent(w models.DeployableContentable) Content {
	if w == nil {
		return Content{}
	}
	extra := wire.Extra(w)
	if content, ok := w.(models.CatalogContentable); ok && content.GetCatalogEntry() != nil {
		return readCatalogContent(content.GetCatalogEntry(), extra)
	}
	if entry := nested(extra); entry != nil {
		return readCatalogContent(entry, wire.Without(extra, "catalogEntry"))
	}
	if entry := flattened(extra, wire.Value(w.GetOdataType())); entry != nil {
		return readCatalogContent(entry, nil)
	}
	return Content{Extra: extra}
}

func readCatalogContent(w models.CatalogEntryable, extra map[string]json.RawMessage) Content {
	entry := catalog.Internal.ReadEntry(w)
	return Content{EntryID: entry.Common().ID, Kind: entry.Common().Kind, Entry: entry, Extra: extra}
}

// nested is the entry of a content without a type; nil if there is none.
func nested(members map[string]json.RawMessage) models.CatalogEntryable {
	var entry map[string]json.RawMessage
	if json.Unmarshal(members["catalogEntry"], &entry) != nil || !hasID(entry) {
		return nil
	}
	return parseEntry(members["catalogEntry"])
}

// flattened is the entry whose properties are in the content itself, as in some examples
// of the service's documentation; nil if there is none.
func flattened(members map[string]json.RawMessage, typeName string) models.CatalogEntryable {
	if !hasID(members) {
		return nil
	}
	if strings.HasSuffix(typeName, "CatalogEntry") {
		members = wire.Keep(maps.Clone(members), "@odata.type", typeName)
	}
	text, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return parseEntry(text)
}

func hasID(members map[string]json.RawMessage) bool {
	var id string
	return json.Unmarshal(members["id"], &id) == nil && id != ""
}

// parseEntry is nil if the text cannot be read as an entry.
func parseEntry(text []byte) models.CatalogEntryable {
	return wire.Parse[models.CatalogEntryable](text, models.CreateCatalogEntryFromDiscriminatorValue)
}

func writeSpec(s Spec) models.Deploymentable {
	w := models.NewDeployment()
	w.SetContent(writeContent(s.Kind, s.EntryID))
	if s.AudienceID != "" {
		audience := models.NewDeploymentAudience()
		audience.SetId(&s.AudienceID)
		w.SetAudience(audience)
	}
	w.SetSettings(writeSettings(s.Settings))
	wire.AddExtra(w, s.Extra)
	return w
}

func writeContent(kind catalog.Kind, entryID string) models.CatalogContentable {
	entry := models.NewCatalogEntry()
	entry.SetOdataType(wire.LongType(string(kind)))
	entry.SetId(&entryID)
	content := models.NewCatalogContent()
	content.SetCatalogEntry(entry)
	return content
}

func writeUpdate(u Update) models.Deploymentable {
	w := models.NewDeployment()
	if u.State != "" {
		state := models.NewDeploymentState()
		state.SetRequestedValue(new(string(u.State)))
		w.SetState(state)
	}
	if u.changesSettings() {
		w.SetSettings(writeChanges(u))
	}
	return w
}

// Package tenant has what is set once for the whole tenant: its settings, those of
// its device management apps, and the connections that reports need.
//
//	settings, err := client.Tenant().Settings(ctx)
//	err = client.Tenant().Update(ctx, tenant.SettingsUpdate{DataProcessor: odata.Set(true)})
//
// Reports are sent to a Log Analytics workspace of Azure, once it is connected:
//
//	connection, err := client.Tenant().Connect(ctx, tenant.LogAnalyticsWorkspace{
//		Subscription: subscriptionID, ResourceGroup: "updates", Workspace: "reports"})
//
// The routes of the settings are in the reference and in the list of permissions,
// but not in the service's metadata, and nobody has described what they answer
// beyond that.
//
// # JSON
//
// All values marshal to JSON with the service's names of their members, and
// unmarshal from it without loss. Members that this version does not know are in
// "extra". In an update null is sent as null, and what is kept is left out. It is
// not the form in which the service itself is written to.
//
// A [Client] comes from updates.Client and may be used by many goroutines. Errors
// are those of package apierr.
package tenant

import (
	"context"
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client reads and changes what is set for the tenant. Get it from
// updates.Client.Tenant; the zero Client returns an error from every call.
type Client struct {
	call *call.Client
}

// Settings are the settings of the tenant.
type Settings struct {
	// ID identifies the settings; mostly empty, since a tenant has only these.
	ID string `json:"id,omitempty"`
	// DataProcessor is whether features are on that need Windows diagnostic data in
	// processor configuration (Data Processor Service for Windows). A tenant that
	// never set it has false.
	DataProcessor bool `json:"areDataProcessorServiceForWindowsFeaturesEnabled"`
	// MDMApps are the settings of device management apps, perhaps only of the first,
	// where the service sent them along; nil otherwise. [Client.ListMDMApps] lists all.
	MDMApps []*MDMApp `json:"mdmAppSettings,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// GetSettings returns the settings of the tenant, the defaults where none were saved.
//
//   - Graph: GET /tenantSettings
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-tenantsetting-get?view=graph-rest-beta
func (c Client) GetSettings(ctx context.Context) (*Settings, error) {
	w, err := c.settings(ctx)
	if err != nil {
		return nil, err
	}
	return readSettings(w), nil
}

func (c Client) settings(ctx context.Context) (models.TenantSettingable, error) {
	op := call.Op{Name: "tenant.GetSettings", Single: true}
	return call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.TenantSettingable, error) {
		return g.TenantSettings().Get(ctx, nil)
	})
}

// SettingsUpdate is a change of the tenant's settings. What it does not name stays as it is.
// It is never made from settings that were read.
type SettingsUpdate struct {
	// DataProcessor turns features on or off that need Windows diagnostic data in
	// processor configuration. Null asks for the default, which is off; that the
	// service takes null is not documented.
	DataProcessor odata.Change[bool] `json:"areDataProcessorServiceForWindowsFeaturesEnabled,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. An update that changes nothing is a problem.
func (u SettingsUpdate) Validate() error {
	if u.DataProcessor.IsUnset() && len(u.Extra) == 0 {
		return &apierr.FieldError{Field: "SettingsUpdate", Rule: "must change something"}
	}
	return wire.CheckExtra("SettingsUpdate", u.Extra, map[string]bool{
		"@odata.type": true, "areDataProcessorServiceForWindowsFeaturesEnabled": !u.DataProcessor.IsUnset(),
	})
}

// UpdateSettings changes the settings of the tenant.
//
// When an answer was lost and the repetition is refused with 400 or 409, the
// settings are read until the change shows; if it does not, the error is the refusal
// and also apierr.ErrUnknownOutcome.
//
//   - Graph: PATCH /tenantSettings
//   - Graph: GET /tenantSettings
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-tenantsetting-update?view=graph-rest-beta
func (c Client) UpdateSettings(ctx context.Context, u SettingsUpdate) error {
	op := call.Op{Name: "tenant.UpdateSettings", Kind: call.Update}
	if err := u.Validate(); err != nil {
		return call.Invalid(op.Name, err)
	}
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := g.TenantSettings().Patch(ctx, writeUpdate(u), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		w, err := c.settings(ctx)
		return err == nil && len(u.Extra) == 0 && holds(u.DataProcessor, w.GetAreDataProcessorServiceForWindowsFeaturesEnabled()), err
	})
}

// holds reports whether what a change sends certainly shows. Null is the default,
// which is false; an answer that leaves the member out proves neither.
func holds(c odata.Change[bool], is *bool) bool {
	value, _ := c.Value() // false for null
	return c.IsUnset() || is != nil && *is == value
}

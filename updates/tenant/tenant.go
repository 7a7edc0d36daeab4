// Package tenant manages the settings of a tenant. Use it to allow features for the whole
// tenant, to set up device management apps, and to connect a workspace for reports.
//
//	settings, err := client.Tenant().GetSettings(ctx)
//	err = client.Tenant().UpdateSettings(ctx, tenant.SettingsUpdate{DataProcessor: odata.Set(true)})
//
// Each device management app has settings of its own; see [MDMApp]. The service sends
// reports to a Log Analytics workspace in Azure after you connect it:
//
//	connection, err := client.Tenant().CreateConnection(ctx, tenant.LogAnalyticsWorkspace{
//		Subscription: subscriptionID, ResourceGroup: "updates", Workspace: "reports"})
//
// The routes of the settings are in the reference and in the list of permissions, but not in the metadata of
// the service. Other properties that they may return are not documented.
//
// # Lost responses
//
// A create is never sent again if it might have succeeded; the error is then
// apierr.ErrUnknownOutcome. A change is sent again. If the service rejects the resent
// change with 400 or 409, the SDK reads the object until the change has taken effect. If
// that never happens, the error is the rejection and also apierr.ErrUnknownOutcome.
//
// # Conventions
//
// Kinds and values that the SDK does not recognize are preserved; unknown properties are in Extra. If a
// known property cannot be read, it is in Extra too, its field is zero, and the method Unread names it. Nil
// and empty lists mean none, and IDs are case-insensitive. Clients are safe for concurrent use. Errors are
// those of package apierr.
//
// # JSON
//
// All values marshal to JSON and unmarshal from it without loss. The properties have the
// names of the service. Properties that the service added are in "extra". To unmarshal any
// other unknown property is an error, because it would be lost. In an update, null is sent as
// null, and a value that is kept is omitted. The service itself uses another form.
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

// Client reads and changes the settings of the tenant. Get it from updates.Client.Tenant;
// the zero Client returns an error from every call.
type Client struct {
	call *call.Client
}

// Settings are the settings of the tenant.
type Settings struct {
	// ID identifies the settings. It is mostly empty, because a tenant has only one set
	// of settings.
	ID string `json:"id,omitempty"`
	// DataProcessor says whether the features that need Windows diagnostic data in processor configuration
	// (Data Processor Service for Windows) are on. The default is false.
	DataProcessor bool `json:"areDataProcessorServiceForWindowsFeaturesEnabled"`
	// MDMApps are the settings of device management apps if the response has them, or
	// nil. The list can be incomplete; [Client.ListMDMApps] lists all.
	MDMApps []*MDMApp `json:"mdmAppSettings,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// GetSettings returns the settings of the tenant, or the defaults if none were saved.
//
// Graph: GET /tenantSettings (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-tenantsetting-get?view=graph-rest-beta
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

// SettingsUpdate is a change of the settings of the tenant. Fields that are not set are
// not changed.
type SettingsUpdate struct {
	// DataProcessor turns the features that need Windows diagnostic data in processor configuration on or
	// off. Null requests the default, which is off; that the service accepts null is not documented.
	DataProcessor odata.Change[bool] `json:"areDataProcessorServiceForWindowsFeaturesEnabled,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
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
// Graph: PATCH /tenantSettings, GET /tenantSettings (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-tenantsetting-update?view=graph-rest-beta
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
		return err == nil && len(u.Extra) == 0 &&
			holds(u.DataProcessor, w.GetAreDataProcessorServiceForWindowsFeaturesEnabled()), err
	})
}

// holds reports whether a change has certainly been applied. Null is the default, which
// is false; a response without the property proves neither.
func holds(c odata.Change[bool], is *bool) bool {
	value, _ := c.Value() // false for null
	return c.IsUnset() || is != nil && *is == value
}

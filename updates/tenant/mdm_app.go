package tenant

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/tenantsettings"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// MDMApp has the settings of a device management (MDM) app. They can be changed, but not
// deleted.
type MDMApp struct {
	// ID is the app ID, a GUID. That of Microsoft Intune is
	// "0000000a-0000-0000-c000-000000000000". It cannot be changed.
	ID string `json:"mdmAppId"`
	// Hotpatch says whether the devices that the app manages get hotpatches, which need
	// no restart. Nil leaves it to the service and is not sent; in a response, nil means
	// that the service did not send it.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
	// Extra has unknown properties. They are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (a MDMApp) Validate() error {
	return errors.Join(checkAppID("ID", a.ID), wire.CheckExtra("MDMApp", a.Extra, map[string]bool{
		"mdmAppId": true, "isHotpatchEnabled": a.Hotpatch != nil,
	}))
}

// checkAppID accepts GUIDs in the one form that services write.
func checkAppID(field, id string) error {
	if err := call.CheckID(field, id); err != nil {
		return err
	}
	if parsed, err := uuid.Parse(id); err != nil || len(id) != len(parsed.String()) || parsed == uuid.Nil {
		return &apierr.FieldError{Field: field, Value: `"` + id + `"`, Rule: "must be a GUID that is not all zeros"}
	}
	return nil
}

// CreateMDMApp creates the settings of a device management app.
//
// CreateMDMApp validates app first; see [MDMApp.Validate]. If the response is lost, the
// error is apierr.ErrUnknownOutcome and the settings may exist: call [Client.GetMDMApp]
// before you retry.
//
// Graph: POST /tenantSettings/mdmAppSettings (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-tenantsetting-post-mdmappsettings?view=graph-rest-beta
func (c Client) CreateMDMApp(ctx context.Context, app MDMApp) (*MDMApp, error) {
	op := call.Op{Name: "tenant.CreateMDMApp", Kind: call.Create}
	if err := app.Validate(); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.MdmAppSettingable, error) {
		return g.TenantSettings().MdmAppSettings().Post(ctx, writeApp(app), nil)
	})
	if err != nil {
		return nil, err
	}
	return readApp(w), nil
}

// GetMDMApp returns the settings of a device management app. If there are none, the error
// is apierr.ErrNotFound.
//
// Graph: GET /tenantSettings/mdmAppSettings/{mdmAppId} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-mdmappsetting-get?view=graph-rest-beta
func (c Client) GetMDMApp(ctx context.Context, appID string) (*MDMApp, error) {
	w, err := c.app(ctx, appID)
	if err != nil {
		return nil, err
	}
	return readApp(w), nil
}

func (c Client) app(ctx context.Context, appID string) (models.MdmAppSettingable, error) {
	op := appOp("tenant.GetMDMApp", call.Read, appID)
	return call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.MdmAppSettingable, error) {
		return g.TenantSettings().MdmAppSettings().ByMdmAppSettingMdmAppId(appID).Get(ctx, nil)
	})
}

// ListMDMApps lists the settings of device management apps. Only Select of the query is
// documented for this list.
//
// Graph: GET /tenantSettings/mdmAppSettings (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-tenantsetting-list-mdmappsettings?view=graph-rest-beta
func (c Client) ListMDMApps(q *odata.Query) odata.List[*MDMApp] {
	return call.List(c.call, call.Op{Name: "tenant.ListMDMApps"}, q, fetchApps, call.All(readApp))
}

// MDMAppUpdate is a change of the settings of a device management app. Fields that are
// not set are not changed.
type MDMAppUpdate struct {
	// Hotpatch turns hotpatches on or off. Null requests the default of the service,
	// which is not documented; neither is that the service accepts null.
	Hotpatch odata.Change[bool] `json:"isHotpatchEnabled,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u MDMAppUpdate) Validate() error {
	if u.Hotpatch.IsUnset() && len(u.Extra) == 0 {
		return &apierr.FieldError{Field: "MDMAppUpdate", Rule: "must change something"}
	}
	return wire.CheckExtra("MDMAppUpdate", u.Extra, map[string]bool{
		"mdmAppId": true, "isHotpatchEnabled": !u.Hotpatch.IsUnset(),
	})
}

// UpdateMDMApp changes the settings of a device management app.
//
// Graph: PATCH /tenantSettings/mdmAppSettings/{mdmAppId}, GET /tenantSettings/mdmAppSettings/{mdmAppId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-mdmappsetting-update?view=graph-rest-beta
func (c Client) UpdateMDMApp(ctx context.Context, appID string, u MDMAppUpdate) error {
	op := appOp("tenant.UpdateMDMApp", call.Update, appID)
	if err := u.Validate(); err != nil {
		return call.Invalid(op.Name, err)
	}
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := g.TenantSettings().MdmAppSettings().ByMdmAppSettingMdmAppId(appID).Patch(ctx, writeAppUpdate(u), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		w, err := c.app(ctx, appID)
		return err == nil && u.isAppliedTo(readApp(w)), err
	})
}

// isAppliedTo reports whether an app certainly has what the update sets. The default that
// null requests is not known.
func (u MDMAppUpdate) isAppliedTo(a *MDMApp) bool {
	return len(u.Extra) == 0 &&
		wire.Holds(u.Hotpatch, func(on bool) bool { return a.Hotpatch != nil && *a.Hotpatch == on })
}

func appOp(name string, kind call.Kind, appID string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "appID", Value: appID}}}
}

func fetchApps(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.MdmAppSettingPageable, error) {
	return call.At(g.TenantSettings().MdmAppSettings(), link).Get(ctx,
		call.With((*builders.MdmAppSettingsRequestBuilderGetQueryParameters)(p)))
}

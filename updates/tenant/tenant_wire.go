package tenant

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readSettings(w models.TenantSettingable) *Settings {
	return &Settings{
		ID:            wire.Value(w.GetId()),
		DataProcessor: wire.Value(w.GetAreDataProcessorServiceForWindowsFeaturesEnabled()),
		MDMApps:       wire.Each(w.GetMdmAppSettings(), readApp),
		Extra:         wire.Extra(w),
	}
}

func writeUpdate(u SettingsUpdate) models.TenantSettingable {
	w := models.NewTenantSetting()
	wire.Apply(w, "areDataProcessorServiceForWindowsFeaturesEnabled", u.DataProcessor, func(on bool) {
		w.SetAreDataProcessorServiceForWindowsFeaturesEnabled(&on)
	})
	wire.AddExtra(w, u.Extra)
	return w
}

func readApp(w models.MdmAppSettingable) *MDMApp {
	return &MDMApp{ID: wire.Value(w.GetMdmAppId()), Hotpatch: w.GetIsHotpatchEnabled(), Extra: wire.Extra(w)}
}

func writeApp(a MDMApp) models.MdmAppSettingable {
	w := models.NewMdmAppSetting()
	w.SetMdmAppId(&a.ID)
	w.SetIsHotpatchEnabled(a.Hotpatch)
	wire.AddExtra(w, a.Extra)
	return w
}

func writeAppUpdate(u MDMAppUpdate) models.MdmAppSettingable {
	w := models.NewMdmAppSetting()
	wire.Apply(w, "isHotpatchEnabled", u.Hotpatch, func(on bool) { w.SetIsHotpatchEnabled(&on) })
	wire.AddExtra(w, u.Extra)
	return w
}

// readConnection also finds the workspace in a connection without a kind or of an unknown
// kind.
func readConnection(w models.ResourceConnectionable) *Connection {
	c := &Connection{
		ID:    wire.Value(w.GetId()),
		Kind:  ConnectionKind(wire.ShortType(w.GetOdataType())),
		State: ConnectionState(wire.Value(w.GetState())),
		Extra: wire.Extra(w),
	}
	if known, ok := w.(models.OperationalInsightsConnectionable); ok {
		c.Subscription = wire.Value(known.GetAzureSubscriptionId())
		c.ResourceGroup = wire.Value(known.GetAzureResourceGroupName())
		c.Workspace = wire.Value(known.GetWorkspaceName())
		return c
	}
	c.Extra = wire.Take(c.Extra, "azureSubscriptionId", &c.Subscription)
	c.Extra = wire.Take(c.Extra, "azureResourceGroupName", &c.ResourceGroup)
	c.Extra = wire.Take(c.Extra, "workspaceName", &c.Workspace)
	return c
}

func writeLogAnalytics(l LogAnalyticsWorkspace) models.ResourceConnectionable {
	w := models.NewOperationalInsightsConnection()
	w.SetAzureSubscriptionId(&l.Subscription)
	w.SetAzureResourceGroupName(&l.ResourceGroup)
	w.SetWorkspaceName(&l.Workspace)
	return w
}

package tenant

import (
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func readSettings(w models.TenantSettingable) *Settings {
	return &Settings{
		ID:            call.Value(w.GetId()),
		DataProcessor: call.Value(w.GetAreDataProcessorServiceForWindowsFeaturesEnabled()),
		Apps:          call.Each(w.GetMdmAppSettings(), readApp),
		Extra:         call.Extra(w),
	}
}

func writeUpdate(u Update) models.TenantSettingable {
	w := models.NewTenantSetting()
	call.Apply(w, "areDataProcessorServiceForWindowsFeaturesEnabled", u.DataProcessor, func(on bool) {
		w.SetAreDataProcessorServiceForWindowsFeaturesEnabled(&on)
	})
	call.AddExtra(w, u.Extra)
	return w
}

func readApp(w models.MdmAppSettingable) *App {
	return &App{ID: call.Value(w.GetMdmAppId()), Hotpatch: call.Value(w.GetIsHotpatchEnabled()), Extra: call.Extra(w)}
}

func writeApp(a App) models.MdmAppSettingable {
	w := models.NewMdmAppSetting()
	w.SetMdmAppId(&a.ID)
	w.SetIsHotpatchEnabled(&a.Hotpatch)
	call.AddExtra(w, a.Extra)
	return w
}

func writeAppUpdate(u AppUpdate) models.MdmAppSettingable {
	w := models.NewMdmAppSetting()
	call.Apply(w, "isHotpatchEnabled", u.Hotpatch, func(on bool) { w.SetIsHotpatchEnabled(&on) })
	call.AddExtra(w, u.Extra)
	return w
}

// readConnection also finds the workspace in a connection whose type is missing or
// unknown.
func readConnection(w models.ResourceConnectionable) *Connection {
	c := &Connection{
		ID:    call.Value(w.GetId()),
		Kind:  call.ShortType(w.GetOdataType()),
		State: ConnectionState(call.Value(w.GetState())),
		Extra: call.Extra(w),
	}
	if known, ok := w.(models.OperationalInsightsConnectionable); ok {
		c.Subscription = call.Value(known.GetAzureSubscriptionId())
		c.ResourceGroup = call.Value(known.GetAzureResourceGroupName())
		c.Workspace = call.Value(known.GetWorkspaceName())
		return c
	}
	c.Extra = call.Take(c.Extra, "azureSubscriptionId", &c.Subscription)
	c.Extra = call.Take(c.Extra, "azureResourceGroupName", &c.ResourceGroup)
	c.Extra = call.Take(c.Extra, "workspaceName", &c.Workspace)
	return c
}

func writeLogAnalytics(l LogAnalytics) models.ResourceConnectionable {
	w := models.NewOperationalInsightsConnection()
	w.SetAzureSubscriptionId(&l.Subscription)
	w.SetAzureResourceGroupName(&l.ResourceGroup)
	w.SetWorkspaceName(&l.Workspace)
	return w
}

package tenant

import "github.com/winupdates/winupdates-go/internal/wire"

// dataProcessor is the service's name of [Settings.DataProcessor].
const dataProcessor = "areDataProcessorServiceForWindowsFeaturesEnabled"

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (s Settings) Unread() []string { return wire.Unread(s.Extra, dataProcessor, "mdmAppSettings") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (a MDMApp) Unread() []string { return wire.Unread(a.Extra, "isHotpatchEnabled") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (c Connection) Unread() []string {
	return wire.Unread(c.Extra, "@odata.type", "state", "azureSubscriptionId", "azureResourceGroupName", "workspaceName")
}

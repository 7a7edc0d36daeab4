package tenant

import (
	"strconv"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns the settings on one line.
func (s Settings) String() string {
	features := wire.Known(s.Extra, dataProcessor, "data processor features "+onOff(s.DataProcessor))
	return wire.Line(", ", features, wire.Listed(s.MDMApps), wire.ExtraNames(s.Extra))
}

// String returns what the update sets.
func (u SettingsUpdate) String() string {
	return wire.Line(", ", wire.Changed("data processor features", u.DataProcessor, onOff), wire.ExtraNames(u.Extra))
}

// String returns ID and settings on one line.
func (a MDMApp) String() string {
	return wire.Line(", ", "MDM app "+a.ID+hotpatches(a.Hotpatch), wire.ExtraNames(a.Extra))
}

// String returns what the update sets.
func (u MDMAppUpdate) String() string {
	return wire.Line(", ", wire.Changed("hotpatches", u.Hotpatch, onOff), wire.ExtraNames(u.Extra))
}

// String returns ID, state, and workspace on one line.
func (c Connection) String() string {
	workspace := LogAnalyticsWorkspace{c.Subscription, c.ResourceGroup, c.Workspace}.String()
	return wire.Line(", ", wire.Line(" ", "connection", c.ID, string(c.Kind)), string(c.State), workspace,
		wire.ExtraNames(c.Extra))
}

// String returns the path of the workspace in Azure; empty if nothing is set.
func (l LogAnalyticsWorkspace) String() string {
	return wire.Line(" ",
		wire.Named("workspace", quoted(l.Workspace)),
		wire.Named("in resource group", quoted(l.ResourceGroup)),
		wire.Named("of subscription", l.Subscription))
}

func hotpatches(on *bool) string {
	if on == nil {
		return ""
	}
	return ": hotpatches " + onOff(*on)
}

func quoted(name string) string {
	if name == "" {
		return ""
	}
	return strconv.Quote(name)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

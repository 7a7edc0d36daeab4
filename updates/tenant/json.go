package tenant

import (
	"github.com/winupdates/winupdates-go/internal/wire"
)

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *Settings) UnmarshalJSON(text []byte) error {
	type fields Settings
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *SettingsUpdate) UnmarshalJSON(text []byte) error {
	type fields SettingsUpdate
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (a *MDMApp) UnmarshalJSON(text []byte) error {
	type fields MDMApp
	return wire.Unmarshal(text, (*fields)(a))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *MDMAppUpdate) UnmarshalJSON(text []byte) error {
	type fields MDMAppUpdate
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (c *Connection) UnmarshalJSON(text []byte) error {
	type fields Connection
	return wire.Unmarshal(text, (*fields)(c))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (l *LogAnalyticsWorkspace) UnmarshalJSON(text []byte) error {
	type fields LogAnalyticsWorkspace
	return wire.Unmarshal(text, (*fields)(l))
}

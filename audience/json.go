package audience

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Assets is a list of assets that can be read back from JSON.
type Assets []Asset

// UnmarshalJSON reads a JSON array with [UnmarshalAsset]. null is the nil list.
func (a *Assets) UnmarshalJSON(data []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil || items == nil {
		*a = nil
		return err
	}
	list := make(Assets, len(items))
	for i, item := range items {
		var err error
		if list[i], err = UnmarshalAsset(item); err != nil {
			return err
		}
	}
	*a = list
	return nil
}

// MarshalJSON writes the device with the kind of devices, whatever its Kind is, so that
// it is read back as one.
func (d Device) MarshalJSON() ([]byte, error) {
	type plain Device // without this method
	d.Kind = KindDevice
	return json.Marshal(plain(d))
}

// MarshalJSON writes the group with the kind of groups, whatever its Kind is, so that it
// is read back as one.
func (g Group) MarshalJSON() ([]byte, error) {
	type plain Group // without this method
	g.Kind = KindGroup
	return json.Marshal(plain(g))
}

// UnmarshalAsset reads an asset that json.Marshal wrote. The property "kind" determines
// its type: without one, or with a kind that the SDK does not recognize, it is an
// [UnknownAsset]. Text that is not a JSON object, an unknown property, and a property of the
// wrong type are errors.
func UnmarshalAsset(data []byte) (Asset, error) {
	var stored *struct {
		Kind Kind `json:"kind"`
	}
	if err := json.Unmarshal(data, &stored); err != nil {
		return nil, fmt.Errorf("audience: unmarshal asset: %w", err)
	}
	if stored == nil {
		return nil, errors.New("audience: unmarshal asset: JSON value is null")
	}
	asset := newAsset(stored.Kind)
	if err := json.Unmarshal(data, asset); err != nil {
		return nil, fmt.Errorf("audience: unmarshal asset: %w", err)
	}
	return asset, nil
}

func newAsset(kind Kind) Asset {
	switch kind {
	case KindDevice:
		return new(Device)
	case KindGroup:
		return new(Group)
	}
	return new(UnknownAsset)
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property and another kind are
// errors.
func (d *Device) UnmarshalJSON(text []byte) error {
	type fields Device
	if err := wire.Unmarshal(text, (*fields)(d)); err != nil {
		return err
	}
	return checkKind(d.Kind, KindDevice)
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property and another kind are
// errors.
func (g *Group) UnmarshalJSON(text []byte) error {
	type fields Group
	if err := wire.Unmarshal(text, (*fields)(g)); err != nil {
		return err
	}
	return checkKind(g.Kind, KindGroup)
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *UnknownAsset) UnmarshalJSON(text []byte) error {
	type fields UnknownAsset
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (e *Enrollment) UnmarshalJSON(text []byte) error {
	type fields Enrollment
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (e *RegistrationError) UnmarshalJSON(text []byte) error {
	type fields RegistrationError
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (a *Audience) UnmarshalJSON(text []byte) error {
	type fields Audience
	return wire.Unmarshal(text, (*fields)(a))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (m *DeviceMatch) UnmarshalJSON(text []byte) error {
	type fields DeviceMatch
	return wire.Unmarshal(text, (*fields)(m))
}

// checkKind rejects the JSON of another asset. The kind may be omitted.
func checkKind(kind, want Kind) error {
	if kind != "" && kind != want {
		return wire.At("kind", fmt.Errorf("must be %q (got %q)", string(want), string(kind)))
	}
	return nil
}

package audience

import "github.com/winupdates/winupdates-go/internal/wire"

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (e *Edit) UnmarshalJSON(text []byte) error {
	type fields Edit
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (t *Membership) UnmarshalJSON(text []byte) error {
	type fields Membership
	return wire.Unmarshal(text, (*fields)(t))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (m *Member) UnmarshalJSON(text []byte) error {
	type fields Member
	return wire.Unmarshal(text, (*fields)(m))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (m *MissingMember) UnmarshalJSON(text []byte) error {
	stored := struct { // without Member, whose UnmarshalJSON would read all of the text
		Kind         *Kind                `json:"kind"`
		ID           *string              `json:"id"`
		Errors       *[]RegistrationError `json:"errors"`
		Excluded     *bool                `json:"excluded"`
		IsGroup      *bool                `json:"isGroup"`
		Unregistered *bool                `json:"unregistered"`
	}{&m.Kind, &m.ID, &m.Errors, &m.Excluded, &m.IsGroup, &m.Unregistered}
	return wire.Unmarshal(text, &stored)
}

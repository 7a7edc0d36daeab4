package updatepolicies

import (
	"github.com/winupdates/winupdates-go/internal/wire"
)

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *Policy) UnmarshalJSON(text []byte) error {
	type fields Policy
	return wire.Unmarshal(text, (*fields)(p))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *Spec) UnmarshalJSON(text []byte) error {
	type fields Spec
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *Update) UnmarshalJSON(text []byte) error {
	type fields Update
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (a *Approval) UnmarshalJSON(text []byte) error {
	type fields Approval
	return wire.Unmarshal(text, (*fields)(a))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *ApprovalSpec) UnmarshalJSON(text []byte) error {
	type fields ApprovalSpec
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *EntryState) UnmarshalJSON(text []byte) error {
	type fields EntryState
	return wire.Unmarshal(text, (*fields)(s))
}

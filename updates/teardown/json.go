package teardown

import "github.com/winupdates/winupdates-go/internal/wire"

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (t *Target) UnmarshalJSON(text []byte) error {
	type fields Target
	return wire.Unmarshal(text, (*fields)(t))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *Step) UnmarshalJSON(text []byte) error {
	type fields Step
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *Plan) UnmarshalJSON(text []byte) error {
	type fields Plan
	return wire.Unmarshal(text, (*fields)(p))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (r *Report) UnmarshalJSON(text []byte) error {
	type fields Report
	return wire.Unmarshal(text, (*fields)(r))
}

package deployments

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// MarshalJSON writes the fields, and the kind as the property type.
func (r RateDriven) MarshalJSON() ([]byte, error) {
	type fields RateDriven
	return wire.MarshalKind(rateDriven, fields(r))
}

// MarshalJSON writes the fields, and the kind as the property type.
func (r DateDriven) MarshalJSON() ([]byte, error) {
	type fields DateDriven
	return wire.MarshalKind(dateDriven, fields(r))
}

// MarshalJSON writes the fields, and the kind as the property type.
func (r DurationDriven) MarshalJSON() ([]byte, error) {
	type fields DurationDriven
	return wire.MarshalKind(durationDriven, fields(r))
}

// UnmarshalJSON reads the JSON of a rollout of this kind.
func (r *RateDriven) UnmarshalJSON(text []byte) error {
	type fields RateDriven
	return unmarshalKind(text, rateDriven, (*fields)(r))
}

// UnmarshalJSON reads the JSON of a rollout of this kind.
func (r *DateDriven) UnmarshalJSON(text []byte) error {
	type fields DateDriven
	return unmarshalKind(text, dateDriven, (*fields)(r))
}

// UnmarshalJSON reads the JSON of a rollout of this kind.
func (r *DurationDriven) UnmarshalJSON(text []byte) error {
	type fields DurationDriven
	return unmarshalKind(text, durationDriven, (*fields)(r))
}

// UnmarshalJSON reads the JSON of a rollout of any kind.
func (r *UnknownRollout) UnmarshalJSON(text []byte) error {
	kind, rest, err := wire.SplitKind(text)
	if err != nil {
		return err
	}
	r.Kind = kind
	return wire.Unmarshal(rest, &struct{ *RolloutBase }{&r.RolloutBase})
}

// unmarshalKind reads the fields of a rollout whose kind may be omitted.
func unmarshalKind(text []byte, kind string, fields any) error {
	named, rest, err := wire.SplitKind(text)
	if err != nil {
		return err
	}
	if named != "" && !strings.EqualFold(named, kind) {
		return wire.At("type", fmt.Errorf("must be %s (got %q)", kind, named))
	}
	return wire.Unmarshal(rest, fields)
}

// anyRollout is a rollout of the kind that its text names; nil for null.
type anyRollout struct{ Rollout }

func (r *anyRollout) UnmarshalJSON(text []byte) error {
	r.Rollout = nil
	if string(text) == "null" {
		return nil
	}
	kind, _, err := wire.SplitKind(text)
	if err != nil {
		return err
	}
	r.Rollout = newRollout(kind)
	return json.Unmarshal(text, r.Rollout)
}

func newRollout(kind string) Rollout {
	switch {
	case strings.EqualFold(kind, rateDriven):
		return &RateDriven{}
	case strings.EqualFold(kind, dateDriven):
		return &DateDriven{}
	case strings.EqualFold(kind, durationDriven):
		return &DurationDriven{}
	}
	return &UnknownRollout{}
}

// UnmarshalJSON reads the JSON of [Schedule]. The property type of the rollout names its
// kind.
func (s *Schedule) UnmarshalJSON(text []byte) error {
	in := scheduleJSON{s.Start, anyRollout{s.Rollout}, s.Extra}
	if err := wire.Unmarshal(text, &in); err != nil {
		return err
	}
	*s = Schedule{in.Start, in.Rollout.Rollout, in.Extra}
	return nil
}

type scheduleJSON struct {
	Start   time.Time                  `json:"startDateTime,omitzero"`
	Rollout anyRollout                 `json:"gradualRollout"`
	Extra   map[string]json.RawMessage `json:"extra"`
}

// UnmarshalJSON reads the JSON of [Content]. The property kind of the entry names its kind.
func (c *Content) UnmarshalJSON(text []byte) error {
	in := contentJSON{c.EntryID, c.Kind, anyEntry{c.Entry}, c.Extra}
	if err := wire.Unmarshal(text, &in); err != nil {
		return err
	}
	*c = Content{in.EntryID, in.Kind, in.Entry.Entry, in.Extra}
	return nil
}

type contentJSON struct {
	EntryID string                     `json:"entryId,omitempty"`
	Kind    catalog.Kind               `json:"kind,omitempty"`
	Entry   anyEntry                   `json:"entry"`
	Extra   map[string]json.RawMessage `json:"extra"`
}

// anyEntry is an entry of the kind that its text names; nil for null.
type anyEntry struct{ catalog.Entry }

func (e *anyEntry) UnmarshalJSON(text []byte) (err error) {
	e.Entry = nil
	if string(text) != "null" {
		e.Entry, err = catalog.UnmarshalEntry(text)
	}
	return err
}

// UnmarshalJSON reads the JSON of [Spec]. An unknown property outside of extra is an error.
func (s *Spec) UnmarshalJSON(text []byte) error {
	type fields Spec
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads the JSON of [Update]. An unknown property outside of extra is an error.
func (u *Update) UnmarshalJSON(text []byte) error {
	type fields Update
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads the JSON of [Settings]. An unknown property outside of extra is an error.
func (s *Settings) UnmarshalJSON(text []byte) error {
	type fields Settings
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads the JSON of [Monitoring]. An unknown property outside of extra is an error.
func (m *Monitoring) UnmarshalJSON(text []byte) error {
	type fields Monitoring
	return wire.Unmarshal(text, (*fields)(m))
}

// UnmarshalJSON reads the JSON of [MonitoringRule]. An unknown property outside of extra is an error.
func (r *MonitoringRule) UnmarshalJSON(text []byte) error {
	type fields MonitoringRule
	return wire.Unmarshal(text, (*fields)(r))
}

// UnmarshalJSON reads the JSON of [Applicability]. An unknown property outside of extra is an error.
func (a *Applicability) UnmarshalJSON(text []byte) error {
	type fields Applicability
	return wire.Unmarshal(text, (*fields)(a))
}

// UnmarshalJSON reads the JSON of [Safeguard]. An unknown property outside of extra is an error.
func (s *Safeguard) UnmarshalJSON(text []byte) error {
	type fields Safeguard
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads the JSON of [SafeguardProfile]. An unknown property outside of extra is an error.
func (p *SafeguardProfile) UnmarshalJSON(text []byte) error {
	type fields SafeguardProfile
	return wire.Unmarshal(text, (*fields)(p))
}

// UnmarshalJSON reads the JSON of [UserExperience]. An unknown property outside of extra is an error.
func (e *UserExperience) UnmarshalJSON(text []byte) error {
	type fields UserExperience
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads the JSON of [Expedite]. An unknown property outside of extra is an error.
func (e *Expedite) UnmarshalJSON(text []byte) error {
	type fields Expedite
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads the JSON of [Deployment]. An unknown property outside of extra is an error.
func (d *Deployment) UnmarshalJSON(text []byte) error {
	type fields Deployment
	return wire.Unmarshal(text, (*fields)(d))
}

// UnmarshalJSON reads the JSON of [State]. An unknown property outside of extra is an error.
func (s *State) UnmarshalJSON(text []byte) error {
	type fields State
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads the JSON of [Reason]. An unknown property outside of extra is an error.
func (r *Reason) UnmarshalJSON(text []byte) error {
	type fields Reason
	return wire.Unmarshal(text, (*fields)(r))
}

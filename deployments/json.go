package deployments

import (
	"encoding/json"
	"fmt"

	"github.com/winupdates/winupdates-go/catalog"
)

// MarshalJSON writes the fields, and the kind as the property type.
func (r RateDriven) MarshalJSON() ([]byte, error) {
	type fields RateDriven
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{rateDriven, fields(r)})
}

// MarshalJSON writes the fields, and the kind as the property type.
func (r DateDriven) MarshalJSON() ([]byte, error) {
	type fields DateDriven
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{dateDriven, fields(r)})
}

// MarshalJSON writes the fields, and the kind as the property type.
func (r DurationDriven) MarshalJSON() ([]byte, error) {
	type fields DurationDriven
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{durationDriven, fields(r)})
}

// UnmarshalJSON reads the JSON of [Schedule]. The property type of the rollout names its
// kind.
func (s *Schedule) UnmarshalJSON(text []byte) error {
	type fields Schedule
	in := struct {
		*fields
		Rollout json.RawMessage `json:"gradualRollout"`
	}{fields: (*fields)(s)}
	if err := json.Unmarshal(text, &in); err != nil || in.Rollout == nil {
		return err
	}
	rollout, err := unmarshalRollout(in.Rollout)
	if err != nil {
		return fmt.Errorf("gradualRollout: %w", err)
	}
	s.Rollout = rollout
	return nil
}

// UnmarshalJSON reads the JSON of [Content]. The property kind of the entry names its kind.
func (c *Content) UnmarshalJSON(text []byte) error {
	type fields Content
	in := struct {
		*fields
		Entry json.RawMessage `json:"entry"`
	}{fields: (*fields)(c)}
	if err := json.Unmarshal(text, &in); err != nil || in.Entry == nil {
		return err
	}
	if string(in.Entry) == "null" {
		c.Entry = nil
		return nil
	}
	entry, err := catalog.UnmarshalEntry(in.Entry)
	if err != nil {
		return err
	}
	c.Entry = entry
	return nil
}

// form is what tells the kinds of rollouts apart.
type form struct {
	Type    string          `json:"type"`
	Devices json.RawMessage `json:"devicesPerOffer"`
	End     json.RawMessage `json:"endDateTime"`
	Length  json.RawMessage `json:"durationUntilDeploymentEnd"`
}

// unmarshalRollout is nil for null.
func unmarshalRollout(text []byte) (Rollout, error) {
	var f *form
	if err := json.Unmarshal(text, &f); err != nil || f == nil {
		return nil, err
	}
	rollout := f.rollout()
	return rollout, json.Unmarshal(text, rollout)
}

// rollout is an unknown one where the member is missing that makes it what its
// type says.
func (f form) rollout() Rollout {
	switch {
	case f.Type == rateDriven && f.Devices != nil:
		return &RateDriven{}
	case f.Type == dateDriven && f.End != nil:
		return &DateDriven{}
	case f.Type == durationDriven && f.Length != nil:
		return &DurationDriven{}
	}
	return &UnknownRollout{}
}

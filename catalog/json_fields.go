package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// splitKind returns the kind of an entry, and its JSON with the kind as "kind". The SDK writes the kind as
// "kind", and the service as "@odata.type", with its namespace.
func splitKind(text []byte) (Kind, []byte, error) {
	var spelled struct {
		Kind *Kind  `json:"kind"`
		Type string `json:"@odata.type"`
	}
	if err := json.Unmarshal(text, &spelled); err != nil {
		return "", nil, err
	}
	kind, short := wire.ShortType((*string)(spelled.Kind)), wire.ShortType(&spelled.Type)
	switch {
	case spelled.Type == "" && kind == string(wire.Value(spelled.Kind)):
		return Kind(kind), text, nil
	case spelled.Kind == nil:
		kind = short
	case short != "" && short != kind:
		return "", nil, wire.At("kind", fmt.Errorf("must be the kind of @odata.type, %q (got %q)", short, kind))
	}
	text, err := withKind(text, kind)
	return Kind(kind), text, err
}

func withKind(text []byte, kind string) ([]byte, error) {
	if err := wire.CheckTwice(text); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	delete(members, "@odata.type")
	members["kind"], _ = json.Marshal(kind) // a string has JSON
	return json.Marshal(members)
}

// unmarshalFields reads the properties of an entry.
func unmarshalFields(text []byte, into any) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil // as encoding/json does
	}
	_, text, err := splitKind(text)
	if err != nil {
		return err
	}
	return wire.Unmarshal(text, into)
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *FeatureUpdate) UnmarshalJSON(text []byte) error {
	type fields FeatureUpdate
	return unmarshalFields(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *QualityUpdate) UnmarshalJSON(text []byte) error {
	type fields QualityUpdate
	return unmarshalFields(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *DriverUpdate) UnmarshalJSON(text []byte) error {
	type fields DriverUpdate
	return unmarshalFields(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *RecoveryUpdate) UnmarshalJSON(text []byte) error {
	type fields RecoveryUpdate
	return unmarshalFields(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *UnknownEntry) UnmarshalJSON(text []byte) error {
	type fields UnknownEntry
	return unmarshalFields(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *Severity) UnmarshalJSON(text []byte) error {
	type fields Severity
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (c *CVE) UnmarshalJSON(text []byte) error {
	type fields CVE
	return wire.Unmarshal(text, (*fields)(c))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (b *Build) UnmarshalJSON(text []byte) error {
	type fields Build
	return wire.Unmarshal(text, (*fields)(b))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (a *Article) UnmarshalJSON(text []byte) error {
	type fields Article
	return wire.Unmarshal(text, (*fields)(a))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *Product) UnmarshalJSON(text []byte) error {
	type fields Product
	return wire.Unmarshal(text, (*fields)(p))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (e *Edition) UnmarshalJSON(text []byte) error {
	type fields Edition
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *ServicingPeriod) UnmarshalJSON(text []byte) error {
	type fields ServicingPeriod
	return wire.Unmarshal(text, (*fields)(p))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (i *KnownIssue) UnmarshalJSON(text []byte) error {
	type fields KnownIssue
	return wire.Unmarshal(text, (*fields)(i))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (n *IssueNote) UnmarshalJSON(text []byte) error {
	type fields IssueNote
	return wire.Unmarshal(text, (*fields)(n))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (b *IssueBody) UnmarshalJSON(text []byte) error {
	type fields IssueBody
	return wire.Unmarshal(text, (*fields)(b))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (q *FeatureQuery) UnmarshalJSON(text []byte) error {
	type fields FeatureQuery
	return wire.Unmarshal(text, (*fields)(q))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (q *QualityQuery) UnmarshalJSON(text []byte) error {
	type fields QualityQuery
	return wire.Unmarshal(text, (*fields)(q))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (q *RecoveryQuery) UnmarshalJSON(text []byte) error {
	type fields RecoveryQuery
	return wire.Unmarshal(text, (*fields)(q))
}

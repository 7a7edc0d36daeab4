package updatepolicies

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Filter is which updates a rule approves: a *[DriverFilter], *[QualityFilter],
// *[RemediationFilter] or *[UnknownFilter].
type Filter interface {
	// Common returns what all filters have.
	Common() *FilterBase
	filter()
}

// FilterBase is what all filters have.
type FilterBase struct {
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns the FilterBase itself.
func (b *FilterBase) Common() *FilterBase { return b }

func (b *FilterBase) filter() {}

// DriverFilter matches the drivers that Microsoft recommends for devices of the
// audience.
type DriverFilter struct {
	FilterBase
}

// QualityFilter matches quality updates.
type QualityFilter struct {
	FilterBase
	// Classification is what the update contains; empty leaves it to the service.
	Classification catalog.Classification `json:"classification,omitempty"`
	// Cadence is how the update is published; empty leaves it to the service.
	Cadence catalog.Cadence `json:"cadence,omitempty"`
}

// RemediationFilter matches updates that repair Windows.
type RemediationFilter struct {
	FilterBase
	// Type is how they repair it. It must not be empty when it is sent.
	Type RemediationType `json:"remediationType"`
}

// RemediationType is how Windows is repaired. Unknown values are kept.
type RemediationType string

// RemediationInPlaceUpgrade installs Windows again over itself.
const RemediationInPlaceUpgrade RemediationType = "inPlaceUpgrade"

// UnknownFilter is a kind of filter that this version does not know. Its members are
// in Extra. It can be sent back as it came.
type UnknownFilter struct {
	FilterBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates"; another namespace stays. It is empty when the
	// service named none.
	Kind string `json:"type"`
}

// The service's names of the kinds, without their namespace.
const (
	driverFilter      = "driverUpdateFilter"
	qualityFilter     = "qualityUpdateFilter"
	remediationFilter = "remediationUpdateFilter"
	abstractFilter    = "windowsUpdateFilter"
)

// copyFilter keeps a caller's later changes out of a spec. A filter of a type that
// is none of this package's stays, so that Validate can refuse it.
func copyFilter(f Filter) Filter {
	switch f := f.(type) {
	case *DriverFilter:
		return copyOf(f, (*DriverFilter).Common)
	case *QualityFilter:
		return copyOf(f, (*QualityFilter).Common)
	case *RemediationFilter:
		return copyOf(f, (*RemediationFilter).Common)
	case *UnknownFilter:
		return copyOf(f, (*UnknownFilter).Common)
	}
	return f
}

func copyOf[T any](f *T, common func(*T) *FilterBase) *T {
	if f == nil {
		return nil
	}
	c := *f
	common(&c).Extra = maps.Clone(common(&c).Extra)
	return &c
}

func checkFilter(field string, f Filter) error {
	if wire.IsNil(f) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	var own error
	sent := map[string]bool{"@odata.type": true}
	switch f := f.(type) {
	case *DriverFilter:
	case *QualityFilter:
		sent["classification"], sent["cadence"] = f.Classification != "", f.Cadence != ""
	case *RemediationFilter:
		own, sent["remediationType"] = wire.CheckNamed(field+".Type", string(f.Type)), true
	case *UnknownFilter:
		own = f.check(field)
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("a %T", f), Rule: "must be a filter of this package"}
	}
	return errors.Join(own, wire.CheckExtra(field, f.Common().Extra, sent))
}

// check refuses the one kind that is known to be refused, though older pages of the
// service offer it.
func (f *UnknownFilter) check(field string) error {
	if f.Kind == abstractFilter {
		return &apierr.FieldError{
			Field: field + ".Type", Value: f.Kind, Rule: "must be a kind that is not abstract, such as a DriverFilter's",
		}
	}
	return nil
}

func filterIsAppliedTo(sent, there Filter) bool {
	if there == nil || len(sent.Common().Extra) > 0 {
		return false
	}
	there = copyFilter(there)
	there.Common().Extra = sent.Common().Extra
	return reflect.DeepEqual(sent, there)
}

func filterMatches(want, have Filter) bool {
	if _, unknown := have.(*UnknownFilter); unknown || have == nil {
		return true
	}
	switch want := want.(type) {
	case *DriverFilter:
		_, ok := have.(*DriverFilter)
		return ok
	case *QualityFilter:
		have, ok := have.(*QualityFilter)
		return ok && matchesUnlessZero(want.Classification, have.Classification) &&
			matchesUnlessZero(want.Cadence, have.Cadence)
	case *RemediationFilter:
		have, ok := have.(*RemediationFilter)
		return ok && want.Type == have.Type
	}
	return true
}

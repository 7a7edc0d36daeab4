package updatepolicies

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strconv"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Filter selects the updates that a rule approves: a *[DriverFilter], *[QualityFilter],
// *[RemediationFilter], or *[UnknownFilter].
type Filter interface {
	// Common returns the fields that all filters have.
	Common() *FilterBase
	filter()
}

// FilterBase has the fields of all filters.
type FilterBase struct {
	// Extra has unknown properties. They are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns b.
func (b *FilterBase) Common() *FilterBase { return b }

func (b *FilterBase) filter() {}

// DriverFilter selects the drivers that Microsoft recommends for devices of the audience.
type DriverFilter struct {
	FilterBase
}

// QualityFilter selects quality updates.
type QualityFilter struct {
	FilterBase
	// Classification is the classification of the updates; empty leaves it to the
	// service.
	Classification catalog.Classification `json:"classification,omitempty"`
	// Cadence is the cadence of the updates; empty leaves it to the service.
	Cadence catalog.Cadence `json:"cadence,omitempty"`
}

// RemediationFilter selects updates that repair Windows.
type RemediationFilter struct {
	FilterBase
	// Type is the type of the repair. It must not be empty when it is sent.
	Type RemediationType `json:"remediationType"`
}

// RemediationType is a type of repair of Windows.
type RemediationType string

// RemediationInPlaceUpgrade reinstalls Windows over itself.
const RemediationInPlaceUpgrade RemediationType = "inPlaceUpgrade"

// UnknownFilter is a filter of a kind that the SDK does not recognize. It can be sent
// back unchanged.
type UnknownFilter struct {
	FilterBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates". It is empty if the service omitted it. When it is
	// sent, it must not be empty or a kind that has a type of its own.
	Kind string `json:"type,omitempty"`
}

// The service's names of the kinds, without the namespace.
const (
	driverFilter      = "driverUpdateFilter"
	qualityFilter     = "qualityUpdateFilter"
	remediationFilter = "remediationUpdateFilter"
	abstractFilter    = "windowsUpdateFilter"
)

// copyFilter detaches a filter from the caller's. A filter of a foreign type stays as it
// is, so that Validate can report it.
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
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("%T", f), Rule: "must be a filter of this package"}
	}
	return errors.Join(own, wire.CheckExtra(field, f.Common().Extra, sent))
}

// check rejects the abstract kind, which older pages of the service offer and the service
// rejects.
func (f *UnknownFilter) check(field string) error {
	if f.Kind == abstractFilter {
		return wire.OutOfRange(field+".Kind", strconv.Quote(f.Kind), "must not be the abstract kind")
	}
	return wire.CheckUnknownKind(field+".Kind", f.Kind, driverFilter, qualityFilter, remediationFilter)
}

func filterIsAppliedTo(sent, there Filter) bool {
	if there == nil || len(unread(there)) > 0 || len(sent.Common().Extra) > 0 {
		return false
	}
	there = copyFilter(there)
	there.Common().Extra = sent.Common().Extra
	return reflect.DeepEqual(sent, there)
}

func filterMatches(want, have Filter) bool {
	if _, unknown := have.(*UnknownFilter); unknown || have == nil || len(unread(have)) > 0 {
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

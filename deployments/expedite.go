package deployments

import (
	"encoding/json"
	"errors"
	"maps"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Expedite is whether a quality update is expedited: offered immediately, regardless of the
// deferrals and restart settings of the device, which apply again afterwards. A device that
// has the update or a later one is offered nothing. Other devices are offered the latest
// applicable update, which can be later than the one that is deployed.
type Expedite struct {
	// Expedited is whether the update is expedited.
	Expedited bool `json:"isExpedited"`
	// ReadinessTest is whether devices only report whether they could be expedited, and
	// install nothing. It requires Expedited.
	ReadinessTest bool `json:"isReadinessTest,omitempty"`
	// Extra has unknown properties of the expedite settings.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

func (*Expedite) names() (field, property string) { return "Expedite", "expedite" }

func (e Expedite) isZero() bool { return !e.Expedited && !e.ReadinessTest && len(e.Extra) == 0 }

func (e Expedite) check(field string) error {
	var alone error
	if e.ReadinessTest && !e.Expedited {
		alone = &apierr.FieldError{
			Field: field + ".ReadinessTest", Value: "true", Rule: "must be false unless Expedited is true",
		}
	}
	return errors.Join(alone, wire.CheckExtra(field, e.Extra, map[string]bool{
		"isExpedited": true, "isReadinessTest": e.ReadinessTest,
	}))
}

func (e *Expedite) detach() { e.Extra = maps.Clone(e.Extra) }

func (e Expedite) isAppliedTo(read Expedite) bool {
	return len(e.Extra) == 0 && len(read.Unread()) == 0 && e.matches(read)
}

func (e Expedite) matches(read Expedite) bool {
	return compared("isExpedited", e.Expedited == read.Expedited, true, e.Extra, read.Extra) &&
		compared("isReadinessTest", e.ReadinessTest == read.ReadinessTest, true, e.Extra, read.Extra)
}

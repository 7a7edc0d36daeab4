package deployments

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Applicability says which devices an update fits.
type Applicability struct {
	// OfferWhileRecommendedBy names the vendors, such as "Microsoft", of whom one
	// must recommend a driver for a device, or it is not offered there. Nil sends
	// nothing, an empty list is sent as such.
	OfferWhileRecommendedBy []string `json:"offerWhileRecommendedBy,omitzero"`
	// Safeguard is which holds are disregarded; zero disregards none.
	Safeguard Safeguard `json:"safeguard,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Safeguard is which safeguard holds are disregarded. By default all of them keep
// a feature update from the devices on which it has, or may have, a problem.
type Safeguard struct {
	// DisabledProfiles are the holds that are disregarded. Nil sends nothing, an
	// empty list is sent as such.
	DisabledProfiles []SafeguardProfile `json:"disabledSafeguardProfiles,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// SafeguardProfile is a kind of safeguard holds.
type SafeguardProfile struct {
	// Category is the kind. It must not be empty when it is sent.
	Category SafeguardCategory `json:"category"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// SafeguardCategory is a kind of safeguard holds. Unknown values are kept.
type SafeguardCategory string

// SafeguardLikelyIssues are the holds on devices that are likely to have a problem, as
// machine learning sees it; they exist for Windows 11. Holds for known issues
// cannot be disregarded.
const SafeguardLikelyIssues SafeguardCategory = "likelyIssues"

func (*Applicability) names() (field, property string) {
	return "Applicability", "contentApplicability"
}

func (a Applicability) isZero() bool {
	return a.OfferWhileRecommendedBy == nil && a.Safeguard.isZero() && len(a.Extra) == 0
}

func (s Safeguard) isZero() bool { return s.DisabledProfiles == nil && len(s.Extra) == 0 }

func (a Applicability) check(field string) error {
	return errors.Join(
		a.Safeguard.check(field+".Safeguard"),
		wire.CheckExtra(field, a.Extra, map[string]bool{
			"offerWhileRecommendedBy": a.OfferWhileRecommendedBy != nil, "safeguard": !a.Safeguard.isZero(),
		}),
	)
}

func (s Safeguard) check(field string) error {
	errs := []error{wire.CheckExtra(field, s.Extra, map[string]bool{"disabledSafeguardProfiles": s.DisabledProfiles != nil})}
	for i, profile := range s.DisabledProfiles {
		errs = append(errs, profile.check(fmt.Sprintf("%s.DisabledProfiles[%d]", field, i)))
	}
	return errors.Join(errs...)
}

func (p SafeguardProfile) check(field string) error {
	return errors.Join(
		wire.CheckNamed(field+".Category", string(p.Category)),
		wire.CheckExtra(field, p.Extra, map[string]bool{"category": true}),
	)
}

func (a *Applicability) detach() {
	a.OfferWhileRecommendedBy = slices.Clone(a.OfferWhileRecommendedBy)
	a.Safeguard.DisabledProfiles = slices.Clone(a.Safeguard.DisabledProfiles)
	for i := range a.Safeguard.DisabledProfiles {
		a.Safeguard.DisabledProfiles[i].Extra = maps.Clone(a.Safeguard.DisabledProfiles[i].Extra)
	}
	a.Safeguard.Extra = maps.Clone(a.Safeguard.Extra)
	a.Extra = maps.Clone(a.Extra)
}

func (a Applicability) isAppliedTo(read Applicability) bool {
	return len(a.Extra) == 0 && a.hasVendorsOf(read) && a.Safeguard.isAppliedTo(read.Safeguard)
}

func (a Applicability) matches(read Applicability) bool {
	return a.hasVendorsOf(read) && a.Safeguard.matches(read.Safeguard)
}

// hasVendorsOf takes the names of vendors in any case, as the service's own texts do.
func (a Applicability) hasVendorsOf(read Applicability) bool {
	return slices.EqualFunc(a.OfferWhileRecommendedBy, read.OfferWhileRecommendedBy, strings.EqualFold)
}

func (s Safeguard) isAppliedTo(read Safeguard) bool {
	return len(s.Extra) == 0 && slices.EqualFunc(s.DisabledProfiles, read.DisabledProfiles, SafeguardProfile.isAppliedTo)
}

func (s Safeguard) matches(read Safeguard) bool {
	return slices.EqualFunc(s.DisabledProfiles, read.DisabledProfiles, SafeguardProfile.matches)
}

func (p SafeguardProfile) isAppliedTo(read SafeguardProfile) bool {
	return len(p.Extra) == 0 && p.matches(read)
}

func (p SafeguardProfile) matches(read SafeguardProfile) bool { return p.Category == read.Category }

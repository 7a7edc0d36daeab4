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

// Applicability is which devices an update applies to.
type Applicability struct {
	// OfferWhileRecommendedBy are vendors, such as "Microsoft". A driver is offered to a
	// device only while one of them recommends it for that device. Nil is not sent, an
	// empty list is.
	OfferWhileRecommendedBy []string `json:"offerWhileRecommendedBy,omitzero"`
	// Safeguard is which safeguard holds are disregarded; zero disregards none.
	Safeguard Safeguard `json:"safeguard,omitzero"`
	// Extra has unknown properties of the applicability.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Safeguard is which safeguard holds are disregarded. By default, the holds keep a feature
// update from devices on which it has, or may have, a problem.
type Safeguard struct {
	// DisabledProfiles are the kinds of holds that are disregarded. Nil is not sent, an
	// empty list is.
	DisabledProfiles []SafeguardProfile `json:"disabledSafeguardProfiles,omitzero"`
	// Extra has unknown properties of the safeguard settings.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// SafeguardProfile names a kind of safeguard holds.
type SafeguardProfile struct {
	// Category is the kind of holds. It must not be empty when it is sent.
	Category SafeguardCategory `json:"category"`
	// Extra has unknown properties of the profile.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// SafeguardCategory is a kind of safeguard holds.
type SafeguardCategory string

// SafeguardLikelyIssues are the holds on devices that are likely to have a problem,
// according to machine learning. They exist for Windows 11. Holds for known issues cannot
// be disregarded.
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
	errs := []error{wire.CheckExtra(field, s.Extra,
		map[string]bool{"disabledSafeguardProfiles": s.DisabledProfiles != nil})}
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
	return len(a.Extra) == 0 && len(read.Unread()) == 0 &&
		a.hasVendorsOf(read) && a.Safeguard.isAppliedTo(read.Safeguard)
}

func (a Applicability) matches(read Applicability) bool {
	return compared("offerWhileRecommendedBy", a.hasVendorsOf(read), true, a.Extra, read.Extra) &&
		compared("safeguard", a.Safeguard.matches(read.Safeguard), true, a.Extra, read.Extra)
}

// hasVendorsOf ignores the case of names of vendors, which the service's documentation
// mixes.
func (a Applicability) hasVendorsOf(read Applicability) bool {
	return slices.EqualFunc(a.OfferWhileRecommendedBy, read.OfferWhileRecommendedBy, strings.EqualFold)
}

func (s Safeguard) isAppliedTo(read Safeguard) bool {
	return len(s.Extra) == 0 && len(read.Unread()) == 0 &&
		slices.EqualFunc(s.DisabledProfiles, read.DisabledProfiles, SafeguardProfile.isAppliedTo)
}

func (s Safeguard) matches(read Safeguard) bool {
	same := slices.EqualFunc(s.DisabledProfiles, read.DisabledProfiles, SafeguardProfile.matches)
	return compared("disabledSafeguardProfiles", same, true, s.Extra, read.Extra)
}

func (p SafeguardProfile) isAppliedTo(read SafeguardProfile) bool {
	return len(p.Extra) == 0 && len(read.Unread()) == 0 && p.matches(read)
}

func (p SafeguardProfile) matches(read SafeguardProfile) bool {
	return compared("category", p.Category == read.Category, true, p.Extra, read.Extra)
}

package simulator

import (
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Quirks are ways in which the service strains its callers: what it was seen to
// do, what its documentation shows in one place and denies in another, and what
// Microsoft Graph reserves the right to do. Each one can be on or off by itself.
// The zero Quirks are none.
//
// What the documentation of a field says happens to all requests that come while
// it is true. False is always the service as the rest of this package describes
// it.
type Quirks struct {
	// EmptyAudienceIs404 lets members and exclusions of an audience answer 404
	// until the first asset is in one of the two, although the audience itself can
	// be read. Reported for members; for exclusions it is inferred.
	EmptyAudienceIs404 bool
	// ExpandGroups lists a group among members or exclusions of an audience as its
	// devices. A device that is enrolled in no category is left out then, unless
	// it is named itself, and so is a group without devices. Observed for members;
	// for exclusions it is inferred.
	ExpandGroups bool
	// IgnoreTop takes no notice of $top: a list has all its items, in pages of
	// [Options.PageSize]. Microsoft Graph allows it above the largest $top of a
	// service, which is not documented here.
	IgnoreTop bool
	// EmptyPages sends before each page of a list one without items, with a link to
	// it, so that every list has an empty page and begins with it. Microsoft Graph
	// says that pages may be empty.
	EmptyPages bool
	// InlineMatches sends the devices that content is applicable to with the
	// content, all of them and whether they are expanded or not, as the service did
	// in 2023. Otherwise they come by a link of their own, and only when expanded.
	InlineMatches bool
	// RejectRuleUpdates refuses to change the rules of an update policy, with status
	// 400 and a text that names another resource, as observed in 2026. The
	// documentation allows it.
	RejectRuleUpdates bool
	// NoBodyOn202 leaves out the body that comes with status 202 when a
	// deployment is changed. Status 202 has none elsewhere.
	NoBodyOn202 bool
	// WrapSingle sends what is no list as {"value": {…}}, as many samples of the
	// documentation have it.
	WrapSingle bool
	// OmitReasons sends the state of a deployment without reasons, as most samples
	// have it.
	OmitReasons bool
	// NullItems puts a null before the first item of every list that has items, lists
	// within objects and lists of texts included. Inferred: the metadata lets most
	// collections contain null.
	NullItems bool
	// UnknownTypes puts something of a type that nobody knows before the catalog
	// entries, assets, compliance changes, quality update policies, rings or
	// connections of every list that has any, and gives gradual rollouts, filters of
	// rules and rules of quality update policies such a type. Filters see it, so isof
	// leaves it out; it cannot be read by its id. The names of these types end in V2.
	// A rollout, filter or rule that is sent back with its type is taken for what it
	// was. Inferred: services grow.
	UnknownTypes bool
	// UnknownValues sends "strangeValue" in all enumerations that the service
	// computes: states and their reasons, enrollment states, reasons of registration
	// errors, cadence, classification and severity of entries, states of connections,
	// status of known issues and the type of their texts. A caller that does not ask for
	// unknown values by the header Prefer gets unknownFutureValue. Filters and the
	// simulator itself go by the real value, and what a caller set comes back as
	// it was set. Inferred: services grow.
	UnknownValues bool
	// LegacyFormats sends members under names and in forms of older pages of the
	// documentation: value and effectiveSinceDate in the state of a deployment for
	// effectiveValue, devicePerOffer for devicesPerOffer, a list enrollments of the
	// categories in which a device is enrolled for enrollment, isHotpatchUpdate as a
	// text, and "String (timestamp)" in createdDateTime and lastModifiedDateTime.
	// Options in the query use the names of today.
	LegacyFormats bool
	// AbstractTypes gives rings, quality update policies and connections the name of
	// their abstract type, such as #microsoft.graph.windowsUpdates.ring, as samples
	// have them. Filters go by the real type.
	AbstractTypes bool
	// TypesWithoutHash sends "@odata.type" without its #, as samples have it in
	// places.
	TypesWithoutHash bool
}

// What nobody knows. A name of such a type is that of a type with the suffix, so
// that a rollout can be sent back.
const (
	unknownSuffix = "V2"
	unknownValue  = "strangeValue"
	unknownID     = "a0000000-0000-4000-8000-0000000000ff"
)

// knownKind is the short name of the type of an object that may have come back with a
// type that nobody knows.
func knownKind(in *odata.Body) string { return strings.TrimSuffix(in.Kind(), unknownSuffix) }

// addUnknown puts something of a type that nobody knows before the objects of
// a list that has any.
func addUnknown(kind string, n int, at func(int) object) (int, func(int) object) {
	if n == 0 {
		return n, at
	}
	return n + 1, func(i int) object {
		if i == 0 {
			return object{"@odata.type": "#" + namespace + kind + unknownSuffix, "id": unknownID, "strangeness": 1}
		}
		return at(i - 1)
	}
}

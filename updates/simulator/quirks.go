package simulator

import (
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Quirks are known deviations of the service from its documentation. Use them to test whether a program
// copes with them. Some were observed, some are contradictions in the documentation, and some are changes
// that Microsoft Graph reserves the right to make. Each can be turned on separately; the zero Quirks have
// none.
//
// A quirk applies to all requests that arrive while it is on. If it is off, the simulator follows
// the documentation.
type Quirks struct {
	// EmptyAudienceIs404 returns 404 for members and exclusions of an audience that has never had any; the
	// audience itself can be read. Observed for members, inferred for exclusions.
	EmptyAudienceIs404 bool
	// ExpandGroups lists the devices of groups instead of the groups among members and exclusions of
	// an audience. It omits devices that are not enrolled in any category, unless they are direct
	// members, and groups without devices. Observed for members, inferred for exclusions.
	ExpandGroups bool
	// IgnoreTop ignores $top: a list has all its items, in pages of [Options.PageSize]. Documented by
	// Microsoft Graph above the largest $top of a service, which is not documented here.
	IgnoreTop bool
	// EmptyPages sends a page without items before each page of a list, with a link to it. Microsoft
	// Graph documents that pages may be empty.
	EmptyPages bool
	// InlineMatches sends applicable content with all its devices, whether or not they are expanded.
	// Observed in 2023. Otherwise the devices are sent only if they are expanded, as a link.
	InlineMatches bool
	// InlineEntries sends applicable content with its catalog entry, whether or not it is expanded.
	// Inferred from public scripts that rely on it.
	InlineEntries bool
	// EmptyEntryIDs sends "" as the ID of a quality update within a deployment or content approval.
	// Observed in 2026.
	EmptyEntryIDs bool
	// FeatureUpdatesNeedPolicy offers feature updates to devices of a policy only, whose enrollment is
	// enrolledWithPolicy. Documented of the enrollment in 2026; the articles on deployments enroll
	// devices and name no policy. It changes who is offered updates while it is on.
	FeatureUpdatesNeedPolicy bool
	// StrictUpdatePolicies rejects update policies that are created without complianceChanges, and rules
	// whose duration is not P1D to P30D. Observed in 2026 by one client; others send neither.
	StrictUpdatePolicies bool
	// RejectRuleUpdates rejects changes of the rules of an update policy with status 400 and a
	// message that names another resource. Observed in 2026; the documentation allows them.
	RejectRuleUpdates bool
	// NoBodyOn202 omits the body of status 202 when a deployment is changed. Status 202 has no body
	// elsewhere.
	NoBodyOn202 bool
	// CreatedIs200 returns 200 instead of 201 when a policy with rings, a ring, or an approval in such a
	// policy is created. Documented for approvals by the older page.
	CreatedIs200 bool
	// WrapSingle sends single objects as {"value": {…}}. Documented in many samples.
	WrapSingle bool
	// OmitReasons sends the state of a deployment without reasons. Documented in most samples.
	OmitReasons bool
	// NullItems adds a null at the beginning of every list that has items, including lists within
	// objects and lists of strings. Inferred: most collections in the metadata are nullable.
	NullItems bool
	// UnknownTypes adds an object of an unknown type at the beginning of every list of these objects:
	// catalog entries, assets, compliance changes, policies with rings, rings, and connections. Gradual
	// rollouts, filters of rules, and rules of policies with rings get such a type too. The names of these
	// types end in V2; isof does not match them, and the added objects cannot be read by ID. A rollout,
	// filter, or rule that is sent back with such a type keeps its kind. Inferred.
	UnknownTypes bool
	// UnknownValues sends "strangeValue" in all enumerations that the service computes. Deployments and
	// devices have states and their reasons, enrollment states, reasons of registration errors, states of
	// drivers, osStatus, and hotpatchReadiness. Entries have cadence, classification, and severity. Known
	// issues have a status and the type of their texts, and connections have a state. Without the Prefer
	// header that requests unknown values, it is unknownFutureValue. Filters and the simulator itself use
	// the real value; values that a caller set are unchanged. Inferred.
	UnknownValues bool
	// LegacyFormats sends properties with names and formats of older documentation:
	//   - value and effectiveSinceDate instead of effectiveValue in the state of a deployment;
	//   - devicePerOffer instead of devicesPerOffer;
	//   - the list enrollments, with the categories of a device, instead of enrollment;
	//   - isHotpatchUpdate as a string;
	//   - "String (timestamp)" in createdDateTime and lastModifiedDateTime.
	//
	// Query options use the current names.
	LegacyFormats bool
	// AbstractTypes gives rings, policies with rings, and connections the name of their abstract
	// type, such as #microsoft.graph.windowsUpdates.ring. Filters use the real type. Documented in
	// samples.
	AbstractTypes bool
	// TypesWithoutHash sends "@odata.type" without the #. Documented in some samples.
	TypesWithoutHash bool
}

// Names and values that the service does not have. The name of an unknown type is a type with the
// suffix, so that a rollout can be sent back.
const (
	unknownSuffix = "V2"
	unknownValue  = "strangeValue"
	unknownID     = "a0000000-0000-4000-8000-0000000000ff"
)

// knownKind returns the short type of an object without the suffix of [Quirks].UnknownTypes.
func knownKind(in *odata.Body) string { return strings.TrimSuffix(in.Kind(), unknownSuffix) }

// addUnknown adds an object of an unknown type at the beginning of a list that has items.
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

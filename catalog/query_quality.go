package catalog

import (
	"errors"
	"strings"
	"time"
)

// QualityQuery selects quality updates for [Client.ListQualityUpdates]. The zero query selects all. Set
// the fields, or chain the methods, which return a changed copy:
//
//	catalog.QualityQuery{}.ExpeditableOnly().NewestFirst().AtMost(3)
//
// If Version, Build, and Hotpatch are set, one revision of the update must match all of them.
type QualityQuery struct {
	// Version is a version of Windows for which the update has a revision, such as "24H2"; empty for all.
	// As Windows 10 and 11 share some versions, "Windows 11, version 22H2" works too. Case does not
	// matter, and surrounding spaces are not allowed. Filtered client-side: revisions are read, and
	// updates without revisions do not match.
	Version string
	// Build is a build that the update installs, such as "26100.2033", "10.0.26100.2033", or "26100" for
	// all builds of a version; empty for all. Filtered client-side: revisions are read, and updates
	// without revisions do not match.
	Build string
	// Cadence is the publishing cadence; empty for all. Filtered client-side.
	Cadence Cadence
	// Classification is security or non-security; empty or [ClassificationAll] for both. Filtered
	// client-side.
	Classification Classification
	// Expeditable selects updates that can be expedited. The service filters by it.
	Expeditable bool
	// Exploited selects updates that fix a vulnerability that is known to be exploited, by
	// [Severity.Exploited]. Filtered client-side.
	Exploited bool
	// Hotpatch selects updates with a revision that needs no restart. The service filters by it.
	Hotpatch bool
	// After is the time after which the update was released; zero for any time. It must be earlier than
	// Before. Filtered client-side.
	After time.Time
	// Before is the time before which the update was released; zero for any time. Filtered client-side.
	Before time.Time
	// DeployableAt is a time at which the update can be deployed; zero for any. Filtered client-side.
	DeployableAt time.Time
	// SortNewestFirst asks the service to list the latest release first; false for the order of the
	// service. The SDK does not sort: if the service ignored the order, Limit would keep other updates
	// than the latest.
	SortNewestFirst bool
	// Limit is the largest number of updates, 0 or more; 0 for no limit. The SDK applies it, and sends it
	// to the service if nothing is filtered client-side.
	Limit int
	// Revisions reads [QualityUpdate.Revisions]. If the service sends only the first revisions of an
	// update, reading the rest needs at least one more request for it.
	Revisions bool
	// Filter is an OData filter that the service applies in addition; empty for none.
	Filter string
}

// OfVersion sets [QualityQuery.Version].
func (q QualityQuery) OfVersion(version string) QualityQuery { q.Version = version; return q }

// OfBuild sets [QualityQuery.Build].
func (q QualityQuery) OfBuild(build string) QualityQuery { q.Build = build; return q }

// OfCadence sets [QualityQuery.Cadence].
func (q QualityQuery) OfCadence(cadence Cadence) QualityQuery { q.Cadence = cadence; return q }

// OfClassification sets [QualityQuery.Classification].
func (q QualityQuery) OfClassification(c Classification) QualityQuery { q.Classification = c; return q }

// ExpeditableOnly sets [QualityQuery.Expeditable].
func (q QualityQuery) ExpeditableOnly() QualityQuery { q.Expeditable = true; return q }

// ExploitedOnly sets [QualityQuery.Exploited].
func (q QualityQuery) ExploitedOnly() QualityQuery { q.Exploited = true; return q }

// HotpatchOnly sets [QualityQuery.Hotpatch].
func (q QualityQuery) HotpatchOnly() QualityQuery { q.Hotpatch = true; return q }

// ReleasedAfter sets [QualityQuery.After].
func (q QualityQuery) ReleasedAfter(t time.Time) QualityQuery { q.After = t; return q }

// ReleasedBefore sets [QualityQuery.Before].
func (q QualityQuery) ReleasedBefore(t time.Time) QualityQuery { q.Before = t; return q }

// DeployableOn sets [QualityQuery.DeployableAt].
func (q QualityQuery) DeployableOn(t time.Time) QualityQuery { q.DeployableAt = t; return q }

// NewestFirst sets [QualityQuery.SortNewestFirst].
func (q QualityQuery) NewestFirst() QualityQuery { q.SortNewestFirst = true; return q }

// AtMost sets [QualityQuery.Limit].
func (q QualityQuery) AtMost(n int) QualityQuery { q.Limit = n; return q }

// WithRevisions sets [QualityQuery.Revisions].
func (q QualityQuery) WithRevisions() QualityQuery { q.Revisions = true; return q }

// Matching sets [QualityQuery.Filter], and replaces an earlier filter.
func (q QualityQuery) Matching(filter string) QualityQuery { q.Filter = filter; return q }

// Validate returns an error that joins an apierr.FieldError for each invalid field, or nil. It sends no
// request. A list of an invalid query returns the same error.
func (q QualityQuery) Validate() error {
	return errors.Join(q.request().check(), checkVersion("QualityQuery.Version", q.Version), checkQualityBuild(q.Build))
}

func (q QualityQuery) request() request {
	return request{
		query: "QualityQuery", kind: KindQuality, filters: joined(q.filters(), q.Filter),
		after: q.After, before: q.Before, deployableAt: q.DeployableAt,
		newest: q.SortNewestFirst, limit: q.Limit, revisions: q.Revisions || q.needsRevisions(),
		clientSide: q.needsRevisions() || q.Cadence != "" || q.classified() || q.Exploited,
	}
}

func (q QualityQuery) filters() []string {
	filters := []string{KindQuality.is()}
	if q.Expeditable {
		filters = append(filters, KindQuality.cast("isExpeditable")+" eq true")
	}
	if q.Hotpatch {
		filters = append(filters, KindQuality.cast("productRevisions/any(p:p/isHotpatchUpdate eq true)"))
	}
	return filters
}

// needsRevisions reports whether the query compares revisions.
func (q QualityQuery) needsRevisions() bool { return q.Version != "" || q.Build != "" }

func (q QualityQuery) classified() bool {
	return q.Classification != "" && q.Classification != ClassificationAll
}

// keep compares the properties of an update without its revisions.
func (q QualityQuery) keep(update *QualityUpdate) answer {
	answers := []answer{known(true)}
	if q.Expeditable {
		answers = append(answers, decidedBy("isExpeditable", update.Extra, update.Expeditable))
	}
	if q.Exploited {
		answers = append(answers, update.isExploited())
	}
	if q.Cadence != "" {
		answers = append(answers, decidedBy("qualityUpdateCadence", update.Extra, update.Cadence == q.Cadence))
	}
	if q.classified() {
		answers = append(answers,
			decidedBy("qualityUpdateClassification", update.Extra, update.Classification == q.Classification))
	}
	return allOf(answers...)
}

// isExploited says whether an update fixes a vulnerability that is known to be exploited.
func (u *QualityUpdate) isExploited() answer {
	const severity = "cveSeverityInformation"
	if u.Severity == nil {
		return decidedBy(severity, u.Extra, false)
	}
	return decidedBy("exploitedCves", u.Severity.Extra, len(u.Severity.Exploited) > 0).in(severity)
}

// keepRevisions relies on the filter of the service if hotpatch updates are requested without revisions.
func (q QualityQuery) keepRevisions(update *QualityUpdate) answer {
	switch {
	case !q.needsRevisions() && !q.Hotpatch:
		return known(true)
	case update.Extra[productRevisions] != nil:
		return answer{unread: productRevisions}
	case !q.needsRevisions() && update.Revisions == nil:
		return known(true)
	}
	return update.hasRevision(q.keepRevision)
}

// productRevisions is the service's name of [QualityUpdate.Revisions].
const productRevisions = "productRevisions"

// hasRevision says whether one revision of an update matches.
func (u *QualityUpdate) hasRevision(matches func(Revision) answer) answer {
	if u.Extra[productRevisions] != nil {
		return answer{unread: productRevisions}
	}
	return anyOf(u.Revisions, matches).in(productRevisions)
}

func (q QualityQuery) keepRevision(r Revision) answer {
	answers := []answer{known(true)}
	if q.Hotpatch {
		answers = append(answers, decidedBy("isHotpatchUpdate", r.Extra, r.Hotpatch))
	}
	if q.Build != "" {
		answers = append(answers, r.hasBuild(q.Build))
	}
	if q.Version != "" {
		answers = append(answers, r.hasVersion(q.Version))
	}
	return allOf(answers...)
}

// hasVersion accepts a version with its product, as Windows 10 and 11 share some.
func (r Revision) hasVersion(version string) answer {
	suffix := ", version " + r.Version
	switch {
	case r.Extra["version"] != nil:
		return answer{unread: "version"}
	case strings.EqualFold(r.Version, version):
		return known(true)
	case strings.EqualFold(r.Product+suffix, version):
		return known(true)
	case strings.HasSuffix(strings.ToLower(version), strings.ToLower(suffix)):
		return decidedBy("product", r.Extra, false)
	}
	return known(false)
}

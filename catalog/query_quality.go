package catalog

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// QualityQuery says which quality updates are wanted. The zero query wants all.
// Set the fields, or chain the methods, which return a changed copy:
//
//	catalog.QualityQuery{}.ExpeditableOnly().NewestFirst().AtMost(3)
//
// Version, Build and Hotpatch together want an update one of whose revisions has
// all of them.
type QualityQuery struct {
	// Version is a version of Windows for which the update has a revision, such
	// as "24H2" or, as Windows 10 and 11 share some, "Windows 11, version 22H2";
	// case does not matter, and empty wants all. It must have no spaces around it.
	// It is compared on this side: the revisions are asked for, and updates
	// without any are left out.
	Version string
	// Build is a build that the update makes, such as "26100.2033", with or
	// without "10.0." before it, or the first part alone, such as "26100"; empty
	// wants all. It is compared on this side: the revisions are asked for, and
	// updates without any are left out.
	Build string
	// Cadence is how the update is published; empty wants all. It is compared on
	// this side.
	Cadence Cadence
	// Classification is what the update contains; empty and [ClassificationAll] want both. It
	// is compared on this side.
	Classification Classification
	// Expeditable wants only updates that can be expedited. The service filters
	// by it.
	Expeditable bool
	// Exploited wants only updates that fix a vulnerability which is known to be
	// exploited. It is compared on this side, with [Severity.Exploited].
	Exploited bool
	// Hotpatch wants only updates with a revision that needs no restart. The
	// service filters by it.
	Hotpatch bool
	// After is a moment after which the update must have been released; zero
	// wants all. It must be earlier than Before. It is compared on this side.
	After time.Time
	// Before is a moment before which the update must have been released; zero
	// wants all. It is compared on this side.
	Before time.Time
	// DeployableAt is a moment at which the update must still be deployable;
	// zero wants all. It is checked on this side.
	DeployableAt time.Time
	// SortNewestFirst asks the service for the latest release first; otherwise the order
	// is the service's. Nothing is sorted on this side: a service that ignored
	// the order would make Limit keep others than the latest.
	SortNewestFirst bool
	// Limit is the largest number of updates to list; 0 for no limit. It must
	// not be negative. It is counted on this side, and by the service too where
	// the service does all of the filtering.
	Limit int
	// Revisions asks for [QualityUpdate.Revisions], which are left out otherwise.
	// Where the service sends only the first of them, reading the rest costs one
	// request or more for each such update.
	Revisions bool
	// Filter is a filter in OData's language that the updates must pass as well;
	// empty wants all. The service applies it.
	Filter string
}

// OfVersion wants updates for a version of Windows; see [QualityQuery.Version].
func (q QualityQuery) OfVersion(version string) QualityQuery { q.Version = version; return q }

// OfBuild wants updates that make a build; see [QualityQuery.Build].
func (q QualityQuery) OfBuild(build string) QualityQuery { q.Build = build; return q }

// OfCadence wants what is published so; see [QualityQuery.Cadence].
func (q QualityQuery) OfCadence(cadence Cadence) QualityQuery { q.Cadence = cadence; return q }

// OfClassification wants what contains that; see [QualityQuery.Classification].
func (q QualityQuery) OfClassification(c Classification) QualityQuery { q.Classification = c; return q }

// ExpeditableOnly wants what can be expedited; see [QualityQuery.Expeditable].
func (q QualityQuery) ExpeditableOnly() QualityQuery { q.Expeditable = true; return q }

// ExploitedOnly wants what fixes exploited vulnerabilities; see
// [QualityQuery.Exploited].
func (q QualityQuery) ExploitedOnly() QualityQuery { q.Exploited = true; return q }

// HotpatchOnly wants what needs no restart; see [QualityQuery.Hotpatch].
func (q QualityQuery) HotpatchOnly() QualityQuery { q.Hotpatch = true; return q }

// ReleasedAfter wants later releases; see [QualityQuery.After].
func (q QualityQuery) ReleasedAfter(t time.Time) QualityQuery { q.After = t; return q }

// ReleasedBefore wants earlier releases; see [QualityQuery.Before].
func (q QualityQuery) ReleasedBefore(t time.Time) QualityQuery { q.Before = t; return q }

// DeployableOn wants what is deployable at t; see [QualityQuery.DeployableAt].
func (q QualityQuery) DeployableOn(t time.Time) QualityQuery { q.DeployableAt = t; return q }

// NewestFirst wants the latest release first; see [QualityQuery.SortNewestFirst].
func (q QualityQuery) NewestFirst() QualityQuery { q.SortNewestFirst = true; return q }

// AtMost wants n updates at most; see [QualityQuery.Limit].
func (q QualityQuery) AtMost(n int) QualityQuery { q.Limit = n; return q }

// WithRevisions wants the builds too; see [QualityQuery.Revisions].
func (q QualityQuery) WithRevisions() QualityQuery { q.Revisions = true; return q }

// Matching wants what passes a filter; see [QualityQuery.Filter]. It replaces the
// filter that q had.
func (q QualityQuery) Matching(filter string) QualityQuery { q.Filter = filter; return q }

// Validate says what is wrong with the query, without asking the service: nil, or
// an error that joins an apierr.FieldError for each problem. A list of an invalid
// query fails with it and sends nothing.
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

// needsRevisions is whether updates without revisions cannot be told apart.
func (q QualityQuery) needsRevisions() bool { return q.Version != "" || q.Build != "" }

func (q QualityQuery) classified() bool {
	return q.Classification != "" && q.Classification != ClassificationAll
}

func (q QualityQuery) keep(update *QualityUpdate) bool {
	return (!q.Expeditable || update.Expeditable) &&
		(!q.Exploited || update.Severity != nil && len(update.Severity.Exploited) > 0) &&
		(q.Cadence == "" || update.Cadence == q.Cadence) &&
		(!q.classified() || update.Classification == q.Classification) &&
		q.keepRevisions(update.Revisions)
}

// keepRevisions trusts the service where it sent no revisions and was asked for
// hotpatches only.
func (q QualityQuery) keepRevisions(revisions []Revision) bool {
	if !q.needsRevisions() && (!q.Hotpatch || revisions == nil) {
		return true
	}
	return slices.ContainsFunc(revisions, q.keepRevision)
}

func (q QualityQuery) keepRevision(r Revision) bool {
	return (!q.Hotpatch || r.Hotpatch) &&
		(q.Build == "" || r.hasBuild(q.Build)) &&
		(q.Version == "" || strings.EqualFold(r.Version, q.Version) || strings.EqualFold(r.Product+", version "+r.Version, q.Version))
}

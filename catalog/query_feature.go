package catalog

import (
	"errors"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// FeatureQuery says which feature updates are wanted. The zero query wants all.
// Set the fields, or chain the methods, which return a changed copy:
//
//	catalog.FeatureQuery{}.DeployableOn(time.Now()).NewestFirst().AtMost(1)
type FeatureQuery struct {
	// Version is the version, such as "Windows 11, version 24H2"; empty wants
	// all. It must have no spaces around it. The service filters by it, and can
	// tell upper from lower case.
	Version string
	// Build is the build number, such as "26100"; empty wants all. It must be a
	// number. It is compared on this side.
	Build string
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
	// Filter is a filter in OData's language that the updates must pass as well;
	// empty wants all. The service applies it.
	Filter string
}

// OfVersion wants one version; see [FeatureQuery.Version].
func (q FeatureQuery) OfVersion(version string) FeatureQuery { q.Version = version; return q }

// OfBuild wants one build; see [FeatureQuery.Build].
func (q FeatureQuery) OfBuild(build string) FeatureQuery { q.Build = build; return q }

// ReleasedAfter wants later releases; see [FeatureQuery.After].
func (q FeatureQuery) ReleasedAfter(t time.Time) FeatureQuery { q.After = t; return q }

// ReleasedBefore wants earlier releases; see [FeatureQuery.Before].
func (q FeatureQuery) ReleasedBefore(t time.Time) FeatureQuery { q.Before = t; return q }

// DeployableOn wants what is deployable at t; see [FeatureQuery.DeployableAt].
func (q FeatureQuery) DeployableOn(t time.Time) FeatureQuery { q.DeployableAt = t; return q }

// NewestFirst wants the latest release first; see [FeatureQuery.SortNewestFirst].
func (q FeatureQuery) NewestFirst() FeatureQuery { q.SortNewestFirst = true; return q }

// AtMost wants n updates at most; see [FeatureQuery.Limit].
func (q FeatureQuery) AtMost(n int) FeatureQuery { q.Limit = n; return q }

// Matching wants what passes a filter; see [FeatureQuery.Filter]. It replaces the
// filter that q had.
func (q FeatureQuery) Matching(filter string) FeatureQuery { q.Filter = filter; return q }

// Validate says what is wrong with the query, without asking the service: nil, or
// an error that joins an apierr.FieldError for each problem. A list of an
// invalid query fails with it and sends nothing.
func (q FeatureQuery) Validate() error {
	return errors.Join(q.request().check(), checkVersion("FeatureQuery.Version", q.Version), checkFeatureBuild(q.Build))
}

func (q FeatureQuery) request() request {
	filters := []string{KindFeature.is()}
	if q.Version != "" {
		filters = []string{KindFeature.cast("version") + " eq " + wire.Quote(q.Version)}
	}
	return request{
		query: "FeatureQuery", kind: KindFeature, filters: joined(filters, q.Filter),
		after: q.After, before: q.Before, deployableAt: q.DeployableAt,
		newest: q.SortNewestFirst, limit: q.Limit, clientSide: q.Build != "",
	}
}

func (q FeatureQuery) keep(update *FeatureUpdate) bool {
	return (q.Version == "" || strings.EqualFold(update.Version, q.Version)) &&
		(q.Build == "" || update.Build == q.Build)
}

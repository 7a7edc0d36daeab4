package catalog

import (
	"errors"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// FeatureQuery selects feature updates for [Client.ListFeatureUpdates]. The zero query selects all. Set
// the fields, or chain the methods, which return a changed copy:
//
//	catalog.FeatureQuery{}.DeployableOn(time.Now()).NewestFirst().AtMost(1)
type FeatureQuery struct {
	// Version is the version, such as "Windows 11, version 24H2", without surrounding spaces; empty for
	// all. The service filters by it and can be case-sensitive.
	Version string
	// Build is the build number, such as "26100"; empty for all. Filtered client-side.
	Build string
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
	// Filter is an OData filter that the service applies in addition; empty for none.
	Filter string
}

// OfVersion sets [FeatureQuery.Version].
func (q FeatureQuery) OfVersion(version string) FeatureQuery { q.Version = version; return q }

// OfBuild sets [FeatureQuery.Build].
func (q FeatureQuery) OfBuild(build string) FeatureQuery { q.Build = build; return q }

// ReleasedAfter sets [FeatureQuery.After].
func (q FeatureQuery) ReleasedAfter(t time.Time) FeatureQuery { q.After = t; return q }

// ReleasedBefore sets [FeatureQuery.Before].
func (q FeatureQuery) ReleasedBefore(t time.Time) FeatureQuery { q.Before = t; return q }

// DeployableOn sets [FeatureQuery.DeployableAt].
func (q FeatureQuery) DeployableOn(t time.Time) FeatureQuery { q.DeployableAt = t; return q }

// NewestFirst sets [FeatureQuery.SortNewestFirst].
func (q FeatureQuery) NewestFirst() FeatureQuery { q.SortNewestFirst = true; return q }

// AtMost sets [FeatureQuery.Limit].
func (q FeatureQuery) AtMost(n int) FeatureQuery { q.Limit = n; return q }

// Matching sets [FeatureQuery.Filter], and replaces an earlier filter.
func (q FeatureQuery) Matching(filter string) FeatureQuery { q.Filter = filter; return q }

// Validate returns an error that joins an apierr.FieldError for each invalid field, or nil. It sends no
// request. A list of an invalid query returns the same error.
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

func (q FeatureQuery) keep(update *FeatureUpdate) answer {
	answers := []answer{known(true)}
	if q.Version != "" {
		answers = append(answers, decidedBy("version", update.Extra, strings.EqualFold(update.Version, q.Version)))
	}
	if q.Build != "" {
		answers = append(answers, decidedBy("buildNumber", update.Extra, update.Build == q.Build))
	}
	return allOf(answers...)
}

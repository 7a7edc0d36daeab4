package catalog

import (
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/odata"
)

// FeatureQuery says which feature updates are wanted. The zero query wants all.
// Set the fields, or chain the methods, which return a changed copy:
//
//	catalog.FeatureQuery{}.DeployableOn(time.Now()).NewestFirst().AtMost(1)
type FeatureQuery struct {
	// Version is the version, such as "Windows 11, version 24H2"; empty wants
	// all. The service filters by it, and can tell upper from lower case.
	Version string
	// DeployableAt is a moment at which the update must still be deployable;
	// zero wants all. It is checked on this side.
	DeployableAt time.Time
	// Newest asks the service for the latest release first; otherwise the order
	// is the service's.
	Newest bool
	// Limit is the largest number of updates to list; 0 for no limit. It
	// must not be negative, and is counted on this side.
	Limit int
}

// OfVersion wants one version; see [FeatureQuery.Version].
func (q FeatureQuery) OfVersion(version string) FeatureQuery {
	q.Version = version
	return q
}

// DeployableOn wants what is deployable at t; see [FeatureQuery.DeployableAt].
func (q FeatureQuery) DeployableOn(t time.Time) FeatureQuery {
	q.DeployableAt = t
	return q
}

// NewestFirst wants the latest release first; see [FeatureQuery.Newest].
func (q FeatureQuery) NewestFirst() FeatureQuery {
	q.Newest = true
	return q
}

// AtMost wants n updates at most; see [FeatureQuery.Limit].
func (q FeatureQuery) AtMost(n int) FeatureQuery {
	q.Limit = n
	return q
}

const typePrefix = "microsoft.graph.windowsUpdates."

// sent is the part of the query that the service answers.
func (q FeatureQuery) sent() odata.Query {
	out := odata.Query{Filter: "isof('" + typePrefix + string(Feature) + "')"}
	if q.Version != "" {
		out.Filter = typePrefix + string(Feature) + "/version eq " + quote(q.Version)
	}
	if q.Newest {
		out.OrderBy = []string{"releaseDateTime desc"}
	}
	return out
}

// keep is the part of the query that is answered here.
func (q FeatureQuery) keep(e Entry) (*FeatureUpdate, bool) {
	update, ok := e.(*FeatureUpdate)
	return update, ok &&
		(q.Version == "" || strings.EqualFold(update.Version, q.Version)) &&
		(q.DeployableAt.IsZero() || update.DeployableAt(q.DeployableAt))
}

// quote writes a text as an OData literal.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

package catalog

import "time"

// RecoveryQuery says which recovery updates are wanted. The zero query wants all.
// Set the fields, or chain the methods, which return a changed copy:
//
//	catalog.RecoveryQuery{}.WithRevisions().NewestFirst().AtMost(1)
//
// The service documents how to ask for feature and quality updates; recovery
// updates are asked for in the same way.
type RecoveryQuery struct {
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
	// Revisions asks for [RecoveryUpdate.Revisions], which are left out otherwise.
	// Where the service sends only the first of them, reading the rest costs one
	// request or more for each such update.
	Revisions bool
	// Filter is a filter in OData's language that the updates must pass as well;
	// empty wants all. The service applies it.
	Filter string
}

// ReleasedAfter wants later releases; see [RecoveryQuery.After].
func (q RecoveryQuery) ReleasedAfter(t time.Time) RecoveryQuery { q.After = t; return q }

// ReleasedBefore wants earlier releases; see [RecoveryQuery.Before].
func (q RecoveryQuery) ReleasedBefore(t time.Time) RecoveryQuery { q.Before = t; return q }

// DeployableOn wants what is deployable at t; see [RecoveryQuery.DeployableAt].
func (q RecoveryQuery) DeployableOn(t time.Time) RecoveryQuery { q.DeployableAt = t; return q }

// NewestFirst wants the latest release first; see [RecoveryQuery.SortNewestFirst].
func (q RecoveryQuery) NewestFirst() RecoveryQuery { q.SortNewestFirst = true; return q }

// AtMost wants n updates at most; see [RecoveryQuery.Limit].
func (q RecoveryQuery) AtMost(n int) RecoveryQuery { q.Limit = n; return q }

// WithRevisions wants the builds too; see [RecoveryQuery.Revisions].
func (q RecoveryQuery) WithRevisions() RecoveryQuery { q.Revisions = true; return q }

// Matching wants what passes a filter; see [RecoveryQuery.Filter]. It replaces
// the filter that q had.
func (q RecoveryQuery) Matching(filter string) RecoveryQuery { q.Filter = filter; return q }

// Validate says what is wrong with the query, without asking the service: nil, or
// an error that joins an apierr.FieldError for each problem. A list of an invalid
// query fails with it and sends nothing.
func (q RecoveryQuery) Validate() error { return q.request().check() }

func (q RecoveryQuery) request() request {
	return request{
		query: "RecoveryQuery", kind: KindRecovery, filters: joined([]string{KindRecovery.is()}, q.Filter),
		after: q.After, before: q.Before, deployableAt: q.DeployableAt,
		newest: q.SortNewestFirst, limit: q.Limit, revisions: q.Revisions,
	}
}

package catalog

import "time"

// RecoveryQuery selects recovery updates for [Client.ListRecoveryUpdates]. The zero query selects all.
// Set the fields, or chain the methods, which return a changed copy:
//
//	catalog.RecoveryQuery{}.WithRevisions().NewestFirst().AtMost(1)
//
// The service documents the filters for feature and quality updates. That recovery updates work in the
// same way is inferred.
type RecoveryQuery struct {
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
	// Revisions reads [RecoveryUpdate.Revisions]. If the service sends only the first revisions of an
	// update, reading the rest needs at least one more request for it.
	Revisions bool
	// Filter is an OData filter that the service applies in addition; empty for none.
	Filter string
}

// ReleasedAfter sets [RecoveryQuery.After].
func (q RecoveryQuery) ReleasedAfter(t time.Time) RecoveryQuery { q.After = t; return q }

// ReleasedBefore sets [RecoveryQuery.Before].
func (q RecoveryQuery) ReleasedBefore(t time.Time) RecoveryQuery { q.Before = t; return q }

// DeployableOn sets [RecoveryQuery.DeployableAt].
func (q RecoveryQuery) DeployableOn(t time.Time) RecoveryQuery { q.DeployableAt = t; return q }

// NewestFirst sets [RecoveryQuery.SortNewestFirst].
func (q RecoveryQuery) NewestFirst() RecoveryQuery { q.SortNewestFirst = true; return q }

// AtMost sets [RecoveryQuery.Limit].
func (q RecoveryQuery) AtMost(n int) RecoveryQuery { q.Limit = n; return q }

// WithRevisions sets [RecoveryQuery.Revisions].
func (q RecoveryQuery) WithRevisions() RecoveryQuery { q.Revisions = true; return q }

// Matching sets [RecoveryQuery.Filter], and replaces an earlier filter.
func (q RecoveryQuery) Matching(filter string) RecoveryQuery { q.Filter = filter; return q }

// Validate returns an error that joins an apierr.FieldError for each invalid field, or nil. It sends no
// request. A list of an invalid query returns the same error.
func (q RecoveryQuery) Validate() error { return q.request().check() }

func (q RecoveryQuery) request() request {
	return request{
		query: "RecoveryQuery", kind: KindRecovery, filters: joined([]string{KindRecovery.is()}, q.Filter),
		after: q.After, before: q.Before, deployableAt: q.DeployableAt,
		newest: q.SortNewestFirst, limit: q.Limit, revisions: q.Revisions,
	}
}

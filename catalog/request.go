package catalog

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// largestTop is the largest $top that is sent. The maximum of the service is not documented, and a limit
// above the usual page size saves nothing.
const largestTop = 100

// request is a query of any kind.
type request struct {
	query string // name of the query's type, for errors
	kind  Kind
	// filters are sent, joined with "and".
	filters []string
	// The times are compared client-side.
	after, before, deployableAt time.Time
	newest                      bool
	limit                       int
	revisions                   bool
	// clientSide reports whether the query has further conditions that are compared client-side.
	clientSide bool
}

func (r request) check() error {
	return errors.Join(r.checkLimit(), r.checkTimes())
}

func (r request) checkLimit() error {
	if r.limit < 0 {
		return &apierr.FieldError{Field: r.query + ".Limit", Value: strconv.Itoa(r.limit), Rule: "must not be negative"}
	}
	return nil
}

func (r request) checkTimes() error {
	if r.after.IsZero() || r.before.IsZero() || r.after.Before(r.before) {
		return nil
	}
	return &apierr.FieldError{
		Field: r.query + ".After", Value: r.after.UTC().Format(time.RFC3339Nano),
		Rule: "must be earlier than Before, " + r.before.UTC().Format(time.RFC3339Nano),
	}
}

// sent returns the part of the query that the service answers.
func (r request) sent() *odata.Query {
	q := &odata.Query{Filter: strings.Join(r.filters, " and ")}
	if r.newest {
		q.OrderBy = []string{"releaseDateTime desc"}
	}
	if r.revisions {
		q.Expand = []string{r.kind.cast("productRevisions")}
	}
	if r.limit <= largestTop && !r.leavesOut() {
		q.Top = r.limit
	}
	return q
}

// leavesOut reports whether entries are filtered client-side. The service must not count them then.
func (r request) leavesOut() bool {
	return r.clientSide || !r.after.IsZero() || !r.before.IsZero() || !r.deployableAt.IsZero()
}

// matches compares the conditions that all kinds have and the service does not.
func (r request) matches(b *Base) answer {
	answers := []answer{known(true)}
	if !r.after.IsZero() {
		answers = append(answers, decidedBy("releaseDateTime", b.Extra, b.Released.After(r.after)))
	}
	if !r.before.IsZero() {
		answers = append(answers,
			decidedBy("releaseDateTime", b.Extra, !b.Released.IsZero() && b.Released.Before(r.before)))
	}
	if !r.deployableAt.IsZero() {
		answers = append(answers, decidedBy("deployableUntilDateTime", b.Extra, b.DeployableAt(r.deployableAt)))
	}
	return allOf(answers...)
}

// find lists the entries of one type that match a query. keep compares properties, and keepRevisions the
// revisions, which are read only if keep matches. invalid is the error of the query.
func find[T Entry](c Client, op string, r request, invalid error, keep, keepRevisions func(T) answer) odata.List[T] {
	if invalid != nil {
		return refused[T](op, invalid)
	}
	return list(c, op, r.sent(), matching(r, keep), func(e Entry) (T, answer) {
		update, _ := e.(T)
		return update, keepRevisions(update)
	}).AtMost(r.limit)
}

// matching returns a function that says whether an entry is of a type and matches a query.
func matching[T Entry](r request, keep func(T) answer) func(Entry) answer {
	return func(e Entry) answer {
		update, ok := e.(T)
		if !ok {
			return decidedBy("@odata.type", e.Common().Extra, false)
		}
		return allOf(r.matches(e.Common()), keep(update))
	}
}

func always[T any](T) answer { return known(true) }

// refused is a list that returns an error.
func refused[T any](op string, err error) odata.List[T] {
	return odata.NewList(op, 0, func(context.Context, string) (*odata.Page[T], error) {
		return nil, call.Invalid(op, err)
	})
}

// is returns the filter for entries of a kind.
func (k Kind) is() string { return "isof('" + wire.Namespace + string(k) + "')" }

// cast names a property that only entries of a kind have.
func (k Kind) cast(member string) string { return wire.Namespace + string(k) + "/" + member }

// joined adds a filter of the caller, which can contain "or".
func joined(filters []string, raw string) []string {
	if raw == "" {
		return filters
	}
	return append(filters, "("+raw+")")
}

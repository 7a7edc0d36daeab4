package deployments

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// CreateOnceOptions are options of [Client.CreateOnce] and of the methods of that name in
// package updatepolicies.
type CreateOnceOptions struct {
	// SearchWindow is how long after a lost response to search for the created object; 0
	// is 2 minutes. If the service lists the object later than that, it is not found and
	// a second one can be created. It must not be negative.
	SearchWindow time.Duration
}

// CreateOnce creates a deployment and avoids a duplicate if a response is lost. Use it
// instead of [Client.Create] if a second deployment would do harm.
//
// CreateOnce lists the deployments before it creates one. After a lost response it polls the list for a
// deployment that matches spec. That deployment must be new in the list, and created since then by the
// service's clock. It polls until the search window ends, to be sure that there is only one, and returns it
// as listed. If there is none, it creates again. The third lost response is returned as Create returns it.
//
// A listed deployment can omit the ID of its entry. It matches if it is of a quality update
// with the release date, classification, and cadence that the catalog has for spec.
//
// If two programs create the same deployment simultaneously, theirs cannot be told apart. If there are
// several candidates, or one that may be older or of another entry, the error is an
// [*apierr.AmbiguousError]. It lists them with the reason. To avoid this, deploy to an audience of your own
// with [Spec.ToAudience]. Extra and unknown kinds of rollouts are not compared.
//
// If the search fails or ctx ends first, the error is apierr.ErrUnknownOutcome, with an
// AmbiguousError if candidates were found.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op POST /deployments
//graph:op GET /deployments
//graph:op GET /catalog/entries/{id}
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-deployments?view=graph-rest-beta
func (c Client) CreateOnce(ctx context.Context, spec Spec, opts *CreateOnceOptions) (deployment *Deployment, err error) {
	const op = "deployments.CreateOnce"
	defer c.call.Span(&ctx, op)(&err)
	window, err := opts.window()
	if err = errors.Join(spec.Validate(), c.checkExpecting(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Run(ctx, op, window)
}

// FindCreated searches once for the deployment that a [Client.Create] with a lost response
// may have created. It matches spec and was created at since or later by the service's
// clock. Use a time shortly before the call, minus a few seconds to allow for clock skew. If
// you can, use [Client.CreateOnce] instead, which is more reliable.
//
// If nothing is found, the error is apierr.ErrNotFound; the deployment may be listed later.
// Several candidates, and one without a time or without a known entry, are an
// [*apierr.AmbiguousError] that lists them.
//
// Graph: GET /deployments, GET /catalog/entries/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-deployments?view=graph-rest-beta
func (c Client) FindCreated(ctx context.Context, spec Spec, since time.Time) (deployment *Deployment, err error) {
	const op = "deployments.FindCreated"
	defer c.call.Span(&ctx, op)(&err)
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Find(ctx, op, since)
}

func (o *CreateOnceOptions) window() (time.Duration, error) {
	if o == nil {
		return 0, nil
	}
	return o.SearchWindow, call.CheckDuration("CreateOnceOptions.SearchWindow", o.SearchWindow)
}

func once(c Client, op string, spec Spec) call.Once[*Deployment] {
	entry := Internal.DesiredEntry(c.call, spec.EntryID)
	return call.Once[*Deployment]{
		Create: func(ctx context.Context) (*Deployment, error) { return c.Create(ctx, spec) },
		List: func(ctx context.Context, clock *time.Time) iter.Seq2[*Deployment, error] {
			return c.listDated(op, spec, clock).All(ctx)
		},
		Matches: spec.matches,
		IsOther: func(ctx context.Context, d *Deployment) bool { return entry.IsOther(ctx, d.Content) },
		Identify: func(d *Deployment) call.Identity {
			return call.Identity{ID: d.ID, Created: d.Created, Doubt: cmp.Or(doubt(d.matchUnread()), entry.Doubt(d.Content))}
		},
	}
}

// doubt is why a deployment with properties that could not be read may not match, or empty.
func doubt(unread []string) string {
	if len(unread) == 0 {
		return ""
	}
	return "has a property that could not be read: " + strings.Join(unread, " and ")
}

// listDated lists the deployments on the audience of a spec, if it has one. Only that filter
// is known to work.
func (c Client) listDated(op string, spec Spec, clock *time.Time) odata.List[*Deployment] {
	q := &odata.Query{}
	if spec.AudienceID != "" {
		q.Filter = "audience/id eq " + wire.Quote(spec.AudienceID)
	}
	return call.List(c.call, call.Op{Name: op}, q, call.Dated(clock, fetchDeployments), call.All(readDeployment))
}

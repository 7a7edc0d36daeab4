package deployments

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// CreateOnceOptions change how [Client.CreateOnce], and its namesakes in package
// updatepolicies, deal with a lost response. The zero options and nil are the defaults.
type CreateOnceOptions struct {
	// SearchWindow is how long after a lost response the created object may take to be
	// listed; 0 is 2 minutes. An object that is listed later is not found, and there can
	// be two of it. It must not be negative.
	SearchWindow time.Duration
}

// CreateOnce is [Client.Create] for callers who must not make two: a lost answer does
// not end it. It lists the deployments first, and notes the service's time. After a
// lost answer it looks for a deployment that is what the spec says, was not there
// before, and was created since then by the service's clock. It looks until the
// window ends, even after finding one, to be sure that there is only one, and returns
// that one as the list has it. When there is none it creates again; the third answer
// that is lost in this way is returned as Create returns it.
//
// Members of Extra, and a rollout of a kind that this version does not know, cannot be
// compared and are not. Of two programs that create the same at the same time nobody
// can tell whose is whose: several candidates, and one that may be older, are an
// [*apierr.AmbiguousError] that lists them. Where that matters deploy to an audience of
// your own, with [Spec.ToAudience]. Of a search that fails, or is ended by the context,
// the error is apierr.ErrUnknownOutcome too, and a AmbiguousError when something was
// found.
//
//   - Graph: POST /deployments
//   - Graph: GET /deployments
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-post-deployments?view=graph-rest-beta
func (c Client) CreateOnce(ctx context.Context, spec Spec, opts *CreateOnceOptions) (deployment *Deployment, err error) {
	const op = "deployments.CreateOnce"
	defer c.call.Span(&ctx, op)(&err)
	window, err := opts.window()
	if err = errors.Join(spec.Validate(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Run(ctx, window)
}

// FindCreated looks once for the deployment that a lost call of [Client.Create] may
// have made: it is what the spec says, and was created at since or later by the
// service's clock. since is a time just before the call: your clock, less some
// seconds where the two may differ. What was there before must not be found. When
// there is none the error is apierr.ErrNotFound: it may show later. Several, and
// those whose time the service does not say, are an [*apierr.AmbiguousError] that is
// apierr.ErrTooMany and lists them. [Client.CreateOnce] does all of this, and more
// surely.
//
//   - Graph: GET /deployments
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-list-deployments?view=graph-rest-beta
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
	return call.Once[*Deployment]{
		Create: func(ctx context.Context) (*Deployment, error) { return c.Create(ctx, spec) },
		Alike: func(ctx context.Context, clock *time.Time) iter.Seq2[*Deployment, error] {
			return c.listMatching(op, spec, clock).All(ctx)
		},
		Identify: func(d *Deployment) call.Identity { return call.Identity{ID: d.ID, Created: d.Created} },
	}
}

// listMatching lists the deployments that a spec may have made. Only the filter on the
// audience is known to work.
func (c Client) listMatching(op string, spec Spec, clock *time.Time) odata.List[*Deployment] {
	q := odata.Query{}
	if spec.AudienceID != "" {
		q.Filter = "audience/id eq " + wire.Quote(spec.AudienceID)
	}
	matching := func(w models.Deploymentable) (*Deployment, bool) {
		d := readDeployment(w)
		return d, spec.matches(d)
	}
	return call.List(c.call, call.Op{Name: op}, q, call.Dated(clock, fetchDeployments), matching)
}

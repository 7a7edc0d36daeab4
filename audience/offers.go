package audience

import (
	"cmp"
	"context"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// A deployment without a rollout offers its update to each new member immediately. This file counts such
// offers.

// offer is what offers an update to each new member of an audience immediately.
type offer struct {
	why        string // such as "deployment X has no rollout"
	canRollOut bool   // whether its content allows a rollout
}

// isNone reports whether nothing offers an update immediately.
func (o offer) isNone() bool { return o.why == "" }

func offerBy(d models.Deploymentable) offer {
	return offer{"deployment " + wire.Value(d.GetId()) + " has no rollout", mayRollOut(d)}
}

func (r *reach) checkOffers(ctx context.Context) error {
	limit := r.expecting.raise(r.client.call.Limits().ImmediateOffers)
	mayAdd, mayInclude := r.mayExceed(limit, r.edit.AddMembers), len(r.edit.RemoveExclusions) > 0
	if limit == call.NoLimit || !mayAdd && !mayInclude {
		return nil
	}
	if given := len(r.edit.AddMembers) + len(r.edit.RemoveExclusions); !mayAdd && given <= limit && !hasGroup(r.edit.RemoveExclusions) {
		return nil
	}
	o, err := r.client.immediateOffer(ctx, r.op, r.of)
	if err != nil || o.isNone() {
		return err
	}
	included, err := r.client.countExcluded(ctx, r.op, r.of, r.edit.RemoveExclusions)
	if err := cmp.Or(err, r.count(ctx)); err != nil {
		return err
	}
	return r.expecting.checkOffers(limit, r.additions+included, o.why, o.canRollOut)
}

// checkOffers returns an error for more immediate offers than the limit.
func (e expecting) checkOffers(limit, count int, why string, mayRollOut bool) error {
	if count <= limit {
		return nil
	}
	advice := why + "; " + e.allow(count)
	if mayRollOut {
		advice += ", or give the deployment settings with RollingOut first"
	}
	return &apierr.LimitError{
		Limit: "Limits.ImmediateOffers", Count: count, Max: limit, Effect: "offered the update immediately", Advice: advice,
	}
}

// countExcluded counts the devices of a list that are exclusions now. All devices of a group count.
func (c Client) countExcluded(ctx context.Context, op string, of Ref, list []Member) (int, error) {
	if len(list) == 0 {
		return 0, nil
	}
	t := newTarget(list, never)
	groups := t.groups
	t.groups = nil
	now, err := c.poll(ctx, op, of, exclusionsOf, t)
	if err != nil {
		return 0, err
	}
	count := t.devices.Len() - len(now.missing)
	for _, group := range groups {
		for _, err := range GroupClient(c).listMembers(op, group, nil).All(ctx) {
			if err != nil {
				return 0, err
			}
			count++
		}
	}
	return count, nil
}

// immediateOffer returns what offers an update to each new member of an audience immediately; the zero offer for
// nothing.
func (c Client) immediateOffer(ctx context.Context, op string, of Ref) (offer, error) {
	id, d, err := c.resolve(ctx, op, of)
	if err != nil {
		return offer{}, err
	}
	if d != nil && isImmediate(d) {
		return offerBy(d), nil
	}
	using, err := c.deploymentsOf(ctx, op, id)
	if err != nil {
		return offer{}, err
	}
	for _, d := range using {
		if isImmediate(d) {
			return offerBy(d), nil
		}
	}
	return c.policyOffer(ctx, op, id)
}

// resolve returns the ID of an audience, and its deployment if the Ref names one.
func (c Client) resolve(ctx context.Context, op string, of Ref) (id string, d models.Deploymentable, err error) {
	if of.owner == itself {
		return of.id, nil, nil
	}
	if of.owner == deployment {
		d, err = call.Do(ctx, c.call, of.audienceOp(op, call.Read), func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
			return g.Deployments().ByDeploymentId(of.id).Get(ctx, nil)
		})
		if err != nil {
			return "", nil, err
		}
		if id := listedID(d); id != "" {
			return id, d, nil
		}
	}
	a, err := c.get(ctx, of.audienceOp(op, call.Read), of)
	if err != nil {
		return "", nil, err
	}
	return wire.Value(a.GetId()), d, nil
}

// isImmediate reports whether a deployment offers its update to all members as soon as it starts. One that
// has ended, or is a readiness test, offers nothing.
func isImmediate(d models.Deploymentable) bool {
	if s := d.GetState(); s != nil {
		switch wire.Value(s.GetEffectiveValue()) {
		case "archived", "faulted":
			return false
		}
	}
	settings := d.GetSettings()
	if settings == nil {
		return true
	}
	return !isTest(settings.GetExpedite()) && (settings.GetSchedule() == nil || !isGradual(settings.GetSchedule(), time.Now()))
}

// isTest reports whether a deployment is a readiness test, which offers nothing.
func isTest(e models.ExpediteSettingsable) bool {
	return e != nil && wire.Value(e.GetIsExpedited()) && wire.Value(e.GetIsReadinessTest())
}

// isGradual reports whether a rollout certainly offers in more than one step from now on. The service sends one of 0
// devices for none, and after its end a rollout offers to all others immediately.
func isGradual(s models.ScheduleSettingsable, now time.Time) bool {
	w := s.GetGradualRollout()
	if w == nil {
		return false
	}
	extra := wire.Extra(w)
	every, isRead := wire.ParseDays(cmp.Or(wire.Value(w.GetDurationBetweenOffers()), "P1D"))
	isRead = isRead && len(wire.Unread(extra, "durationBetweenOffers")) == 0
	switch w := w.(type) {
	case models.RateDrivenRolloutSettingsable:
		isUnread := len(wire.Unread(extra, "devicesPerOffer")) > 0
		return !isUnread && (wire.Value(w.GetDevicesPerOffer()) > 0 || len(extra) > 0)
	case models.DateDrivenRolloutSettingsable:
		start := wire.Later(wire.Time(s.GetStartDateTime()), now)
		isRead = isRead && len(wire.Unread(wire.Extra(s), "startDateTime")) == 0
		return isRead && wire.TakesSteps(wire.DaysUntil(start, wire.Time(w.GetEndDateTime())), every)
	case models.DurationDrivenRolloutSettingsable:
		length, _ := wire.ParseDays(wire.Value(w.GetDurationUntilDeploymentEnd()))
		return isRead && wire.TakesSteps(int64(length), every)
	}
	return true
}

// mayRollOut reports whether the content of a deployment allows a rollout: only that of a feature update
// does.
func mayRollOut(d models.Deploymentable) bool {
	if s := d.GetSettings(); s != nil && s.GetExpedite() != nil {
		return false
	}
	return isRollable(d.GetContent())
}

func isRollable(w models.DeployableContentable) bool {
	content, ok := w.(models.CatalogContentable)
	if !ok || content.GetCatalogEntry() == nil {
		return true
	}
	switch content.GetCatalogEntry().(type) {
	case models.QualityUpdateCatalogEntryable, models.DriverUpdateCatalogEntryable:
		return false
	}
	return true
}

// checkNewOffer checks a deployment without a rollout before it is created. It returns an error if the
// audience has more members than may be offered an update immediately.
func (c Client) checkNewOffer(ctx context.Context, op, audienceID string, e expecting, mayRollOut bool) error {
	limit := e.raise(c.call.Limits().ImmediateOffers)
	if limit == call.NoLimit {
		return nil
	}
	members, err := c.readDevices(ctx, op, ByID(audienceID), membersOf)
	if err != nil || members.Len() <= limit {
		return err
	}
	excluded, err := c.readDevices(ctx, op, ByID(audienceID), exclusionsOf)
	if err != nil {
		return err
	}
	count := members.Len()
	for id := range excluded.All() {
		if members.Has(id) {
			count--
		}
	}
	return e.checkOffers(limit, count, "the deployment has no rollout", mayRollOut)
}

// readDevices reads the devices of a set of an audience, those of its groups included.
func (c Client) readDevices(ctx context.Context, op string, of Ref, set func(routes) fetchAssets) (*idset.Set, error) {
	var devices idset.Set
	for asset, err := range c.listAssets(of, op, nil, set, new(bool)).All(ctx) {
		if err != nil {
			return nil, err
		}
		id := asset.Common().ID
		switch asset.(type) {
		case *Device:
			devices.AddFolded(id)
		case *Group:
			for device, err := range GroupClient(c).listMembers(op, id, nil).All(ctx) {
				if err != nil {
					return nil, err
				}
				devices.AddFolded(device.Common().ID)
			}
		}
	}
	devices.Sort()
	return &devices, nil
}

// checkLimits returns an error if more devices than allowed would be added to a group, or offered an update
// immediately through it. devices has no duplicates.
func (c GroupClient) checkLimits(ctx context.Context, op, group string, devices []Member, e expecting) error {
	limits := c.call.Limits()
	additions, offers := e.raise(limits.Additions), e.raise(limits.ImmediateOffers)
	if len(devices) <= min(additions, offers) {
		return nil
	}
	count, err := c.countNew(ctx, op, group, devices)
	if err != nil {
		return err
	}
	if count > additions {
		return &apierr.LimitError{
			Limit: "Limits.Additions", Count: count, Max: additions, Effect: "added", Advice: e.allow(count),
		}
	}
	if count <= offers {
		return nil
	}
	return c.checkOffers(ctx, op, group, count, e, membersOf, "a member")
}

// checkReleased returns an error if more devices than allowed would be offered an update immediately because
// they leave a group that is an exclusion.
func (c GroupClient) checkReleased(ctx context.Context, op, group string, devices []Member, e expecting) error {
	offers := e.raise(c.call.Limits().ImmediateOffers)
	if len(devices) <= offers {
		return nil
	}
	others, err := c.countNew(ctx, op, group, devices)
	if err != nil || len(devices)-others <= offers {
		return err
	}
	return c.checkOffers(ctx, op, group, len(devices)-others, e, exclusionsOf, "an exclusion")
}

// checkOffers returns an error for more immediate offers than the limit. It counts deployments that make
// such offers and whose audience can have the group among its members or exclusions.
func (c GroupClient) checkOffers(ctx context.Context, op, group string, count int, e expecting,
	set func(routes) fetchAssets, role string,
) error {
	o, err := Client(c).immediateOfferTo(ctx, op, group, set)
	if err != nil || o.isNone() {
		return err
	}
	why := o.why + ", and the group can be " + role + " of its audience"
	return e.checkOffers(e.raise(c.call.Limits().ImmediateOffers), count, why, o.canRollOut)
}

// countNew counts the devices that a group does not have.
func (c GroupClient) countNew(ctx context.Context, op, group string, devices []Member) (int, error) {
	t := newTarget(devices, never)
	count := t.devices.Len()
	for asset, err := range c.listMembers(op, group, nil).All(ctx) {
		if err != nil {
			return 0, err
		}
		if id := asset.Common().ID; !t.devices.IsMarked(id) && t.devices.Mark(id) {
			count--
		}
	}
	return count, nil
}

// immediateOfferTo returns what offers an update immediately, and in whose audience the group can be in a set;
// the zero offer for nothing.
func (c Client) immediateOfferTo(ctx context.Context, op, group string, set func(routes) fetchAssets) (offer, error) {
	checked := map[string]bool{} // audiences
	all := call.List(c.call, call.Op{Name: op}, nil, fetchDeployments, call.All(asIs[models.Deploymentable]))
	for d, err := range all.All(ctx) {
		if err != nil {
			return offer{}, err
		}
		audienceID := wire.Fold(listedID(d))
		if !isImmediate(d) || checked[audienceID] {
			continue
		}
		checked[audienceID] = audienceID != ""
		if can, err := c.canBeIn(ctx, op, OfDeployment(wire.Value(d.GetId())), group, set); err != nil || can {
			return offerBy(d), err
		}
	}
	return c.policyOfferTo(ctx, op, group, set, checked)
}

// canBeIn reports whether a group can be in a set of an audience. The service may list a group as its enrolled
// devices, so a group without any can be in each set.
func (c Client) canBeIn(ctx context.Context, op string, of Ref, group string, set func(routes) fetchAssets) (bool, error) {
	now, err := c.poll(ctx, op, of, set, newTarget(Groups(group), never))
	return err == nil && len(now.missing) == 0, err
}

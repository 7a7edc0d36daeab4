package deployments

import (
	"context"
	"encoding/json"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Expecting returns a client whose calls may offer an update immediately to at most that many
// devices, if that is more than updates.Limits.ImmediateOffers. Use it for the one call that is
// meant to reach them:
//
//	d, err := client.Deployments().Expecting(12_000).Create(ctx, spec)
//
// The argument is a number and no switch, so that a call still fails if the audience has grown.
// It must not be negative.
func (c Client) Expecting(devices int) Client {
	c.expecting = devices
	return c
}

const expectingOption = "Client.Expecting"

func (c Client) checkExpecting() error { return call.CheckExpecting(expectingOption, c.expecting) }

// checkCreate returns an error if a new deployment would offer its update immediately to more
// members of an existing audience than meant.
func (c Client) checkCreate(ctx context.Context, op string, spec Spec) error {
	if spec.AudienceID == "" || c.call.IsMadeUp(spec.AudienceID) || !spec.Settings.offersImmediately(time.Now()) {
		return nil
	}
	return c.checkOffer(ctx, op, spec.AudienceID, spec.Kind == catalog.KindFeature)
}

func (c Client) checkOffer(ctx context.Context, op, audienceID string, canRollOut bool) error {
	members := audience.Internal.NewClient(c.call)
	return audience.Internal.CheckNewOffer(ctx, members, op, audienceID, c.expecting, expectingOption, canRollOut)
}

// checkUpdate returns an error if an update of a deployment would do that. It reads the
// deployment only if the update can.
func (c Client) checkUpdate(ctx context.Context, op, id string, u Update) error {
	if c.call.Limits().ImmediateOffers == call.NoLimit || c.call.IsMadeUp(id) || !u.mayOffer(time.Now()) {
		return nil
	}
	d, err := c.read(ctx, op, id)
	if err != nil {
		return err
	}
	return c.checkChange(ctx, op, d, u)
}

// checkChange is for an update of a deployment that was read.
func (c Client) checkChange(ctx context.Context, op string, d *Deployment, u Update) error {
	now := time.Now()
	isNew := !d.State.hasEnded() && !d.Settings.hasOffered(d.Extra, "settings", now)
	if c.call.Limits().ImmediateOffers == call.NoLimit || !isNew || !u.appliedTo(d.Settings).offersImmediately(now) {
		return nil
	}
	members := audience.Internal.NewClient(c.call)
	audienceID, err := audience.Internal.IDOf(ctx, members, d.Audience.ID, audience.OfDeployment(d.ID))
	if err != nil {
		return err
	}
	return c.checkOffer(ctx, op, audienceID, !d.Settings.Expedite.Expedited)
}

// offersImmediately reports whether settings offer an update to all members as soon as it may be
// offered. A readiness test offers nothing.
func (s Settings) offersImmediately(now time.Time) bool {
	isTest := s.Expedite.Expedited && s.Expedite.ReadinessTest
	return !isTest && !s.Schedule.isGradual(now)
}

// hasOffered reports whether settings certainly offer immediately, so that nothing is new. They
// are in a property of a value with extra.
func (s Settings) hasOffered(extra map[string]json.RawMessage, property string, now time.Time) bool {
	isRead := len(wire.Unread(extra, property)) == 0 && len(s.scheduleUnread()) == 0 && len(s.expediteUnread()) == 0
	isTestRead := len(wire.Unread(s.Expedite.Extra, "isReadinessTest")) == 0
	return isRead && isTestRead && s.offersImmediately(now)
}

// isGradual reports whether a rollout certainly has more than one step.
func (s Schedule) isGradual(now time.Time) bool {
	if wire.IsNil(s.Rollout) {
		return false
	}
	start, every := wire.Later(s.Start, now), s.Rollout.Common().BetweenOffers
	switch r := s.Rollout.(type) {
	case *RateDriven: // a rate of 0 is no rollout
		return r.DevicesPerOffer > 0 || len(wire.Unread(r.Extra, "devicesPerOffer", oldRate)) == 0
	case *DateDriven:
		isRead := len(wire.Unread(s.Extra, "startDateTime")) == 0 && len(r.Unread()) == 0
		return isRead && wire.TakesSteps(wire.DaysUntil(start, r.End), every)
	case *DurationDriven:
		return len(r.Unread()) == 0 && wire.TakesSteps(int64(r.Length), every)
	}
	return true
}

// mayOffer reports whether an update can make a deployment offer its update immediately.
func (u Update) mayOffer(now time.Time) bool {
	schedule, _ := u.Schedule.Value()
	expedite, expedites := u.Expedite.Value()
	isInExtra := u.Extra["schedule"] != nil || u.Extra["expedite"] != nil
	return isInExtra || !u.Schedule.IsUnset() && !schedule.isGradual(now) || expedites && !expedite.ReadinessTest
}

// dependsOnStart reports whether the start decides how many steps a rollout takes, or may.
func (u Update) dependsOnStart() bool {
	schedule, _ := u.Schedule.Value()
	_, byDate := schedule.Rollout.(*DateDriven)
	return byDate || len(wire.Unread(schedule.Extra, "gradualRollout")) > 0
}

// appliedTo are settings as they are after the update, as far as it matters for offers. What Extra sends is
// unknown, and no rollout.
func (u Update) appliedTo(s Settings) Settings {
	if !u.Schedule.IsUnset() || u.Extra["schedule"] != nil {
		s.Schedule, _ = u.Schedule.Value()
	}
	if !u.Expedite.IsUnset() || u.Extra["expedite"] != nil {
		s.Expedite, _ = u.Expedite.Value()
	}
	return s
}

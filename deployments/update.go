package deployments

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Update is a change of a deployment. A zero field stays as it is, a value replaces it, and
// null removes it; see [odata.Change].
type Update struct {
	// State is the state to request; empty keeps it.
	State RequestedState `json:"state,omitempty"`
	// Schedule replaces the whole schedule; null removes it. To move only the start, use
	// [Client.Reschedule].
	Schedule odata.Change[Schedule] `json:"schedule,omitzero"`
	// Monitoring replaces all rules; null and an empty or nil list remove them.
	Monitoring odata.Change[Monitoring] `json:"monitoring,omitzero"`
	// Applicability replaces the applicability, including safeguards; null removes it.
	Applicability odata.Change[Applicability] `json:"contentApplicability,omitzero"`
	// UserExperience replaces the user experience; null removes it.
	UserExperience odata.Change[UserExperience] `json:"userExperience,omitzero"`
	// Expedite replaces the expedite settings; null removes them.
	Expedite odata.Change[Expedite] `json:"expedite,omitzero"`
	// Extra has unknown properties of the settings to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate checks the update locally, without a request. The error is apierr.ErrInvalid and
// joins an [apierr.FieldError] for each value that the service is known to reject. An
// update that changes nothing is invalid.
func (u Update) Validate() error {
	if u.State == "" && !u.changesSettings() {
		return &apierr.FieldError{Field: "Update", Rule: "must change something"}
	}
	var errs []error
	sent := map[string]bool{}
	for _, c := range u.changes() {
		field, property := c.names()
		errs = append(errs, c.check(field))
		sent[property] = !c.kept
	}
	schedule, _ := u.Schedule.Value()
	expedite, _ := u.Expedite.Value()
	errs = append(errs, checkImmediate("Schedule", schedule, expedite), wire.CheckExtra("Update", u.Extra, sent))
	return errors.Join(errs...)
}

func (u Update) changesSettings() bool {
	return len(u.Extra) > 0 || slices.ContainsFunc(u.changes(), func(c change) bool { return !c.kept })
}

// change is what an update does to a part.
type change struct {
	part          // its new value; zero where it is kept or removed
	kept, removed bool
}

func changeOf[T any, P interface {
	*T
	part
}](c odata.Change[T]) change {
	value, _ := c.Value()
	return change{P(&value), c.IsUnset(), c.IsNull()}
}

// changes are the changes of [Settings.parts].
func (u Update) changes() []change {
	return []change{
		changeOf(u.Schedule), changeOf(u.newMonitoring()), changeOf(u.Applicability), changeOf(u.UserExperience),
		changeOf(u.Expedite),
	}
}

// newMonitoring sends an empty list for nil rules, which a new deployment would not send.
func (u Update) newMonitoring() odata.Change[Monitoring] {
	monitoring, set := u.Monitoring.Value()
	if !set || monitoring.Rules != nil {
		return u.Monitoring
	}
	monitoring.Rules = []MonitoringRule{}
	return odata.Set(monitoring)
}

// isAppliedTo reports whether a deployment that was read certainly has every value that the
// update sets. Extra cannot be compared.
func (u Update) isAppliedTo(d *Deployment) bool {
	return len(u.Extra) == 0 && (u.State == "" || u.State == d.State.Requested) &&
		(!u.changesSettings() || d.Extra["settings"] == nil && u.areChanged(d.Settings))
}

func (u Update) areChanged(read Settings) bool {
	for _, c := range u.changes() {
		if _, property := c.names(); !c.kept && read.Extra[property] != nil {
			return false
		}
	}
	return isChanged(u.Schedule, read.Schedule) && isChanged(u.Monitoring, read.Monitoring) &&
		isChanged(u.Applicability, read.Applicability) && isChanged(u.UserExperience, read.UserExperience) &&
		isChanged(u.Expedite, read.Expedite)
}

// isChanged is [wire.Holds] for a part, which can also be removed.
func isChanged[T interface {
	isZero() bool
	isAppliedTo(read T) bool
}](c odata.Change[T], read T) bool {
	return c.IsNull() && read.isZero() || wire.Holds(c, func(value T) bool { return value.isAppliedTo(read) })
}

// Update changes the requested state or the settings of a deployment. For common changes,
// use [Client.Pause], [Client.Resume], [Client.Reschedule], or
// [Client.SetMonitoringRules]. The service applies the change later.
//
// An update that removes a rollout, or that expedites what was a readiness test, offers the
// update to all members immediately. Then Update reads the deployment and counts the members:
// over updates.Limits.ImmediateOffers the error is apierr.ErrTooManyDevices, and nothing is
// changed; see [Client.Expecting].
//
// If a response is lost and the retry is rejected with 400 or 409, Update reads the
// deployment until the change is reported. If it is not, the error is the rejection and
// also apierr.ErrUnknownOutcome.
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) Update(ctx context.Context, id string, u Update) error {
	return c.update(ctx, "deployments.Update", id, u)
}

func (c Client) update(ctx context.Context, op, id string, u Update) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(u.Validate(), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	if err := c.checkUpdate(ctx, op, id, u); err != nil {
		return call.Named(op, err)
	}
	return c.patch(ctx, op, id, u)
}

// patch sends an update without validation, so that values of the service can be sent back.
func (c Client) patch(ctx context.Context, op, id string, u Update) error {
	return call.Patch(ctx, c.call, deploymentOp(op, call.Update, id), func(ctx context.Context, g *graph.Client) error {
		_, err := g.Deployments().ByDeploymentId(id).Patch(ctx, writeUpdate(u), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		d, err := c.Get(ctx, id)
		return err == nil && u.isAppliedTo(d), err
	})
}

// Pause stops offering the update to more devices until [Client.Resume]. Devices that were
// offered the update keep it. The service applies this later; use [Client.WaitForState] to
// wait.
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) Pause(ctx context.Context, id string) error {
	return c.update(ctx, "deployments.Pause", id, Update{State: RequestPaused})
}

// Archive ends a deployment for good and keeps it as a record. It cannot be undone; to end
// a deployment for some time, use [Client.Pause]. The service applies this later.
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) Archive(ctx context.Context, id string) error {
	return c.update(ctx, "deployments.Archive", id, Update{State: RequestArchived})
}

// ErrPausedByMonitoring is the sentinel error for a pause by a monitoring rule, which
// [Client.Resume] cannot end.
var ErrPausedByMonitoring = errors.New("a monitoring rule paused the deployment; " +
	"to end the pause, call ClearMonitoringRules, or raise the threshold with SetMonitoringRules")

// Resume ends a requested pause, so that the deployment follows its schedule again. The
// service applies this later; use [Client.WaitForState] to wait.
//
// Resume reads the deployment first. If a monitoring rule paused it, the error is
// [ErrPausedByMonitoring] and names the rule; if a pause was also requested, that request is still
// withdrawn. If the deployment is archived or faulted, the error is [ErrStateUnreachable]. If a property
// that Resume depends on could not be read, the error names it, and nothing is sent.
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) Resume(ctx context.Context, id string) (err error) {
	const op = "deployments.Resume"
	defer c.call.Span(&ctx, op)(&err)
	d, err := c.read(ctx, op, id)
	if err != nil {
		return err
	}
	if err := errors.Join(d.State.ended(), d.checkResume()); err != nil {
		return call.Invalid(op, err)
	}
	rule, monitored := d.PausedByMonitoring()
	if !monitored || d.State.Requested == RequestPaused {
		err = c.update(ctx, op, id, Update{State: RequestNone})
	}
	if err == nil && monitored {
		return call.Invalid(op, rule.pauseError())
	}
	return err
}

// checkResume rejects to conclude from what could not be read. A requested pause can be
// withdrawn whatever a rule did.
func (d *Deployment) checkResume() error {
	unread := d.stateUnread()
	if d.State.Requested != RequestPaused {
		unread = append(unread, d.pauseUnread()...)
	}
	if len(unread) == 0 {
		return nil
	}
	err := unreadError(slices.Compact(unread), "why the deployment is paused")
	return fmt.Errorf("%w; to withdraw a requested pause, call Update with RequestNone", err)
}

// Reschedule moves the start of a deployment and keeps its rollout. It reads the schedule
// and sends it back with the new start. The zero time removes the start, so that offering
// begins as soon as there are members.
//
// The error is apierr.ErrInvalid, and nothing is changed, if start is after the end of a
// rollout by date, or if the update is expedited. A rollout that could not be read is sent
// back as it came; if that is impossible, the error names the property. The service applies
// the change later. If another program changes the rollout between the two requests, that
// change is lost. A start so close to the end of a rollout that one step remains offers the
// update immediately, so members are counted as by [Client.Update].
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) Reschedule(ctx context.Context, id string, start time.Time) (err error) {
	const op = "deployments.Reschedule"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(checkTime("start", start), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	d, err := c.read(ctx, op, id)
	if err != nil {
		return err
	}
	unread := wire.Unread(d.Extra, "settings")
	u, err := rescheduled(d.Settings, start, append(unread, under("settings.", d.Settings.moveUnread())...))
	if err != nil {
		return call.Invalid(op, err)
	}
	if u.dependsOnStart() {
		if err := c.checkChange(ctx, op, d, u); err != nil {
			return call.Named(op, err)
		}
	}
	return c.patch(ctx, op, id, u)
}

// rescheduled sends back the schedule that was read, with another start, or without a start if it is
// zero. unread has the paths of properties without which that is impossible.
func rescheduled(read Settings, start time.Time, unread []string) (Update, error) {
	if len(unread) > 0 {
		return Update{}, unreadError(unread, "what a new start would replace")
	}
	if err := checkMove(read, start); err != nil {
		return Update{}, err
	}
	schedule := read.copied().Schedule
	schedule.Start = start
	if start.IsZero() {
		schedule.Extra = wire.Keep(schedule.Extra, "startDateTime", nil)
	} else {
		schedule.Extra = wire.Without(schedule.Extra, "startDateTime")
	}
	return Update{Schedule: odata.Set(schedule)}, nil
}

// moveUnread names the properties without which a start cannot be moved. A rollout that could
// not be read is sent back as it came.
func (s Settings) moveUnread() []string {
	return append(wire.Unread(s.Extra, "schedule"), s.expediteUnread()...)
}

// checkMove rejects a start that the other settings of a deployment rule out.
func checkMove(s Settings, start time.Time) error {
	if end := s.Schedule.end(); !end.IsZero() && start.After(end) {
		return wire.OutOfRange("start", timestamp(start), "must not be after Rollout.End "+timestamp(end))
	}
	return checkImmediate("Settings.Schedule", Schedule{Start: start}, s.Expedite)
}

// SetMonitoringRules replaces all monitoring rules; without rules it removes them. A pause
// by a rule ends if the rule is removed, or if its threshold is raised above the observed
// percentage. The service applies this later.
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) SetMonitoringRules(ctx context.Context, id string, rules ...MonitoringRule) error {
	return c.update(ctx, "deployments.SetMonitoringRules", id, Update{Monitoring: odata.Set(Monitoring{Rules: rules})})
}

// ClearMonitoringRules removes all monitoring rules, and ends a pause by one of them. The
// service applies this later.
//
// Graph: PATCH /deployments/{id}, GET /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-update?view=graph-rest-beta
func (c Client) ClearMonitoringRules(ctx context.Context, id string) error {
	return c.update(ctx, "deployments.ClearMonitoringRules", id, Update{Monitoring: odata.Set(Monitoring{})})
}

// read is Get under the name of the operation that calls it.
func (c Client) read(ctx context.Context, op, id string) (*Deployment, error) {
	d, err := c.Get(ctx, id)
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		failed.Op = fmt.Sprintf("%s (reading the deployment)", op)
	}
	return d, err
}

package teardown_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const (
	demolitions  = 70
	mostRequests = 400 // that one of them may take
)

func TestARandomTeardownTakesWhatItNamesAndNothingElse(t *testing.T) {
	t.Parallel()
	for seed := range uint64(demolitions) {
		synctest.Test(t, func(t *testing.T) { newDemolition(t, seed).play() })
	}
}

// demolition is a tenant with an update policy or an audience that is to go, and with
// other things, which are not.
type demolition struct {
	*rand.Rand
	t        *testing.T
	name     string
	client   *updates.Client
	service  *simulator.Server
	quirks   simulator.Quirks
	entry    string
	audience string
	policy   string
	own      []string   // IDs of the policy and its dependents
	records  []string   // ids of archived deployments of the audience alone
	users    [][]string // other dependents of the audience, each with its own
	target   teardown.Target
	before   tenantState
	invasion time.Duration // what another program took within requests of the run
}

// tenantState is everything that a tenant has, by its id.
type tenantState map[string]string

func newDemolition(t *testing.T, seed uint64) *demolition {
	t.Helper()
	d := &demolition{Rand: rand.New(rand.NewPCG(seed, 8)), t: t, name: fmt.Sprint("seed ", seed)}
	d.service = simulator.New(&simulator.Options{Lag: d.upTo(50 * time.Second), PageSize: 2 + d.IntN(20)})
	d.client = d.another()
	d.entry = stub.Made[catalog.FeatureUpdate](t)(d.client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")).ID
	d.newPolicy(d.populated()) // a bystander, for the same update
	d.deploy("")               // another one
	d.audience = d.populated()
	d.own, d.records = d.newPolicy(d.audience)
	d.policy = d.own[0]
	for range d.IntN(3) {
		d.newUser()
	}
	d.before = d.state()
	d.target = d.someTarget()
	if d.IntN(10) == 0 {
		require.NoError(t, d.service.SetOwnedByIntune(d.audience))
		d.before = d.state()
	}
	return d
}

func (d *demolition) upTo(most time.Duration) time.Duration {
	return time.Duration(1 + d.Int64N(int64(most)))
}

func (d *demolition) another() *updates.Client {
	d.t.Helper()
	return stub.NewClient(d.t, d.service.Credential(), d.service.Transport())
}

// populated is an audience with devices, perhaps a group, and an exclusion.
func (d *demolition) populated() string {
	d.t.Helper()
	id := stub.Made[audience.Audience](d.t)(d.client.Audiences().Create(d.t.Context())).ID
	edit := audience.Edit{
		AddMembers:    audience.Devices(stub.DeviceIDs(d.IntN(5))...),
		AddExclusions: audience.Devices(stub.DeviceID(1)),
	}
	if d.IntN(2) == 0 {
		group := stub.Made[audience.Group](d.t)(d.client.Groups().Create(d.t.Context())).ID
		edit.AddMembers = append(edit.AddMembers, audience.Groups(group)...)
	}
	require.NoError(d.t, d.client.Audiences().Edit(d.t.Context(), audience.ByID(id), edit, nil))
	return id
}

// newPolicy returns the IDs of a policy and of all its dependents, and those of the
// deployments that approvals have left behind.
func (d *demolition) newPolicy(of string) (hanging, records []string) {
	d.t.Helper()
	ctx, all, spec := d.t.Context(), d.client.UpdatePolicies(), updatepolicies.ForAudience(of)
	if d.IntN(2) == 0 {
		spec = spec.Approving(updatepolicies.DriversStartingAfter(7))
	}
	id := stub.Made[updatepolicies.Policy](d.t)(all.Create(ctx, spec)).ID
	hanging = []string{id}
	for range d.IntN(3) {
		approval := stub.Made[updatepolicies.Approval](d.t)(all.Approve(ctx, id, updatepolicies.ForFeature(d.entry))).ID
		deployment := stub.Made[updatepolicies.Approval](d.t)(all.GetApproval(ctx, id, approval)).Deployments[0].ID
		switch d.IntN(4) {
		case 0:
			require.NoError(d.t, all.DeleteApproval(ctx, id, approval))
			records = append(records, deployment)
		case 1:
			require.NoError(d.t, all.RevokeApproval(ctx, id, approval))
			fallthrough
		default:
			hanging = append(hanging, approval, deployment)
		}
	}
	return hanging, records
}

// newUser adds another dependent of the audience, or a record of one.
func (d *demolition) newUser() {
	d.t.Helper()
	switch d.IntN(3) {
	case 0:
		hanging, records := d.newPolicy(d.audience)
		d.users, d.records = append(d.users, hanging), append(d.records, records...)
	case 1:
		d.users = append(d.users, []string{d.deploy(d.audience)})
	default:
		archived := d.deploy(d.audience)
		require.NoError(d.t, d.client.Deployments().Archive(d.t.Context(), archived))
		d.records = append(d.records, archived)
	}
}

func (d *demolition) deploy(to string) string {
	d.t.Helper()
	spec := deployments.ForFeature(d.entry).ToAudience(to)
	return stub.Made[deployments.Deployment](d.t)(d.client.Deployments().Create(d.t.Context(), spec)).ID
}

// someTarget names all that uses the audience, the audience itself, or too little.
func (d *demolition) someTarget() teardown.Target {
	target := teardown.Target{UpdatePolicyID: d.policy}
	switch d.IntN(4) {
	case 0:
		return teardown.Target{AudienceID: d.audience}
	case 1:
		target.KeepAudience = true
	case 2:
		for _, user := range d.users {
			target.Also = append(target.Also, user[0])
		}
	}
	return target
}

// inTheWay reports whether the target leaves out what uses the audience.
func (d *demolition) inTheWay() bool {
	return d.target.UpdatePolicyID != "" && !d.target.KeepAudience && len(d.target.Also) < len(d.users)
}

// toGo are the ids of all that the target takes.
func (d *demolition) toGo() []string {
	if d.target.KeepAudience {
		return d.own
	}
	return slices.Concat(d.own, d.records, slices.Concat(d.users...), []string{d.audience})
}

// play interrupts some runs of one plan, and not the last.
func (d *demolition) play() {
	d.misbehave()
	plan := d.plan()
	if plan == nil {
		return
	}
	d.quirks.UnknownValues = d.IntN(8) == 0
	d.service.SetQuirks(d.quirks)
	d.fail()
	late := ""
	if d.IntN(2) == 0 {
		d.client = d.invaded(&late)
	}
	for range d.IntN(3) {
		_, _ = d.tearDown(plan, d.upTo(3*time.Minute))
	}
	d.service.ClearFailures()
	report, err := d.tearDown(plan, time.Hour)
	d.requireEnd(report, err, late)
	require.Less(d.t, len(d.service.Requests()), mostRequests, d.name)
}

func (d *demolition) misbehave() {
	for field := range reflect.TypeFor[simulator.Quirks]().NumField() {
		reflect.ValueOf(&d.quirks).Elem().Field(field).SetBool(d.IntN(4) == 0)
	}
	d.quirks.UnknownValues = false // a plan needs to know what is archived
	d.service.SetQuirks(d.quirks)
	d.fail()
}

func (d *demolition) fail() {
	failures := []simulator.Failure{
		simulator.Throttle(), simulator.Throttle().RetryAfter(7 * time.Second), simulator.Status(503),
		simulator.HTML(502), simulator.Break(),
		simulator.Break().AfterEffect(), simulator.BreakBody(), simulator.Status(500).AfterEffect(),
		simulator.Status(423).RetryAfter(time.Second),
		simulator.Hang(),
	}
	for range d.IntN(3) {
		d.service.FailRandomly(d.Float64()/4, failures[d.IntN(len(failures))], d.Uint64())
	}
}

// plan is nil when something is in the way, and then nothing has changed.
func (d *demolition) plan() *teardown.Plan {
	d.t.Helper()
	plan, err := d.client.Teardown().Plan(d.t.Context(), d.target)
	if err != nil && !errors.Is(err, teardown.ErrAudienceInUse) {
		d.service.ClearFailures()
		plan, err = d.client.Teardown().Plan(d.t.Context(), d.target)
	}
	if !d.inTheWay() {
		require.NoError(d.t, err, d.name)
		return plan
	}
	require.ErrorIs(d.t, err, teardown.ErrAudienceInUse, d.name)
	for _, user := range d.users {
		require.ErrorContains(d.t, err, user[0], d.name)
	}
	require.Equal(d.t, d.before, d.state(), d.name)
	return nil
}

// invaded is a client that another program gets ahead of at one of its requests. The ID is
// that of what uses the audience then, when that was answered.
func (d *demolition) invaded(id *string) *updates.Client {
	d.t.Helper()
	others, now, come := d.another(), d.someTime(), d.someInvasion()
	return stub.NewClient(d.t, d.service.Credential(), watched{d.service.Transport(), func(r *http.Request) {
		if come != nil && now(r) {
			invade, began := come, time.Now()
			come = nil
			*id = invade(others)
			d.invasion += time.Since(began)
		}
	}})
}

// someTime is any request, or the first of those that make a difference.
func (d *demolition) someTime() func(*http.Request) bool {
	n, step := d.IntN(40), []string{
		"PATCH /updatePolicies", "DELETE /deployments", "POST /deploymentAudiences",
		"DELETE /updatePolicies", "DELETE /deploymentAudiences",
	}[d.IntN(5)]
	if d.IntN(2) == 0 {
		step = ""
	}
	return func(r *http.Request) bool {
		n--
		path := strings.TrimPrefix(r.URL.Path, "/beta/admin/windows/updates")
		return step == "" && n < 0 || step != "" && strings.HasPrefix(r.Method+" "+path, step)
	}
}

// someInvasion uses the audience, leaves a record in it, or uses the policy.
func (d *demolition) someInvasion() func(*updates.Client) string {
	ctx := d.t.Context()
	deploy := func(c *updates.Client) string {
		made, err := c.Deployments().Create(ctx, deployments.ForFeature(d.entry).ToAudience(d.audience))
		if err != nil { // the audience no longer exists, or the response was lost
			return ""
		}
		return made.ID
	}
	archive := func(c *updates.Client) string {
		id := deploy(c)
		if id != "" && c.Deployments().Archive(ctx, id) != nil {
			return id
		}
		return ""
	}
	policy := func(c *updates.Client) string {
		made, err := c.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(d.audience))
		if err != nil {
			return ""
		}
		return made.ID
	}
	approve := func(c *updates.Client) string { // goes with the policy, unless it is seen before
		_, _ = c.UpdatePolicies().Approve(ctx, d.policy, updatepolicies.ForFeature(d.entry))
		return ""
	}
	return []func(*updates.Client) string{deploy, archive, policy, approve}[d.IntN(4)]
}

// tearDown runs the plan as long as it may, and sees that the report has all steps.
func (d *demolition) tearDown(plan *teardown.Plan, atMost time.Duration) (*teardown.Report, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), atMost)
	defer cancel()
	began := time.Now()
	d.invasion = 0
	report, err := d.client.Teardown().Run(ctx, plan, nil)
	require.LessOrEqual(d.t, time.Since(began)-d.invasion, atMost, d.name)
	require.Len(d.t, slices.Concat(report.Done, report.Remaining), len(plan.Steps), d.name)
	require.Equal(d.t, err == nil, len(report.Remaining) == 0, "%s: %v", d.name, err)
	if err != nil {
		require.ErrorContains(d.t, err, "teardown.Run", d.name)
	}
	return report, err
}

// requireEnd checks that the targets and nothing else are deleted, or that a dependent that
// came late is named and all unrelated objects exist.
func (d *demolition) requireEnd(report *teardown.Report, err error, late string) {
	d.t.Helper()
	after := d.state()
	if late != "" {
		require.Contains(d.t, after, late, "%s: a deployment of another program was deleted", d.name)
	}
	newcomers := slices.DeleteFunc(slices.Collect(maps.Keys(after)), func(id string) bool { return d.before[id] != "" })
	for id, is := range d.before {
		if !slices.Contains(d.toGo(), id) {
			require.Equal(d.t, is, after[id], "%s: %s", d.name, id)
		} else if err == nil {
			require.NotContains(d.t, after, id, "%s: %s", d.name, is)
		}
	}
	if err == nil {
		require.True(d.t, len(newcomers) == 0 || d.target.KeepAudience, d.name)
		return
	}
	require.ErrorIs(d.t, err, teardown.ErrPlanOutdated, d.name)
	named := func(id string) bool { return strings.Contains(err.Error(), id) }
	require.True(d.t, slices.ContainsFunc(newcomers, named), "%s: %v does not name one of %v", d.name, err, newcomers)
	for _, step := range report.Done {
		require.False(d.t, deletes(step) && after[step.ID] != "", "%s: %v", d.name, step)
	}
}

func deletes(step teardown.Step) bool {
	switch step.Action {
	case teardown.ActionDeleteApproval, teardown.ActionDeleteDeployment, teardown.ActionDeletePolicy, teardown.ActionDeleteAudience:
		return true
	}
	return false
}

// state is everything in the tenant after all changes took effect, without quirks.
func (d *demolition) state() tenantState {
	d.t.Helper()
	d.service.SetQuirks(simulator.Quirks{})
	d.service.ClearFailures()
	<-time.After(2 * time.Minute)
	state, c := tenantState{}, d.another()
	each(d.t, c.UpdatePolicies().List(nil), func(p *updatepolicies.Policy) {
		state[p.ID] = fmt.Sprintf("policy with %d rules", len(p.Rules))
		each(d.t, c.UpdatePolicies().ListApprovals(p.ID, nil), func(a *updatepolicies.Approval) {
			state[a.ID] = fmt.Sprintf("approval, revoked %v", a.Revoked)
		})
	})
	each(d.t, c.Deployments().List(nil), func(one *deployments.Deployment) {
		state[one.ID] = fmt.Sprintf("deployment, %s", one.State.Effective)
	})
	each(d.t, c.Audiences().List(nil), func(a *audience.Audience) {
		members, err := c.Audiences().ListMembers(audience.ByID(a.ID), nil).Collect(d.t.Context(), 100)
		require.True(d.t, err == nil || errors.Is(err, apierr.ErrNotFound), "%v", err) // that of Intune
		ids := []string{"audience"}
		for _, m := range members {
			ids = append(ids, m.Common().ID)
		}
		state[a.ID] = fmt.Sprint(ids)
	})
	return state
}

// each reads a list to its end.
func each[T any](t *testing.T, list odata.List[T], do func(T)) {
	t.Helper()
	for one, err := range list.All(t.Context()) {
		require.NoError(t, err)
		do(one)
	}
}

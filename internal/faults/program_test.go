package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// program makes calls, and compares what each claims with what the service holds. It knows
// the objects whose IDs it was told.
type program struct {
	*service
	client *updates.Client
	random *rand.Rand // of its own, so that its calls do not depend on the faults

	devices int // how many it knows

	audienceIDs   []string
	groupIDs      []string
	deploymentIDs []string
	policyIDs     []string
	approvalIDs   [][2]string // each with its policy

	doing string
	began time.Time
	lie   string // the first claim that is wrong; empty if there is none
	calls map[string]int
}

func newProgram(s *service, seed uint64) (*program, error) {
	client, err := updates.NewClient(stub.Token{}, &updates.Options{Transport: s})
	random := rand.New(rand.NewPCG(seed, 2))
	p := &program{service: s, client: client, random: random, calls: map[string]int{}, devices: few}
	s.pages = []int{1, 2, 5, 100}[random.IntN(4)]
	if random.IntN(3) == 0 { // long lists
		p.devices, s.pages = many, []int{10, 25, 100}[random.IntN(3)]
	}
	return p, err
}

// begin notes which call comes.
func (p *program) begin(name string, args ...any) {
	p.doing = strings.TrimSuffix(fmt.Sprintln(append([]any{name}, args...)...), "\n")
	p.calls[name]++
	p.service.begin()
	p.tape = append(p.tape, p.doing)
	p.began = time.Now()
}

// requiref notes the first claim that does not hold, with everything that led to it.
func (p *program) requiref(holds bool, claim string, args ...any) {
	if holds || p.lie != "" {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  in %s, begun %s\n", fmt.Sprintf(claim, args...), p.doing, p.began.Format("15:04:05"))
	from := max(0, len(p.log)-60)
	for _, x := range p.log[from:] {
		fmt.Fprintf(&b, "    %v\n", x)
	}
	p.lie = b.String()
}

// within is the context of one call.
func (p *program) within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(call.WithRandom(context.Background(), p.delay), d)
	context.AfterFunc(ctx, cancel)
	return ctx
}

// delay draws the delays before retries and polls.
func (p *program) delay(n time.Duration) time.Duration { return p.drawAt(nil, n) }

// between returns a random duration, from the numbers of the program.
func (p *program) between(from, to time.Duration) time.Duration {
	return from + time.Duration(p.random.Int64N(int64(to-from)+1))
}

// The numbers of devices: up to 20 are read one by one.
const few, many = 14, 70

// some returns a random part of the devices, at most so many; of many devices, that part.
func (p *program) some(most int) []string {
	var ids []string
	for _, n := range p.random.Perm(p.devices)[:p.random.IntN(p.devices/few*most+1)] {
		ids = append(ids, deviceID(n))
	}
	return ids
}

// pick returns one of a list, and whether there is one.
func pick[T any](p *program, list []T) (T, bool) {
	var none T
	if len(list) == 0 {
		return none, false
	}
	return list[p.random.IntN(len(list))], true
}

// isUnknown reports whether a call says that it may have had an effect.
func isUnknown(err error) bool { return errors.Is(err, apierr.ErrUnknownOutcome) }

// requireCreated is about a method that creates one object. It creates one at most.
//   - No error: it has created an object, and returns that one.
//   - ErrUnknownOutcome: it may have created one.
//   - Another error: it has created none.
func (p *program) requireCreated(kind, id string, err error) {
	made := p.made(kind)
	p.requiref(len(made) <= 1, "created %v", made)
	switch {
	case err == nil:
		p.requiref(slices.Contains(made, id), "returned %s, and created %v", id, made)
	case !isUnknown(err):
		p.requiref(len(made) == 0, "created %v, and the error is certain: %v", made, err)
	}
}

// requireDone is about a method that changes or deletes one object.
//   - No error: the service has accepted the change, or shown its result in a response.
//   - ErrUnknownOutcome: the service may have accepted it.
//   - Another error: it has not.
func (p *program) requireDone(verb, kind, id string, err error, shown bool) {
	did := p.did(verb, kind, id)
	switch {
	case err == nil:
		p.requiref(did || shown, "no error, and %s of %s was neither accepted nor shown", verb, id)
	case !isUnknown(err):
		p.requiref(!did, "%s of %s was accepted, and the error is certain: %v", verb, id, err)
	}
}

// sending is what an error of a change of many assets claims. All but Failed is certain.
type sending struct {
	verb                 string
	kind                 string // or the audience
	sent, failed, unsent []string
}

// requireSent holds for each of the assets.
//   - Sent: a request with it was accepted.
//   - Unsent: no request with it was sent.
//   - Failed: no request with it was accepted, unless the outcome is unknown.
func (p *program) requireSent(c sending, err error) {
	for _, id := range c.sent {
		p.requiref(p.accepted(c, id), "%s of %s is sent, and was not accepted", c.verb, id)
	}
	for _, id := range c.unsent {
		p.requiref(!p.requested(c, id), "%s of %s is unsent, and was requested", c.verb, id)
	}
	for _, id := range c.failed {
		certain := !isUnknown(err) && !slices.Contains(c.sent, id)
		holds := !certain || !p.accepted(c, id)
		p.requiref(holds, "%s of %s has failed for certain, and was accepted: %v", c.verb, id, err)
	}
}

func (p *program) accepted(c sending, id string) bool {
	return slices.ContainsFunc(p.effects(), func(e effect) bool {
		return e.verb == c.verb && (e.kind == c.kind || e.id == c.kind) && e.has(id)
	})
}

func (p *program) requested(c sending, id string) bool {
	return slices.ContainsFunc(p.log, func(x *exchange) bool {
		assets := x.request.body[c.verb]
		if action := x.request.path[len(x.request.path)-1]; strings.HasPrefix(action, c.verb) {
			assets = append(anySlice(x.request.body["assets"]), anySlice(x.request.body["ids"])...)
		}
		return slices.Contains(idsOf(assets), id)
	})
}

func anySlice(v any) []any {
	list, _ := v.([]any)
	return list
}

func (p *program) createAudience() {
	p.begin("audiences.Create")
	made, err := p.client.Audiences().Create(p.within(10 * time.Minute))
	var id string
	if err == nil {
		id = made.ID
		p.audienceIDs = append(p.audienceIDs, id)
	}
	p.requireCreated("deploymentAudiences", id, err)
}

// spec is a deployment that the program or another one may create again.
func (p *program) spec() deployments.Spec {
	var spec deployments.Spec
	switch p.random.IntN(4) {
	case 0:
		spec = deployments.ForFeature("feature-1")
	case 1:
		spec = deployments.ForFeature("feature-2").With(deployments.Settings{}.OfferedAsOptional())
	case 2:
		spec = deployments.ForFeature("feature-1").With(deployments.Settings{}.PausingOnRollbacks(5))
	default:
		spec = deployments.ForExpedited("quality-1").With(deployments.Settings{}.RestartingWithin(2))
	}
	if id, ok := pick(p, p.audienceIDs); ok && p.random.IntN(2) == 0 {
		spec = spec.ToAudience(id)
	}
	return spec
}

// createDeployment also searches for what a lost response may have created.
func (p *program) createDeployment() {
	spec, since := p.spec(), time.Now()
	p.begin("deployments.Create", spec.EntryID, spec.AudienceID)
	made, err := p.client.Deployments().Create(p.within(10*time.Minute), spec)
	p.learn(made, err)
	p.requireCreated("deployments", idOf(made), err)
	if !isUnknown(err) {
		return
	}
	created, others := p.made("deployments"), p.newDeployments(p.began)
	<-time.After(p.between(0, 4*time.Minute))
	p.begin("deployments.FindCreated", created)
	found, err := p.client.Deployments().FindCreated(p.within(10*time.Minute), spec, since)
	p.learn(found, err)
	p.requireFound(created, others, idOf(found), err)
}

func idOf(d *deployments.Deployment) string {
	if d == nil {
		return ""
	}
	return d.ID
}

func (p *program) learn(d *deployments.Deployment, err error) {
	if err != nil {
		return
	}
	p.deploymentIDs = append(p.deploymentIDs, d.ID)
	if d.Audience.ID != "" && !slices.Contains(p.audienceIDs, d.Audience.ID) {
		p.audienceIDs = append(p.audienceIDs, d.Audience.ID)
	}
}

// newDeployments are those that exist and were created by whomever since a time, minus the lag of
// lists: at that time a list may have lacked them.
func (p *program) newDeployments(since time.Time) []string {
	var ids []string
	for id, d := range p.truth().deployments {
		if d.born.After(since.Add(-longestLag)) {
			ids = append(ids, id)
		}
	}
	return ids
}

// requireFound is about one search for what a lost create may have created. Without an
// error it returns that. If other programs created others in the meantime, the one
// returned may be theirs, as documented.
func (p *program) requireFound(created, others []string, id string, err error) {
	candidates := slices.Concat(created, others, p.newDeployments(p.began.Add(-10*time.Minute)))
	p.requiref(err != nil || slices.Contains(candidates, id), "found %s, and created %v", id, created)
}

// createDeploymentOnce claims more than Create.
//   - No error: the deployment that is returned was created by this call. If other programs
//     created some in the meantime, the one returned may be theirs, as documented.
//   - It has created one at most, not counting those that other programs deleted.
//   - AmbiguousError: what it has created is among the candidates, unless it was created too
//     recently to be listed.
//   - ErrUnknownOutcome: it may have created one.
//   - Another error: it has created none.
//   - Neither the one that is returned nor a candidate was in the list that it read first.
func (p *program) createDeploymentOnce() {
	spec := p.spec()
	p.begin("deployments.CreateOnce", spec.EntryID, spec.AudienceID)
	made, err := p.client.Deployments().CreateOnce(p.within(30*time.Minute), spec, nil)
	p.learn(made, err)
	p.requireOnce("deployments", p.newDeployments(p.began), idOf(made), err)
}

// requireOnce knows the new objects that exist, of all programs.
func (p *program) requireOnce(kind string, existing []string, id string, err error) {
	made := p.made(kind)
	isGone := func(id string) bool { return !slices.Contains(existing, id) }
	kept := slices.DeleteFunc(slices.Clone(made), isGone)
	p.requiref(len(kept) <= 1, "created %v, error: %v", kept, err)
	ambiguous, isAmbiguous := errors.AsType[*apierr.AmbiguousError](err)
	if first := p.firstList(); isAmbiguous {
		isNew := len(without(ambiguous.IDs, first)) == len(ambiguous.IDs)
		p.requiref(isNew, "candidates were listed before: %v", err)
	} else {
		p.requiref(id == "" || !slices.Contains(first, id), "%s was listed before", id)
	}
	switch {
	case err == nil:
		isKnown := slices.Contains(made, id) || slices.Contains(existing, id)
		isOnly := len(kept) == 0 || len(existing) > 1 || kept[0] == id
		p.requiref(isKnown && isOnly, "returned %s, and created %v", id, made)
	case isAmbiguous:
		for _, one := range slices.DeleteFunc(kept, p.isTooRecent) {
			p.requiref(slices.Contains(ambiguous.IDs, one), "created %s, which is no candidate: %v", one, err)
		}
	case !isUnknown(err):
		p.requiref(len(made) == 0, "created %v, and the error is certain: %v", made, err)
	}
}

// isTooRecent reports whether the last list that the last call read may lack an object.
func (p *program) isTooRecent(id string) bool {
	now := p.truth()
	born := slices.MaxFunc([]time.Time{
		now.deployments[id].born, now.policies[id].born, now.approvals[id].born,
	}, time.Time.Compare)
	for _, x := range slices.Backward(p.log) {
		if x.good && x.request.isList() {
			return born.After(x.at.Add(-longestLag))
		}
	}
	return true
}

// firstList returns the IDs of the first whole list that the last call read.
func (p *program) firstList() []string {
	var ids []string
	for _, x := range p.log {
		if !x.good || !x.request.isList() {
			continue
		}
		if !x.request.query.Has("$skiptoken") {
			ids = nil
		}
		ids = append(ids, x.ids()...)
		if x.body.(obj)["@odata.nextLink"] == nil {
			break
		}
	}
	return ids
}

// ref is one of the ways to name an audience.
func (p *program) ref() (ref audience.Ref, audienceID string, ok bool) {
	if id, ok := pick(p, p.deploymentIDs); ok && p.random.IntN(3) == 0 {
		if d, exists := p.truth().deployments[id]; exists {
			return audience.OfDeployment(id), d.audience, true
		}
	}
	id, ok := pick(p, p.audienceIDs)
	return audience.ByID(id), id, ok
}

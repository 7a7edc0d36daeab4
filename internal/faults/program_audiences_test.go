package faults

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/audience"
)

func ids(members []audience.Member) []string {
	list := make([]string, len(members))
	for i, m := range members {
		list[i] = m.ID
	}
	return list
}

// changesOf are the claims about the four lists of an edit.
func changesOf(audienceID string, sent, failed, unsent audience.Edit) []sending {
	of := func(e audience.Edit) map[string][]audience.Member {
		return map[string][]audience.Member{
			"addMembers": e.AddMembers, "removeMembers": e.RemoveMembers,
			"addExclusions": e.AddExclusions, "removeExclusions": e.RemoveExclusions,
		}
	}
	var all []sending
	for _, verb := range verbs {
		all = append(all, sending{
			verb, audienceID, ids(of(sent)[verb]), ids(of(failed)[verb]), ids(of(unsent)[verb]),
		})
	}
	return all
}

// edit claims, without an error, that all of it was sent.
func (p *program) edit() {
	ref, id, ok := p.ref()
	if !ok {
		return
	}
	edit := audience.Edit{
		AddMembers: audience.Devices(p.some(6)...), AddExclusions: audience.Devices(p.some(2)...),
		RemoveMembers: audience.Devices(p.some(3)...), RemoveExclusions: audience.Devices(p.some(2)...),
	}
	opts := &audience.EditOptions{ChunkSize: 1 + p.random.IntN(6), CompactRequests: p.random.IntN(2) == 0}
	if groups := audience.Groups(p.groups()...); len(groups) > 0 {
		list := []*[]audience.Member{
			&edit.AddMembers, &edit.AddExclusions, &edit.RemoveMembers, &edit.RemoveExclusions,
		}[max(0, p.random.IntN(6)-2)] // members are added in half of the calls
		*list, opts.CompactRequests = append(*list, groups...), false
	}
	p.begin("audiences.Edit", id)
	err := p.client.Audiences().Edit(p.within(10*time.Minute), ref, edit, opts)
	p.requireEdited(id, edit, err)
}

func (p *program) addDevices() {
	ref, id, ok := p.ref()
	if !ok {
		return
	}
	devices, opts := p.some(8), &audience.EditOptions{ChunkSize: 3}
	p.begin("audiences.AddDevices", id)
	err := p.client.Audiences().AddDevices(p.within(10*time.Minute), ref, devices, opts)
	p.requireEdited(id, audience.Edit{AddMembers: audience.Devices(devices...)}, err)
}

func (p *program) removeDevices() {
	ref, id, ok := p.ref()
	if !ok {
		return
	}
	devices, opts := p.some(8), &audience.EditOptions{ChunkSize: 3}
	p.begin("audiences.RemoveDevices", id)
	err := p.client.Audiences().RemoveDevices(p.within(10*time.Minute), ref, devices, opts)
	p.requireEdited(id, audience.Edit{RemoveMembers: audience.Devices(devices...)}, err)
}

func (p *program) requireEdited(audienceID string, edit audience.Edit, err error) {
	var failed audience.EditError
	switch partly, ok := errors.AsType[*audience.EditError](err); {
	case ok:
		failed = *partly
		listed := failed.Sent.Len() + failed.Remaining().Len()
		p.requiref(listed == edit.Len(), "%d of %d assets are in a list", listed, edit.Len())
	case err == nil:
		failed.Sent = edit
	default:
		failed.Unsent = edit
	}
	for _, c := range changesOf(audienceID, failed.Sent, failed.Failed, failed.Unsent) {
		p.requireSent(c, err)
	}
}

// waitForMembers claims, without an error, that the last whole list in a response had all
// wanted assets and, if it is to be exact, no others. If nothing is wanted, two lists.
// With an error, Remaining is what the last whole lists lacked.
func (p *program) waitForMembers() {
	ref, id, ok := p.ref()
	if !ok {
		return
	}
	isExact := p.random.IntN(3) == 0
	wanted := audience.Membership{Members: audience.Devices(p.some(3)...)}
	groups := p.groups()
	ctx := p.within(p.between(time.Minute, time.Hour))
	var err error
	if isExact {
		p.begin("audiences.WaitForExactMembers", id)
		err = p.client.Audiences().WaitForExactMembers(ctx, ref, wanted, nil)
	} else {
		wanted.Members = append(wanted.Members, audience.Groups(groups...)...)
		wanted.Exclusions = audience.Devices(p.some(1)...)
		p.begin("audiences.WaitForMembers", id)
		err = p.client.Audiences().WaitForMembers(ctx, ref, wanted, nil)
	}
	if err == nil {
		p.requireListed(id, "members", ids(wanted.Members), isExact)
		p.requireListed(id, "exclusions", ids(wanted.Exclusions), isExact)
	}
}

func (p *program) requireListed(audienceID, set string, wanted []string, isExact bool) {
	if len(wanted) == 0 && !isExact {
		return
	}
	lists := p.allLists(audienceID, set, groupsOf(wanted))
	p.requiref(len(lists) > 0, "the %s were never read", set)
	if len(lists) == 0 {
		return
	}
	last := lists[len(lists)-1]
	missing, surplus := last.missing(wanted), last.surplus(wanted)
	p.requiref(len(missing) == 0, "%v of the %s were not listed", missing, set)
	p.requiref(!isExact || len(surplus) == 0, "%v of the %s were listed", surplus, set)
}

// requireEmptyTwice holds for a claim about an empty list.
func (p *program) requireEmptyTwice(audienceID string) {
	lists := p.listings(audienceID, "members")
	isEmpty := func(l listing) bool { return len(l.ids) == 0 }
	last := lists[max(0, len(lists)-2):]
	isShown := len(last) > 0 && len(last[len(last)-1].ids) > 0 // groups, which stay
	isTwice := len(last) == 2 && isEmpty(last[0]) && isEmpty(last[1])
	p.requiref(isShown || isTwice, "the members were not found empty twice")
}

// sync is Sync, or Plan and Apply with some time between.
func (p *program) sync() {
	ref, id, ok := p.ref()
	if !ok {
		return
	}
	wanted := p.some(8)
	if p.random.IntN(4) == 0 {
		wanted = nil
	}
	limits := []audience.RemovalLimit{nil, audience.RemoveNone, audience.RemoveAll, audience.RemoveUpTo(2)}
	opts := &audience.SyncOptions{
		RemovalLimit: limits[p.random.IntN(len(limits))],
		ChunkSize:    1 + p.random.IntN(5), SkipVerification: p.random.IntN(5) == 0,
		VerifyTimeout: p.between(5*time.Minute, time.Hour), Concurrency: p.concurrency(),
	}
	wanted = append(wanted, p.groups()...)
	if id, ok := pick(p, without(p.groupIDs, wanted)); ok && p.random.IntN(3) == 0 {
		opts.RemoveGroups = []string{id}
	}
	if p.random.IntN(3) == 0 {
		p.planAndApply(ref, id, wanted, opts)
		return
	}
	p.begin("audiences.Sync", id, opts.RemovalLimit, len(wanted))
	report, err := p.client.Audiences().Sync(p.within(2*time.Hour), ref, membersOf(wanted), opts)
	p.requireSynced(id, wanted, opts, report, err)
	if err == nil && report.Verified {
		p.requireListed(id, "members", wanted, opts.RemovalLimit != audience.RemoveNone)
		p.requireUnlisted(id, opts.RemoveGroups)
		if len(wanted) == 0 && opts.RemovalLimit != audience.RemoveNone {
			p.requireEmptyTwice(id)
		}
	}
}

// concurrency is 1 where the service throttles: the SDK holds back requests then, and those of
// one moment take their turns in any order.
func (p *program) concurrency() int {
	if p.rates[throttled]+p.rates[throttledFor]+p.rates[throttledFraction] > 0 {
		return 1
	}
	return 1 + p.random.IntN(4)
}

// planAndApply compares the plan with the list that it was made from. Apply claims that the
// planned members were listed, and the others not.
func (p *program) planAndApply(ref audience.Ref, id string, wanted []string, opts *audience.SyncOptions) {
	p.begin("audiences.Plan", id)
	plan, err := p.client.Audiences().Plan(p.within(10*time.Minute), ref, membersOf(wanted), opts)
	p.requiref(len(p.effects()) == 0, "a plan had effects")
	if err != nil {
		return
	}
	lists := p.allLists(id, "members", groupsOf(wanted))
	p.requiref(len(lists) > 0, "a plan, and the members were never read")
	if len(lists) == 0 {
		return
	}
	last := lists[len(lists)-1]
	add := append(devicesOf(last.missing(wanted)), without(groupsOf(wanted), last.ids)...)
	remove := last.surplus(wanted)
	if opts.RemovalLimit == audience.RemoveNone {
		remove = nil
	}
	remove = append(remove, opts.RemoveGroups...)
	p.requiref(sameSet(ids(slices.Collect(plan.Additions())), add), "to add are %v", add)
	p.requiref(sameSet(ids(slices.Collect(plan.Removals())), remove), "to remove are %v", remove)
	<-time.After(p.between(0, 10*time.Minute))
	p.begin("audiences.Apply", id, opts.RemovalLimit, len(add), len(remove))
	report, err := p.client.Audiences().Apply(p.within(2*time.Hour), plan, opts)
	p.requireSynced(id, wanted, opts, report, err)
	if err == nil && report.Verified && !plan.IsEmpty() {
		p.requireApplied(id, with(add, groupsOf(wanted)), remove)
	}
}

func (p *program) requireApplied(id string, add, remove []string) {
	p.requireListed(id, "members", add, false)
	lists := p.allLists(id, "members", groupsOf(add))
	p.requiref(len(lists) > 0, "verified, and the members were never read")
	if len(lists) == 0 {
		return
	}
	last := lists[len(lists)-1]
	isListed := func(one string) bool { return slices.Contains(last.ids, one) && !last.inGroups(one) }
	p.requiref(!slices.ContainsFunc(remove, isListed), "verified, and not removed")
}

// requireUnlisted requires that the last list has none of some groups.
func (p *program) requireUnlisted(audienceID string, groups []string) {
	all := p.listings(audienceID, "members")
	isListed := len(all) > 0 && len(without(groups, all[len(all)-1].ids)) < len(groups)
	p.requiref(!isListed, "verified, and %v are listed", groups)
}

func sameSet(a, b []string) bool { return len(without(a, b))+len(without(b, a)) == 0 }

// requireSynced is about the report of a sync.
//   - No report: nothing was sent.
//   - Sent, Failed, Unsent: as in an EditError.
//   - No more devices were removed than the limit allows.
//   - Missing and Surplus: the last whole list lacked or had them.
//   - Unlisted: the last response for the list was 404. Nothing is verified by that.
//   - No error: it is verified, or nothing was to be sent.
//   - Unregistered: the service answered 404 for the device.
//   - NoEffect: no list had any of the devices that were added.
//   - Intune is named only if the last response for the list was 404.
func (p *program) requireSynced(
	id string, wanted []string, opts *audience.SyncOptions, report *audience.SyncReport, err error,
) {
	p.requiref((report != nil) || err != nil, "neither report nor error")
	if report == nil {
		p.requireSent(sending{verb: "addMembers", kind: id, unsent: wanted}, err)
		p.requiref(len(p.effects()) == 0, "there is no report, and there are effects: %v", err)
		return
	}
	nothing := report.Plan.IsEmpty() && report.Sent.Len() == 0
	p.requiref(err != nil || opts.SkipVerification || report.Verified || nothing, "no error, and not verified")
	for _, c := range changesOf(id, report.Sent, report.Failed, report.Unsent) {
		p.requireSent(c, err)
	}
	p.requireLimit(opts.RemovalLimit, report)
	lists := p.allLists(id, "members", groupsOf(wanted))
	p.requiref(report.Polls == 0 || len(lists) > 0, "%d polls, and the members were never read", report.Polls)
	if report.Polls > 0 && len(lists) > 0 {
		p.requirePolled(report, lists, wanted, err)
	}
}

func (p *program) requirePolled(report *audience.SyncReport, lists []lists, wanted []string, err error) {
	last := lists[len(lists)-1]
	missing := last.missing(wanted)
	for _, m := range report.Missing {
		p.requiref(slices.Contains(missing, m.ID), "%s is missing, and was listed", m.ID)
		notFound := p.notFounds("/updatableAssets/"+m.ID) > 0
		p.requiref(!m.Unregistered || notFound, "%s is unregistered, and was not looked up", m.ID)
	}
	for _, m := range report.Surplus {
		isRight := slices.Contains(last.ids, m.ID) && !slices.Contains(wanted, m.ID) && !last.inGroups(m.ID)
		p.requiref(isRight, "%s is surplus, and was not listed, or is in a group", m.ID)
	}
	for _, id := range report.Unverifiable {
		isRight := !slices.Contains(last.ids, id) && len(last.groups[id].enrolled) == 0
		p.requiref(isRight, "%s is not verifiable, and was listed or has enrolled devices", id)
	}
	p.requiref(report.Unlisted == last.notFound, "unlisted is %v", report.Unlisted)
	p.requiref(!report.Verified || !last.notFound, "verified by 404")
	hasEffect := p.anyListed(lists, devicesOf(ids(report.Sent.AddMembers)))
	p.requiref(!report.NoEffect || !hasEffect, "no effect, and some were listed")
	text := report.String()
	if err != nil {
		text += err.Error()
	}
	p.requiref(!strings.Contains(text, "Intune") || last.notFound, "Intune is blamed: %s", text)
}

// anyListed reports whether a list has one of the devices that were added, and were not there
// at first.
func (p *program) anyListed(all []lists, added []string) bool {
	return slices.ContainsFunc(all[1:], func(l lists) bool {
		return len(without(added, l.ids)) < len(added)
	})
}

// requireLimit counts each removed device once.
func (p *program) requireLimit(limit audience.RemovalLimit, report *audience.SyncReport) {
	current := report.Plan.Current
	most := map[audience.RemovalLimit]int{
		nil: min(max(10, current/10), (current+1)/2), audience.RemoveNone: 0, audience.RemoveUpTo(2): 2,
		audience.RemoveAll: math.MaxInt,
	}
	var removed []string
	for _, e := range p.effects() {
		if e.verb == "removeMembers" {
			removed = with(removed, devicesOf(e.ids))
		}
	}
	p.requiref(len(removed) <= most[limit], "removed %d of %d, limit %d", len(removed), current, most[limit])
}

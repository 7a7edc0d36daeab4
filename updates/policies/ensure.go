package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
)

// EnsurePolicy makes sure that a policy with the display name of spec exists and has its properties. It
// creates the policy, changes the properties that differ, or sends nothing. Use it in a script that runs
// again. The result has the ID, and what was changed.
//
// EnsurePolicy lists the policies and compares display names exactly. It creates a policy only if two
// lists have none with the name, because one of the service's copies can lag behind. A policy of another known kind is
// another policy, even if it has the name. Rules are compared in any order; properties in Extra only if spec
// has them. If the response to the create is lost, EnsurePolicy searches for the policy for two minutes, as
// updatepolicies.Client.CreateOnce does. A lost response to a change is handled as in [Client.Update].
//
// If several policies have the name, the error is an [*apierr.AmbiguousError] that lists them. The same
// error is returned if one policy may have the name, because its name cannot be read or its kind is unknown.
// If a specified property of the policy could not be read, the error names it and nothing is changed. In a
// dry run, the result has the differences too.
//
// EnsurePolicy makes no other change: it neither deletes policies nor touches their rings.
// Two scripts that run simultaneously can both create a policy.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /policies
//graph:op POST /policies
//graph:op PATCH /policies/{id}
//graph:op GET /policies/{id}
//graph:page none, it is made of other operations
func (c Client) EnsurePolicy(ctx context.Context, spec Spec) (ensured *Ensured, err error) {
	const op = "policies.EnsurePolicy"
	defer c.call.Span(&ctx, op)(&err)
	if err := validate("spec", spec); err != nil {
		return nil, call.Invalid(op, err)
	}
	policy, made, err := c.searchPolicy(op, spec).FindOrRun(ctx, op)
	if err != nil {
		return nil, err
	}
	if made {
		return &Ensured{ID: policy.ID, Outcome: OutcomeCreated}, nil
	}
	return c.align(ctx, op, policy, spec.parts())
}

func (c Client) searchPolicy(op string, spec Spec) call.Once[*Policy] {
	parts := spec.parts()
	return call.Once[*Policy]{
		Create: func(ctx context.Context) (*Policy, error) {
			return c.create(ctx, call.Op{Name: op, Kind: call.Create}, spec)
		},
		List: func(ctx context.Context, clock *time.Time) iter.Seq2[*Policy, error] {
			fetch := call.Dated(clock, fetchPolicies)
			return call.List(c.call, call.Op{Name: op}, nil, fetch, call.All(readPolicy)).All(ctx)
		},
		Matches: parts.mayBe,
		Identify: func(p *Policy) call.Identity {
			return call.Identity{ID: p.ID, Created: p.Created, Doubt: doubt(p.Extra, p.Kind != parts.kind)}
		},
		Rule: ruleOf("policy", parts.name),
	}
}

// mayBe reports whether a policy is the specified one, or may be it.
func (s specParts) mayBe(p *Policy) bool {
	if p.DisplayName != s.name && p.Extra["displayName"] == nil {
		return false
	}
	switch p.Kind {
	case KindQualityPolicy, KindFeaturePolicy, KindDriverPolicy:
		return p.Kind == s.kind
	}
	return true
}

// align changes what differs in a policy.
func (c Client) align(ctx context.Context, op string, p *Policy, spec specParts) (*Ensured, error) {
	seen := comparison{unread: p.unknown()}
	update := spec.compare(&seen, p)
	ensured, err := seen.outcome(op, p.ID)
	if err != nil || ensured.Outcome == OutcomeUnchanged {
		return ensured, err
	}
	if err := c.update(ctx, policyOp(op, call.Update, p.ID), p.ID, update); err != nil {
		return nil, err
	}
	return ensured, nil
}

// unknown has the properties whose values are not known.
func (p *Policy) unknown() []string {
	names := p.Unread()
	if p.Rules == nil || p.Rules.unread() {
		names = append(names, "approvalRules")
	}
	return names
}

func (s specParts) compare(c *comparison, p *Policy) updateParts {
	update := updateParts{kind: s.kind}
	update.description = compare(c, "description", p.Description, s.description, p.Description == s.description)
	if s.kind != KindFeaturePolicy { // which has no rules
		update.rules = compare(c, "approvalRules", p.Rules, append(Rules{}, s.rules...), s.rules.areSame(p.Rules))
	}
	update.extra = compareExtra(c, p.Extra, s.extra)
	return update
}

// EnsureRing makes sure that a policy has a ring with the display name of spec, and that the
// ring is as spec says. It works as [Client.EnsurePolicy] does, with the rings of one policy.
//
// EnsureRing does not pause or resume a ring that exists, so that a script does not undo a pause: Paused of
// spec counts if the ring is created. Values that spec leaves to the service, such as a Hotpatch of nil, are
// not compared. Groups are compared in any order and case.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /policies/{id}/rings
//graph:op POST /policies/{id}/rings
//graph:op PATCH /policies/{id}/rings/{ringId}
//graph:op GET /policies/{id}/rings/{ringId}
//graph:page none, it is made of other operations
func (c Client) EnsureRing(ctx context.Context, policyID string, spec RingSpec) (ensured *Ensured, err error) {
	const op = "policies.EnsureRing"
	defer c.call.Span(&ctx, op)(&err)
	if err := validate("spec", spec); err != nil {
		return nil, call.Invalid(op, err)
	}
	ring, made, err := c.searchRing(op, policyID, spec).FindOrRun(ctx, op)
	if err != nil {
		return nil, err
	}
	if made {
		return &Ensured{ID: ring.Common().ID, Outcome: OutcomeCreated}, nil
	}
	return c.alignRing(ctx, op, policyID, ring, spec)
}

func (c Client) searchRing(op, policyID string, spec RingSpec) call.Once[Ring] {
	return call.Once[Ring]{
		Create: func(ctx context.Context) (Ring, error) {
			return c.createRing(ctx, partOp(op, call.Create, policyID), policyID, spec)
		},
		List: func(ctx context.Context, clock *time.Time) iter.Seq2[Ring, error] {
			fetch := call.Dated(clock, fetchRings(policyID))
			return call.List(c.call, partOp(op, call.Read, policyID), nil, fetch, call.All(readRing)).All(ctx)
		},
		Matches: func(ring Ring) bool { return mayBeRing(spec, ring) },
		Identify: func(ring Ring) call.Identity {
			r := ring.Common()
			_, unknown := ring.(*UnknownRing)
			return call.Identity{ID: r.ID, Created: r.Created, Doubt: doubt(r.Extra, unknown)}
		},
		Rule: ruleOf("ring", spec.base().DisplayName),
	}
}

// mayBeRing reports whether a ring is the specified one, or may be it.
func mayBeRing(spec RingSpec, ring Ring) bool {
	r := ring.Common()
	if r.DisplayName != spec.base().DisplayName && r.Extra["displayName"] == nil {
		return false
	}
	_, unknown := ring.(*UnknownRing)
	_, same := spec.compare(new(comparison), ring)
	return unknown || same
}

// alignRing changes what differs in a ring.
func (c Client) alignRing(
	ctx context.Context, op, policyID string, ring Ring, spec RingSpec,
) (*Ensured, error) {
	seen, ringID := comparison{unread: unknownOf(ring)}, ring.Common().ID
	update, _ := spec.compare(&seen, ring)
	ensured, err := seen.outcome(op, ringID)
	if err != nil || ensured.Outcome == OutcomeUnchanged {
		return ensured, err
	}
	if err := c.updateRing(ctx, op, policyID, ringID, update); err != nil {
		return nil, err
	}
	return ensured, nil
}

// unknownOf has the properties of a ring whose values are not known.
func unknownOf(ring Ring) []string {
	names := ring.Unread()
	r := ring.Common()
	for name, g := range map[string]RingGroups{includedGroups: r.Included, excludedGroups: r.Excluded} {
		if g.Assigned == nil || g.Incomplete || g.unread() {
			names = append(names, name)
		}
	}
	return names
}

// ruleOf is what a display name has to do, and what to do if it does not.
func ruleOf(noun, name string) string {
	return fmt.Sprintf("the display name %q must lead to one %s of a known kind; "+
		"compare the candidates, and rename or delete those that are not meant", name, noun)
}

// doubt is why a policy or ring may not be the specified one, or empty if it is.
func doubt(extra map[string]json.RawMessage, unknownKind bool) string {
	switch {
	case extra["displayName"] != nil:
		return "has a display name that could not be read"
	case unknownKind:
		return "has an unknown kind"
	}
	return ""
}

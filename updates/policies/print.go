package policies

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns kind, ID, name, and rules on one line.
func (p Policy) String() string {
	return wire.Line("; ", wire.Line(" ", shortKind(string(p.Kind)), p.ID, quoted(p.DisplayName)), wire.Known(p.Extra, "approvalRules", wire.Listed(p.Rules)),
		wire.ExtraNames(p.Extra))
}

// String returns kind, name, and rules on one line.
func (s QualityPolicySpec) String() string { return s.parts().text() }

// String returns kind and name on one line.
func (s FeaturePolicySpec) String() string { return s.parts().text() }

// String returns kind, name, and rules on one line.
func (s DriverPolicySpec) String() string { return s.parts().text() }

func (s specParts) text() string {
	return wire.Line("; ", wire.Line(" ", shortKind(string(s.kind)), quoted(s.name)), wire.Listed(s.rules), wire.ExtraNames(s.extra))
}

// String returns what the update sets.
func (u QualityPolicyUpdate) String() string { return u.parts().text() }

// String returns what the update sets.
func (u FeaturePolicyUpdate) String() string { return u.parts().text() }

// String returns what the update sets.
func (u DriverPolicyUpdate) String() string { return u.parts().text() }

func (u updateParts) text() string {
	return wire.Line(", ",
		wire.Changed("name", u.displayName, strconv.Quote),
		wire.Changed("description", u.description, strconv.Quote),
		wire.Changed("rules", u.rules, Rules.String),
		wire.ExtraNames(u.extra))
}

// String returns the rules on one line, or "none".
func (rules Rules) String() string {
	if len(rules) == 0 {
		return "none"
	}
	return wire.Listed(rules)
}

// String returns the rule, such as "security monthly updates after 3 days".
func (r QualityUpdateRule) String() string {
	return r.text(wire.Line(" ", string(r.Classification), string(r.Cadence), "updates"))
}

// String returns the rule, such as "recovery updates after 3 days".
func (r RecoveryUpdateRule) String() string { return r.text("recovery updates") }

// String returns the rule, such as "drivers after 3 days".
func (r DriverUpdateRule) String() string { return r.text("drivers") }

// String returns the kind and the days.
func (r UnknownRule) String() string { return r.text(wire.Line(" ", "unknown rule", r.Kind)) }

// text is not a String method, because the kinds of rules would inherit it.
func (b RuleBase) text(updates string) string {
	after := wire.Known(b.Extra, "deferralInDays", wire.Counted(b.DeferralDays, "day"))
	return wire.Line(", ", updates+" after "+after, wire.ExtraNames(b.Extra))
}

// String returns ID, name, groups, deferral, and state on one line.
func (r QualityUpdateRing) String() string { return r.text("quality ring", hotpatches(r.Hotpatch)) }

// String returns ID, name, groups, deferral, state, and steps on one line.
func (r FeatureUpdateRing) String() string {
	return r.text("feature ring", offers(r.OfferIntervalDays, r.OfferDurationDays))
}

// String returns ID, name, groups, deferral, and state on one line.
func (r DriverUpdateRing) String() string { return r.text("driver ring", "") }

// String returns kind, ID, name, groups, deferral, and state on one line.
func (r UnknownRing) String() string { return r.text(wire.Line(" ", "unknown ring", r.Kind), "") }

// text is not a String method, because the kinds of rings would inherit it.
func (b RingBase) text(kind, own string) string {
	return wire.Line(", ", wire.Line(" ", kind, b.ID, quoted(b.DisplayName)),
		wire.Known(b.Extra, includedGroups, "included "+b.Included.String()),
		wire.Known(b.Extra, excludedGroups, "excluded "+b.Excluded.String()),
		wire.Known(b.Extra, "deferralInDays", days(b.DeferralDays)), wire.Known(b.Extra, "isPaused", when(b.Paused, "paused")),
		own, wire.ExtraNames(b.Extra))
}

// String returns name, groups, deferral, and state on one line.
func (s QualityRingSpec) String() string { return s.text("quality ring", hotpatches(s.Hotpatch)) }

// String returns name, groups, deferral, state, and steps on one line.
func (s FeatureRingSpec) String() string {
	return s.text("feature ring", offers(s.OfferIntervalDays, s.OfferDurationDays))
}

// String returns name, groups, deferral, and state on one line.
func (s DriverRingSpec) String() string { return s.text("driver ring", "") }

func (b RingSpecBase) text(kind, own string) string {
	return wire.Line(", ", wire.Line(" ", kind, quoted(b.DisplayName)), "included "+groups(b.Included),
		"excluded "+groups(b.Excluded), days(b.DeferralDays), when(b.Paused, "paused"), own, wire.ExtraNames(b.Extra))
}

// String returns what the update sets.
func (u QualityRingUpdate) String() string {
	return u.common().text(wire.Changed("hotpatches", u.Hotpatch, strconv.FormatBool))
}

// String returns what the update sets.
func (u FeatureRingUpdate) String() string {
	return u.common().text(wire.Changed("interval", u.OfferIntervalDays, days), wire.Changed("duration", u.OfferDurationDays, days))
}

// String returns what the update sets.
func (u DriverRingUpdate) String() string { return u.common().text() }

func (u ringChange) text(own ...string) string {
	return wire.Line(", ",
		wire.Changed("name", u.displayName, strconv.Quote),
		wire.Changed("description", u.description, strconv.Quote),
		wire.Changed("included", u.included, groups),
		wire.Changed("excluded", u.excluded, groups),
		wire.Changed("deferral", u.deferralDays, days),
		wire.Changed("paused", u.paused, strconv.FormatBool),
		wire.Line(", ", own...),
		wire.ExtraNames(u.extra))
}

// String returns the number of groups.
func (g RingGroups) String() string {
	text := wire.Known(g.Extra, "assignments", wire.Counted(len(g.Assigned), "group"))
	if g.Incomplete {
		text += " or more"
	}
	return wire.Line(", ", text, wire.ExtraNames(g.Extra))
}

// String returns the ID of the group.
func (g AssignedGroup) String() string { return wire.Line(", ", g.GroupID, wire.ExtraNames(g.Extra)) }

// String returns ID, entry, and status on one line.
func (a Approval) String() string {
	approval := wire.Line(" ", "approval", a.ID, wire.Named("of entry", a.EntryID))
	return wire.Line(", ", approval, wire.Known(a.Extra, "catalogEntryId", ""),
		wire.Known(a.Extra, "status", string(a.Status)), wire.ExtraNames(a.Extra))
}

// String returns entry and number of devices on one line.
func (c ApplicableCatalog) String() string {
	return wire.Line(", ", c.entry(), wire.Named("entry", c.EntryID),
		wire.Known(c.Extra, "deviceCount", counted(c.DeviceCount, "device")),
		wire.Known(c.Extra, "hasRecommendedDevice", c.recommended()), wire.ExtraNames(c.Extra))
}

func (c ApplicableCatalog) entry() string {
	if wire.IsNil(c.Entry) {
		return ""
	}
	return fmt.Sprint(c.Entry)
}

func (c ApplicableCatalog) recommended() string {
	switch {
	case c.HasRecommended == nil:
		return ""
	case *c.HasRecommended:
		return "recommended for some"
	}
	return "recommended for none"
}

// String returns the outcome, and the differences if there are any.
func (e Ensured) String() string {
	return wire.Line(": ", wire.Line(" ", e.ID, string(e.Outcome)), wire.Listed(e.Differences))
}

// String returns the property with both values, such as "deferralInDays from 7 to 14".
func (d Difference) String() string {
	return wire.Line(" ", d.Property, "from", string(d.From), "to", string(d.To))
}

func groups(ids []string) string { return wire.Counted(len(ids), "group") }

func days(n int) string { return wire.Counted(n, "day") }

func quoted(name string) string {
	if name == "" {
		return ""
	}
	return strconv.Quote(name)
}

// shortKind is the human-readable kind of a policy, such as "quality policy".
func shortKind(kind string) string {
	if short, ok := strings.CutSuffix(kind, "UpdatePolicy"); ok {
		return short + " policy"
	}
	return "policy"
}

func counted(n *int, noun string) string {
	if n == nil {
		return ""
	}
	return wire.Counted(*n, noun)
}

// offers says when the parts of a ring for feature updates are offered an update.
func offers(interval, duration *int) string {
	return wire.Line(" ", wire.Named("every", counted(interval, "day")), wire.Named("for", counted(duration, "day")))
}

func hotpatches(on *bool) string {
	switch {
	case on == nil:
		return ""
	case *on:
		return "with hotpatches"
	}
	return "without hotpatches"
}

func when(is bool, text string) string {
	if !is {
		return ""
	}
	return text
}

package policies

import (
	"fmt"
	"strconv"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns ID, name, and rules in one line.
func (p Policy) String() string {
	return wire.Line("; ", wire.Line(" ", "policy", p.ID, quoted(p.DisplayName)), wire.Known(p.Extra, "approvalRules", wire.Listed(p.Rules)),
		wire.ExtraNames(p.Extra))
}

// String returns name and rules in one line.
func (s Spec) String() string {
	return wire.Line("; ", wire.Line(" ", "policy", quoted(s.DisplayName)), wire.Listed(s.Rules), wire.ExtraNames(s.Extra))
}

// String returns what the update sets.
func (u Update) String() string {
	return wire.Line(", ",
		wire.Changed("name", u.DisplayName, strconv.Quote),
		wire.Changed("description", u.Description, strconv.Quote),
		wire.Changed("rules", u.Rules, Rules.String),
		wire.ExtraNames(u.Extra))
}

// String returns the rules in one line, or "none".
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

// String returns the kind and the days.
func (r UnknownRule) String() string { return r.text(wire.Line(" ", "unknown rule", r.Kind)) }

// text is not a String method, because the kinds of rules would inherit it.
func (b RuleBase) text(updates string) string {
	after := wire.Known(b.Extra, "deferralInDays", wire.Counted(b.DeferralDays, "day"))
	return wire.Line(", ", updates+" after "+after, wire.ExtraNames(b.Extra))
}

// String returns ID, name, groups, deferral, and state in one line.
func (r Ring) String() string {
	return wire.Line(", ", wire.Line(" ", "ring", r.ID, quoted(r.DisplayName)),
		wire.Known(r.Extra, includedGroups, "included "+r.Included.String()),
		wire.Known(r.Extra, excludedGroups, "excluded "+r.Excluded.String()),
		wire.Known(r.Extra, "deferralInDays", days(r.DeferralDays)), wire.Known(r.Extra, "isPaused", when(r.Paused, "paused")),
		hotpatches(r.Hotpatch), wire.ExtraNames(r.Extra))
}

// String returns name, groups, deferral, and state in one line.
func (s RingSpec) String() string {
	return wire.Line(", ", wire.Line(" ", "ring", quoted(s.DisplayName)), "included "+groups(s.Included),
		"excluded "+groups(s.Excluded), days(s.DeferralDays), when(s.Paused, "paused"), hotpatches(s.Hotpatch),
		wire.ExtraNames(s.Extra))
}

// String returns what the update sets.
func (u RingUpdate) String() string {
	return wire.Line(", ",
		wire.Changed("name", u.DisplayName, strconv.Quote),
		wire.Changed("description", u.Description, strconv.Quote),
		wire.Changed("included", u.Included, groups),
		wire.Changed("excluded", u.Excluded, groups),
		wire.Changed("deferral", u.DeferralDays, days),
		wire.Changed("paused", u.Paused, strconv.FormatBool),
		wire.Changed("hotpatches", u.Hotpatch, strconv.FormatBool),
		wire.ExtraNames(u.Extra))
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

// String returns ID, entry, and status in one line.
func (a Approval) String() string {
	return wire.Line(", ", fmt.Sprintf("approval %s of entry %s", a.ID, a.EntryID), string(a.Status), wire.ExtraNames(a.Extra))
}

func groups(ids []string) string { return wire.Counted(len(ids), "group") }

func days(n int) string { return wire.Counted(n, "day") }

func quoted(name string) string {
	if name == "" {
		return ""
	}
	return strconv.Quote(name)
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

package updatepolicies

import (
	"fmt"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns ID, audience, rules, and settings on one line.
func (p Policy) String() string {
	return wire.Line("; ", wire.Line(" ", "update policy", p.ID, wire.Named("for audience", p.Audience.ID)),
		wire.Known(p.Extra, "complianceChangeRules", wire.Listed(p.Rules)), enrolling(p.AutoEnroll),
		wire.Known(p.Extra, "deploymentSettings", p.Settings.String()), wire.ExtraNames(p.Extra))
}

// String returns audience, rules, and settings on one line.
func (s Spec) String() string {
	return wire.Line("; ", wire.Line(" ", "update policy", wire.Named("for audience", s.AudienceID)),
		wire.Listed(s.Rules), enrolling(s.AutoEnroll), s.Settings.String(), wire.ExtraNames(s.Extra))
}

func enrolling(categories []audience.Category) string {
	return wire.Named("enrolling in", wire.Listed(categories))
}

// String returns what the update sets.
func (u Update) String() string {
	return wire.Line("; ",
		wire.Changed("settings", u.Settings, deployments.Settings.String),
		wire.Changed("rules", u.Rules, Rules.String),
		wire.ExtraNames(u.Extra))
}

// String returns the rules on one line, or "none".
func (r Rules) String() string {
	if len(r) == 0 {
		return "none"
	}
	return wire.Listed(r)
}

// String returns the rule, such as "drivers 7 days after approval".
func (r ApprovalRule) String() string {
	text := "no updates"
	if r.Filter != nil {
		text = fmt.Sprint(r.Filter)
	}
	if r.DaysBeforeStart != 0 {
		text += " " + wire.Counted(int(r.DaysBeforeStart), "day") + " after approval"
	}
	return wire.Line(", ", text, wire.ExtraNames(r.Extra))
}

// String returns the kind.
func (r UnknownRule) String() string {
	return wire.Line(", ", wire.Line(" ", "unknown rule", r.Kind), wire.ExtraNames(r.Extra))
}

// String returns "drivers".
func (f DriverFilter) String() string { return wire.Line(", ", "drivers", wire.ExtraNames(f.Extra)) }

// String returns the updates, such as "security monthly updates".
func (f QualityFilter) String() string {
	text := wire.Line(" ", string(f.Classification), string(f.Cadence), "quality updates")
	return wire.Line(", ", text, wire.ExtraNames(f.Extra))
}

// String returns the updates, such as "inPlaceUpgrade remediations".
func (f RemediationFilter) String() string {
	return wire.Line(", ", wire.Line(" ", string(f.Type), "remediations"), wire.ExtraNames(f.Extra))
}

// String returns the kind.
func (f UnknownFilter) String() string {
	return wire.Line(", ", wire.Line(" ", "unknown filter", f.Kind), wire.ExtraNames(f.Extra))
}

// String returns ID, content, state, and settings on one line.
func (a Approval) String() string {
	text := fmt.Sprintf("approval %s of %v", a.ID, a.Content)
	if a.Revoked {
		text += ", revoked"
	}
	return wire.Line("; ", text, wire.Known(a.Extra, "isRevoked", ""),
		wire.Known(a.Extra, "deploymentSettings", own(a.Settings)),
		wire.ExtraNames(a.Extra))
}

// String returns content and settings on one line.
func (s ApprovalSpec) String() string {
	content := deployments.Content{Kind: s.Kind, EntryID: s.EntryID}
	return wire.Line("; ", "approval of "+content.String(), own(s.Settings), wire.ExtraNames(s.Extra))
}

// own returns the settings of an approval; empty if those of the policy apply.
func own(s deployments.Settings) string {
	if !setsAnything(s) {
		return ""
	}
	return s.String()
}

// String returns entry, state, and start on one line.
func (s EntryState) String() string {
	text := deployments.Content{Kind: s.Kind, EntryID: s.EntryID}.String() + ": " + string(s.State)
	if !s.Start.IsZero() {
		text += " from " + s.Start.UTC().Format(time.RFC3339)
	}
	if n := len(s.Duplicates); n > 0 {
		text += ", " + wire.Counted(n, "duplicate")
	}
	return wire.Line("", text)
}

package updatepolicies

import (
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// daysBeforeStart is the service's name of [ApprovalRule.DaysBeforeStart].
const daysBeforeStart = "durationBeforeDeploymentStart"

func readRule(w models.ComplianceChangeRuleable) Rule {
	base := RuleBase{
		Created:   wire.Time(w.GetCreatedDateTime()),
		Evaluated: wire.Time(w.GetLastEvaluatedDateTime()),
		Modified:  wire.Time(w.GetLastModifiedDateTime()),
		Extra:     wire.Extra(w),
	}
	approval, ok := w.(models.ContentApprovalRuleable)
	if !ok {
		return &UnknownRule{RuleBase: base, Kind: wire.ShortType(w.GetOdataType())}
	}
	rule := &ApprovalRule{RuleBase: base, Filter: readFilter(approval.GetContentFilter())}
	if text := approval.GetDurationBeforeDeploymentStart(); text != nil {
		if rule.DaysBeforeStart.UnmarshalText([]byte(*text)) != nil || rule.DaysBeforeStart == 0 {
			rule.DaysBeforeStart, rule.Extra = 0, wire.Keep(rule.Extra, daysBeforeStart, *text)
		}
	}
	return rule
}

func readFilter(w models.ContentFilterable) Filter {
	if w == nil {
		return nil
	}
	base := FilterBase{Extra: wire.Extra(w)}
	switch w := w.(type) {
	case *models.DriverUpdateFilter: // whose interface all filters satisfy
		return &DriverFilter{FilterBase: base}
	case models.QualityUpdateFilterable:
		return &QualityFilter{
			FilterBase:     base,
			Classification: catalog.Classification(wire.Value(w.GetClassification())),
			Cadence:        catalog.Cadence(wire.Value(w.GetCadence())),
		}
	case models.RemediationUpdateFilterable:
		return &RemediationFilter{FilterBase: base, Type: RemediationType(wire.Value(w.GetRemediationType()))}
	}
	return &UnknownFilter{FilterBase: base, Kind: wire.ShortType(w.GetOdataType())}
}

func writeRules(rules Rules) []models.ComplianceChangeRuleable {
	list := make([]models.ComplianceChangeRuleable, len(rules))
	for i, rule := range rules {
		list[i] = writeRule(rule)
		wire.AddExtra(list[i], rule.Common().Extra)
	}
	return list
}

func writeRule(r Rule) models.ComplianceChangeRuleable {
	approval, ok := r.(*ApprovalRule)
	if !ok {
		w := models.NewComplianceChangeRule()
		if unknown, ok := r.(*UnknownRule); ok {
			w.SetOdataType(wire.LongType(unknown.Kind))
		}
		return w
	}
	w := models.NewContentApprovalRule()
	w.SetContentFilter(writeFilter(approval.Filter))
	if approval.DaysBeforeStart != 0 {
		w.SetDurationBeforeDeploymentStart(new(approval.DaysBeforeStart.String()))
	}
	return w
}

func writeFilter(f Filter) models.ContentFilterable {
	w := writeFilterKind(f)
	wire.AddExtra(w, f.Common().Extra)
	return w
}

func writeFilterKind(f Filter) models.ContentFilterable {
	switch f := f.(type) {
	case *DriverFilter:
		return models.NewDriverUpdateFilter()
	case *QualityFilter:
		w := models.NewQualityUpdateFilter()
		w.SetClassification(unlessEmpty(string(f.Classification)))
		w.SetCadence(unlessEmpty(string(f.Cadence)))
		return w
	case *RemediationFilter:
		w := models.NewRemediationUpdateFilter()
		w.SetRemediationType(new(string(f.Type)))
		return w
	}
	w := models.NewContentFilter()
	if unknown, ok := f.(*UnknownFilter); ok {
		w.SetOdataType(wire.LongType(unknown.Kind))
	}
	return w
}

func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

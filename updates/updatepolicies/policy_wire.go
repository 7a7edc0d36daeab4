package updatepolicies

import (
	"cmp"
	"encoding/json"
	"path"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readPolicy(w models.UpdatePolicyable) *Policy {
	return &Policy{
		ID:       wire.Value(w.GetId()),
		Audience: readAudience(w.GetAudience()),
		Settings: deployments.Internal.ReadSettings(w.GetDeploymentSettings()),
		Rules:    wire.Each(w.GetComplianceChangeRules(), readRule),
		AutoEnroll: wire.Each(w.GetAutoEnrollmentUpdateCategories(), func(name string) audience.Category {
			return audience.Category(name)
		}),
		Approvals: wire.Each(w.GetComplianceChanges(), readChange),
		Created:   wire.Time(w.GetCreatedDateTime()),
		Extra:     wire.Extra(w),
	}
}

// forAudience sets the audience that was requested, because the service does not repeat
// it.
func (p *Policy) forAudience(id string) *Policy {
	p.Audience.ID = cmp.Or(p.Audience.ID, id)
	return p
}

func readAudience(w models.DeploymentAudienceable) audience.Audience {
	a := audience.Internal.ReadAudience(w)
	if a.ID == "" && w != nil {
		a.ID = referenced(w)
	}
	return a
}

// referenced returns the ID in a reference, such as "deploymentAudiences/1" or
// "deploymentAudiences('1')". Some pages of the service show a reference instead of the
// audience.
func referenced(w models.DeploymentAudienceable) string {
	raw, _ := w.GetAdditionalData()["@odata.id"].(json.RawMessage)
	var reference string
	if json.Unmarshal(raw, &reference) != nil || reference == "" {
		return ""
	}
	last := path.Base(reference)
	if _, key, inBrackets := strings.Cut(last, "("); inBrackets {
		return strings.Trim(strings.TrimSuffix(key, ")"), "'")
	}
	return last
}

func writePolicy(s Spec) models.UpdatePolicyable {
	w := models.NewUpdatePolicy()
	of := models.NewDeploymentAudience()
	of.SetId(&s.AudienceID)
	w.SetAudience(of)
	w.SetDeploymentSettings(deployments.Internal.WriteSettings(s.Settings))
	if s.Rules != nil {
		w.SetComplianceChangeRules(writeRules(s.Rules))
	}
	w.SetAutoEnrollmentUpdateCategories(wire.Each(s.AutoEnroll, func(c audience.Category) string { return string(c) }))
	wire.AddExtra(w, s.Extra)
	return w
}

func writePolicyUpdate(u Update) models.UpdatePolicyable {
	w := models.NewUpdatePolicy()
	wire.Apply(w, "deploymentSettings", u.Settings, func(s deployments.Settings) {
		w.SetDeploymentSettings(deployments.Internal.WriteSettings(s))
	})
	wire.Apply(w, "complianceChangeRules", u.Rules, func(r Rules) { w.SetComplianceChangeRules(writeRules(r)) })
	wire.AddExtra(w, u.Extra)
	return w
}

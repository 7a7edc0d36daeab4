package deployments

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// readOtherSettings keeps what [Settings] has no field for: members that the
// service added, and the parts that other kinds of content have.
func readOtherSettings(w models.DeploymentSettingsable) map[string]json.RawMessage {
	extra := call.Extra(w)
	if a := w.GetContentApplicability(); a != nil {
		extra = with(extra, "contentApplicability", readApplicability(a))
	}
	if e := w.GetExpedite(); e != nil {
		extra = with(extra, "expedite", readExpedite(e))
	}
	return extra
}

func readApplicability(w models.ContentApplicabilitySettingsable) map[string]json.RawMessage {
	out := call.Extra(w)
	if vendors := w.GetOfferWhileRecommendedBy(); vendors != nil {
		out = with(out, "offerWhileRecommendedBy", vendors)
	}
	if s := w.GetSafeguard(); s != nil {
		profiles := call.Each(s.GetDisabledSafeguardProfiles(), readProfile)
		out = with(out, "safeguard", with(call.Extra(s), "disabledSafeguardProfiles", profiles))
	}
	return out
}

func readProfile(w models.SafeguardProfileable) map[string]json.RawMessage {
	return withSent(call.Extra(w), "category", w.GetCategory())
}

func readExpedite(w models.ExpediteSettingsable) map[string]json.RawMessage {
	out := withSent(call.Extra(w), "isExpedited", w.GetIsExpedited())
	return withSent(out, "isReadinessTest", w.GetIsReadinessTest())
}

// withSent adds a member that the service has sent.
func withSent[T any](extra map[string]json.RawMessage, name string, value *T) map[string]json.RawMessage {
	if value == nil {
		return extra
	}
	return with(extra, name, value)
}

// with adds a member to what is kept; extra may be nil.
func with(extra map[string]json.RawMessage, name string, value any) map[string]json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		return extra
	}
	if extra == nil {
		extra = map[string]json.RawMessage{}
	}
	extra[name] = raw
	return extra
}

package call_test

import (
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const appID = "0000000a-0000-0000-c000-000000000000"

// someName is one that random answers have.
const someName = "text 3"

// arguments are those of methods that refuse what argument gives, by the method's name
// and the argument's place.
var arguments = map[string]any{
	"Call1": "GET", "Call2": "/x",
	"Reports.ResolveNames1":      someName,
	"Catalog.FindByBuild1":       "26100.2033",
	"Devices.WaitForEnrollment3": audience.StateEnrolled,
}

// argument is one that is not refused before sending; zero where that is so.
func argument(ctx context.Context, of reflect.Type) reflect.Value {
	ids := stub.DeviceIDs(1)
	one := audience.Devices(ids...)
	var each iter.Seq2[audience.Member, error] = func(yield func(audience.Member, error) bool) { yield(one[0], nil) }
	for _, v := range []any{
		ctx, "x", 1, ids, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		audience.CategoryFeature, audience.ByID("x"), audience.Edit{AddMembers: one}, audience.Membership{Members: one}, one, each,
		planToAdd(ids[0]),
		catalog.Cadence(""),
		deployments.ForFeature("x"), deployments.Update{Monitoring: odata.Null[deployments.Monitoring]()}, deployments.StateOffering,
		deployments.Settings{}.OfferedAsOptional(), &deployments.CreateOnceOptions{SearchWindow: time.Second},
		updatepolicies.ForAudience("x"), updatepolicies.ForDriver("x"), updatepolicies.Update{Settings: odata.Null[deployments.Settings]()},
		policies.QualityPolicy(someName), policies.QualityPolicyUpdate{DisplayName: odata.Set("x")},
		policies.QualityRing(someName), policies.QualityRingUpdate{DisplayName: odata.Set("x")},
		tenant.MDMApp{ID: appID}, tenant.MDMAppUpdate{Hotpatch: odata.Set(true)}, tenant.SettingsUpdate{DataProcessor: odata.Set(true)},
		tenant.LogAnalyticsWorkspace{Subscription: "x", ResourceGroup: "x", Workspace: "x"},
		teardown.Target{AudienceID: "x"}, &teardown.Plan{
			Target: teardown.Target{AudienceID: "x"}, AudienceID: "x",
			Steps: []teardown.Step{{Action: teardown.ActionDeleteAudience, ID: "x"}},
		},
	} {
		if reflect.TypeOf(v).AssignableTo(of) {
			return reflect.ValueOf(v)
		}
	}
	return reflect.Zero(of)
}

func planToAdd(deviceID string) *audience.SyncPlan {
	plan := new(audience.SyncPlan)
	stored := `{"audience":"audience/x","desired":1,"add":[{"kind":"azureADDevice","id":"` + deviceID + `"}]}`
	if err := json.Unmarshal([]byte(stored), plan); err != nil {
		panic(err)
	}
	return plan
}

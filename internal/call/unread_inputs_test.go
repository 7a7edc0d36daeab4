package call_test

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/reports"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// otherArguments are arguments of other kinds than those of argument, which lead to other conclusions.
var otherArguments = []any{
	audience.OfDeployment("x"), audience.Membership{Exclusions: audience.Devices(stub.DeviceID(0))},
	audience.CategoryQuality, audience.CategoryDriver, audience.StateNotEnrolled, audience.StateEnrolledWithPolicy,
	deployments.ForExpedited("x"), deployments.StateScheduled, deployments.StatePaused, deployments.StateArchived,
	deployments.Update{Schedule: odata.Null[deployments.Schedule]()}, deployments.Update{State: deployments.RequestPaused},
	updatepolicies.ForQuality("x"),
	updatepolicies.Update{Rules: odata.Set(updatepolicies.Rules{updatepolicies.DriversStartingAfter(1)})},
	policies.FeaturePolicy(someName), policies.DriverPolicy(someName), policies.FeatureRing(someName), policies.DriverRing(someName),
	teardown.Target{UpdatePolicyID: "x"},
}

// everyKindOfCall are the calls of everyCall, and the same with each of the other arguments that they take.
func everyKindOfCall(ctx context.Context, client *updates.Client) []publicCall {
	calls := everyCall(ctx, client)
	for _, call := range calls {
		for i := range call.args {
			for _, other := range otherArguments {
				of := call.method.Type().In(i)
				if reflect.TypeOf(other).AssignableTo(of) && of != reflect.TypeFor[any]() {
					call.args = slices.Clone(call.args)
					call.args[i] = reflect.ValueOf(other)
					calls = append(calls, call)
				}
			}
		}
	}
	return calls
}

// inputsWith are values of a caller that have a value that was read in them, and values whose methods take
// it. Each type of a caller that can hold one has a line here.
func inputsWith(read any) []any {
	switch v := read.(type) {
	case *deployments.Deployment:
		return []any{deployments.WaitError{Want: deployments.StateOffering, Last: v}}
	case deployments.Settings:
		return inputsWithSettings(v)
	case deployments.RolloutBase:
		return []any{deployments.UnknownRollout{Kind: "x", RolloutBase: v}}
	case updatepolicies.FilterBase:
		return []any{updatepolicies.UnknownFilter{Kind: "x", FilterBase: v}}
	case policies.RingBase:
		return []any{policies.UnknownRing{Kind: "x", RingBase: v}}
	case policies.RuleBase:
		return []any{policies.UnknownRule{Kind: "x", RuleBase: v}}
	case updatepolicies.RuleBase:
		return []any{updatepolicies.UnknownRule{Kind: "x", RuleBase: v}}
	case reports.Profile:
		candidate := reports.Candidate{DeviceID: "x", Profiles: []*reports.Profile{&v}}
		name := reports.ResolvedName{Name: "x", Candidates: []reports.Candidate{candidate}}
		return []any{candidate, name, reports.NameError{Ambiguous: []reports.ResolvedName{name}}}
	case audience.Device:
		return []any{reports.Candidate{DeviceID: "x", Device: &v}}
	case audience.RegistrationError:
		missing := audience.MissingMember{Member: audience.Devices("x")[0], Errors: []audience.RegistrationError{v}}
		return []any{missing, audience.MembershipError{Audience: audience.ByID("x"), Missing: []audience.MissingMember{missing}}}
	case policies.Rules:
		return []any{
			policies.QualityPolicySpec{DisplayName: "x", Rules: v}, policies.QualityPolicyUpdate{Rules: odata.Set(v)},
			policies.DriverPolicySpec{DisplayName: "x", Rules: v}, policies.DriverPolicyUpdate{Rules: odata.Set(v)},
		}
	case updatepolicies.Rules:
		hotpatches := deployments.Settings{}.OfferingHotpatches()
		return []any{
			updatepolicies.ForAudience("x").Approving(v...), updatepolicies.ForAudience("x").Approving(v...).With(hotpatches),
			updatepolicies.Update{Rules: odata.Set(v)},
		}
	}
	return nil
}

func inputsWithSettings(s deployments.Settings) []any {
	return []any{
		deployments.Spec{Kind: catalog.KindFeature, EntryID: "x", Settings: s},
		deployments.Spec{Kind: catalog.KindQuality, EntryID: "x", Settings: s},
		deployments.Update{
			Schedule: odata.Set(s.Schedule), Monitoring: odata.Set(s.Monitoring), UserExperience: odata.Set(s.UserExperience),
			Applicability: odata.Set(s.Applicability), Expedite: odata.Set(s.Expedite),
		},
		updatepolicies.Spec{AudienceID: "x", Settings: s},
		updatepolicies.Update{Settings: odata.Set(s)},
		updatepolicies.ApprovalSpec{Kind: catalog.KindQuality, EntryID: "x", Settings: s},
		updatepolicies.ApprovalSpec{Kind: catalog.KindDriver, EntryID: "x", Settings: s},
	}
}

// outliving is a timetable that ends after most updates can no longer be deployed.
func outliving() deployments.Timetable {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	return deployments.Timetable{Devices: 100, Start: start, Every: 30, StepCount: 10, DevicesPerStep: 10}
}

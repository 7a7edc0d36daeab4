package updatepolicies_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// foreignRule and foreignFilter are rules and filters by what they embed alone.
type (
	foreignRule   struct{ *updatepolicies.RuleBase }
	foreignFilter struct{ *updatepolicies.FilterBase }
)

func filtering(f updatepolicies.Filter) updatepolicies.Spec {
	return updatepolicies.ForAudience(audienceID).Approving(&updatepolicies.ApprovalRule{Filter: f})
}

// expedited expedites the quality update of an approval.
var expedited = deployments.Settings{Expedite: deployments.Expedite{Expedited: true}}

func TestWhatTheServiceRejectsIsNotSent(t *testing.T) {
	t.Parallel()
	ofAudience := updatepolicies.ForAudience(audienceID)
	bad := stub.Extra("bad", "{")
	for _, c := range []struct {
		want  string
		value interface{ Validate() error }
	}{
		{`AudienceID must not be empty`, updatepolicies.ForAudience("")},
		{`AudienceID must be an ID of the service (got "..")`, updatepolicies.ForAudience("..")},
		{`AutoEnroll[1] must not be empty`, ofAudience.EnrollingIn(audience.CategoryDriver, "")},
		{`Spec.Extra["bad"] must be JSON`, updatepolicies.Spec{AudienceID: audienceID, Extra: bad}},
		{
			`Spec.Extra["audience"] must be the name of a property that no field sends`,
			updatepolicies.Spec{AudienceID: audienceID, Extra: stub.Extra("audience", "1")},
		},
		{
			`Settings.Monitoring.Rules[0].Threshold must be 1 to 100 percent (got 0)`,
			ofAudience.With(deployments.Settings{}.PausingOnRollbacks(0)),
		},
		{`Rules[0] must not be nil`, ofAudience.Approving(nil)},
		{`Rules[1] must not be nil`, ofAudience.Approving(updatepolicies.DriversStartingAfter(1), (*updatepolicies.ApprovalRule)(nil))},
		{
			`Rules[0] must be a rule of this package (got updatepolicies_test.foreignRule)`,
			ofAudience.Approving(foreignRule{&updatepolicies.RuleBase{}}),
		},
		{
			`Rules[0].Extra["bad"] must be JSON`,
			ofAudience.Approving(&updatepolicies.UnknownRule{Kind: "x", RuleBase: updatepolicies.RuleBase{Extra: bad}}),
		},
		{
			`Rules[0].DaysBeforeStart must be 0 to 30 days (got 31)`,
			ofAudience.Approving(updatepolicies.DriversStartingAfter(31)),
		},
		{
			`Rules[0].DaysBeforeStart must be 0 to 30 days (got -1)`,
			ofAudience.Approving(updatepolicies.DriversStartingAfter(-1)),
		},
		{`Rules[0].Filter must not be nil`, filtering(nil)},
		{
			`Rules[0].Filter must be a filter of this package (got updatepolicies_test.foreignFilter)`,
			filtering(foreignFilter{&updatepolicies.FilterBase{}}),
		},
		{`Rules[0].Filter.Extra["bad"] must be JSON`, filtering(&updatepolicies.DriverFilter{FilterBase: updatepolicies.FilterBase{Extra: bad}})},
		{
			`Rules[0].Filter.Extra["cadence"] must be the name of a property that no field sends`,
			filtering(&updatepolicies.QualityFilter{Cadence: catalog.CadenceMonthly, FilterBase: updatepolicies.FilterBase{Extra: stub.Extra("cadence", "null")}}),
		},
		{
			`Rules[0].Filter.Kind must not be the abstract kind (got "windowsUpdateFilter")`,
			filtering(&updatepolicies.UnknownFilter{Kind: "windowsUpdateFilter"}),
		},
		{`Update must change something`, updatepolicies.Update{}},
		{
			`Settings.Expedite.Expedited must be false except for quality updates (got true)`,
			updatepolicies.ForDriver(driverID).With(expedited),
		},
		{
			`Settings.Monitoring.Rules must be empty except for feature updates`,
			updatepolicies.ForQuality(driverID).With(deployments.Settings{}.PausingOnRollbacks(5)),
		},
		{`Settings must set something`, updatepolicies.Update{Settings: odata.Set(deployments.Settings{})}},
		{
			`Update.Extra["complianceChangeRules"] must be the name of a property that no field sends`,
			updatepolicies.Update{Rules: odata.Null[updatepolicies.Rules](), Extra: stub.Extra("complianceChangeRules", "1")},
		},
		{`Kind must not be empty`, updatepolicies.ApprovalSpec{EntryID: driverID}},
		{`EntryID must not be empty`, updatepolicies.ForFeature("")},
		{
			`ApprovalSpec.Extra["content"] must be the name of a property that no field sends`,
			updatepolicies.ApprovalSpec{Kind: catalog.KindDriver, EntryID: driverID, Extra: stub.Extra("content", "1")},
		},
	} {
		err := c.value.Validate()
		require.ErrorIs(t, err, apierr.ErrInvalid, c.want)
		require.EqualError(t, err, c.want)
	}
}

func TestARemediationNeedsItsType(t *testing.T) {
	t.Parallel()
	require.EqualError(t, filtering(&updatepolicies.RemediationFilter{}).Validate(), "Rules[0].Filter.Type must not be empty")
}

func TestWhatIsOnlyUndocumentedPasses(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]interface{ Validate() error }{
		"a filter that filters nothing": filtering(&updatepolicies.QualityFilter{}),
		"an unknown filter":             filtering(&updatepolicies.UnknownFilter{Kind: "lunarFilter"}),
		"an unknown rule":               updatepolicies.ForAudience(audienceID).Approving(&updatepolicies.UnknownRule{Kind: "lunarRule"}),
		"an unknown category":           updatepolicies.ForAudience(audienceID).EnrollingIn("lunar"),
		"an unknown kind":               updatepolicies.ApprovalSpec{Kind: "lunarCatalogEntry", EntryID: "x"},
		"expedited quality":             updatepolicies.ForQuality(driverID).With(expedited),
		"a monitored feature update":    updatepolicies.ForFeature("x").With(deployments.Settings{}.PausingOnRollbacks(5)),
		"settings of another kind": updatepolicies.ForDriver(driverID).
			With(deployments.Settings{}.RestartingWithin(1).DisregardingLikelyIssues()),
		"what a future kind may do": updatepolicies.ApprovalSpec{Kind: "lunarCatalogEntry", EntryID: "x"}.
			With(expedited.PausingOnRollbacks(5)),
		"an old member": updatepolicies.Spec{AudienceID: audienceID, Extra: stub.Extra("complianceChanges", "[]")},
	} {
		require.NoError(t, value.Validate(), name)
	}
}

func TestInvalidInputIsNotSent(t *testing.T) {
	t.Parallel()
	settings := deployments.Settings{}.OfferingHotpatches()
	for _, c := range []struct {
		want string
		send func(context.Context, updatepolicies.Client) error
	}{
		{"updatePolicies.Create: AudienceID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Create(ctx, updatepolicies.Spec{})
			return err
		}},
		{"updatePolicies.Get: id must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Get(ctx, "")
			return err
		}},
		{"updatePolicies.Update: Update must change something", func(ctx context.Context, c updatepolicies.Client) error {
			return c.Update(ctx, policyID, updatepolicies.Update{})
		}},
		{"updatePolicies.SetRules: Rules[0] must not be nil", func(ctx context.Context, c updatepolicies.Client) error {
			return c.SetRules(ctx, policyID, nil)
		}},
		{"updatePolicies.MergeSettings: id must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			return c.MergeSettings(ctx, "", settings)
		}},
		{"updatePolicies.Delete: id must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			return c.Delete(ctx, "")
		}},
		{"updatePolicies.Approve: EntryID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Approve(ctx, policyID, updatepolicies.ForDriver(""))
			return err
		}},
		{"updatePolicies.Approve: policyID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Approve(ctx, "", updatepolicies.ForDriver(driverID))
			return err
		}},
		{"updatePolicies.GetApproval: policyID must not be empty; approvalID must not be empty",
			func(ctx context.Context, c updatepolicies.Client) error {
				_, err := c.GetApproval(ctx, "", "")
				return err
			}},
		{"updatePolicies.ListApprovals: policyID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.ListApprovals("", nil).First(ctx)
			return err
		}},
		{"updatePolicies.MergeApprovalSettings: Settings must set something", func(ctx context.Context, c updatepolicies.Client) error {
			return c.MergeApprovalSettings(ctx, policyID, approvalID, deployments.Settings{})
		}},
		{"updatePolicies.ClearApprovalSettings: approvalID must not be empty",
			func(ctx context.Context, c updatepolicies.Client) error {
				return c.ClearApprovalSettings(ctx, policyID, "")
			}},
		{"updatePolicies.RevokeApproval: approvalID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			return c.RevokeApproval(ctx, policyID, "")
		}},
		{"updatePolicies.DeleteApproval: approvalID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			return c.DeleteApproval(ctx, policyID, "")
		}},
		{"updatePolicies.EntryStates: policyID must not be empty", func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.EntryStates(ctx, "")
			return err
		}},
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		err := c.send(t.Context(), service.Client(t).UpdatePolicies())
		require.ErrorIs(t, err, apierr.ErrInvalid, c.want)
		require.EqualError(t, err, c.want)
		require.Empty(t, service.Requests(), c.want)
	}
}

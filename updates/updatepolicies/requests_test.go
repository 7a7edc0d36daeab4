package updatepolicies_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const (
	audienceID = "00000000-0000-4000-8000-0000000000a1"
	policyID   = "00000000-0000-4000-8000-0000000000c1"
	approvalID = "00000000-0000-4000-8000-0000000000c2"
)

// driverID is the entry of the documented requests for drivers.
var driverID = strings.Repeat("b", 64)

// start is that of the documented requests, in another zone.
var start = time.Date(2026, 12, 1, 10, 0, 0, 0, time.FixedZone("", 2*60*60))

// driverPolicy and hotpatchPolicy are the documented policies.
var (
	driverPolicy = updatepolicies.ForAudience(audienceID).
			Approving(updatepolicies.DriversStartingAfter(7)).
			With(deployments.Settings{}.RollingOut(deployments.ByRate(1000, 1)))
	hotpatchPolicy = updatepolicies.ForAudience(audienceID).
			EnrollingIn(audience.CategoryQuality).
			Approving(updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly)).
			With(deployments.Settings{}.OfferingHotpatches())
)

func TestEachDocumentedRequestOfUpdatePoliciesIsSentAsDocumented(t *testing.T) {
	t.Parallel()
	documented := map[string]func(context.Context, updatepolicies.Client) error{
		"driver update policy": func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Create(ctx, driverPolicy)
			return err
		},
		"hotpatch update policy": func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Create(ctx, hotpatchPolicy)
			return err
		},
		"approve a driver": func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Approve(ctx, policyID, updatepolicies.ForDriver(driverID).With(deployments.Settings{}.StartingAt(start)))
			return err
		},
		"revoke an approval": func(ctx context.Context, c updatepolicies.Client) error {
			return c.RevokeApproval(ctx, policyID, approvalID)
		},
	}
	stub.EachDocumented(t, documented, func(t *testing.T, want stub.Documented, send func(context.Context, updatepolicies.Client) error) {
		t.Helper()
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		require.NoError(t, send(t.Context(), service.Client(t, stub.NoLimits).UpdatePolicies()))
		got := service.Last(t)
		require.Equal(t, want.Method, got.Method)
		require.Equal(t, want.Path, withoutIDs(got.Path))
		require.Equal(t, stub.Exact(t, string(want.Body)), stub.Exact(t, got.Body), got.Body)
	})
}

func withoutIDs(path string) string {
	return strings.NewReplacer(policyID, "{id}", approvalID, "{id}").Replace(path)
}

// Everything but a create, which the documented requests show.
func TestEachCallSendsItsRequest(t *testing.T) {
	t.Parallel()
	const (
		policy   = "/updatePolicies/{id}"
		changes  = policy + "/complianceChanges"
		approval = changes + "/{id}"
		cast     = "/microsoft.graph.windowsUpdates.contentApproval"
		typed    = `{"@odata.type":"#microsoft.graph.windowsUpdates.contentApproval",`
	)
	hotpatch := deployments.Settings{}.OfferingHotpatches()
	list := func(q *odata.Query) func(context.Context, updatepolicies.Client) error {
		return func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.ListApprovals(policyID, q).Collect(ctx, 10)
			return err
		}
	}
	for name, c := range map[string]struct {
		send        func(context.Context, updatepolicies.Client) error
		route, body string
	}{
		"get": {func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Get(ctx, policyID)
			return err
		}, "GET " + policy + "?$expand=audience", ""},
		"list": {func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.List(&odata.Query{Expand: []string{"audience"}, Top: 5}).Collect(ctx, 10)
			return err
		}, "GET /updatePolicies?$expand=audience&$top=5", ""},
		"delete": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.Delete(ctx, policyID)
		}, "DELETE " + policy, ""},
		"set settings": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.MergeSettings(ctx, policyID, hotpatch)
		}, "PATCH " + policy, `{"deploymentSettings":{"userExperience":{"isHotpatchEnabled":true}}}`},
		"remove settings": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.Update(ctx, policyID, updatepolicies.Update{Settings: odata.Null[deployments.Settings]()})
		}, "PATCH " + policy, `{"deploymentSettings":null}`},
		"set rules": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.SetRules(ctx, policyID, updatepolicies.RemediationsStartingAfter(0, updatepolicies.RemediationInPlaceUpgrade))
		}, "PATCH " + policy, `{"complianceChangeRules":[{"@odata.type":"#microsoft.graph.windowsUpdates.contentApprovalRule",` +
			`"contentFilter":{"@odata.type":"#microsoft.graph.windowsUpdates.remediationUpdateFilter",` +
			`"remediationType":"inPlaceUpgrade"}}]}`},
		"remove rules": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.SetRules(ctx, policyID)
		}, "PATCH " + policy, `{"complianceChangeRules":[]}`},
		"null for rules": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.Update(ctx, policyID, updatepolicies.Update{Rules: odata.Null[updatepolicies.Rules](), Extra: stub.Extra("new", "1.50")})
		}, "PATCH " + policy, `{"complianceChangeRules":null,"new":1.50}`},
		"get an approval": {func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.GetApproval(ctx, policyID, approvalID)
			return err
		}, "GET " + approval + cast + "?$expand=deployments", ""},
		"list approvals": {list(nil), "GET " + changes + cast, ""},
		"list approvals, sorted": {
			list(&odata.Query{OrderBy: []string{"createdDateTime desc"}}),
			"GET " + changes + cast + "?$orderby=createdDateTime desc", "",
		},
		"set an approval's settings": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.MergeApprovalSettings(ctx, policyID, approvalID, hotpatch)
		}, "PATCH " + approval, typed + `"deploymentSettings":{"userExperience":{"isHotpatchEnabled":true}}}`},
		"clear an approval's settings": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.ClearApprovalSettings(ctx, policyID, approvalID)
		}, "PATCH " + approval, typed + `"deploymentSettings":null}`},
		"delete an approval": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.DeleteApproval(ctx, policyID, approvalID)
		}, "DELETE " + approval, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"id":"x","value":[]}`))

			require.NoError(t, c.send(t.Context(), service.Client(t, stub.NoLimits).UpdatePolicies()))

			got := service.Only(t)
			require.Equal(t, c.route, withoutIDs(got.Route()))
			if c.body == "" {
				require.Empty(t, got.Body)
				return
			}
			require.Equal(t, stub.Exact(t, c.body), stub.Exact(t, got.Body), got.Body)
		})
	}
}

func TestTheAudienceOfANewPolicyIsKnownWhereTheResponseLeavesItOut(t *testing.T) {
	t.Parallel()
	policy, err := stub.Answering(stub.Answer(201, `{"id":"x"}`)).Client(t, stub.NoLimits).UpdatePolicies().Create(t.Context(), driverPolicy)
	require.NoError(t, err)
	require.Equal(t, &updatepolicies.Policy{ID: "x", Audience: audience.Audience{ID: audienceID}}, policy)

	policy, err = stub.Answering(stub.Answer(201, `{"id":"x","audience":{"id":"a"}}`)).Client(t, stub.NoLimits).UpdatePolicies().Create(t.Context(), driverPolicy)
	require.NoError(t, err)
	require.Equal(t, "a", policy.Audience.ID, "the service knows better")
}

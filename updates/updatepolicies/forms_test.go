package updatepolicies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// types is what the names of the service's types begin with.
const types = "microsoft.graph.windowsUpdates."

// The service's pages differ from each other and from the service. The numbers are
// those of the list of differences that the forms come from.
func TestEachFormOfAnUpdatePolicyIsRead(t *testing.T) {
	t.Parallel()
	created := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	ruled := func(r updatepolicies.Rule) updatepolicies.Policy {
		return updatepolicies.Policy{Rules: updatepolicies.Rules{r}}
	}
	timed := updatepolicies.DriversStartingAfter(7)
	timed.Created, timed.Evaluated, timed.Modified = created, created, created
	odd := updatepolicies.DriversStartingAfter(0)
	odd.Extra = stub.Extra("durationBeforeDeploymentStart", `"PT12H"`)
	atOnce := updatepolicies.DriversStartingAfter(0)
	atOnce.Extra = stub.Extra("durationBeforeDeploymentStart", `"P0D"`)
	const times = `"createdDateTime":"2026-12-01T08:00:00Z","lastEvaluatedDateTime":"2026-12-01T08:00:00Z",` +
		`"lastModifiedDateTime":"2026-12-01T08:00:00Z"`
	for name, c := range map[string]struct {
		members string
		want    updatepolicies.Policy
	}{
		"1, devicePerOffer": {
			`"deploymentSettings":{"schedule":{"gradualRollout":{"@odata.type":"#` + types +
				`rateDrivenRolloutSettings","durationBetweenOffers":"P1D","devicePerOffer":1000}}}`,
			updatepolicies.Policy{Settings: deployments.Settings{}.RollingOut(deployments.ByRate(1000, 1))},
		},
		"4, types with #": {
			`"complianceChangeRules":[{"@odata.type":"#` + types + `contentApprovalRule",` + times + `,"contentFilter":{"@odata.type":"#` +
				types + `driverUpdateFilter"},"durationBeforeDeploymentStart":"P7D"}]`, ruled(timed),
		},
		"4, types without #": {
			`"complianceChangeRules":[{"@odata.type":"` + types + `contentApprovalRule",` + times + `,"contentFilter":{"@odata.type":"` +
				types + `driverUpdateFilter"},"durationBeforeDeploymentStart":"P7D"}]`, ruled(timed),
		},
		"9, an audience": {`"audience":{"id":"a"}`, updatepolicies.Policy{Audience: audience.Audience{ID: "a"}}},
		"9, a reference": {
			`"audience":{"@odata.id":"deploymentAudiences/a"}`, updatepolicies.Policy{Audience: audience.Audience{ID: "a"}},
		},
		"9, a reference by key": {
			`"audience":{"@odata.id":"deploymentAudiences('a')"}`, updatepolicies.Policy{Audience: audience.Audience{ID: "a"}},
		},
		"9, a whole reference by key": {
			`"audience":{"@odata.id":"https://graph.microsoft.com/beta/admin/windows/updates/deploymentAudiences('a')"}`,
			updatepolicies.Policy{Audience: audience.Audience{ID: "a"}},
		},
		"9, a whole reference": {
			`"audience":{"@odata.id":"https://graph.microsoft.com/beta/admin/windows/updates/deploymentAudiences/a"}`,
			updatepolicies.Policy{Audience: audience.Audience{ID: "a"}},
		},
		"9, a bare reference": {`"audience":{"@odata.id":"a"}`, updatepolicies.Policy{Audience: audience.Audience{ID: "a"}}},
		"9, neither":          {`"audience":{}`, updatepolicies.Policy{}},
		"12, categories": {
			`"autoEnrollmentUpdateCategories":["driver","lunar"]`, updatepolicies.Policy{
				AutoEnroll: []audience.Category{audience.CategoryDriver, "lunar"},
			},
		},
		"12, no categories": {
			`"autoEnrollmentUpdateCategories":[],"complianceChangeRules":[]`,
			updatepolicies.Policy{AutoEnroll: []audience.Category{}, Rules: updatepolicies.Rules{}},
		},
		"12, number of devices": {
			`"audience":{"id":"a","reportingDeviceCount":3}`, updatepolicies.Policy{
				Audience: audience.Audience{ID: "a", Extra: stub.Extra("reportingDeviceCount", "3")},
			},
		},
		"18, an abstract filter": {
			`"complianceChangeRules":[{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types +
				`windowsUpdateFilter"}}]`, ruled(&updatepolicies.ApprovalRule{Filter: &updatepolicies.UnknownFilter{Kind: "windowsUpdateFilter"}}),
		},
		"an unknown filter": {
			`"complianceChangeRules":[{"@odata.type":"#` + types +
				`contentApprovalRule","contentFilter":{"@odata.type":"#other.filter","new":1}}]`,
			ruled(&updatepolicies.ApprovalRule{
				Filter: &updatepolicies.UnknownFilter{Kind: "other.filter", FilterBase: updatepolicies.FilterBase{Extra: stub.Extra("new", "1")}},
			}),
		},
		"no filter": {
			`"complianceChangeRules":[null,{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":null}]`,
			ruled(&updatepolicies.ApprovalRule{}),
		},
		"a quality filter": {
			`"complianceChangeRules":[{"@odata.type":"#` + types +
				`contentApprovalRule","durationBeforeDeploymentStart":"P1W","contentFilter":{"@odata.type":"#` + types +
				`qualityUpdateFilter","classification":"security","cadence":"lunar"}}]`,
			ruled(updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, "lunar")),
		},
		"a remediation filter": {
			`"complianceChangeRules":[{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types +
				`remediationUpdateFilter","remediationType":"inPlaceUpgrade"}}]`,
			ruled(updatepolicies.RemediationsStartingAfter(0, updatepolicies.RemediationInPlaceUpgrade)),
		},
		"half a day before the start": {
			`"complianceChangeRules":[{"@odata.type":"#` + types +
				`contentApprovalRule","durationBeforeDeploymentStart":"PT12H","contentFilter":{"@odata.type":"#` + types +
				`driverUpdateFilter"}}]`, ruled(odd),
		},
		"no day before the start": {
			`"complianceChangeRules":[{"@odata.type":"#` + types +
				`contentApprovalRule","durationBeforeDeploymentStart":"P0D","contentFilter":{"@odata.type":"#` + types +
				`driverUpdateFilter"}}]`, ruled(atOnce),
		},
		"an unknown rule": {
			`"complianceChangeRules":[{"@odata.type":"#` + types + `lunarRule","createdDateTime":"2026-12-01T08:00:00Z","phase":"full"}]`,
			ruled(&updatepolicies.UnknownRule{Kind: "lunarRule", RuleBase: updatepolicies.RuleBase{Created: created, Extra: stub.Extra("phase", `"full"`)}}),
		},
		"a rule of no kind": {
			`"complianceChangeRules":[{"phase":"full"}]`,
			ruled(&updatepolicies.UnknownRule{RuleBase: updatepolicies.RuleBase{Extra: stub.Extra("phase", `"full"`)}}),
		},
		"approvals within": {
			`"complianceChanges":[{"@odata.type":"#` + types + `contentApproval","id":"c"}]`,
			updatepolicies.Policy{Approvals: []*updatepolicies.Approval{{ID: "c"}}},
		},
		"another change within": {
			`"complianceChanges":[{"@odata.type":"#` + types + `lunarChange","id":"c","isRevoked":true}]`,
			updatepolicies.Policy{
				Approvals: []*updatepolicies.Approval{{ID: "c", Revoked: true, Extra: stub.Extra("@odata.type", `"#`+types+`lunarChange"`)}},
			},
		},
	} {
		for form, text := range map[string]string{
			"":           `{"id":"x",` + c.members + `}`,
			"3, wrapped": `{"@odata.context":"c","value":{"@odata.type":"#` + types + `updatePolicy","id":"x",` + c.members + `}}`,
		} {
			t.Run(name+" "+form, func(t *testing.T) {
				t.Parallel()
				want := c.want
				want.ID = "x"
				got, err := stub.Answering(stub.Answer(200, text)).Client(t).UpdatePolicies().Get(t.Context(), policyID)
				require.NoError(t, err)
				require.Equal(t, &want, got)
			})
		}
	}
}

func TestEachFormOfAnApprovalIsRead(t *testing.T) {
	t.Parallel()
	const (
		kind  = `"@odata.type":"#` + types + `contentApproval","id":"x"`
		entry = `{"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"e","manufacturer":"Contoso"}`
		flat  = `"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"e","manufacturer":"Contoso"`
		right = `"content":{"@odata.type":"#` + types + `catalogContent","catalogEntry":` + entry + `}`
	)
	content := deployments.Content{EntryID: "e", Kind: catalog.KindDriver, Entry: &catalog.DriverUpdate{
		Base: catalog.Base{ID: "e", Kind: catalog.KindDriver}, Manufacturer: "Contoso",
	}}
	revokedAt := time.Date(2026, 12, 1, 8, 0, 0, 500, time.UTC)
	for name, c := range map[string]struct {
		text string
		want updatepolicies.Approval
	}{
		"today's": {`{` + kind + `,` + right + `}`, updatepolicies.Approval{Content: content}},
		"without a type": {
			`{"id":"x","isRevoked":true,` + right + `,"new":1}`, updatepolicies.Approval{
				Content: content, Revoked: true, Extra: stub.Extra("new", "1"),
			},
		},
		"of its base type": {
			`{"@odata.type":"#` + types + `complianceChange","id":"x",` + right + `}`, updatepolicies.Approval{Content: content},
		},
		"10, an entry for the content": {`{` + kind + `,"content":{` + flat + `}}`, updatepolicies.Approval{Content: content}},
		"11, a schedule next to the settings": {
			`{` + kind + `,"schedule":{"startDateTime":"x"}}`, updatepolicies.Approval{Extra: stub.Extra("schedule", `{"startDateTime":"x"}`)},
		},
		"12, who revoked": {`{` + kind + `,"revokedBy":"me"}`, updatepolicies.Approval{Extra: stub.Extra("revokedBy", `"me"`)}},
		"of another kind": {
			`{"@odata.type":"#` + types + `lunarChange","id":"x"}`, updatepolicies.Approval{
				Extra: stub.Extra("@odata.type", `"#`+types+`lunarChange"`),
			},
		},
		"33, year 1": {`{` + kind + `,"isRevoked":false,"revokedDateTime":"0001-01-01T00:00:00Z"}`, updatepolicies.Approval{}},
		"33, null":   {`{` + kind + `,"isRevoked":null,"revokedDateTime":null}`, updatepolicies.Approval{}},
		"33, revoked": {
			`{` + kind + `,"isRevoked":true,"revokedDateTime":"2026-12-01T08:00:00.0000005Z"}`,
			updatepolicies.Approval{Revoked: true, RevokedAt: revokedAt},
		},
		"deployments": {
			`{` + kind + `,"deployments":[{"id":"d","state":{"effectiveValue":"archived"}}]}`,
			updatepolicies.Approval{
				Deployments: []*deployments.Deployment{{ID: "d", State: deployments.State{Effective: deployments.StateArchived}}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := c.want
			want.ID = "x"
			// 7: the status of the answer differs between the pages.
			for _, status := range []int{200, 201, 202} {
				got, err := stub.Answering(stub.Answer(status, c.text)).Client(t, stub.NoLimits).UpdatePolicies().Approve(t.Context(), policyID, updatepolicies.ForDriver(driverID))
				require.NoError(t, err)
				require.Equal(t, &want, got)
			}
			got, err := stub.Answering(stub.Answer(200, c.text)).Client(t).UpdatePolicies().GetApproval(t.Context(), policyID, approvalID)
			require.NoError(t, err)
			require.Equal(t, &want, got)
		})
	}
}

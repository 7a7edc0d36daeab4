package policies_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

var (
	entryOfPages  = strings.Repeat("a", 64)
	monthlyPolicy = policies.QualityPolicy("Monthly").DescribedAs("Monthly security updates").
			Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly))
	pilotRing = policies.QualityRing("Pilot").DescribedAs("First devices").Including(pilots).OfferingHotpatches()
)

// documented are calls by the name of the request that they should send.
var documented = map[string]func(context.Context, policies.Client) error{
	"quality update policy": func(ctx context.Context, c policies.Client) error {
		_, err := c.Create(ctx, monthlyPolicy)
		return err
	},
	"ring": func(ctx context.Context, c policies.Client) error {
		_, err := c.CreateRing(ctx, policyID, pilotRing)
		return err
	},
	"approval in a policy": func(ctx context.Context, c policies.Client) error {
		_, err := c.Approve(ctx, policyID, entryOfPages)
		return err
	},
	"suspend": func(ctx context.Context, c policies.Client) error {
		return c.SuspendApproval(ctx, policyID, approvalID)
	},
	"feature update policy": func(ctx context.Context, c policies.Client) error {
		_, err := c.Create(ctx, policies.FeaturePolicy("Windows 11, version 25H2").DescribedAs("Pilots first"))
		return err
	},
	"change of a feature update policy": func(ctx context.Context, c policies.Client) error {
		return c.Update(ctx, policyID, policies.FeaturePolicyUpdate{Description: odata.Set("Everybody")})
	},
	"driver update policy": func(ctx context.Context, c policies.Client) error {
		_, err := c.Create(ctx, policies.DriverPolicy("Drivers").Approving(policies.DriverDeferredBy(60)))
		return err
	},
	"change of a driver update policy": func(ctx context.Context, c policies.Client) error {
		return c.Update(ctx, policyID, policies.DriverPolicyUpdate{Rules: odata.Set(policies.Rules{})})
	},
	"feature ring": func(ctx context.Context, c policies.Client) error {
		_, err := c.CreateRing(ctx, policyID, policies.FeatureRing("Broad").Including(pilots).DeferredBy(14).OfferingEvery(7).OfferingFor(28))
		return err
	},
	"change of a feature ring": func(ctx context.Context, c policies.Client) error {
		return c.UpdateRing(ctx, policyID, ringID, policies.FeatureRingUpdate{DeferralDays: odata.Set(0), OfferIntervalDays: odata.Set(0)})
	},
	"driver ring": func(ctx context.Context, c policies.Client) error {
		_, err := c.CreateRing(ctx, policyID, policies.DriverRing("Broad").DescribedAs("All others").Excluding(pilots).DeferredBy(60).StartingPaused())
		return err
	},
	"change of a driver ring": func(ctx context.Context, c policies.Client) error {
		return c.UpdateRing(ctx, policyID, ringID, policies.DriverRingUpdate{Included: odata.Set([]string{pilots}), Paused: odata.Set(false)})
	},
}

func TestRequestsAreAsDocumented(t *testing.T) {
	t.Parallel()
	stub.EachDocumented(t, documented, func(t *testing.T, want stub.Documented, send func(context.Context, policies.Client) error) {
		t.Helper()
		service := stub.Answering(stub.Answer(200, `{"id":"x","value":[]}`))
		require.NoError(t, send(t.Context(), service.Client(t).Policies()))
		got := onlyChange(t, service)
		path := strings.NewReplacer(policyID, "{id}", approvalID, "{id}", ringID, "{id}").Replace(got.Path)
		require.Equal(t, want.Method+" "+want.Path, got.Method+" "+path)
		require.JSONEq(t, string(want.Body), withoutOwnType(t, got.Body))
	})
}

// onlyChange is the one request that changed something.
func onlyChange(t *testing.T, service *stub.Transport) stub.Request {
	t.Helper()
	changes := slices.DeleteFunc(service.Requests(), func(r stub.Request) bool { return r.Method == "GET" })
	require.Len(t, changes, 1)
	return changes[0]
}

// withoutOwnType leaves out the type of an approval, which the service knows.
func withoutOwnType(t *testing.T, body string) string {
	t.Helper()
	members := stub.Exact(t, body).(map[string]any)
	if members["@odata.type"] == "#"+types+"policyApproval" {
		delete(members, "@odata.type")
	}
	text, err := json.Marshal(members)
	require.NoError(t, err)
	return string(text)
}

func TestEachQualityChangeIsOneRequest(t *testing.T) {
	t.Parallel()
	const (
		policyType = `"@odata.type":"#` + types + `qualityUpdatePolicy"`
		ringType   = `"@odata.type":"#` + types + `qualityUpdateRing"`
		ring       = "/policies/" + policyID + "/rings/" + ringID
		approval   = "/policies/" + policyID + "/approvals/" + approvalID
	)
	for name, c := range map[string]struct {
		send        func(context.Context, policies.Client) error
		route, body string
	}{
		"an empty policy": {func(ctx context.Context, c policies.Client) error {
			_, err := c.Create(ctx, policies.QualityPolicy("a"))
			return err
		}, "POST /policies", `{` + policyType + `,"displayName":"a","description":"","approvalRules":[]}`},
		"recovery and unknown rules": {func(ctx context.Context, c policies.Client) error {
			unknown := &policies.UnknownRule{Kind: "lunarApprovalRule"}
			unknown.Extra = stub.Extra("phase", `"full"`)
			_, err := c.Create(ctx, policies.QualityPolicy("a").Approving(policies.RecoveryDeferredBy(30), unknown))
			return err
		}, "POST /policies", `{` + policyType + `,"displayName":"a","description":"","approvalRules":[
			{"@odata.type":"#` + types + `recoveryApprovalRule","deferralInDays":30},
			{"@odata.type":"#` + types + `lunarApprovalRule","deferralInDays":0,"phase":"full"}]}`},
		"a policy that no longer has rules": {func(ctx context.Context, c policies.Client) error {
			return c.Update(ctx, policyID, policies.QualityPolicyUpdate{Rules: odata.Set[policies.Rules](nil)})
		}, "PATCH /policies/" + policyID, `{` + policyType + `,"approvalRules":[]}`},
		"names": {func(ctx context.Context, c policies.Client) error {
			return c.Update(ctx, policyID, policies.QualityPolicyUpdate{DisplayName: odata.Set("b"), Description: odata.Set("")})
		}, "PATCH /policies/" + policyID, `{` + policyType + `,"displayName":"b","description":""}`},
		"delete": {func(ctx context.Context, c policies.Client) error {
			return c.Delete(ctx, policyID)
		}, "DELETE /policies/" + policyID, ``},
		"pause": {func(ctx context.Context, c policies.Client) error {
			return c.PauseRing(ctx, policyID, ringID)
		}, "PATCH " + ring, `{"isPaused":true}`},
		"resume": {func(ctx context.Context, c policies.Client) error {
			return c.ResumeRing(ctx, policyID, ringID)
		}, "PATCH " + ring, `{"isPaused":false}`},
		"groups, none of them excluded": {func(ctx context.Context, c policies.Client) error {
			return c.UpdateRing(ctx, policyID, ringID, policies.QualityRingUpdate{
				Included: odata.Set([]string{pilots, everybody}), Excluded: odata.Set[[]string](nil),
			})
		}, "PATCH " + ring, `{` + ringType + `,"includedGroupAssignment":{"assignments":[{"groupId":"` + pilots +
			`"},{"groupId":"` + everybody + `"}]},"excludedGroupAssignment":{"assignments":[]}}`},
		"no deferral": {func(ctx context.Context, c policies.Client) error {
			return c.UpdateRing(ctx, policyID, ringID, policies.QualityRingUpdate{
				DeferralDays: odata.Null[int](), Hotpatch: odata.Set(false), Extra: stub.Extra("new", "1"),
			})
		}, "PATCH " + ring, `{` + ringType + `,"deferralInDays":null,"isHotpatchEnabled":false,"new":1}`},
		"delete a ring": {func(ctx context.Context, c policies.Client) error {
			return c.DeleteRing(ctx, policyID, ringID)
		}, "DELETE " + ring, ``},
		"suspend immediately": {func(ctx context.Context, c policies.Client) error {
			_, err := c.Suspend(ctx, policyID, entryOfPages)
			return err
		}, "POST /policies/" + policyID + "/approvals", `{"catalogEntryId":"` + entryOfPages + `","status":"suspended"}`},
		"reapprove": {func(ctx context.Context, c policies.Client) error {
			return c.ResumeApproval(ctx, policyID, approvalID)
		}, "PATCH " + approval, `{"status":"approved"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"id":"x","value":[]}`))

			require.NoError(t, c.send(t.Context(), service.Client(t).Policies()))

			got := onlyChange(t, service)
			require.Equal(t, c.route, got.Route())
			if c.body == "" {
				require.Empty(t, got.Body)
				return
			}
			require.JSONEq(t, c.body, withoutOwnType(t, got.Body))
		})
	}
}

func TestEachReadGoesToItsRoute(t *testing.T) {
	t.Parallel()
	const policy = "/policies/" + policyID
	for path, read := range map[string]func(context.Context, policies.Client) error{
		policy: func(ctx context.Context, c policies.Client) error {
			_, err := c.Get(ctx, policyID)
			return err
		},
		policy + "/rings/" + ringID: func(ctx context.Context, c policies.Client) error {
			_, err := c.GetRing(ctx, policyID, ringID)
			return err
		},
		policy + "/approvals/" + approvalID: func(ctx context.Context, c policies.Client) error {
			_, err := c.GetApproval(ctx, policyID, approvalID)
			return err
		},
		"/policies": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.List(nil))
		},
		policy + "/rings": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListRings(policyID, nil))
		},
		policy + "/approvals": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListApprovals(policyID, nil))
		},
		policy + "/applicableContent": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListApplicableContent(policyID, nil))
		},
		policy + "/applicableCatalogs": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListApplicableCatalogs(policyID, nil))
		},
		policy + "/applicableCatalogs/" + entryOfPages: func(ctx context.Context, c policies.Client) error {
			_, err := c.GetApplicableCatalog(ctx, policyID, entryOfPages)
			return err
		},
		policy + "/applicableCatalogs/" + entryOfPages + "/devices": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListApplicableDevices(policyID, entryOfPages, nil))
		},
		policy + "/applicableContent/" + entryOfPages + "/matchedDevices": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListMatchedDevices(policyID, entryOfPages, nil))
		},
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x","value":[{"id":"y"}]}`))
		require.NoError(t, read(t.Context(), service.Client(t).Policies()), path)
		require.Equal(t, []string{"GET " + path}, service.Log())
	}
}

func firstOf[T any](ctx context.Context, list odata.List[T]) error {
	_, err := list.First(ctx)
	return err
}

package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// impossible are IDs that no device of Microsoft Entra has.
func impossible() []string {
	return []string{
		"DESKTOP-1234", "jane@contoso.example", "{00000000-0000-4000-8000-00000000000a}",
		"0000000000004000800000000000000a", "\ufeff" + deviceA, "00000000-0000-0000-0000-000000000000",
	}
}

func TestADeviceThatCannotExistIsNotEnrolledAndHasARegistrationError(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	all := append(impossible(), deviceA)
	n.enroll("feature", all...)
	require.Equal(t, all, ids(n.list("/updatableAssets")))
	for _, device := range n.list("/updatableAssets") {
		state := device["enrollment"].(object)["feature"].(object)["enrollmentState"]
		if device["id"] == deviceA {
			require.Equal(t, "enrolled", state)
			require.Empty(t, device["errors"])
			continue
		}
		require.Equal(t, "notEnrolled", state, device["id"])
		require.Len(t, device["errors"], 1)
		require.Equal(t, "invalidAzureADDeviceId", device["errors"].([]any)[0].(object)["reason"])
	}
	require.NoError(t, n.FailRegistration("DESKTOP-1234", "invalidAzureADDeviceId"))
	require.Len(t, n.list("/updatableAssets")[0]["errors"], 1, "the same error is not listed twice")
}

func TestADeviceThatCannotExistIsNotEnrolledByAPolicy(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/updatePolicies", `{"autoEnrollmentUpdateCategories":["driver"]}`)
	audience := n.audienceOfPolicy(r.body["id"].(string))
	n.mustAccept(n.post("/deploymentAudiences/"+audience+"/updateAudienceById", byID([]string{"DESKTOP-1234", deviceA}, `"addMembers"`)))
	require.Equal(t, "notEnrolled", n.enrollment("DESKTOP-1234", "driver"))
	require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceA, "driver"))
}

func TestADeviceThatCannotExistIsOfferedNothing(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	expedited := n.post("/deployments", deploymentOf("quality", n.quality("2025.11 B"), `{"expedite":{"isExpedited":true}}`)).body
	all := append(impossible(), deviceA)
	n.enroll("feature", all...)
	for _, deployment := range []string{n.deploy(`{}`), expedited["id"].(string)} {
		n.mustAccept(n.post("/deployments/"+deployment+"/audience/updateAudience",
			`{"addMembers":[{"@odata.type":"#`+namespace+`updatableAssetGroup","id":"`+n.group(impossible()...)+`"}]}`))
		n.add(deployment, all...)
		require.Equal(t, []string{deviceA}, n.offered(deployment))
		require.Subset(t, ids(n.list("/deployments/"+deployment+"/audience/members")), all, "they are members nevertheless")
	}
}

func TestATestCannotSayAnythingOfADeviceThatCannotExist(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.AddDriver("Contoso", "Firmware", "1.2.3")
	for _, id := range impossible() {
		require.ErrorContains(t, n.PutGroup("g", deviceA, id), "must be GUIDs", id)
		require.ErrorContains(t, n.MakeApplicable(driver, nil, deviceA, id), "must be GUIDs", id)
	}
}

package teardown_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestOrphansAreUnusedAudiencesAndArchivedDeployments(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]simulator.Quirks{
		"well-behaved":         {},
		"nulls and bare pages": {NullItems: true, EmptyPages: true},
		"unknown types":        {UnknownTypes: true},
		"empty audiences 404":  {EmptyAudienceIs404: true},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := newSite(t, nil)
			unused := stub.Made[audience.Audience](t)(s.client.Audiences().Create(t.Context())).ID
			ended := stub.Made[deployments.Deployment](t)(s.client.Deployments().Create(t.Context(), deployments.ForFeature(s.entry))).ID
			require.NoError(t, s.client.Deployments().Archive(t.Context(), ended))
			s.service.SetQuirks(quirks)
			s.service.ClearRequests()
			found, err := s.client.Teardown().FindOrphans(t.Context())
			require.NoError(t, err)
			require.Empty(t, s.changed())
			require.Len(t, found.Audiences, 1)
			require.Equal(t, unused, found.Audiences[0].ID)
			var of []string
			for _, one := range found.Archived {
				require.Equal(t, deployments.StateArchived, one.Deployment.State.Effective)
				require.Equal(t, one.UpdatePolicyID == "", one.ApprovalID == "")
				of = append(of, one.UpdatePolicyID)
			}
			require.ElementsMatch(t, []string{s.policy, "", ""}, of, "revoked, deleted, and asked for")
		})
	}
}

func TestADeploymentThatIsNotListedIsFoundBehindItsApproval(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const approval = `{"@odata.type":"#microsoft.graph.windowsUpdates.contentApproval","id":"c1",` +
			`"deployments":[{"id":"hidden","state":{"effectiveValue":"archived"},"audience":{"id":"a2"}}]}`
		client := stub.NewClient(t, stub.Token{}, routes(map[string]string{
			"/deploymentAudiences": `{"value":[{"id":"A1"},{"id":"a2"},{"id":"a3"}]}`,
			"/deployments":         `{"value":[]}`,
			"/updatePolicies":      `{"value":[{"id":"p0"},{"id":"p1","audience":{"id":"a1"}}]}`,
			"/updatePolicies/p1/complianceChanges/microsoft.graph.windowsUpdates.contentApproval":    `{"value":[` + approval + `]}`,
			"/updatePolicies/p1/complianceChanges/c1/microsoft.graph.windowsUpdates.contentApproval": approval,
		}))
		found, err := client.Teardown().FindOrphans(t.Context())
		require.NoError(t, err)
		require.Len(t, found.Audiences, 1)
		require.Equal(t, "a3", found.Audiences[0].ID)
		require.Len(t, found.Archived, 1)
		require.Equal(t, []string{"hidden", "p1", "c1"},
			[]string{found.Archived[0].Deployment.ID, found.Archived[0].UpdatePolicyID, found.Archived[0].ApprovalID})
	})
}

// The service ignores the filter here, and lists the deployments of the approval
// nowhere else.
func TestAPlanHasTheHiddenDeploymentsOfItsAudienceAndNoOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const approval = `{"@odata.type":"#microsoft.graph.windowsUpdates.contentApproval","id":"c1",` +
			`"deployments":[{"id":"hidden","state":{"effectiveValue":"offering"}}]}`
		client := stub.NewClient(t, stub.Token{}, routes(map[string]string{
			"/deploymentAudiences/a1":         `{"id":"a1"}`,
			"/deploymentAudiences/a1/members": `{"value":[]}`,
			"/deployments":                    `{"value":[{"id":"foreign","audience":{"id":"a2"}},{"id":"bare"},{"id":"silent"}]}`,
			"/deployments/silent/audience":    `{"id":"A1"}`,
			"/updatePolicies":                 `{"value":[{"id":"p0"},{"id":"p1","audience":{"id":"a1"}}]}`,
			"/updatePolicies/p1/complianceChanges/microsoft.graph.windowsUpdates.contentApproval":    `{"value":[` + approval + `]}`,
			"/updatePolicies/p1/complianceChanges/c1/microsoft.graph.windowsUpdates.contentApproval": approval,
		}))
		plan, err := client.Teardown().Plan(t.Context(), teardown.Target{AudienceID: "a1"})
		require.NoError(t, err)
		var steps []string
		for _, step := range plan.Steps {
			steps = append(steps, string(step.Action)+" "+step.ID)
		}
		require.Equal(t, []string{
			"deleteApproval c1", "deleteDeployment silent", "deleteDeployment hidden", "waitForDeployments ",
			"removeMembers a1", "deletePolicy p1", "deleteAudience a1",
		}, steps)
	})
}

// routes answers each path with a text, and others with 404.
func routes(texts map[string]string) *stub.Transport {
	return stub.Serving(func(req *http.Request) (int, string) {
		_, path, _ := strings.Cut(req.URL.Path, "/admin/windows/updates")
		if text, ok := texts[path]; ok {
			return http.StatusOK, text
		}
		return http.StatusNotFound, `{"error":{"code":"NotFound","message":"not here"}}`
	})
}

func TestOrphansAreTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, nil)
		stub.Made[audience.Audience](t)(s.client.Audiences().Create(t.Context()))
		stub.Made[updatepolicies.Policy](t)(s.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(s.audience)))
		found, err := s.client.Teardown().FindOrphans(t.Context())
		require.NoError(t, err)
		stub.RequireStored(t, *found)
	})
}

func TestOrphansThatCannotAllBeReadAreAnError(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/deploymentAudiences", "/deployments", "/updatePolicies", "/updatePolicies/{}/complianceChanges"} {
		stub.InBubble(t, strings.ReplaceAll(path, "/", " "), func(t *testing.T) {
			s := newSite(t, nil)
			s.service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Method: "GET", Path: path})
			found, err := s.client.Teardown().FindOrphans(t.Context())
			require.ErrorIs(t, err, apierr.ErrForbidden)
			require.ErrorContains(t, err, "teardown.FindOrphans (listing")
			require.Nil(t, found)
		})
	}
}

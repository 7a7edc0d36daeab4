package policies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// linked is an answer whose deployments go on behind a link, as JSON.
func linked(link string) reply {
	return reply{200, `{"id":"x","deployments":[{"id":"a"}],"deployments@odata.nextLink":` + link + `}`}
}

const moreDeployments = `"https://graph.microsoft.com/beta/admin/windows/updates/more?$skiptoken=1"`

func TestAllDeploymentsOfAnApprovalAreRead(t *testing.T) {
	t.Parallel()
	service := answering(linked(moreDeployments),
		reply{
			200, `{"value":[{"id":"b"},null],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/more?$skiptoken=2"}`,
		},
		reply{200, `{"value":[{"id":"c"}]}`})
	a, err := service.policies(t).GetApproval(t.Context(), policyID, approvalID)
	require.NoError(t, err)
	require.Equal(t, []*deployments.Deployment{{ID: "a"}, {ID: "b"}, {ID: "c"}}, a.Deployments)
	require.Nil(t, a.Extra)
	requests := service.requests()
	require.Equal(t, "$expand=deployments", requests[0].query)
	require.Equal(t, sent{method: "GET", path: "/more", query: "$skiptoken=1"}, requests[1])
	require.Equal(t, sent{method: "GET", path: "/more", query: "$skiptoken=2"}, requests[2])
}

func TestAnApprovalIsNotReadByHalf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		replies []reply
		want    string
	}{
		"a page that fails":  {[]reply{linked(moreDeployments), {404, refusal}}, "404"},
		"a link to nowhere":  {[]reply{linked(`"https://example.com/more"`)}, "leads away"},
		"a link that is not": {[]reply{linked(`7`)}, "leads away"},
		"a link in a circle": {
			[]reply{linked(moreDeployments), {200, `{"value":[],"@odata.nextLink":` + moreDeployments + `}`}}, "repeated a next link",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := answering(c.replies...).policies(t).GetApproval(t.Context(), policyID, approvalID)
			var failed *apierr.Error
			require.ErrorAs(t, err, &failed)
			require.Equal(t, "updatePolicies.GetApproval", failed.Op)
			require.ErrorContains(t, err, c.want)
			require.Nil(t, a)
		})
	}
}

func TestAnApprovalWithoutMoreDeploymentsIsOneRequest(t *testing.T) {
	t.Parallel()
	service := answering(linked(`null`))
	_, err := service.policies(t).GetApproval(t.Context(), policyID, approvalID)
	require.NoError(t, err)
	require.Len(t, service.requests(), 1)
}

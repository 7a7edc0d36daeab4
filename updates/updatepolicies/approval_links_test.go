package updatepolicies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// linked is an answer whose deployments go on behind a link, as JSON.
func linked(link string) stub.Reply {
	return stub.Answer(200, `{"id":"x","deployments":[{"id":"a"}],"deployments@odata.nextLink":`+link+`}`)
}

const moreDeployments = `"https://graph.microsoft.com/beta/admin/windows/updates/more?$skiptoken=1"`

func TestAllDeploymentsOfAnApprovalAreRead(t *testing.T) {
	t.Parallel()
	service := stub.Answering(linked(moreDeployments),
		stub.Answer(200, `{"value":[{"id":"b"},null],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/more?$skiptoken=2"}`),
		stub.Answer(200, `{"value":[{"id":"c"}]}`))
	a, err := service.Client(t).UpdatePolicies().GetApproval(t.Context(), policyID, approvalID)
	require.NoError(t, err)
	require.Equal(t, []*deployments.Deployment{{ID: "a"}, {ID: "b"}, {ID: "c"}}, a.Deployments)
	require.Nil(t, a.Extra)
	requests := service.Requests()
	require.Equal(t, "$expand=deployments", requests[0].URL.RawQuery)
	require.Equal(t, "GET /more?$skiptoken=1", requests[1].Route())
	require.Equal(t, "GET /more?$skiptoken=2", requests[2].Route())
}

func TestAnApprovalIsNotReadByHalf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		replies []stub.Reply
		want    string
	}{
		"a page that fails":  {[]stub.Reply{linked(moreDeployments), stub.Answer(404, refusal)}, "404"},
		"a link to nowhere":  {[]stub.Reply{linked(`"https://example.com/more"`)}, "leads away"},
		"a link that is not": {[]stub.Reply{linked(`7`)}, "leads away"},
		"a link in a circle": {
			[]stub.Reply{linked(moreDeployments), stub.Answer(200, `{"value":[],"@odata.nextLink":`+moreDeployments+`}`)}, "repeated a next link",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := stub.Answering(c.replies...).Client(t).UpdatePolicies().GetApproval(t.Context(), policyID, approvalID)
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
	service := stub.Answering(linked(`null`))
	_, err := service.Client(t).UpdatePolicies().GetApproval(t.Context(), policyID, approvalID)
	require.NoError(t, err)
	require.Len(t, service.Requests(), 1)
}

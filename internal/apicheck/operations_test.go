package apicheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const descriptionFile = "internal/openapi/windowsupdates.yaml"

func TestWhateverSendsNamesItsOperationPermissionAndPage(t *testing.T) {
	t.Parallel()
	known := operations(readOurs(t, descriptionFile))
	for _, p := range packagesThat(t, isPublic) {
		if isClient(short(p.PkgPath)) {
			report(t, unexplained(p, known))
		}
	}
}

func TestAllOperationsOfTheDescriptionAreRead(t *testing.T) {
	t.Parallel()
	description := readOurs(t, descriptionFile)
	known := operations(description)
	require.Len(t, known, strings.Count(description, "operationId:"))
	require.True(t, known["POST /updatableAssets/{}/addMembersById"])
	require.True(t, known["GET /products/{}/getKnownIssuesByTimeRange(daysInPast={},includeAllActive={})"])
	require.False(t, known["PUT /deployments/{}"])
}

func TestCredentialsStandInsAndListsAreNotClients(t *testing.T) {
	t.Parallel()
	require.True(t, isClient("catalog"))
	require.True(t, isClient("updates"))
	require.True(t, isClient("updates/policies"))
	for _, name := range []string{"auth", "auth/cloud", "updates/simulator", "updates/recording", "updates/odata"} {
		require.False(t, isClient(name), name)
	}
}

func TestFunctionsThatSendAreRecognised(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		signature string
		want      bool
	}{
		"method with context":   {"func (c *Client) Get(ctx context.Context) error", true},
		"function with context": {"func Get(id string, ctx context.Context) error", true},
		"list":                  {"func (c *Client) List() odata.List[int]", true},
		"list, pointer":         {"func (c *Client) List() *odata.List[int]", true},
		"nothing of it":         {"func (c *Client) Name() string", false},
		"no result":             {"func (c *Client) Close()", false},
		"context of another":    {"func (c *Client) Get(ctx elsewhere.Context) error", false},
		"list of another":       {"func (c *Client) Get() elsewhere.List[int]", false},
		"function parameter":    {"func New(f func(ctx context.Context) error) *Client", false},
		"private method":        {"func (c *Client) get(ctx context.Context) error", false},
		"private type":          {"func (c *client) Get(ctx context.Context) error", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := catalogOf(t, "type Client struct{}; type client struct{}; "+c.signature+" { panic(0) }\n")
			require.Equal(t, c.want, len(unexplained(p, nil)) > 0)
		})
	}
}

func TestFactsAreComparedWithTheDescription(t *testing.T) {
	t.Parallel()
	const (
		read      = "//   - Permission: WindowsUpdates.Read.All"
		readWrite = "//   - Permission: WindowsUpdates.ReadWrite.All"
		page      = "//   - Page: https://learn.microsoft.com/graph/api/x"
		hidden    = "//graph:page https://learn.microsoft.com/graph/api/x"
	)
	cases := map[string]struct{ facts, want []string }{
		"read":            {facts: []string{"//   - Graph: GET /deployments/{id}", read, page}},
		"read, may write": {facts: []string{"//   - Graph: GET /deployments/{id}", readWrite, page}},
		"write":           {facts: []string{"//   - Graph: POST /deployments", readWrite, page}},
		"cast":            {facts: []string{"//   - Graph: GET /assets/{id}/microsoft.graph.group/members", read, page}},
		"two operations":  {facts: []string{"//   - Graph: GET /deployments/{id}", "//   - Graph: POST /deployments", readWrite, page}},
		"no page":         {facts: []string{"//   - Graph: POST /deployments", readWrite, "//   - Page: none, only the metadata has it"}},
		"helper":          {facts: []string{"//   - Graph: none, it compares two lists", "//   - Permission: none", "//   - Page: none, ours"}},
		"any route":       {facts: []string{"//   - Graph: none, the caller names it", "//   - Permission: depends on the route", page}},
		"in a line":       {facts: []string{"// Graph: GET /deployments/{id}, POST /deployments (WindowsUpdates.ReadWrite.All)", "//", hidden}},
		"in directives":   {facts: []string{"// Permission: WindowsUpdates.Read.All.", "//", "//graph:op GET /deployments/{id}", hidden}},
		"a write in a line": {
			facts: []string{"// Graph: POST /deployments (WindowsUpdates.Read.All)", "//", hidden},
			want:  []string{"a write needs Permission: "},
		},
		"unknown in a directive": {
			facts: []string{"// Permission: WindowsUpdates.Read.All.", "//", "//graph:op GET /x", hidden},
			want:  []string{"the description has no operation GET /x"},
		},
		"nothing":       {want: []string{"no line \"Graph: ", "not exactly one Permission", "no line \"Page: "}},
		"no graph line": {facts: []string{read, page}, want: []string{"no line \"Graph: "}},
		"other path": {
			facts: []string{"//   - Graph: GET /deployment/{id}", read, page},
			want:  []string{"the description has no operation GET /deployment/{id}"},
		},
		"other method": {
			facts: []string{"//   - Graph: DELETE /deployments", readWrite, page},
			want:  []string{"the description has no operation DELETE"},
		},
		"parameter apart": {
			facts: []string{"//   - Graph: GET /deployments/id", read, page},
			want:  []string{"the description has no operation"},
		},
		"other cast": {
			facts: []string{"//   - Graph: GET /assets/{id}/microsoft.graph.device/members", read, page},
			want:  []string{"the description has no operation"},
		},
		"second is wrong": {
			facts: []string{"//   - Graph: GET /deployments/{id}", "//   - Graph: GET /x", read, page},
			want:  []string{"the description has no operation GET /x"},
		},
		"none and another": {
			facts: []string{"//   - Graph: none, so", "//   - Graph: POST /deployments", readWrite, page},
			want:  []string{"the description has no operation none, so"},
		},
		"no reason": {
			facts: []string{"//   - Graph: none, ", "//   - Permission: none", page},
			want:  []string{"the description has no operation none", "no such permission"},
		},
		"read for a write": {
			facts: []string{"//   - Graph: GET /deployments/{id}", "//   - Graph: POST /deployments", read, page},
			want:  []string{"a write needs"},
		},
		"no permission": {facts: []string{"//   - Graph: POST /deployments", page}, want: []string{"not exactly one Permission"}},
		"two permissions": {
			facts: []string{"//   - Graph: POST /deployments", read, readWrite, page},
			want:  []string{"not exactly one Permission"},
		},
		"permission none": {
			facts: []string{"//   - Graph: GET /deployments/{id}", "//   - Permission: none", page},
			want:  []string{"no such permission"},
		},
		"odd permission": {
			facts: []string{"//   - Graph: none, so", "//   - Permission: Everything.All", page},
			want:  []string{"no such permission"},
		},
		"other site": {
			facts: []string{"//   - Graph: POST /deployments", readWrite, "//   - Page: https://example.com/x"},
			want:  []string{"a Page line is neither"},
		},
		"page, no reason": {
			facts: []string{"//   - Graph: POST /deployments", readWrite, "//   - Page: none"},
			want:  []string{"a Page line is neither"},
		},
		"page missing": {facts: []string{"//   - Graph: POST /deployments", readWrite}, want: []string{"no line \"Page: "}},
	}
	known := operations(`paths:
  /deployments:
    post:
  /deployments/{deployment-id}:
    parameters:
    get:
  /assets/{updatableAsset-id}/microsoft.graph.group/members:
    get:
`)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			comment := strings.Join(append([]string{"// Get gets it.", "//"}, c.facts...), "\n")
			p := catalogOf(t, comment+"\nfunc Get(ctx context.Context) {}\n")
			findings := unexplained(p, known)
			require.Len(t, findings, len(c.want), "%q", findings)
			for i, want := range c.want {
				require.Contains(t, findings[i], ": catalog.Get: "+want)
			}
		})
	}
}

package apicheck

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

var update = flag.Bool("update", false, "write api.txt and coverage.md anew")

// notOffered has the operations that no method sends on purpose.
func notOffered() map[string]string {
	return map[string]string{
		"GET /deploymentAudiences/{}/applicableContent/{}": "the list has it, and only generated code shows this route",
		"DELETE /policies/{}/approvals/{}":                 "the service refuses it; an approval is suspended instead",
		"POST /updatableAssets/{}/addMembers":              "only devices can be in a group, and by id the body is half as long",
		"POST /updatableAssets/{}/removeMembers":           "only devices can be in a group, and by id the body is half as long",
		"GET /updatePolicies/{}/complianceChanges":         "content approvals are the only kind, and their own list has more of them",
		"GET /updatePolicies/{}/complianceChanges/{}":      "content approvals are the only kind, and their own route has more of them",
	}
}

func TestTheCoverageTableIsTrueAndHasNoGap(t *testing.T) {
	t.Parallel()
	files := publicSources(t)
	c := coverage{
		operations: operations(readOurs(t, descriptionFile)),
		methods:    senders(files, accessors(files)),
		tests:      callers(testSources(t)),
		notOffered: notOffered(),
	}
	c.simulated = simulated(t, c.operations)
	report(t, c.gaps())
	if *update {
		require.NoError(t, os.WriteFile("coverage.md", []byte(c.table()), 0o600))
	}
	require.Equal(t, readOurs(t, "internal/apicheck/coverage.md"), c.table(),
		"go test ./internal/apicheck -run Coverage -update writes it anew")
}

// testSources are the tests and examples of the packages that users meet.
func testSources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, p := range ourPackages(t) {
		if !isPublic(p) {
			continue
		}
		files, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			s, err := parse(short(p.ImportPath), filepath.Base(file), string(text))
			require.NoError(t, err)
			all = append(all, s)
		}
	}
	return all
}

// simulated asks the simulator for each operation with keys that nothing has. What
// it does not know it says with 501, 405, or the segment that it cannot find.
func simulated(t *testing.T, operations map[string]bool) map[string]bool {
	t.Helper()
	service := simulator.New(nil)
	token, err := service.Credential().GetToken(t.Context(),
		policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}})
	require.NoError(t, err)
	client, found := &http.Client{Transport: service.Transport()}, map[string]bool{}
	for operation := range operations {
		method, path, _ := strings.Cut(operation, " ")
		path = strings.ReplaceAll(path, "{}", "1")
		request, err := http.NewRequestWithContext(t.Context(), method,
			"https://graph.microsoft.com/beta/admin/windows/updates"+path, strings.NewReader("{}"))
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token.Token)
		request.Header.Set("Content-Type", "application/json")
		found[operation] = isRoute(t, client, request)
	}
	return found
}

func isRoute(t *testing.T, client *http.Client, request *http.Request) bool {
	t.Helper()
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NotEqual(t, http.StatusUnauthorized, response.StatusCode)
	var envelope struct{ Error struct{ Message string } }
	if len(body) > 0 {
		require.NoError(t, json.Unmarshal(body, &envelope))
	}
	switch response.StatusCode {
	case http.StatusNotImplemented, http.StatusMethodNotAllowed:
		return false
	case http.StatusNotFound:
		return !strings.Contains(envelope.Error.Message, "Resource not found for the segment")
	}
	return true
}

func TestAnUnknownRouteIsNotSimulated(t *testing.T) {
	t.Parallel()
	known := simulated(t, map[string]bool{"GET /deployments/{}": true, "GET /moons/{}": true, "PUT /deployments/{}": true})
	require.Equal(t, map[string]bool{"GET /deployments/{}": true, "GET /moons/{}": false, "PUT /deployments/{}": false}, known)
}

func TestMethodsAreFoundThroughTheirAccessors(t *testing.T) {
	t.Parallel()
	client, err := parse("updates", "client.go", `package updates

import "`+modulePath+`/catalog"

func (c *Client) Products() catalog.ProductClient { panic(0) }
func (c *Client) Name() string { panic(0) }
func (o *Other) Wrong() catalog.ProductClient { panic(0) }
`)
	require.NoError(t, err)
	products := mustParse(t, `package catalog

// Get gets.
//
//   - Graph: GET /products/{id}
func (c ProductClient) Get() { panic(0) }

// Get gets.
//
//   - Graph: GET /others/{id}
func (c OtherClient) Get() { panic(0) }
`)
	files := []source{client, products}
	require.Equal(t, map[string][]string{"GET /products/{}": {"Products.Get"}}, senders(files, accessors(files)))
}

func TestCallsAreFoundInTestsAndExamplesOnly(t *testing.T) {
	t.Parallel()
	s := mustParse(t, `package catalog

func TestA() { client.Products().Get(1) }
func ExampleB() { p := client.Products(); p.Get(2) }
func helper() { client.Products().List() }
func TestC() { client.Others().Get(1); products.Get(1) }
`)
	require.Equal(t, []string{"catalog.ExampleB", "catalog.TestA"}, callers([]source{s})["Products.Get"])
	require.Empty(t, callers([]source{s})["Products.List"])
}

func TestGapsAreFound(t *testing.T) {
	t.Parallel()
	c := coverage{
		operations: map[string]bool{"GET /a": true, "GET /b": true, "GET /c": true, "GET /d": true},
		methods:    map[string][]string{"GET /a": {"A.Get"}, "GET /b": {"B.Get"}, "GET /c": {"A.Get"}},
		tests:      map[string][]string{"A.Get": {"a.TestX"}},
		simulated:  map[string]bool{"GET /a": true, "GET /b": true, "GET /d": true},
		notOffered: map[string]string{"GET /a": "so", "GET /e": "so"},
	}
	require.Equal(t, []string{
		"GET /a has a method, and a reason why not",
		"GET /b: no test calls B.Get",
		"GET /c is not simulated",
		"GET /d has neither a method nor a reason",
		"GET /e is not an operation",
	}, c.gaps())
}

package apicheck

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

var update = flag.Bool("update", false, "write api.txt and coverage.md again")

// toDo has the operations of the description whose methods or simulation are still to come.
func toDo() []string {
	return []string{}
}

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
	public := packagesThat(t, isPublic)
	at := slices.IndexFunc(public, func(p *packages.Package) bool { return short(p.PkgPath) == "updates" })
	byClient := accessors(public[at].Types)
	c := coverage{
		operations: operations(readOurs(t, descriptionFile)),
		methods:    senders(public, byClient),
		tests:      callers(packagesThat(t, testsCalls), byClient),
		notOffered: notOffered(),
		toDo:       toDo(),
	}
	c.simulated = simulated(t, c.operations)
	report(t, c.gaps())
	requireWritten(t, "coverage.md", c.table())
}

func TestTestsOfPublicPackagesAndOfTheCallCount(t *testing.T) {
	t.Parallel()
	counts := map[string]bool{
		"catalog": true, "updates/odata": true, "internal/call": true,
		"internal/soak": false, "internal/kjson": false, "examples/replaytest": false,
	}
	for name, want := range counts {
		p := &packages.Package{PkgPath: modulePath + "/" + name, ForTest: modulePath + "/" + name}
		require.Equal(t, want, testsCalls(p), name)
	}
	require.False(t, testsCalls(&packages.Package{PkgPath: modulePath + "/catalog"}))
}

// requireWritten fails for each line that a file and a text do not share; with -update
// it writes the file first.
func requireWritten(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	written := readOurs(t, "internal/apicheck/"+file)
	report(t, changes(written, text))
	if written != text {
		t.Errorf("If that is meant, go test ./internal/apicheck -run 'Listing|Coverage' -update writes %s, "+
			"and CHANGELOG.md says what changes for users", file)
	}
}

func changes(was, is string) []string {
	before, after := strings.Split(was, "\n"), strings.Split(is, "\n")
	var lines []string
	for _, line := range before {
		if !slices.Contains(after, line) {
			lines = append(lines, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			lines = append(lines, "+ "+line)
		}
	}
	return lines
}

func TestChangesAreLinesThatOneSideHas(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"- b", "+ c", "+ d"}, changes("a\nb\n", "a\nc\nd\n"))
	require.Empty(t, changes("a\nb", "b\na"))
}

// testsCalls reports whether a package has tests of a public one, or of the call itself.
func testsCalls(p *packages.Package) bool {
	tested := short(p.ForTest)
	return tested == "internal/call" || p.ForTest != "" && isPublicName(tested)
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

const productClient = `
type ProductClient struct{}
type OtherClient struct{}

// Get gets.
//
//   - Graph: GET /products/{id}
func (c *ProductClient) Get(id int) {}
func (c ProductClient) List() {}

// Get gets.
//
//   - Graph: GET /others/{id}
func (c OtherClient) Get(id int) {}
`

// smallClient is a package updates with one accessor, and the package that it leads to.
func smallClient(t *testing.T) (texts, clients) {
	t.Helper()
	known := standIns(t)
	known.add(t, modulePath+"/catalog", productClient)
	updates := known.add(t, modulePath+"/updates", `
type Client struct{}
type Other struct{}

// Check checks.
//
//   - Graph: GET /products
func (c *Client) Check() {}
func (c *Client) Products() *catalog.ProductClient { panic(0) }
func (c *Client) Name() string { panic(0) }
func (c *Client) Made(int) catalog.OtherClient { panic(0) }
func (o *Other) Wrong() catalog.OtherClient { panic(0) }
`)
	return known, accessors(updates.Types)
}

func TestMethodsAreFoundThroughTheirAccessors(t *testing.T) {
	t.Parallel()
	known, byClient := smallClient(t)
	public := []*packages.Package{known[modulePath+"/updates"], known[modulePath+"/catalog"]}
	require.Equal(t, map[string][]string{"GET /products": {"Check"}, "GET /products/{}": {"Products.Get"}}, senders(public, byClient))
}

func TestCallsAreFoundInTestsAndExamplesByWhatTheyResolveTo(t *testing.T) {
	t.Parallel()
	known, byClient := smallClient(t)
	tests := known.add(t, modulePath+"/updates/policies_test", `
type pair struct{ *catalog.ProductClient }
func TestA() { var c updates.Client; c.Products().Get(1) }
func TestB() { var c updates.Client; p := c.Products(); get := p.Get; get(1) }
func TestC() { var o catalog.OtherClient; o.Get(1); Check() }
func ExampleD() { pair{}.Get(2); (*updates.Client).Check(nil) }
func helper() { var p catalog.ProductClient; p.List() }
func Check() {}
`)
	require.Equal(t, map[string][]string{
		"Check":        {"policies.ExampleD"},
		"Products":     {"policies.TestA", "policies.TestB"},
		"Products.Get": {"policies.ExampleD", "policies.TestA", "policies.TestB"},
	}, callers([]*packages.Package{tests}, byClient))
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

func TestWhatIsToDoNeedsNoMethodAndNoSimulationUntilItHasBoth(t *testing.T) {
	t.Parallel()
	c := coverage{
		operations: map[string]bool{"GET /a": true, "GET /b": true, "GET /c": true, "GET /d": true},
		methods:    map[string][]string{"GET /b": {"B.Get"}, "GET /c": {"C.Get"}},
		tests:      map[string][]string{"C.Get": {"c.TestX"}},
		simulated:  map[string]bool{"GET /c": true, "GET /d": true},
		toDo:       []string{"GET /a", "GET /b", "GET /c", "GET /d", "GET /e"},
	}
	require.Equal(t, []string{
		"GET /b: no test calls B.Get",
		"GET /c is nothing to do",
		"GET /e is nothing to do",
	}, c.gaps())
	require.Contains(t, c.table(), "| GET /a | none: to do |  | no |")
}

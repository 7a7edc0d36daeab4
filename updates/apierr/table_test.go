package apierr_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const (
	attempts = 5 // of a call, by default
	device   = "9f0b6a4e-5a3c-4c60-9d4e-0000000000aa"
)

// row is one way into a class: responses, the call that gets them, and the requests that it sends.
type row struct {
	name      string
	responses []stub.Reply
	call      func(context.Context, *updates.Client) error
	requests  int
	changes   []stub.Change
}

// rows say what the table of the package documentation says, by class.
func rows() map[string][]row {
	read, patch, create := stub.Read().Run, stub.Patch().Run, stub.Create().Run
	answer := func(status int, headers ...string) []stub.Reply {
		return []stub.Reply{stub.Answer(status, "{}", headers...)}
	}
	after := []string{"Retry-After", "1"}
	two := stub.DeviceIDs(2)
	limiting := func(o *updates.Options) { o.Limits.Unenrollments = 1 }
	protecting := func(o *updates.Options) { o.Limits.Protected = []string{device} }
	return map[string][]row{
		"ErrInvalid": {
			{"a value", nil, func(ctx context.Context, c *updates.Client) error { return c.Deployments().Pause(ctx, "") }, 0, nil},
			{"400", answer(400), read, 1, nil},
			{"422", answer(422), create, 1, nil},
		},
		"ErrUnauthorized": {{"401, and a new token", answer(401), read, 2, nil}},
		"ErrForbidden":    {{"403", answer(403), read, 1, nil}, {"402", answer(402), read, 1, nil}},
		"ErrNotFound":     {{"404", answer(404), read, 1, nil}, {"410", answer(410), patch, 1, nil}},
		"ErrConflict": {
			{"409", answer(409), patch, 1, nil},
			{"409 with Retry-After", answer(409, after...), patch, attempts, nil},
			{"423 with Retry-After", answer(423, after...), patch, attempts, nil},
			{"412", answer(412, after...), patch, 1, nil},
			{"409 of a create", answer(409, after...), create, 1, nil},
		},
		"ErrThrottled": {{"429", answer(429, after...), read, attempts, nil}, {"429 of a create", answer(429, after...), create, attempts, nil}},
		"ErrUnavailable": {
			{"503", answer(503), read, attempts, nil},
			{"408", answer(408), patch, attempts, nil},
			{"no response", []stub.Reply{stub.Fail(stub.ErrReset)}, read, attempts, nil},
			{"no connection for a create", []stub.Reply{stub.Fail(stub.ErrRefused)}, create, attempts, nil},
			{"a proxy", answer(407), read, 1, nil},
		},
		"ErrUnknownOutcome": {
			{"503 of a create", answer(503), create, 1, nil},
			{"503 of a change", answer(503), patch, attempts, nil},
		},
		"ErrTooMany": {{"a list", []stub.Reply{stub.Answer(200, `{"value":[{"id":"a"},{"id":"b"}]}`)}, func(ctx context.Context, c *updates.Client) error {
			_, err := c.Deployments().List(nil).Collect(ctx, 1)
			return err
		}, 1, nil}},
		"ErrAmbiguous": {{"a search", []stub.Reply{stub.Answer(200, `{"value":[{"id":"a"},{"id":"b"}]}`)}, func(ctx context.Context, c *updates.Client) error {
			_, err := c.Deployments().FindCreated(ctx, deployments.ForFeature("e"), time.Time{})
			return err
		}, 0, nil}},
		"ErrTooManyDevices": {{"a limit", []stub.Reply{stub.Answer(200, enrolled(two...))}, func(ctx context.Context, c *updates.Client) error {
			return c.Devices().Unenroll(ctx, audience.CategoryFeature, two, nil)
		}, 0, []stub.Change{limiting}}},
		"ErrProtected": {{"a device", nil, func(ctx context.Context, c *updates.Client) error {
			return c.Devices().Delete(ctx, device)
		}, 0, []stub.Change{protecting}}},
	}
}

func enrolled(ids ...string) string {
	var devices []string
	for _, id := range ids {
		devices = append(devices, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":%q,`+
			`"enrollment":{"feature":{"enrollmentState":"enrolled"}}}`, id))
	}
	return stub.Page("", devices...)
}

func TestEachRowOfTheTableHolds(t *testing.T) {
	t.Parallel()
	classes := sentinels(t)
	for class, cases := range rows() {
		for _, c := range cases {
			stub.InBubble(t, class+", "+c.name, func(t *testing.T) {
				var sent, changed int
				s := stub.Answering(c.responses...)
				client := stub.NewClient(t, &stub.Issuer{}, counting(s, &sent, &changed), c.changes...)
				err := c.call(t.Context(), client)
				require.ErrorIs(t, err, classes[class])
				if c.requests > 0 {
					require.Equal(t, c.requests, sent)
				} else {
					require.Zero(t, changed, "nothing may be changed")
				}
			})
		}
	}
}

type counted func(*http.Request) (*http.Response, error)

func (f counted) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func counting(next http.RoundTripper, sent, changed *int) http.RoundTripper {
	return counted(func(r *http.Request) (*http.Response, error) {
		*sent++
		if r.Method != http.MethodGet {
			*changed++
		}
		return next.RoundTrip(r)
	})
}

// sentinels are all exported errors of the package, by name, as far as the rows know them.
func sentinels(t *testing.T) map[string]error {
	t.Helper()
	return map[string]error{
		"ErrInvalid": apierr.ErrInvalid, "ErrUnauthorized": apierr.ErrUnauthorized, "ErrForbidden": apierr.ErrForbidden,
		"ErrNotFound": apierr.ErrNotFound, "ErrConflict": apierr.ErrConflict, "ErrThrottled": apierr.ErrThrottled,
		"ErrUnavailable": apierr.ErrUnavailable, "ErrUnknownOutcome": apierr.ErrUnknownOutcome, "ErrTooMany": apierr.ErrTooMany,
		"ErrAmbiguous": apierr.ErrAmbiguous, "ErrTooManyDevices": apierr.ErrTooManyDevices, "ErrProtected": apierr.ErrProtected,
	}
}

// A new sentinel needs a row in the table, and one in these tests.
func TestTheTableHasEverySentinelError(t *testing.T) {
	t.Parallel()
	declared := declaredErrors(t)
	require.NotEmpty(t, declared)
	require.Equal(t, declared, tableRows(t), "the rows of the table are in the order of the declarations")
	classes, tested := sentinels(t), rows()
	for _, name := range declared {
		require.Error(t, classes[name], name)
		require.NotEmpty(t, tested[name], name)
	}
	require.Len(t, classes, len(declared))
	require.Len(t, tested, len(declared))
}

func declaredErrors(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "apierr.go", nil, 0)
	require.NoError(t, err)
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			names = append(names, spec.Names[0].Name)
		}
		return true
	})
	return names
}

// tableRows are the names that begin lines of the table.
func tableRows(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("apierr.go")
	require.NoError(t, err)
	var names []string
	for line := range strings.Lines(string(text)) {
		if cells, ok := strings.CutPrefix(line, "//\tErr"); ok {
			names = append(names, "Err"+strings.Fields(cells)[0])
		}
	}
	return names
}

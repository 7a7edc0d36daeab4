package updates_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
)

// Whatever a server answers, every public call ends, with a result or an error.
func FuzzEveryCall(f *testing.F) {
	for _, body := range strangeBodies {
		for status := range uint8(3) {
			f.Add(status, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status uint8, body []byte) {
		for _, c := range everyCall(newClient(t, answering(answer(200+int(status%3), string(body))), once)) {
			c.requireEnd(t, string(body))
		}
	})
}

// strangeBodies are answers that were made by hand to be difficult.
var strangeBodies = []string{
	"", "null", "{}", "[]", "7", `"x"`, "<html>\n</html>", "\xef\xbb\xbf{}", `{"id":"a"`, `{"id":7}`, `{"value":null}`, `{"value":{}}`, `{"value":[null]}`,
	`{"value":{"id":"a","@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","enrollments":[null,[],{"updateCategory":"feature"}]}}`,
	`{"value":[{"@odata.type":7}]}`, `{"value":[{"id":"a","@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup","members":[null]}]}`,
	`{"value":[],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/x"}`, `{"value":[],"@odata.nextLink":"https://evil.example/"}`,
	`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"e","version":"a\nb","displayName":"\u2028"}]}`,
	`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"e","productRevisions":[null,{"id":"10.0.1","osBuild":{"majorVersion":1e30}}]}]}`,
	`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"e","releaseDateTime":"9999-12-31T23:59:59.999999999Z","extra":1e400}]}`,
	`{"id":"d","state":{"effectiveValue":"paused","requestedValue":"none","reasons":[null,{"value":"faultedByContentOutdated"}]},"createdDateTime":"0001-01-01T00:00:00Z"}`,
	`{"id":"d","content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":null},"audience":{"members":[null]},"settings":{"schedule":
		{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","devicesPerOffer":0,"durationBetweenOffers":"P1W"}}}}`,
	`{"id":"d","settings":{"schedule":{"gradualRollout":{"durationBetweenOffers":"P99999999999999999999D"}},"monitoring":{"monitoringRules":[null,{}]}}}`,
	`{"id":"d","enrollment":` + strings.Repeat(`{"x":`, 200) + `1` + strings.Repeat(`}`, 200) + `}`,
}

// publicCall is a method of an area, with arguments that it takes.
type publicCall struct {
	name   string
	method reflect.Value
	args   []reflect.Value
}

// everyCall finds the methods of all areas that can send something.
func everyCall(client *updates.Client) []publicCall {
	calls := []publicCall{}
	root := reflect.ValueOf(client)
	for i := range root.NumMethod() {
		if accessor := root.Method(i); accessor.Type().NumIn() == 0 {
			calls = append(calls, callsOf(root.Type().Method(i).Name, accessor.Call(nil)[0])...)
		}
	}
	return append(calls, publicCall{"Call", reflect.ValueOf(func(ctx context.Context) (any, error) {
		out := any("nothing was read")
		err := client.Call(ctx, "GET", "/x", nil, &out)
		return &out, err
	}), []reflect.Value{reflect.ValueOf(context.Background())}})
}

func callsOf(area string, client reflect.Value) []publicCall {
	var calls []publicCall
	for i := range client.NumMethod() {
		method := client.Method(i)
		var args []reflect.Value
		for of := range method.Type().Ins() {
			args = append(args, argument(of))
		}
		if method.Type().IsVariadic() {
			args = args[:len(args)-1]
		}
		calls = append(calls, publicCall{area + "." + client.Type().Method(i).Name, method, args})
	}
	return calls
}

// argument is one that is not refused before sending; zero where that is so.
func argument(of reflect.Type) reflect.Value {
	for _, v := range []any{
		context.Background(), "x", []string{"x"}, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), audience.Feature, audience.ByID("x"),
		audience.Edit{AddMembers: audience.Devices("x")}, deployments.ForFeature("x"), deployments.Update{State: deployments.RequestPaused},
	} {
		if reflect.TypeOf(v).AssignableTo(of) {
			return reflect.ValueOf(v)
		}
	}
	return reflect.Zero(of)
}

// once sends a request and does not repeat it.
func once(o *updates.Options) { o.Retry.MaxAttempts = 1 }

// requireEnd makes the call and sees a result that can be stored, or an error that
// can be logged.
func (c publicCall) requireEnd(t *testing.T, body string) {
	t.Helper()
	out := c.method.Call(c.args)
	if collect := out[0].MethodByName("Collect"); collect.IsValid() {
		out = collect.Call([]reflect.Value{argument(reflect.TypeFor[context.Context]()), reflect.ValueOf(3)})
	}
	if err, failed := reflect.TypeAssert[error](out[len(out)-1]); failed {
		c.requireLine(t, err.Error(), body)
		return
	}
	for _, result := range out[:len(out)-1] {
		require.False(t, result.IsNil(), "%s returned nil with nil", c.name)
		_, err := json.Marshal(result.Interface())
		require.NoError(t, err, c.name)
	}
}

// mostOfALine is a length that texts of our own do not have by chance.
const mostOfALine = 40

// requireLine sees one line that does not repeat the body.
func (c publicCall) requireLine(t *testing.T, line, body string) {
	t.Helper()
	isControl := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	require.Equal(t, -1, strings.IndexFunc(line, isControl), "%s: %q", c.name, line)
	if len(body) > mostOfALine {
		require.NotContains(t, line, body, c.name)
	}
}

// What a new method needs to be tried stands in argument.
func TestEveryPublicCallSendsSomething(t *testing.T) {
	t.Parallel()
	s := answering(answer(200, `{"id":"x","value":[]}`))
	for _, c := range everyCall(newClient(t, s, once)) {
		before := len(s.requests())
		c.requireEnd(t, "")
		require.Greater(t, len(s.requests()), before, c.name)
	}
}

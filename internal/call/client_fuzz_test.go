package call_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
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
		synctest.Test(t, func(t *testing.T) {
			s := stub.Answering(stub.Answer(200+int(status%3), string(body)))
			for _, c := range everyCall(t.Context(), stub.NewClient(t, stub.Token{}, s, stub.Attempts(1))) {
				c.requireEnd(t, string(body))
			}
		})
	})
}

// strangeBodies are answers that were made by hand to be difficult.
var strangeBodies = []string{
	"", "null", "{}", "[]", "7", `"x"`, "<html>\n</html>", "\xef\xbb\xbf{}", `{"id":"a"`, `{"id":7}`,
	`{"value":null}`, `{"value":{}}`, `{"value":[null]}`,
	`{"value":{"id":"a","@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","enrollments":[null,[],` +
		`{"updateCategory":"feature"}]}}`,
	`{"value":[{"@odata.type":7}]}`,
	`{"value":[{"id":"a",` +
		`"@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup","members":[null]}]}`,
	`{"value":[],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/x"}`,
	`{"value":[],"@odata.nextLink":"https://evil.example/"}`,
	`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"e",` +
		`"version":"a\nb","displayName":"\u2028"}]}`,
	`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"e",` +
		`"productRevisions":[null,{"id":"10.0.1","osBuild":{"majorVersion":1e30}}]}]}`,
	`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"e",` +
		`"releaseDateTime":"9999-12-31T23:59:59.999999999Z","extra":1e400}]}`,
	`{"id":"d","state":{"effectiveValue":"paused","requestedValue":"none","reasons":[null,` +
		`{"value":"faultedByContentOutdated"}]},"createdDateTime":"0001-01-01T00:00:00Z"}`,
	`{"id":"d","content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":null},` +
		`"audience":{"members":[null]},"settings":{"schedule":{"gradualRollout":{` +
		`"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
		`"devicesPerOffer":0,"durationBetweenOffers":"P1W"}}}}`,
	`{"id":"d","settings":{"schedule":{"gradualRollout":{"durationBetweenOffers":"P99999999999999999999D"}},` +
		`"monitoring":{"monitoringRules":[null,{}]}}}`,
	`{"id":"p","@odata.type":"#microsoft.graph.windowsUpdates.policy","displayName":"x","approvalRules":[null,{}],` +
		`"rings":[null,{"offerIntervalInDays":1e30},{"isHotpatchEnabled":7,"offerDurationInDays":-1}],` +
		`"applicableCatalogs":[{"devices":[null,{}]}]}`,
	`{"value":[null,{"id":"r","@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateRing","displayName":"x",` +
		`"includedGroupAssignment":{"assignments":[null]}},{"id":"q","displayName":"x","isHotpatchEnabled":null}]}`,
	`{"value":[{"id":"p","@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdatePolicy","displayName":"x",` +
		`"approvalRules":[{"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateApprovalRule"},{"@odata.type":[]}]}]}`,
	`{"id":"d","enrollment":` + strings.Repeat(`{"x":`, 200) + `1` + strings.Repeat(`}`, 200) + `}`,
}

// publicCall is a method of the client or of an area, with arguments that it takes.
type publicCall struct {
	name   string
	listed string // its name in the listing of the API, such as deployments.Client.Create
	method reflect.Value
	args   []reflect.Value
}

// everyCall finds the methods of the client and of all areas that can send something.
// DryRun is none: it sends what it is given.
func everyCall(ctx context.Context, client *updates.Client) []publicCall {
	calls := []publicCall{}
	root := reflect.ValueOf(client)
	for i := range root.NumMethod() {
		name := root.Type().Method(i).Name
		switch accessor := root.Method(i); {
		case accessor.Type().NumOut() == 0: // sends nothing
		case accessor.Type().NumIn() == 0:
			calls = append(calls, callsOf(ctx, name+".", accessor.Call(nil)[0])...)
		case name != "DryRun":
			call := callOf(ctx, name, accessor)
			call.listed = "updates.Client." + name
			calls = append(calls, call)
		}
	}
	return calls
}

func callsOf(ctx context.Context, area string, client reflect.Value) []publicCall {
	var calls []publicCall
	for i := range client.NumMethod() {
		if client.Method(i).Type().Out(0) != client.Type() { // which only changes the client
			name := client.Type().Method(i).Name
			call := callOf(ctx, area+name, client.Method(i))
			call.listed = client.Type().String() + "." + name
			calls = append(calls, call)
		}
	}
	return calls
}

func callOf(ctx context.Context, name string, method reflect.Value) publicCall {
	var args []reflect.Value
	for i := range method.Type().NumIn() {
		if name+fmt.Sprint(i) == "Call4" { // of its own, since tests run in parallel
			args = append(args, reflect.ValueOf(new(any)))
		} else if special, ok := arguments[fmt.Sprint(name, i)]; ok {
			args = append(args, reflect.ValueOf(special))
		} else {
			args = append(args, argument(ctx, method.Type().In(i)))
		}
	}
	if last := len(args) - 1; method.Type().IsVariadic() && arguments[fmt.Sprint(name, last)] == nil {
		if args[last] = argument(ctx, method.Type().In(last).Elem()); args[last].IsZero() {
			args = args[:last]
		}
	}
	return publicCall{name: name, method: method, args: args}
}

// requireEnd makes the call, for an hour at most, and sees results that can be stored, or
// an error that can be logged.
func (c publicCall) requireEnd(t *testing.T, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	out := c.run(ctx, c.within(ctx))
	if err, failed := reflect.TypeAssert[error](out[len(out)-1]); failed {
		c.requireLine(t, err.Error(), body)
		return
	}
	for _, result := range out[:len(out)-1] {
		require.False(t, result.Kind() != reflect.Struct && result.IsNil(), "%s returned nil with nil", c.name)
		_, err := json.Marshal(result.Interface())
		require.NoError(t, err, c.name)
	}
}

// run makes the call and, when it is the read of a list, reads three items. The last
// result is the error.
func (c publicCall) run(ctx context.Context, args []reflect.Value) []reflect.Value {
	out := c.method.Call(args)
	if out[0].Kind() == reflect.Func {
		return lastOf(out[0])
	}
	if collect := out[0].MethodByName("Collect"); collect.IsValid() {
		return collect.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(3)})
	}
	return out
}

// within are the arguments with another context.
func (c publicCall) within(ctx context.Context) []reflect.Value {
	args := slices.Clone(c.args)
	for i, arg := range args {
		if arg.Type().Implements(reflect.TypeFor[context.Context]()) {
			args[i] = reflect.ValueOf(ctx)
		}
	}
	return args
}

// lastOf is the last of at most three pairs that an iterator yields.
func lastOf(iterator reflect.Value) []reflect.Value {
	last, count := []reflect.Value{reflect.Zero(reflect.TypeFor[error]())}, 0
	for value, err := range iterator.Seq2() {
		last = []reflect.Value{value, err}
		if count++; count == 3 {
			break
		}
	}
	return last
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

// What a new method needs to be tried stands in arguments and argument.
func TestEveryPublicCallSendsSomething(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := stub.Answering(stub.Answer(200, `{"id":"x","mdmAppId":"x","value":[]}`))
		for _, c := range everyCall(t.Context(), stub.NewClient(t, stub.Token{}, s, stub.Attempts(1))) {
			before := len(s.Requests())
			c.requireEnd(t, "")
			require.Greater(t, len(s.Requests()), before, c.name)
		}
	})
}

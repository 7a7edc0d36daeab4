package call_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// ordinary is an answer that most calls take for a good one.
var ordinary = stub.Answer(200, `{"id":"x","mdmAppId":"x","value":[{"id":"y"}],"audience":{"id":"a"}}`)

// failuresAfter are scripts that fail after n ordinary answers.
func failuresAfter(n int) map[string][]stub.Reply {
	scripts := map[string][]stub.Reply{}
	for name, last := range map[string]stub.Reply{
		"403":    stub.Answer(403, `{"error":{"code":"Forbidden","message":"m"}}`),
		"404":    stub.Answer(404, ""),
		"409":    stub.Answer(409, ""),
		"503":    stub.Answer(503, ""),
		"HTML":   stub.Answer(200, stub.HTML),
		"reset":  stub.Fail(stub.ErrReset),
		"broken": stub.BreakOff(200, `{"id":"x`),
	} {
		begin := slices.Repeat([]stub.Reply{ordinary}, n)
		scripts[fmt.Sprint(name, " after ", n)] = append(begin, last)
		scripts[fmt.Sprint("one ", name, " after ", n)] = append(begin[:n:n], last, ordinary)
	}
	return scripts
}

// Whatever fails in whatever call, at whatever request: the operation is named once, at the beginning, and no
// other operation is. The status is that of the answer.
func TestAnErrorNamesItsOperationOnce(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		for name, script := range failuresAfter(n) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					service := &replaceable{}
					calls := everyCall(t.Context(), stub.NewClient(t, stub.Token{}, service, stub.Attempts(1)))
					failed, wrong := 0, ""
					for i, c := range calls {
						service.Transport = stub.Answering(script...)
						if err := c.fail(t, time.Duration(1+i%2*30)*20*time.Second); err != nil {
							failed++
							wrong += misnamed(calls, c.operation(), err)
						}
					}
					require.NotZero(t, failed)
					require.Empty(t, wrong)
				})
			})
		}
	}
}

// replaceable is another transport for each call.
type replaceable struct{ *stub.Transport }

// operation is the name of the call in errors.
func (c publicCall) operation() string {
	if !strings.Contains(c.name, ".") {
		return "updates." + c.name
	}
	return strings.ToLower(c.name[:1]) + c.name[1:]
}

// fail makes the call, and returns its error.
func (c publicCall) fail(t *testing.T, deadline time.Duration) error {
	t.Helper()
	ctx := stub.Within(t, deadline)
	out := c.run(ctx, c.within(ctx))
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return err
}

// misnamed returns what is wrong with the operations that an error names; empty if nothing is.
func misnamed(calls []publicCall, operation string, err error) string {
	text, count := err.Error(), 0
	for _, c := range calls {
		for _, end := range []string{": ", " ("} {
			count += strings.Count(text, c.operation()+end)
		}
	}
	e, ok := errors.AsType[*apierr.Error](err)
	if isFirst := strings.HasPrefix(text, operation+": ") || strings.HasPrefix(text, operation+" ("); !isFirst || count != 1 {
		return text + "\n"
	}
	if ok && strings.Split(e.Op, " (")[0] != operation {
		return "Op is " + e.Op + ": " + text + "\n"
	}
	return ""
}

package call_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// successes with an error, for every kind of call.
var successesWithAnError = []string{
	`{"error":{"code":"BadThing","message":"It did not work.","innerError":{"request-id":"r1"}}}`,
	` {"id":"d1","state":{},"error":{"code":"BadThing","message":"It did not work."}}`,
	`{"value":[],"error":{"code":"BadThing","message":"It did not work."}}`,
	`{"value":[{"id":"d1"}],"@odata.error":{"code":"BadThing","message":"It did not work."}}`,
	`{"odata.error":{"code":"BadThing","message":{"lang":"en","value":"It did not work."}}}`,
	`{"error":"BadThing","error_description":"It did not work."}`,
}

func TestASuccessWithAnErrorIsAnError(t *testing.T) {
	t.Parallel()
	for _, op := range append(append(stub.Repeatable(), stub.Creates()...), stub.RawPost()) {
		for _, status := range []int{200, 201, 202, 206, 299} {
			for i, body := range successesWithAnError {
				t.Run(fmt.Sprint(op.Name, " ", status, " ", i), func(t *testing.T) {
					t.Parallel()
					s := stub.Answering(stub.Answer(status, body))
					err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
					require.ErrorContains(t, err, fmt.Sprintf("%d BadThing: It did not work.", status))
					require.ErrorContains(t, err, "the response has an error although its status is a success")
					require.Equal(t, status, apierr.StatusOf(err))
					require.Equal(t, changes(op), errors.Is(err, apierr.ErrUnknownOutcome))
					require.Len(t, s.Requests(), 1)
				})
			}
		}
	}
}

func TestEveryPublicCallNoticesAnErrorInASuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := `{"id":"x","mdmAppId":"x","value":[],"error":{"code":"BadThing","message":"m"}}`
		s := stub.Answering(stub.Answer(200, body))
		for _, c := range everyCall(t.Context(), stub.NewClient(t, stub.Token{}, s, stub.Attempts(1))) {
			ctx := stub.Within(t, 24*time.Hour)
			out := c.run(ctx, c.within(ctx))
			said := ""
			if err, failed := reflect.TypeAssert[error](out[len(out)-1]); failed {
				said = err.Error()
			} else if c.name == "Troubleshoot.Explain" { // which reports what could not be read
				said = fmt.Sprint(out[0].Interface())
			}
			require.Contains(t, said, "BadThing", c.name)
		}
	})
}

func TestAMemberNamedErrorIsNoErrorElsewhere(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":"d1","error":null,"value":[]}`,
		`{"id":"d1","value":[],"errors":[{"error":"x"}],"lastError":"x"}`,
		`{"id":"d1","value":[{"id":"d1","error":{"code":"x"}}],"content":{"error":"x"}}`,
		`{"id":"error","value":[]}`,
	} {
		for _, op := range append(append(stub.Repeatable(), stub.Creates()...), stub.RawPost()) {
			s := stub.Answering(stub.Answer(200, body))
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)), body)
		}
	}
}

func TestALargeSuccessWithAnErrorIsAnErrorToo(t *testing.T) {
	t.Parallel()
	items := strings.Repeat(`{"id":"d1"},`, 10_000) + `{"id":"d1"}`
	s := stub.Answering(stub.Answer(200, `{"value":[`+items+`],"error":{"code":"BadThing","message":"m"}}`))
	require.ErrorContains(t, stub.List().Run(t.Context(), stub.NewClient(t, stub.Token{}, s)), "200 BadThing: m")
}

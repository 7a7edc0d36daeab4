package kjson

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsNotSupportedIsAnErrorThatNamesTheMethod(t *testing.T) {
	t.Parallel()
	for _, of := range []any{unsupportedNode{}, unsupportedWriter{}} {
		for method, function := range reflect.ValueOf(of).Methods() {
			var args []reflect.Value
			for in := range function.Type().Ins() {
				args = append(args, reflect.Zero(in))
			}
			results := function.Call(args)
			if err, fails := reflect.TypeAssert[error](results[len(results)-1]); fails {
				require.EqualError(t, err, method.Name+" is not supported")
				continue
			}
			require.Regexp(t, "^GetOn", method.Name, "only callbacks cannot fail")
			require.True(t, results[0].IsNil())
		}
	}
}

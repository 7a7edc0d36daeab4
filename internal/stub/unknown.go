package stub

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// WithUnknown returns copies of a JSON document by path. Each has an unknown property,
// which is false, in one of its objects. It leaves out "extra" and the named properties.
func WithUnknown(t testing.TB, document string, except ...string) map[string]string {
	t.Helper()
	root, copies := Exact(t, document), map[string]string{}
	eachObject("", root, append(except, "extra"), func(path string, object map[string]any) {
		object["lunarProperty"] = false
		text, err := json.Marshal(root)
		require.NoError(t, err)
		delete(object, "lunarProperty")
		copies[path+"lunarProperty"] = string(text)
	})
	return copies
}

func eachObject(path string, value any, except []string, do func(path string, object map[string]any)) {
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			eachObject(fmt.Sprintf("%s%d.", path, i), item, except, do)
		}
	case map[string]any:
		for name, member := range value {
			if !slices.Contains(except, name) {
				eachObject(path+name+".", member, except, do)
			}
		}
		do(path, value)
	}
}

package stub

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// DeviceID returns the Microsoft Entra device ID of the nth device.
func DeviceID(n int) string {
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
}

// DeviceIDs returns the IDs of n devices, from 0.
func DeviceIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = DeviceID(i)
	}
	return ids
}

// Extra returns the value of a field Extra with one property.
func Extra(name, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{name: json.RawMessage(value)}
}

// Exact decodes JSON and keeps numbers as they are written.
func Exact(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value), text)
	return value
}

// MoreThanInt32 returns a number that does not fit into an Int32 of the service. Where
// an int has 32 bits there is none: it is negative then, and as wrong as a count.
func MoreThanInt32() int {
	n := math.MaxInt32
	n++
	return n
}

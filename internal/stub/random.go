package stub

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// Random generates values for tests. Equal seeds generate equal values.
type Random struct{ *rand.Rand }

// Seeded is a Random of one stream of random numbers.
func Seeded(seed, stream uint64) Random { return Random{rand.New(rand.NewPCG(seed, stream))} }

// Yes is true half of the time.
func (r Random) Yes() bool { return r.IntN(2) == 0 }

// Time is a time after 1970.
func (r Random) Time() time.Time { return time.Unix(r.Int64N(4e9), r.Int64N(1e9)).UTC() }

// Word is one of the known values of an enumeration, an unknown one, or a name.
func (r Random) Word(known ...string) string {
	words := append(known, "strange", "ü \"\\\n", "<&>", "\u2028", " ")
	return words[r.IntN(len(words))]
}

// Extra has up to three members of all sorts, or is nil.
func (r Random) Extra() map[string]json.RawMessage {
	return Maybe(r, func() map[string]json.RawMessage {
		values := []string{`null`, `0.10`, `12345678901234567890`, `"a"`, `[]`, `{}`, `[null,{"b":1e400}]`, `true`}
		extra := map[string]json.RawMessage{}
		for i := range 1 + r.IntN(3) {
			extra[fmt.Sprint("new", i)] = json.RawMessage(values[r.IntN(len(values))])
		}
		return extra
	})
}

type numbers interface{ IntN(n int) int }

// Maybe is the zero value half of the time.
func Maybe[T any](r numbers, make func() T) T {
	if r.IntN(2) == 0 {
		var zero T
		return zero
	}
	return make()
}

// Some are up to three values, an empty list, or nil.
func Some[T any](r numbers, make func() T) []T {
	return Maybe(r, func() []T {
		list := []T{}
		for range r.IntN(4) {
			list = append(list, make())
		}
		return list
	})
}

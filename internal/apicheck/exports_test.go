package apicheck

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExportsHaveTheirNamesAndCommentsInTheOrderOfTheSource(t *testing.T) {
	t.Parallel()
	p := catalogOf(t, `
// Above parentheses.
const (
	// First.
	C, c, D = 1, 2, 3
	E = 4
)
// Alone.
var V int
// Type.
type T[K any] struct {
	// Field.
	F, f, G int
	// Deep.
	H []struct {
		// Inside.
		I map[string]*struct{ J int }
	}
	f2 struct { K int }
	Func func(P struct{ N int })
	*U
}
// Method.
func (*T[K]) M() { type Local struct{ O int } }
func (T[K]) m() {}
type U int
type I interface {
	// Contract.
	M()
	m()
}
type A = struct{ P int }
type hidden struct { Q int }
func (hidden) M() {}
// Function.
func F() {}
func f() {}
`)
	var lines []string
	for _, e := range exports(p) {
		lines = append(lines, e.name+": "+e.comment)
	}
	require.Equal(t, []string{
		"catalog.C: First.\n", "catalog.D: First.\n", "catalog.E: ", "catalog.V: Alone.\n",
		"catalog.T: Type.\n", "catalog.T.F: Field.\n", "catalog.T.G: Field.\n",
		"catalog.T.H: Deep.\n", "catalog.T.H.I: Inside.\n", "catalog.T.H.I.J: ", "catalog.T.Func: ", "catalog.T.U: ",
		"catalog.T.M: Method.\n", "catalog.U: ", "catalog.I: ", "catalog.I.M: Contract.\n", "catalog.A: ",
		"catalog.F: Function.\n",
	}, lines)
}

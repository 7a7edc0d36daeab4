package apicheck

import (
	"go/types"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheListingOfTheAPIIsTrue(t *testing.T) {
	t.Parallel()
	requireWritten(t, "api.txt", listing(publicTypes(t)))
}

func TestEachExportedThingHasALine(t *testing.T) {
	t.Parallel()
	pkg := catalogOf(t, `
type T struct {
	A int `+"`json:\"a\"`"+`
	b string
	U
}
type U struct{}
func (*U) Promoted() {}
func (t T) Value(x ...int) (int, error) { return 0, nil }
func (t *T) Pointer() U { return U{} }
func (t T) private() {}
type I interface { M(T) }
type N = T
type F func(int) T
type hidden int
const C F2 = 1
type F2 int
var V []T
func G[K any](K) *T { return nil }
func private() {}
`)
	require.Equal(t, `catalog: const C F2 = 1
catalog: func G[K any](K) *T
catalog: type F func(int) T
catalog: type F2 int
catalog: type I interface
catalog: type I, method func (I).M(T)
catalog: type N = T
catalog: type T struct
catalog: type T, field A int json:"a"
catalog: type T, field U U
catalog: type T, method func (*T).Pointer() U
catalog: type T, method func (T).Value(x ...int) (int, error)
catalog: type U struct
catalog: type U, method func (*U).Promoted()
catalog: var V []T
`, listing([]*types.Package{pkg.Types}))
}

package wire

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestAChangeHoldsWhenItsValueIsThere(t *testing.T) {
	t.Parallel()
	isThere := func(value string) bool { return value == "there" }
	require.True(t, Holds(odata.Change[string]{}, isThere), "what is kept holds, whatever is there")
	require.True(t, Holds(odata.Set("there"), isThere))
	require.False(t, Holds(odata.Set("other"), isThere))
	require.False(t, Holds(odata.Null[string](), func(string) bool { return true }), "null is no value")
}

func TestAChangeOfWhatCannotBeNullIsChecked(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	refuse := func(string) error { return wrong }
	require.NoError(t, CheckSet("Field", odata.Change[string]{}, refuse))
	require.Equal(t, wrong, CheckSet("Field", odata.Set("x"), refuse))
	require.EqualError(t, CheckSet("Field", odata.Null[string](), refuse), "Field must not be null")
}

func TestARejectedValueIsNamedWithItsRule(t *testing.T) {
	t.Parallel()
	require.EqualError(t, OutOfRange("Days", 31, "must be 0 to 30"), "Days must be 0 to 30 (got 31)")
	require.EqualError(t, CheckNamed("Name", ""), "Name must not be empty")
	require.ErrorIs(t, CheckNamed("Name", ""), apierr.ErrInvalid)
	require.NoError(t, CheckNamed("Name", "x"))
}

func TestANilIsFoundInsideAnInterface(t *testing.T) {
	t.Parallel()
	for _, value := range []any{nil, (*int)(nil), (func())(nil), map[string]int(nil), error((*apierr.Error)(nil))} {
		require.True(t, IsNil(value), "%T", value)
	}
	for _, value := range []any{0, "", new(int), func() {}, map[string]int{}, http.DefaultTransport} {
		require.False(t, IsNil(value), "%T", value)
	}
}

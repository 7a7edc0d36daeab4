package odata_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func TestArgumentsAreReadFromTheEndOfAPath(t *testing.T) {
	t.Parallel()
	const path = "/books('7')/find(title='it%27%27s%20(a)%2C%20b%2Fc', Pages=5,flag=true,other=@p,none=@q)/"
	args, err := odata.ReadArguments(path, url.Values{"@p": {"2147483647"}})
	require.NoError(t, err)
	title, err := args.Text("Title")
	require.NoError(t, err)
	require.Equal(t, "it's (a), b/c", title)
	for name, want := range map[string]int{"pages": 5, "other": 2147483647} {
		n, err := args.Natural(name)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	flag, err := args.Flag("flag")
	require.NoError(t, err)
	require.True(t, flag)
	flag, err = args.Flag("none")
	require.NoError(t, err)
	require.False(t, flag)
}

func TestArgumentsOfAnotherTypeAreRejected(t *testing.T) {
	t.Parallel()
	for _, open := range []string{"/find(a='x)", "/find(a=(5)", "/find(a=((5))"} {
		_, err := odata.ReadArguments(open, nil)
		requireRejected(t, err)
	}
	args, err := odata.ReadArguments("/find(a=5,c=-1,d=2147483648,e=maybe,f='x')", nil)
	require.NoError(t, err)
	for _, name := range []string{"a", "none"} {
		_, err := args.Text(name)
		requireRejected(t, err)
	}
	for _, name := range []string{"c", "d", "e", "f", "none"} {
		_, err := args.Natural(name)
		requireRejected(t, err)
	}
	_, err = args.Flag("e")
	requireRejected(t, err)
}

package apicheck

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

func TestOurPackagesLinkWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, p := range packagesThat(t, isCode) {
		report(t, mislinked(p))
	}
}

func TestForbiddenLinksAreFound(t *testing.T) {
	t.Parallel()
	const (
		azidentity = "github.com/Azure/azure-sdk-for-go/sdk/azidentity"
		ownProgram = "a program with its own credential must not link azidentity"
		twoSides   = "a mistake on one side must not be undone by the same mistake on the other"
	)
	cases := []struct{ from, to, want string }{
		{"updates", azidentity, ownProgram},
		{"deployments", azidentity + "/internal", ownProgram},
		{"auth/cloud", azidentity, ownProgram},
		{"updates/new", azidentity, ownProgram},
		{"auth", azidentity, ""},
		{"examples/deploy", azidentity, ""},
		{"internal/bench", azidentity, ""},
		{"updates", azidentity + "x", ""},
		{"updates/simulator", modulePath + "/catalog", twoSides},
		{"updates/simulator", modulePath + "/internal/graph/models", twoSides},
		{"updates/simulator/internal/odata", modulePath + "/updates/odata", twoSides},
		{"updates/recording", modulePath + "/updates", twoSides},
		{"updates/recording", modulePath + "/updates/simulator", twoSides},
		{"updates/simulator", modulePath + "/updates/simulator/internal/odata", ""},
		{"updates/simulator", azidentity + "x", ""},
		{"catalog", modulePath + "/internal/graph/models", ""},
	}
	for _, c := range cases {
		t.Run(c.from+" links "+short(c.to), func(t *testing.T) {
			t.Parallel()
			to := &packages.Package{ID: c.to, PkgPath: c.to}
			through := &packages.Package{ID: "through", PkgPath: "through", Imports: map[string]*packages.Package{c.to: to}}
			from := &packages.Package{PkgPath: modulePath + "/" + c.from, Imports: map[string]*packages.Package{"through": through}}
			findings := mislinked(from)
			if c.want == "" {
				require.Empty(t, findings)
				return
			}
			require.Equal(t, []string{c.from + " links " + short(c.to) + ": " + c.want}, findings)
		})
	}
}

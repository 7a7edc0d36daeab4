package apicheck

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOurPackagesLinkWhatTheyMay(t *testing.T) {
	t.Parallel()
	report(t, mislinked(ourPackages(t)))
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
			findings := mislinked([]listed{{ImportPath: modulePath + "/" + c.from, Deps: []string{c.to}}})
			if c.want == "" {
				require.Empty(t, findings)
				return
			}
			require.Equal(t, []string{c.from + " links " + short(c.to) + ": " + c.want}, findings)
		})
	}
}

package apicheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

func TestOurPackagesImportWhatTheTableHas(t *testing.T) {
	t.Parallel()
	for _, p := range packagesThat(t, isCode) {
		report(t, misdirected(p, mayImport()))
	}
}

func TestTestsInsideAStandInImportNothingMore(t *testing.T) {
	t.Parallel()
	for _, p := range packagesThat(t, func(p *packages.Package) bool { return p.ForTest == p.PkgPath && isStandIn(short(p.PkgPath)) }) {
		report(t, misdirected(p, mayImport()))
	}
}

func TestTheTableOfImportsNamesItsOwnRows(t *testing.T) {
	t.Parallel()
	table := mayImport()
	folders := map[string]bool{"updates/...": true, "auth/...": true}
	for from, row := range table {
		for _, to := range row {
			_, ok := rowOf(table, to)
			require.True(t, ok || folders[to], "%s: %s", from, to)
		}
	}
}

func TestImportsAreComparedWithTheTable(t *testing.T) {
	t.Parallel()
	table := map[string][]string{
		"catalog":      {"internal/graph/...", "updates/odata"},
		"examples/...": {"catalog", "updates/..."},
	}
	cases := map[string]struct {
		from, to string
		want     string
	}{
		"in the row":             {"catalog", "updates/odata", ""},
		"in a folder":            {"catalog", "internal/graph/models", ""},
		"the folder itself":      {"catalog", "internal/graph", ""},
		"row of a folder":        {"examples/deploy", "updates", ""},
		"another module":         {"catalog", "github.com/google/uuid.x", ""},
		"not in the row":         {"catalog", "audience", "catalog imports audience: it is not in its row"},
		"below a name":           {"catalog", "updates/odata/x", "catalog imports updates/odata/x: it is not in its row"},
		"above a name":           {"catalog", "updates", "catalog imports updates: it is not in its row"},
		"beside a folder":        {"catalog", "internal/graphics", "catalog imports internal/graphics: it is not in its row"},
		"not in a folder's row":  {"examples/deploy", "internal/call", "examples/deploy imports internal/call: it is not in its row"},
		"no row":                 {"audience", "fmt.x", "audience is not in the table of imports"},
		"no row, below another":  {"catalog/x", "fmt.x", "catalog/x is not in the table of imports"},
		"no row, beside another": {"examples2", "fmt.x", "examples2 is not in the table of imports"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := modulePath + "/" + c.to
			if strings.Contains(c.to, ".") {
				to = c.to
			}
			from := &packages.Package{PkgPath: modulePath + "/" + c.from, Imports: map[string]*packages.Package{to: {}}}
			findings := misdirected(from, table)
			if c.want == "" {
				require.Empty(t, findings)
				return
			}
			require.Equal(t, []string{c.want}, findings)
		})
	}
}

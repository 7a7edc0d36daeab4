package apicheck

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// mayImport says of each package of this module what it may import of it. A package
// without a row is a finding, so a new one comes with its row; a row may come first.
// A name that ends with dots stands for a folder and all that is in it.
func mayImport() map[string][]string {
	with := func(more []string, names ...string) []string { return slices.Concat(names, more) }
	leaves := []string{"updates/apierr", "updates/odata"}
	core := with(leaves, "internal/call", "internal/wire", "internal/graph/...", "internal/idset")
	services := with(core, "catalog", "audience", "deployments", "updates/reports", "updates/updatepolicies",
		"updates/policies")
	users := []string{"updates/...", "catalog", "deployments", "audience", "auth/..."}
	programs := with(users, "internal/graph/...", "internal/kjson")

	return map[string][]string{
		"updates": with(services, "updates/teardown", "updates/rollouts", "updates/troubleshoot", "updates/tenant",
			"auth/claims", "auth/cloud"),
		"updates/teardown":       with(core, "audience", "deployments", "updates/updatepolicies"),
		"updates/rollouts":       services,
		"updates/troubleshoot":   services,
		"updates/updatepolicies": with(core, "catalog", "audience", "deployments"),
		"updates/policies":       with(core, "catalog", "audience"),
		"deployments":            with(core, "catalog", "audience"),
		"updates/reports":        with(core, "audience"),
		"updates/tenant":         core,
		"audience":               with(core, "catalog"),
		"catalog":                core,

		"internal/call": with(leaves, "internal/escape", "internal/wire", "internal/graph/...", "internal/kjson",
			"internal/idset", "internal/httptime", "auth/claims"),
		"internal/wire":             with(leaves, "internal/escape", "internal/graph/models", "internal/kjson"),
		"internal/kjson":            {},
		"internal/graph/...":        {"internal/graph/..."},
		"internal/openapi":          {},
		"internal/openapi/known":    {},
		"internal/openapi/manifest": {"internal/openapi"},
		"internal/idset":            {},
		"internal/escape":           {},
		"internal/httptime":         {},

		"updates/odata":  {"updates/apierr"},
		"updates/apierr": {"internal/escape"},
		"auth":           {"auth/cloud", "auth/claims", "updates/apierr", "internal/escape", "internal/httptime"},
		"auth/cloud":     {},
		"auth/claims":    {},

		"updates/recording":                {},
		"updates/simulator":                {"updates/simulator/internal/odata"},
		"updates/simulator/internal/odata": {},

		// Tests and programs, which nothing imports.
		"internal/stub":     {"updates", "updates/simulator", "updates/odata", "audience", "deployments"},
		"internal/answers":  {},
		"internal/apicheck": {},
		"internal/bench":    programs,
		"internal/budget":   programs,
		"internal/faults":   programs,
		"internal/soak":     programs,
		"internal/drift":    programs,
		"examples/...":      users,
	}
}

// misdirected lists the imports of a package that the table does not have.
func misdirected(p *packages.Package, table map[string][]string) []string {
	from := short(p.PkgPath)
	row, ok := rowOf(table, from)
	if !ok {
		return []string{from + " is not in the table of imports"}
	}
	var findings []string
	for _, imported := range slices.Sorted(maps.Keys(p.Imports)) {
		to, ours := strings.CutPrefix(imported, modulePath+"/")
		if ours && !slices.ContainsFunc(row, func(pattern string) bool { return stands(pattern, to) }) {
			findings = append(findings, from+" imports "+to+": it is not in its row")
		}
	}
	return findings
}

func rowOf(table map[string][]string, name string) ([]string, bool) {
	for pattern, row := range table {
		if stands(pattern, name) {
			return row, true
		}
	}
	return nil, false
}

// stands reports whether a name in the table stands for a package.
func stands(pattern, name string) bool {
	folder, ok := strings.CutSuffix(pattern, "...")
	return ok && strings.HasPrefix(name+"/", folder) || pattern == name
}

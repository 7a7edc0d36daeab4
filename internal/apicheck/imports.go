package apicheck

import (
	"fmt"
	"slices"
	"strings"
)

// misdirected lists the imports of our packages that the design forbids.
func misdirected(packages []listed) []string {
	var findings []string
	for _, p := range slices.DeleteFunc(slices.Clone(packages), func(p listed) bool { return !isOurs(p) }) {
		from := short(p.ImportPath)
		for _, imported := range p.Imports {
			if reason := refusedImport(from, short(imported)); reason != "" {
				findings = append(findings, fmt.Sprintf("%s imports %s: %s", from, short(imported), reason))
			}
		}
		for _, linked := range p.Deps {
			if reason := refusedLink(from, short(linked)); reason != "" {
				findings = append(findings, fmt.Sprintf("%s links %s: %s", from, short(linked), reason))
			}
		}
	}
	return findings
}

// refusedImport says why a package may not import another one itself; it is
// empty when it may.
func refusedImport(from, to string) string {
	switch {
	case to == "internal/stub":
		return "only tests import it"
	case isArea(from) && isArea(to) && !slices.Contains(below(from), to):
		return "an area imports only the areas below it"
	case isArea(from) && (to == "updates" || isOffline(to)):
		return "areas know nothing of what is built on them"
	case isLeaf(from) && (isArea(to) || to == "updates" || isInternal(to)):
		return "a leaf imports no area and nothing internal"
	case from == "internal/wire" && (isArea(to) || to == "updates" || to == "internal/call"):
		return "internal/wire is below whatever sends and reads"
	case isGenerated(to) && !isArea(from) && !isInternal(from):
		return "generated code is for areas and internal packages"
	case to == "internal/call" && !isArea(from) && from != "updates" && !isInternal(from):
		return "internal/call is for updates, areas and internal packages"
	}
	return ""
}

// refusedLink says why a package may not depend on another one, not even
// through others; it is empty when it may.
func refusedLink(from, to string) string {
	switch {
	case (isArea(from) || from == "updates") && (to == "auth" || isAzidentity(to)):
		return "a program with its own credential must not link azidentity"
	case isOffline(from) && (isArea(to) || to == "updates" || isGenerated(to) || to == "internal/call" || to == "internal/wire"):
		return "a mistake on one side must not be undone by the same mistake on the other"
	}
	return ""
}

func isArea(name string) bool {
	switch name {
	case "audience", "catalog", "deployments", "updates/policies", "updates/tenant":
		return true
	}
	return false
}

// below are the areas that an area may import.
func below(area string) []string {
	switch area {
	case "audience":
		return []string{"catalog"}
	case "deployments":
		return []string{"catalog", "audience"}
	case "updates/policies":
		return []string{"catalog", "deployments", "audience"}
	}
	return nil
}

func isLeaf(name string) bool {
	switch name {
	case "updates/apierr", "updates/odata", "auth/cloud", "auth/claims":
		return true
	}
	return false
}

// isOffline reports whether a package stands in for the service.
func isOffline(name string) bool {
	return isUnder(name, "updates/simulator") || isUnder(name, "updates/recording")
}

func isGenerated(name string) bool {
	return isUnder(name, "internal/graph")
}

func isAzidentity(name string) bool {
	return strings.HasPrefix(name, "github.com/Azure/azure-sdk-for-go/sdk/azidentity")
}

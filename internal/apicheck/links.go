package apicheck

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// mislinked lists what a package depends on, through others too, and should not.
func mislinked(p *packages.Package) []string {
	var findings []string
	packages.Visit([]*packages.Package{p}, nil, func(linked *packages.Package) {
		if reason := refusedLink(p, linked.PkgPath); reason != "" {
			findings = append(findings, fmt.Sprintf("%s links %s: %s", short(p.PkgPath), short(linked.PkgPath), reason))
		}
	})
	slices.Sort(findings)
	return findings
}

// refusedLink says why a package may not depend on another one; it is empty when it may.
func refusedLink(p *packages.Package, to string) string {
	from := short(p.PkgPath)
	switch {
	case isPublic(p) && from != "auth" && isAzidentity(to):
		return "a program with its own credential must not link azidentity"
	case isStandIn(from) && strings.HasPrefix(to, modulePath+"/") && !isUnder(short(to), from):
		return "a mistake on one side must not be undone by the same mistake on the other"
	}
	return ""
}

// isStandIn reports whether a package takes the place of the service.
func isStandIn(name string) bool {
	return isUnder(name, "updates/simulator") || isUnder(name, "updates/recording")
}

func isAzidentity(importPath string) bool {
	return isUnder(importPath, "github.com/Azure/azure-sdk-for-go/sdk/azidentity")
}

package apicheck

import (
	"fmt"
	"strings"
)

// mislinked lists what packages depend on, through others too, and should not.
func mislinked(packages []listed) []string {
	var findings []string
	for _, p := range packages {
		for _, linked := range p.Deps {
			if reason := refusedLink(p, linked); reason != "" {
				findings = append(findings, fmt.Sprintf("%s links %s: %s", short(p.ImportPath), short(linked), reason))
			}
		}
	}
	return findings
}

// refusedLink says why a package may not depend on another one; it is empty when it may.
func refusedLink(from listed, to string) string {
	name := short(from.ImportPath)
	switch {
	case isPublic(from) && name != "auth" && isAzidentity(to):
		return "a program with its own credential must not link azidentity"
	case isStandIn(name) && strings.HasPrefix(to, modulePath+"/") && !isUnder(short(to), name):
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

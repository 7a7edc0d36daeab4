package simulator

import (
	"slices"
	"strings"
)

// allRoutes lists the routes of all resources. Routes with fewer keys come first, so that an action is
// not taken for a key.
func allRoutes() []route {
	var all []route
	add := func(path string, m methods) {
		all = append(all, route{strings.Split(path, "/"), m})
	}
	addCatalogRoutes(add)
	addDeploymentRoutes(add)
	addAudienceRoutes(add)
	addAssetRoutes(add)
	addEnrollmentRoutes(add)
	addGroupRoutes(add)
	addUpdatePolicyRoutes(add)
	addComplianceChangeRoutes(add)
	addRingPolicyRoutes(add)
	addApplicableCatalogRoutes(add)
	addPolicyApprovalRoutes(add)
	addRingRoutes(add)
	addProductRoutes(add)
	addKnownIssueRoutes(add)
	addDataRoutes(add)
	addConnectionRoutes(add)
	addTenantRoutes(add)
	addAppRoutes(add)
	slices.SortStableFunc(all, func(a, b route) int { return a.keys() - b.keys() })
	return all
}

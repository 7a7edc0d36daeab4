package simulator

import "strings"

func allRoutes() []route {
	var all []route
	add := func(path string, m methods) {
		all = append(all, route{strings.Split(path, "/"), m})
	}
	addCatalogRoutes(add)
	addDeploymentRoutes(add)
	addAudienceRoutes(add)
	addAssetRoutes(add)
	addUpdatePolicyRoutes(add)
	addQualityPolicyRoutes(add)
	addProductRoutes(add)
	addKnownIssueRoutes(add)
	addConnectionRoutes(add)
	addTenantRoutes(add)
	return all
}

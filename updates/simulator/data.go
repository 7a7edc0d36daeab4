package simulator

import "maps"

// dataTypes are those of the data area.
func dataTypes() types {
	all := types{}
	for _, declared := range []types{
		deviceProfileTypes(),
		policyAssignmentTypes(),
		driverReportTypes(),
		catalogSummaryTypes(),
	} {
		maps.Copy(all, declared)
	}
	return all
}

// addDataRoutes adds the routes of the data area, which only has GET. Options that are not documented for
// a route are inferred from those of similar ones.
func addDataRoutes(add func(string, methods)) {
	addDeviceProfileRoutes(add)
	addPolicyAssignmentRoutes(add)
	addDriverReportRoutes(add)
	addCatalogSummaryRoutes(add)
}

// withExpand adds $expand to options.
func withExpand(options []string) []string { return append([]string{"expand"}, options...) }

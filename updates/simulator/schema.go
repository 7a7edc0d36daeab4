package simulator

import (
	"maps"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// newSchema collects the types of all resources.
func newSchema() odata.Schema {
	s := odata.Schema{Namespace: namespace, Types: types{"entity": {Properties: "id text"}}}
	for _, declared := range []types{
		catalogTypes(),
		applicableContentTypes(),
		applicableCatalogTypes(),
		deploymentTypes(),
		settingsTypes(),
		audienceTypes(),
		assetTypes(),
		groupTypes(),
		enrollmentTypes(),
		updatePolicyTypes(),
		contentApprovalTypes(),
		contentRuleTypes(),
		ringPolicyTypes(),
		approvalRuleTypes(),
		policyApprovalTypes(),
		ringTypes(),
		productTypes(),
		knownIssueTypes(),
		dataTypes(),
		connectionTypes(),
		tenantTypes(),
		appTypes(),
	} {
		maps.Copy(s.Types, declared)
	}
	return s
}

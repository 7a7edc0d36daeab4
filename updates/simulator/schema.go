package simulator

import "maps"

// types are the types that a resource declares, by short name.
type types = map[string]declaration

// newSchema puts the types of all resources together.
func newSchema() schema {
	s := schema{namespace: namespace, types: types{"entity": {properties: "id text"}}}
	for _, declared := range []types{
		catalogTypes(),
		applicableContentTypes(),
		deploymentTypes(),
		settingsTypes(),
		audienceTypes(),
		assetTypes(),
		enrolmentTypes(),
		updatePolicyTypes(),
		contentApprovalTypes(),
		contentRuleTypes(),
		qualityPolicyTypes(),
		policyApprovalTypes(),
		ringTypes(),
		productTypes(),
		knownIssueTypes(),
		connectionTypes(),
		tenantTypes(),
	} {
		maps.Copy(s.types, declared)
	}
	return s
}

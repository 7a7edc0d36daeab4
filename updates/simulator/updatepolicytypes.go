package simulator

// Short names of the types behind update policies and applicable content.
const (
	updatePolicyType = "updatePolicy"
	changeType       = "complianceChange"
	approvalType     = "contentApproval"
	ruleType         = "contentApprovalRule"
	applicableType   = "applicableContent"
	matchType        = "applicableContentDeviceMatch"
)

func updatePolicyTypes(name string) declaration {
	switch name {
	case updatePolicyType:
		return declaration{"entity", "audience deploymentAudience, autoEnrollmentUpdateCategories []text, " +
			"complianceChangeRules []complianceChangeRule, createdDateTime time, deploymentSettings deploymentSettings"}
	case changeType:
		return declaration{"entity", "createdDateTime time, isRevoked flag, revokedDateTime time"}
	case approvalType:
		return declaration{changeType, "content deployableContent, deploymentSettings deploymentSettings, " +
			"deployments []deployment"}
	}
	return declaration{}
}

func ruleTypes(name string) declaration {
	switch name {
	case "complianceChangeRule":
		return declaration{"", "createdDateTime time, lastEvaluatedDateTime time, lastModifiedDateTime time"}
	case ruleType:
		return declaration{"complianceChangeRule", "contentFilter contentFilter, durationBeforeDeploymentStart text"}
	case "windowsUpdateFilter":
		return declaration{"contentFilter", ""}
	case driverFilter:
		return declaration{"windowsUpdateFilter", ""}
	case qualityFilter:
		return declaration{"windowsUpdateFilter", "cadence text, classification text"}
	case remediationFilter:
		return declaration{"windowsUpdateFilter", "remediationType text"}
	}
	return declaration{}
}

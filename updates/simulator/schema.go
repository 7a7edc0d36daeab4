package simulator

// declared looks up a type by its short name. Enumerations are text, and so are
// durations.
func declared(name string) (declaration, bool) {
	for _, family := range []func(string) declaration{
		entryTypes, contentTypes, deploymentTypes, settingTypes, scheduleTypes, assetTypes,
		updatePolicyTypes, ruleTypes, qualityPolicyTypes, ringTypes, productTypes, tenantTypes,
	} {
		if d := family(name); d != (declaration{}) {
			return d, true
		}
	}
	return declaration{}, false
}

// expandable lists what can be expanded on objects of a type. It is left out
// unless it is asked for.
func expandable(kind string) []string {
	switch kind {
	case entryType:
		return []string{namespace + qualityType + "/productRevisions", namespace + recoveryType + "/productRevisions"}
	case "deployment":
		return []string{"audience"}
	case applicableType:
		return []string{"catalogEntry", "matchedDevices"}
	case updatePolicyType:
		return []string{"audience"}
	case changeType:
		return []string{namespace + approvalType + "/deployments"}
	case approvalType:
		return []string{"deployments", namespace + approvalType + "/deployments"}
	case policyApprovalType:
		return []string{"catalogEntry"}
	case productType:
		return []string{"editions", "knownIssues", "revisions"}
	case revisionType:
		return []string{"catalogEntry", "knowledgeBaseArticle"}
	case issueType:
		return issueArticles()
	case "tenantSetting":
		return []string{"mdmAppSettings"}
	}
	return nil
}

// sentUnasked tells what is expanded on objects of a type without being asked for.
func sentUnasked(kind, path string) bool { return kind == "deployment" && path == "audience" }

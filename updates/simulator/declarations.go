package simulator

// Short names of types that the code asks for, beside those of the catalog and
// of assets.
const (
	policyType         = "policy"
	qualityPolicyType  = "qualityUpdatePolicy"
	ringType           = "ring"
	qualityRingType    = "qualityUpdateRing"
	qualityRuleType    = "qualityUpdateApprovalRule"
	recoveryRuleType   = "recoveryApprovalRule"
	policyApprovalType = "policyApproval"
	productType        = "product"
	revisionType       = "productRevision"
	issueType          = "knownIssue"
	connectionType     = "resourceConnection"
	workspaceType      = "operationalInsightsConnection"
	mdmAppType         = "mdmAppSetting"
)

func qualityPolicyTypes(name string) declaration {
	switch name {
	case policyType:
		return declaration{"entity", "approvalRules []approvalRule, createdDateTime time, description text, " +
			"displayName text, lastModifiedDateTime time"}
	case qualityPolicyType:
		return declaration{policyType, ""}
	case "approvalRule":
		return declaration{"", "deferralInDays number"}
	case qualityRuleType:
		return declaration{"approvalRule", "cadence text, classification text"}
	case recoveryRuleType:
		return declaration{"approvalRule", ""}
	case policyApprovalType:
		return declaration{"entity", "catalogEntry catalogEntry, catalogEntryId text, createdDateTime time, " +
			"lastModifiedDateTime time, status text"}
	}
	return declaration{}
}

func ringTypes(name string) declaration {
	switch name {
	case ringType:
		return declaration{"entity", "createdDateTime time, deferralInDays number, description text, displayName text, " +
			"excludedGroupAssignment groupAssignment, includedGroupAssignment groupAssignment, " +
			"isPaused flag, lastModifiedDateTime time"}
	case qualityRingType:
		return declaration{ringType, "isHotpatchEnabled flag"}
	case "groupAssignment":
		return declaration{"", "assignments []assignedGroup"}
	case "assignedGroup":
		return declaration{"", "groupId text"}
	}
	return declaration{}
}

func productTypes(name string) declaration {
	switch name {
	case productType:
		return declaration{"entity", "editions []edition, friendlyNames []text, groupName text, " +
			"knownIssues []knownIssue, name text, revisions []productRevision"}
	case "edition":
		return declaration{"entity", "deviceFamily text, endOfServiceDateTime time, generalAvailabilityDateTime time, " +
			"isInService flag, name text, releasedName text, servicingPeriods []servicingPeriod"}
	case "servicingPeriod":
		return declaration{"", "endDateTime time, name text, startDateTime time"}
	case issueType:
		return declaration{"entity", "description text, knownIssueHistories []knownIssueHistoryItem, lastUpdatedDateTime time, " +
			"originatingKnowledgeBaseArticle knowledgeBaseArticle, resolvedDateTime time, " +
			"resolvingKnowledgeBaseArticle knowledgeBaseArticle, safeguardHoldIds []number, startDateTime time, " +
			"status text, title text, webViewUrl text"}
	case "knownIssueHistoryItem":
		return declaration{"", "body itemBody, createdDateTime time"}
	case "itemBody":
		return declaration{"", "content text, contentType text"}
	}
	return declaration{}
}

func tenantTypes(name string) declaration {
	switch name {
	case connectionType:
		return declaration{"entity", "state text"}
	case workspaceType:
		return declaration{connectionType, "azureResourceGroupName text, azureSubscriptionId text, workspaceName text"}
	case "tenantSetting":
		return declaration{"entity", "areDataProcessorServiceForWindowsFeaturesEnabled flag, mdmAppSettings []mdmAppSetting"}
	case mdmAppType:
		return declaration{"", "isHotpatchEnabled flag, mdmAppId text"}
	}
	return declaration{}
}

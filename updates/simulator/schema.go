package simulator

import "strings"

// Short names of types that the code asks for.
const (
	entryType    = "catalogEntry"
	featureType  = "featureUpdateCatalogEntry"
	qualityType  = "qualityUpdateCatalogEntry"
	driverType   = "driverUpdateCatalogEntry"
	recoveryType = "recoveryUpdateCatalogEntry"
	assetType    = "updatableAsset"
	deviceType   = "azureADDevice"
	groupType    = "updatableAssetGroup"
)

// Types of values that have no members.
const (
	textValue   = "text"
	flagValue   = "flag"
	numberValue = "number"
	timeValue   = "time"
	nullValue   = "null"
)

// declaration is a type of the service: its base, and the members that it adds,
// each with its type. A list is written [] and the type of its items.
type declaration struct{ base, members string }

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

func entryTypes(name string) declaration {
	switch name {
	case "entity":
		return declaration{"", "id text"}
	case entryType:
		return declaration{"entity", "deployableUntilDateTime time, displayName text, releaseDateTime time"}
	case "softwareUpdateCatalogEntry":
		return declaration{entryType, ""}
	case featureType:
		return declaration{"softwareUpdateCatalogEntry", "buildNumber text, version text"}
	case qualityType:
		return declaration{"softwareUpdateCatalogEntry", "catalogName text, cveSeverityInformation qualityUpdateCveSeverityInformation, " +
			"isExpeditable flag, qualityUpdateCadence text, qualityUpdateClassification text, " +
			"shortName text, productRevisions []productRevision"}
	case driverType:
		return declaration{"softwareUpdateCatalogEntry", "description text, driverClass text, manufacturer text, provider text, " +
			"setupInformationFile text, version text, versionDateTime time"}
	case recoveryType:
		return declaration{"softwareUpdateCatalogEntry", "catalogName text, productRevisions []productRevision"}
	}
	return declaration{}
}

func contentTypes(name string) declaration {
	switch name {
	case "qualityUpdateCveSeverityInformation":
		return declaration{"", "maxBaseScore number, maxSeverity text, exploitedCves []cveInformation"}
	case "cveInformation":
		return declaration{"", "number text, url text"}
	case "productRevision":
		return declaration{"entity", "displayName text, isHotpatchUpdate flag, osBuild buildVersionDetails, product text, " +
			"releaseDateTime time, version text, catalogEntry catalogEntry, " +
			"knowledgeBaseArticle knowledgeBaseArticle"}
	case "buildVersionDetails":
		return declaration{"", "majorVersion number, minorVersion number, buildNumber number, " +
			"updateBuildRevision number"}
	case "knowledgeBaseArticle":
		return declaration{"entity", "url text"}
	}
	return declaration{}
}

func deploymentTypes(name string) declaration {
	switch name {
	case "deployment":
		return declaration{"entity", "audience deploymentAudience, content deployableContent, createdDateTime time, " +
			"lastModifiedDateTime time, settings deploymentSettings, state deploymentState"}
	case "deploymentAudience":
		return declaration{"entity", "applicableContent []applicableContent, exclusions []updatableAsset, " +
			"members []updatableAsset"}
	case applicableType:
		return declaration{"", "catalogEntryId text, catalogEntry catalogEntry, " +
			"matchedDevices []applicableContentDeviceMatch"}
	case matchType:
		return declaration{"", "deviceId text, recommendedBy []text"}
	case "catalogContent":
		return declaration{"deployableContent", "catalogEntry catalogEntry"}
	case "deploymentState":
		return declaration{"", "effectiveValue text, reasons []deploymentStateReason, requestedValue text"}
	case "deploymentStateReason":
		return declaration{"", "value text"}
	}
	return declaration{}
}

func settingTypes(name string) declaration {
	switch name {
	case "deploymentSettings":
		return declaration{"", "contentApplicability contentApplicabilitySettings, expedite expediteSettings, " +
			"monitoring monitoringSettings, schedule scheduleSettings, " +
			"userExperience userExperienceSettings"}
	case "monitoringSettings":
		return declaration{"", "monitoringRules []monitoringRule"}
	case "monitoringRule":
		return declaration{"", "action text, signal text, threshold number"}
	case "contentApplicabilitySettings":
		return declaration{"", "offerWhileRecommendedBy []text, safeguard safeguardSettings"}
	case "safeguardSettings":
		return declaration{"", "disabledSafeguardProfiles []safeguardProfile"}
	case "safeguardProfile":
		return declaration{"", "category text"}
	case "expediteSettings":
		return declaration{"", "isExpedited flag, isReadinessTest flag"}
	case "userExperienceSettings":
		return declaration{"", "daysUntilForcedReboot number, isHotpatchEnabled flag, offerAsOptional flag"}
	}
	return declaration{}
}

func scheduleTypes(name string) declaration {
	switch name {
	case "scheduleSettings":
		return declaration{"", "startDateTime time, gradualRollout gradualRolloutSettings"}
	case "gradualRolloutSettings":
		return declaration{"", "durationBetweenOffers text"}
	case rateDriven:
		return declaration{"gradualRolloutSettings", "devicesPerOffer number"}
	case dateDriven:
		return declaration{"gradualRolloutSettings", "endDateTime time"}
	case durationDriven:
		return declaration{"gradualRolloutSettings", "durationUntilDeploymentEnd text"}
	}
	return declaration{}
}

func assetTypes(name string) declaration {
	switch name {
	case assetType:
		return declaration{"entity", ""}
	case deviceType:
		return declaration{assetType, "enrollment updateManagementEnrollment, errors []updatableAssetError"}
	case groupType:
		return declaration{assetType, "members []updatableAsset"}
	case "updateManagementEnrollment":
		return declaration{"", "driver updateCategoryEnrollmentInformation, " +
			"feature updateCategoryEnrollmentInformation, " +
			"quality updateCategoryEnrollmentInformation"}
	case "updateCategoryEnrollmentInformation":
		return declaration{"", "enrollmentState text, lastModifiedDateTime time"}
	case "azureADDeviceRegistrationError":
		return declaration{"updatableAssetError", "reason text"}
	}
	return declaration{}
}

// memberType finds the type of a member on a type or its bases.
func memberType(owner, member string) (string, bool) {
	for owner != "" {
		d, _ := declared(owner)
		for declaredMember := range strings.SplitSeq(d.members, ", ") {
			if name, kind, _ := strings.Cut(declaredMember, " "); name == member {
				return kind, true
			}
		}
		owner = d.base
	}
	return "", false
}

// derives tells whether a type is another, or has it as a base.
func derives(name, from string) bool {
	for name != "" && name != from {
		d, _ := declared(name)
		name = d.base
	}
	return name == from
}

// shortType is a type's name without sign and namespace.
func shortType(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "#"), namespace)
}

// typeOf is the type that an object says it is, or where it says nothing the one
// it is declared as.
func typeOf(o object, declared string) string {
	if name, ok := o["@odata.type"].(string); ok {
		return shortType(name)
	}
	return declared
}

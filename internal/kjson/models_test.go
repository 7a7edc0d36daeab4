package kjson

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// constructors are those of all generated models, by the name of the type. Without
// a node each makes its own type.
func constructors() map[string]serialization.ParsableFactory {
	return map[string]serialization.ParsableFactory{
		"ApplicableCatalog":                   models.CreateApplicableCatalogFromDiscriminatorValue,
		"ApplicableCatalogPage":               models.CreateApplicableCatalogPageFromDiscriminatorValue,
		"ApplicableCatalogSummary":            models.CreateApplicableCatalogSummaryFromDiscriminatorValue,
		"ApplicableCatalogSummaryPage":        models.CreateApplicableCatalogSummaryPageFromDiscriminatorValue,
		"ApplicableContent":                   models.CreateApplicableContentFromDiscriminatorValue,
		"ApplicableContentDeviceMatch":        models.CreateApplicableContentDeviceMatchFromDiscriminatorValue,
		"ApplicableContentDeviceMatchPage":    models.CreateApplicableContentDeviceMatchPageFromDiscriminatorValue,
		"ApplicableContentPage":               models.CreateApplicableContentPageFromDiscriminatorValue,
		"ApplicableDevice":                    models.CreateApplicableDeviceFromDiscriminatorValue,
		"ApplicableDevicePage":                models.CreateApplicableDevicePageFromDiscriminatorValue,
		"ApprovalRule":                        models.CreateApprovalRuleFromDiscriminatorValue,
		"AssetEnrollmentBody":                 models.CreateAssetEnrollmentBodyFromDiscriminatorValue,
		"AssetEnrollmentByIdBody":             models.CreateAssetEnrollmentByIdBodyFromDiscriminatorValue,
		"AssetGroupMembersBody":               models.CreateAssetGroupMembersBodyFromDiscriminatorValue,
		"AssetGroupMembersByIdBody":           models.CreateAssetGroupMembersByIdBodyFromDiscriminatorValue,
		"AssignedGroup":                       models.CreateAssignedGroupFromDiscriminatorValue,
		"AzureADDevice":                       models.CreateAzureADDeviceFromDiscriminatorValue,
		"AzureADDevicePage":                   models.CreateAzureADDevicePageFromDiscriminatorValue,
		"AzureADDeviceRegistrationError":      models.CreateAzureADDeviceRegistrationErrorFromDiscriminatorValue,
		"BuildVersionDetails":                 models.CreateBuildVersionDetailsFromDiscriminatorValue,
		"CatalogContent":                      models.CreateCatalogContentFromDiscriminatorValue,
		"CatalogEntry":                        models.CreateCatalogEntryFromDiscriminatorValue,
		"CatalogEntryPage":                    models.CreateCatalogEntryPageFromDiscriminatorValue,
		"CollectionPage":                      models.CreateCollectionPageFromDiscriminatorValue,
		"ComplianceChange":                    models.CreateComplianceChangeFromDiscriminatorValue,
		"ComplianceChangePage":                models.CreateComplianceChangePageFromDiscriminatorValue,
		"ComplianceChangeRule":                models.CreateComplianceChangeRuleFromDiscriminatorValue,
		"ContentApplicabilitySettings":        models.CreateContentApplicabilitySettingsFromDiscriminatorValue,
		"ContentApproval":                     models.CreateContentApprovalFromDiscriminatorValue,
		"ContentApprovalPage":                 models.CreateContentApprovalPageFromDiscriminatorValue,
		"ContentApprovalRule":                 models.CreateContentApprovalRuleFromDiscriminatorValue,
		"ContentFilter":                       models.CreateContentFilterFromDiscriminatorValue,
		"CveInformation":                      models.CreateCveInformationFromDiscriminatorValue,
		"DateDrivenRolloutSettings":           models.CreateDateDrivenRolloutSettingsFromDiscriminatorValue,
		"DeployableContent":                   models.CreateDeployableContentFromDiscriminatorValue,
		"Deployment":                          models.CreateDeploymentFromDiscriminatorValue,
		"DeploymentAudience":                  models.CreateDeploymentAudienceFromDiscriminatorValue,
		"DeploymentAudiencePage":              models.CreateDeploymentAudiencePageFromDiscriminatorValue,
		"DeploymentPage":                      models.CreateDeploymentPageFromDiscriminatorValue,
		"DeploymentSettings":                  models.CreateDeploymentSettingsFromDiscriminatorValue,
		"DeploymentState":                     models.CreateDeploymentStateFromDiscriminatorValue,
		"DeploymentStateReason":               models.CreateDeploymentStateReasonFromDiscriminatorValue,
		"DeviceProfile":                       models.CreateDeviceProfileFromDiscriminatorValue,
		"DeviceProfilePage":                   models.CreateDeviceProfilePageFromDiscriminatorValue,
		"DriverUpdateApprovalRule":            models.CreateDriverUpdateApprovalRuleFromDiscriminatorValue,
		"DriverUpdateCatalogEntry":            models.CreateDriverUpdateCatalogEntryFromDiscriminatorValue,
		"DriverUpdateDeviceStatus":            models.CreateDriverUpdateDeviceStatusFromDiscriminatorValue,
		"DriverUpdateDeviceStatusPage":        models.CreateDriverUpdateDeviceStatusPageFromDiscriminatorValue,
		"DriverUpdateFilter":                  models.CreateDriverUpdateFilterFromDiscriminatorValue,
		"DriverUpdatePolicy":                  models.CreateDriverUpdatePolicyFromDiscriminatorValue,
		"DriverUpdateReport":                  models.CreateDriverUpdateReportFromDiscriminatorValue,
		"DriverUpdateReportPage":              models.CreateDriverUpdateReportPageFromDiscriminatorValue,
		"DriverUpdateRing":                    models.CreateDriverUpdateRingFromDiscriminatorValue,
		"DurationDrivenRolloutSettings":       models.CreateDurationDrivenRolloutSettingsFromDiscriminatorValue,
		"Edition":                             models.CreateEditionFromDiscriminatorValue,
		"EditionPage":                         models.CreateEditionPageFromDiscriminatorValue,
		"Entity":                              models.CreateEntityFromDiscriminatorValue,
		"ErrorDetail":                         models.CreateErrorDetailFromDiscriminatorValue,
		"ExpediteSettings":                    models.CreateExpediteSettingsFromDiscriminatorValue,
		"FeatureUpdateCatalogEntry":           models.CreateFeatureUpdateCatalogEntryFromDiscriminatorValue,
		"FeatureUpdatePolicy":                 models.CreateFeatureUpdatePolicyFromDiscriminatorValue,
		"FeatureUpdateRing":                   models.CreateFeatureUpdateRingFromDiscriminatorValue,
		"GradualRolloutSettings":              models.CreateGradualRolloutSettingsFromDiscriminatorValue,
		"GroupAssignment":                     models.CreateGroupAssignmentFromDiscriminatorValue,
		"InnerError":                          models.CreateInnerErrorFromDiscriminatorValue,
		"ItemBody":                            models.CreateItemBodyFromDiscriminatorValue,
		"KnowledgeBaseArticle":                models.CreateKnowledgeBaseArticleFromDiscriminatorValue,
		"KnownIssue":                          models.CreateKnownIssueFromDiscriminatorValue,
		"KnownIssueHistoryItem":               models.CreateKnownIssueHistoryItemFromDiscriminatorValue,
		"KnownIssuePage":                      models.CreateKnownIssuePageFromDiscriminatorValue,
		"MainError":                           models.CreateMainErrorFromDiscriminatorValue,
		"MdmAppSetting":                       models.CreateMdmAppSettingFromDiscriminatorValue,
		"MdmAppSettingPage":                   models.CreateMdmAppSettingPageFromDiscriminatorValue,
		"MonitoringRule":                      models.CreateMonitoringRuleFromDiscriminatorValue,
		"MonitoringSettings":                  models.CreateMonitoringSettingsFromDiscriminatorValue,
		"OdataError":                          models.CreateOdataErrorFromDiscriminatorValue,
		"OperationalInsightsConnection":       models.CreateOperationalInsightsConnectionFromDiscriminatorValue,
		"OperationalInsightsConnectionPage":   models.CreateOperationalInsightsConnectionPageFromDiscriminatorValue,
		"Policy":                              models.CreatePolicyFromDiscriminatorValue,
		"PolicyApproval":                      models.CreatePolicyApprovalFromDiscriminatorValue,
		"PolicyApprovalPage":                  models.CreatePolicyApprovalPageFromDiscriminatorValue,
		"PolicyAssignment":                    models.CreatePolicyAssignmentFromDiscriminatorValue,
		"PolicyAssignmentPage":                models.CreatePolicyAssignmentPageFromDiscriminatorValue,
		"PolicyPage":                          models.CreatePolicyPageFromDiscriminatorValue,
		"Product":                             models.CreateProductFromDiscriminatorValue,
		"ProductPage":                         models.CreateProductPageFromDiscriminatorValue,
		"ProductRevision":                     models.CreateProductRevisionFromDiscriminatorValue,
		"ProductRevisionPage":                 models.CreateProductRevisionPageFromDiscriminatorValue,
		"QualityUpdateApprovalRule":           models.CreateQualityUpdateApprovalRuleFromDiscriminatorValue,
		"QualityUpdateCatalogEntry":           models.CreateQualityUpdateCatalogEntryFromDiscriminatorValue,
		"QualityUpdateCveSeverityInformation": models.CreateQualityUpdateCveSeverityInformationFromDiscriminatorValue,
		"QualityUpdateFilter":                 models.CreateQualityUpdateFilterFromDiscriminatorValue,
		"QualityUpdatePolicy":                 models.CreateQualityUpdatePolicyFromDiscriminatorValue,
		"QualityUpdateRing":                   models.CreateQualityUpdateRingFromDiscriminatorValue,
		"RateDrivenRolloutSettings":           models.CreateRateDrivenRolloutSettingsFromDiscriminatorValue,
		"RecoveryApprovalRule":                models.CreateRecoveryApprovalRuleFromDiscriminatorValue,
		"RecoveryUpdateCatalogEntry":          models.CreateRecoveryUpdateCatalogEntryFromDiscriminatorValue,
		"RemediationUpdateFilter":             models.CreateRemediationUpdateFilterFromDiscriminatorValue,
		"ResourceConnection":                  models.CreateResourceConnectionFromDiscriminatorValue,
		"ResourceConnectionPage":              models.CreateResourceConnectionPageFromDiscriminatorValue,
		"Ring":                                models.CreateRingFromDiscriminatorValue,
		"RingPage":                            models.CreateRingPageFromDiscriminatorValue,
		"SafeguardProfile":                    models.CreateSafeguardProfileFromDiscriminatorValue,
		"SafeguardSettings":                   models.CreateSafeguardSettingsFromDiscriminatorValue,
		"ScheduleSettings":                    models.CreateScheduleSettingsFromDiscriminatorValue,
		"ServicingPeriod":                     models.CreateServicingPeriodFromDiscriminatorValue,
		"TenantSetting":                       models.CreateTenantSettingFromDiscriminatorValue,
		"UpdatableAsset":                      models.CreateUpdatableAssetFromDiscriminatorValue,
		"UpdatableAssetError":                 models.CreateUpdatableAssetErrorFromDiscriminatorValue,
		"UpdatableAssetGroup":                 models.CreateUpdatableAssetGroupFromDiscriminatorValue,
		"UpdatableAssetGroupPage":             models.CreateUpdatableAssetGroupPageFromDiscriminatorValue,
		"UpdatableAssetPage":                  models.CreateUpdatableAssetPageFromDiscriminatorValue,
		"UpdateAudienceBody":                  models.CreateUpdateAudienceBodyFromDiscriminatorValue,
		"UpdateAudienceByIdBody":              models.CreateUpdateAudienceByIdBodyFromDiscriminatorValue,
		"UpdateCategoryEnrollmentInformation": models.CreateUpdateCategoryEnrollmentInformationFromDiscriminatorValue,
		"UpdateManagementEnrollment":          models.CreateUpdateManagementEnrollmentFromDiscriminatorValue,
		"UpdatePolicy":                        models.CreateUpdatePolicyFromDiscriminatorValue,
		"UpdatePolicyPage":                    models.CreateUpdatePolicyPageFromDiscriminatorValue,
		"UserExperienceSettings":              models.CreateUserExperienceSettingsFromDiscriminatorValue,
	}
}

func TestEveryGeneratedModelIsTested(t *testing.T) {
	t.Parallel()
	const folder = "../graph/models/"
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	declared := regexp.MustCompile(`(?m)^func Create(\w+)FromDiscriminatorValue\(`)
	known := constructors()
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") {
			continue
		}
		source, err := os.ReadFile(folder + file.Name())
		require.NoError(t, err)
		for _, match := range declared.FindAllSubmatch(source, -1) {
			require.Contains(t, known, string(match[1]))
		}
	}
}

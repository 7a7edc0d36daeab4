package call_test

import "slices"

// exemption is what rightly does the same for a property that is absent and for one that could not be read:
// any of the functions with any of the properties. None of the two has wildcards, so that a new one is not
// exempt.
type exemption struct {
	why        string
	functions  []string
	properties []string
}

func isListed(list []exemption, function, property string) bool {
	return slices.ContainsFunc(list, func(e exemption) bool {
		return slices.Contains(e.functions, function) && slices.Contains(e.properties, property)
	})
}

// countingOffers are calls that may offer an update immediately.
var countingOffers = []string{
	"Deployments.Update", "UpdatePolicies.Approve", "UpdatePolicies.ApproveOnce", "UpdatePolicies.ClearApprovalSettings",
	"UpdatePolicies.MergeApprovalSettings", "UpdatePolicies.Update", "UpdatePolicies.UpdateApprovalSettings",
	"UpdatePolicies.UpdateSettings",
}

var waitingForMembers = []string{
	"Audiences.Apply", "Audiences.Sync", "Audiences.SyncSeq", "Audiences.WaitForExactMembers", "Audiences.WaitForMembers",
}

// alike are for calls.
var alike = []exemption{
	{
		why:       "members are counted unless it is known that nothing is offered immediately",
		functions: countingOffers,
		properties: []string{
			"contentApproval.deploymentSettings", "contentApproval.isRevoked", "deployment.settings", "deployment.state",
			"deploymentSettings.expedite", "deploymentSettings.schedule", "deploymentState.effectiveValue",
			"durationDrivenRolloutSettings.durationBetweenOffers", "durationDrivenRolloutSettings.durationUntilDeploymentEnd",
			"expediteSettings.isExpedited", "expediteSettings.isReadinessTest", "rateDrivenRolloutSettings.devicesPerOffer",
			"dateDrivenRolloutSettings.durationBetweenOffers", "dateDrivenRolloutSettings.endDateTime",
			"scheduleSettings.gradualRollout", "scheduleSettings.startDateTime", "updatePolicy.deploymentSettings",
		},
	}, {
		why: "the audience is read on its own then",
		functions: append([]string{
			"Audiences.Plan", "Audiences.PlanSeq", "Teardown.FindOrphans", "Teardown.Plan", "Teardown.Run",
		}, countingOffers...),
		properties: []string{"deployment.audience", "updatePolicy.audience"},
	}, {
		why:        "another rule rejects the start for both",
		functions:  []string{"Deployments.Reschedule", "UpdatePolicies.Reschedule", "UpdatePolicies.RescheduleApproval"},
		properties: []string{"dateDrivenRolloutSettings.endDateTime", "scheduleSettings.gradualRollout"},
	}, {
		why:        "a missing device has the reasons that are known",
		functions:  waitingForMembers,
		properties: []string{"azureADDevice.errors"},
	}, {
		why:        "a device that is pending may have errors",
		functions:  []string{"Devices.WaitForEnrollment"},
		properties: []string{"azureADDevice.errors"},
	}, {
		why:        "the devices are listed on their own then; the ID identifies the update, and without one it is an error",
		functions:  []string{"Audiences.AllMatches", "Policies.AllMatches"},
		properties: []string{"applicableContent.matchedDevices", "applicableContent.catalogEntry", "applicableContent.catalogEntryId"},
	}, {
		why:       "a requested pause is withdrawn, whatever a rule did, and a rule keeps it paused, whatever is requested",
		functions: []string{"Deployments.Resume"},
		properties: []string{
			"deployment.settings", "deploymentSettings.monitoring", "deploymentState.reasons", "deploymentState.requestedValue",
			"monitoringRule.action", "monitoringSettings.monitoringRules",
		},
	}, {
		why:       "the step says unknown for both",
		functions: []string{"Teardown.Plan", "Teardown.Run"},
		properties: []string{
			"catalogContent.catalogEntry", "contentApproval.content", "deployment.content", "deployment.state",
			"deploymentState.effectiveValue",
		},
	}, {
		why:        "the status is set, whatever it was",
		functions:  []string{"Policies.Approve", "Policies.Suspend"},
		properties: []string{"policyApproval.status"},
	}, {
		why:        "a profile counts as unnamed, and nothing as resolved",
		functions:  []string{"Reports.ResolveNames"},
		properties: []string{"deviceProfile.deviceName"},
	}, {
		why:        "a list that is absent is unknown too, and the error names it",
		functions:  []string{"Policies.EnsurePolicy"},
		properties: []string{"driverUpdatePolicy.approvalRules", "qualityUpdatePolicy.approvalRules"},
	}, {
		why:       "groups that are absent are unknown too, and the error names them",
		functions: []string{"Policies.EnsureRing"},
		properties: []string{
			"driverUpdateRing.excludedGroupAssignment", "driverUpdateRing.includedGroupAssignment",
			"featureUpdateRing.excludedGroupAssignment", "featureUpdateRing.includedGroupAssignment",
			"qualityUpdateRing.excludedGroupAssignment", "qualityUpdateRing.includedGroupAssignment", "groupAssignment.assignments",
		},
	},
}

// alikeValues are for methods of values.
var alikeValues = []exemption{
	{
		why:        "of several approvals, Approve returns the newest whose time was read",
		functions:  []string{"policies.Approval.String", "catalog.Base.String", "deployments.Timetable.For"},
		properties: []string{"createdDateTime"},
	}, {
		why:        "an issue is active unless it is known to be resolved, as the comment says",
		functions:  []string{"catalog.KnownIssue.IsActive"},
		properties: []string{"status", "resolvedDateTime"},
	}, {
		why:        "Device.IsEnrollmentUnread says so",
		functions:  []string{"audience.Device.Enrollment", "audience.Enrollment.IsEnrolled"},
		properties: []string{"enrollment", "feature", "quality", "driver", "enrollmentState"},
	}, {
		why: "a name that could not be read is none",
		functions: []string{
			"reports.Profile.HasName", "reports.Resolution.ForMembers", "reports.Resolution.ForExclusions",
			"reports.Resolution.String",
		},
		properties: []string{"deviceName"},
	}, {
		why:        "a candidate without a readable device ID is an error",
		functions:  []string{"reports.Resolution.ForMembers", "reports.Resolution.ForExclusions"},
		properties: []string{"azureAdDeviceId"},
	}, {
		why:        "AllMatches lists the devices of the update on their own then",
		functions:  []string{"audience.Match.String"},
		properties: []string{"matchedDevices"},
	}, {
		why:        "a device without an ID is an error of the list",
		functions:  []string{"audience.Match.String"},
		properties: []string{"deviceId"},
	}, {
		why:        "a device that is pending, and one whose outcome is unknown, remain",
		functions:  []string{"audience.EnrollmentReport.Remaining"},
		properties: []string{"enrollment", "feature", "quality", "driver", "enrollmentState"},
	}, {
		why:        "the order of the entries differs, and the state of the entry itself is unknown",
		functions:  []string{"updatepolicies.EntryState.String"},
		properties: []string{"createdDateTime"},
	}, {
		why:        "the ID is that of the entry then, and identifies the update without the entry",
		functions:  []string{"audience.ApplicableContent.String", "audience.Match.String"},
		properties: []string{"catalogEntryId"},
	}, {
		why:        "a match has no Extra, and the ID identifies the update",
		functions:  []string{"audience.Match.String"},
		properties: []string{"catalogEntry"},
	}, {
		why:        "the IDs are those that could be read; Unread has the others",
		functions:  []string{"policies.RingGroups.IDs"},
		properties: []string{"assignments", "groupId"},
	}, {
		why:       "true is a conclusion, and false is no evidence, as the comment says",
		functions: []string{"deployments.Deployment.PausedByMonitoring"},
		properties: []string{
			"action", "effectiveValue", "monitoring", "monitoringRules", "reasons", "requestedValue", "settings", "state", "value",
		},
	}, {
		why: "a device that is pending may have errors, and a missing one has the reasons that are known",
		functions: []string{
			"audience.EnrollmentReport.Failed", "audience.EnrollmentReport.Remaining", "audience.EnrollmentReport.String", "audience.SyncReport.String",
		},
		properties: []string{"errors"},
	}, {
		why:        "the outcome of the device is unknown",
		functions:  []string{"audience.EnrollmentReport.WithoutPolicy"},
		properties: []string{"enrollment", "feature", "quality", "driver", "enrollmentState"},
	}, {
		why:        "the content is unknown for both",
		functions:  []string{"updatepolicies.EntryState.String"},
		properties: []string{"catalogEntry", "content"},
	}, {
		why:        "a rule that may be one that approves hotpatches is taken for one",
		functions:  []string{"updatepolicies.Spec.Warnings"},
		properties: []string{"cadence", "classification"},
	}, {
		why: "what could not be read is sent as it came, and not checked",
		functions: []string{
			"deployments.Settings.Validate", "deployments.Spec.Validate", "deployments.Update.Validate",
			"updatepolicies.ApprovalSpec.Validate", "updatepolicies.Spec.Validate", "updatepolicies.Update.Validate",
		},
		properties: []string{
			"contentApplicability", "disabledSafeguardProfiles", "endDateTime", "expedite", "gradualRollout", "isExpedited",
			"isReadinessTest", "monitoring", "monitoringRules", "safeguard", "schedule", "startDateTime", "threshold",
		},
	},
}

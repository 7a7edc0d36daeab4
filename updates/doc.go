// Package updates is the way in: a client for the Windows updates part of
// Microsoft Graph (beta), the service behind Windows Autopatch.
//
//	cred, err := auth.ClientSecret(cloud.Public, tenantID, clientID, secret)
//	...
//	client, err := updates.NewClient(cred, nil)
//	...
//	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
//
// # Where things are
//
//   - [Client.Catalog]: what can be deployed (package catalog)
//   - [Client.Products], [Client.KnownIssues]: versions of Windows, their builds and
//     what is wrong with them (package catalog)
//   - [Client.Deployments]: offers of updates, with schedule, rollout and
//     monitoring; waiting for them; timetables (package deployments)
//   - [Client.Audiences]: who updates are offered to, kept in step with a list by
//     Sync; what applies to them (package audience)
//   - [Client.Devices], [Client.Groups]: devices, their enrolment, groups of them
//     (package audience)
//   - [Client.UpdatePolicies]: drivers and hotpatches, approved manually or by rules
//     (package updatepolicies)
//   - [Client.Policies]: quality updates in rings of Microsoft Entra groups (package
//     policies)
//   - [Client.Tenant]: settings and connections of the tenant (package tenant)
//   - [Client.Check]: what a credential may do, and what to fix
//   - [Client.Troubleshoot]: why an update does not reach a device (package
//     troubleshoot)
//   - [Client.DryRun]: what a function would change, without changing it
//   - [Client.Teardown]: taking down what was set up (package teardown)
//   - [Client.Call]: any other route
//   - package apierr: errors; package odata: lists and changes
//   - package auth: credentials; any azcore.TokenCredential serves as well
//   - package simulator: the service in memory, for tests and trials
//   - package recording: a transport that records and replays, for tests
//
// # What can be done with which update
//
// The columns are feature updates to Windows 11 and to Windows 10, quality updates
// that are expedited, quality updates that a rule of an update policy approves, and
// drivers, which are approved in an update policy:
//
//	what                           Windows 11  Windows 10  Expedited  By rule  Driver
//	a deployment of its own        yes         yes         yes        no       no
//	an approval by hand            yes         yes         no         no       yes
//	a rule that approves           no          no          no         yes      yes
//	a start                        yes         yes         no         no       yes
//	a gradual rollout              yes         yes         no         no       no
//	monitoring of rollbacks        yes         yes         refused    no       refused
//	a fallback for the ineligible  yes         refused     refused    no       refused
//	disregarding likely issues     yes         no          no         no       no
//	an offer as optional           yes         yes         no         no       no
//	expediting                     refused     refused     yes        no       refused
//	a readiness test               refused     refused     yes        no       refused
//	days until a restart           no          no          yes        no       no
//	hotpatches                     no          no          no         yes      no
//	recommended drivers only       no          no          no         no       yes
//	devices that are not enrolled  no          no          yes        yes      no
//
// What is refused is an error, of this package or of the service. What is not
// refused and not yes is only not documented to work: it is sent, and the service
// may ignore it.
//
// Some of it is not a matter of yes and no:
//
//   - Safeguard holds keep a feature update from devices with a known issue, on
//     Windows 10 and 11, and from devices on which a problem is likely, on Windows 11.
//     Only those for likely issues can be disregarded.
//   - Expediting needs an entry that the catalog calls expeditable, and starts at
//     once.
//   - Where a rule approves, the rule says how many days later the offer starts.
//     Nobody is there then to be told that the settings do not fit, so nothing is
//     refused. Hotpatches come from rules for monthly security updates.
//   - Pages of the service show a gradual rollout in the settings of update policies
//     for drivers too, beside the overview that has it for feature updates only.
//   - Feature and quality updates are found in the catalog, drivers in the applicable
//     content of an audience. Only a feature update can have a day after which it
//     cannot be deployed.
//   - The policies of package policies, whose rings offer quality and recovery updates,
//     have deferrals, pauses and hotpatches instead of these settings.
//
// # Permissions, licences and devices
//
// Reading needs the Microsoft Graph permission WindowsUpdates.Read.All or
// WindowsUpdates.ReadWrite.All, everything else WindowsUpdates.ReadWrite.All, as
// application permission or for a signed-in user, with an administrator's consent.
// A signed-in user also needs a directory role: Intune Administrator or Windows
// Update Deployment Administrator. The tenant needs a licence with Windows
// Autopatch, such as Windows E3 or E5, Microsoft 365 Business Premium, or
// Education A3 or A5.
//
// A device is joined to Microsoft Entra, hybrid or not, runs Windows 10, version
// 1709, or later, in the edition Pro, Enterprise or Education, and gets its updates
// from Windows Update. For feature updates and drivers it is enrolled in that
// category, and gets nothing of it then but what is deployed. Expediting needs
// Update Health Tools on older builds.
//
// # Clouds
//
// A tenant is in one cloud, and credential and client are made for it; see
// [Options] and package cloud. The API is in the public cloud. Sources disagree
// about those of the US Government, and agree that it is not in the one in China.
//
// # What a call does
//
// A call sends its request and repeats it where that can help and do no harm:
// reads, changes of sets, PATCH and DELETE after 408, 429, 500, 502, 503, 504 and
// broken connections, creates only after 429 and when the request cannot have
// reached the service. It waits as long as Retry-After says, or a random time that
// grows. The context of the call bounds all of it. The default transport honours
// the usual proxy variables; nothing else is read from the environment.
//
// Input that the service would refuse is refused before anything is sent.
//
// # What happens later
//
// Nearly all changes are accepted first and applied later, usually within seconds
// or minutes; members of audiences were seen to take hours. The methods for such
// changes return an error only, and say so. These show the effect:
//
//	deployments.Client.WaitForState, WaitForDeletion, Watch   states
//	audience.Client.WaitForMembers, Sync          members of an audience
//	audience.DeviceClient.WaitForEnrollment       enrolment
//
// Offers follow the schedule, and devices ask for updates in their own time.
//
// # What there is not
//
//   - A completed state: a deployment offers its update as long as it exists.
//   - Progress of installations. That is in the reports of Windows Update for Business,
//     which [Client.Tenant] can connect to a workspace of Log Analytics.
//   - Names of deployments, audiences, groups and update policies. A program that
//     needs some keeps them together with the ids.
//   - Taking an update back from a device that has it.
//   - A stable service: it is a beta. Before v1 a minor version of this module may
//     change its API too, and the change log says how to follow.
//
// # Errors
//
// A call that fails returns an [apierr.Error]: operation, status, code, message and
// request id on one line, without a token, header, query or body. errors.Is with the
// classes of package apierr, such as [apierr.ErrNotFound], says what to do about it.
//
// # When something does not work
//
// Status 403. Permission, role and licence look the same to the service. The error's
// Advice says which to check, and [Client.Check] what the credential's token has. A
// token from the Azure CLI never has enough. Consent that was just given is in the
// next token only.
//
// Nothing is offered. [troubleshoot.Client.Explain] takes a deployment and a device, looks at
// enrolment, membership, exclusion, state, schedule, rollout and other deployments,
// and lists what this service does not show: safeguard holds, the source that the
// device scans, its policies.
//
// A change was accepted and nothing happened. Wait for it, with the methods above. An
// audience that still does not change after hours is probably owned by Intune, which
// accepts such changes and drops them: Sync reports it as Unmoved. A deployment that
// Resume does not wake was paused by its monitoring rules: the error is
// [deployments.ErrPausedByMonitoring], and SetMonitoringRules or ClearMonitoringRules
// lifts the pause.
//
// A device is never enrolled. WaitForEnrollment reports each device with its
// registration errors: missingTrustType and invalidAzureADJoin are about how it is
// joined to Microsoft Entra, the others about its id. A device in another tenant, or
// one that does not exist, stays unknown or pending until the context ends.
//
// The ids are wrong. Devices are named by the property deviceId of the directory's
// device, not by its id, which is a GUID as well. Enrolling a wrong one is accepted.
// WaitForEnrollment shows invalidAzureADDeviceId, or waits in vain.
//
// An audience has no members. Right after a change that is normal: WaitForMembers tells
// when it is over. Groups can be listed as their devices. An audience of Intune always
// reads as empty.
//
// [apierr.ErrUnknownOutcome]. A change was sent, and the answer was lost. Changes of
// sets can be sent again. Of a create look first: CreateOnce of deployments and update
// policies does that by itself, and [deployments.Client.FindCreated] afterwards.
//
// [apierr.ErrThrottled]. The service still refused after all attempts, or asked for a
// longer wait than [RetryOptions].MaxRetryAfter or the context allows; the error's
// RetryAfter says how long. One client for a whole program lets all its calls wait
// together. Chunks that are larger need fewer requests.
//
// A page in HTML came in place of an answer. A proxy or a sign-in page is between the
// program and the service. Options.Logger shows each attempt with its path and status,
// and [Client.Check] the endpoint that is asked.
//
// Something is slow. Spans and metrics show each attempt and the time that the service
// throttled the client: Options.TracerProvider and Options.MeterProvider. The file
// OBSERVABILITY.md of this module lists them, and the records of Options.Logger.
//
// # Lifetime and concurrency
//
// Make one client for a program and keep it: it has the token, the connections and
// what it knows of throttling. It may be used by many goroutines at once, has no
// goroutines of its own, and need not be closed. Inputs may be shared between calls
// as long as nobody changes them.
package updates

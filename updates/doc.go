// Package updates provides the client for the Windows updates API in Microsoft Graph (beta), the API behind
// Windows Autopatch. Start here.
//
//	cred, err := auth.ClientSecret(cloud.Public, tenantID, clientID, secret, nil)
//	...
//	client, err := updates.NewClient(cred, nil)
//	...
//	update, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 25H2")
//
// # Map
//
// Offer updates:
//
//   - [Client.Catalog], package catalog: find the updates that can be deployed
//   - [Client.Products], [Client.KnownIssues], package catalog: find versions of Windows, builds, and issues
//   - [Client.Deployments], package deployments: deploy an update, in steps if you want, and wait for states
//   - [Client.Audiences], package audience: choose the devices, and keep them in sync with a list
//   - [Client.Devices], [Client.Groups], package audience: enroll devices, and manage groups of them
//   - [Client.UpdatePolicies], package updatepolicies: approve drivers and other updates for an audience
//   - [Client.Policies], package policies: approve quality updates, feature updates, and drivers for rings
//     of groups
//   - [Client.Tenant], package tenant: change settings and connections of the tenant
//
// Look before and after:
//
//   - [Client.Check]: check what a credential may do
//   - [Client.DryRun]: list the requests of a function without sending them
//   - [Client.Reports], package reports: find devices by name and build, and see who has a driver
//   - [Client.Troubleshoot], package troubleshoot: explain why an update does not reach a device
//   - [Client.Teardown], package teardown: delete what was set up, and find what was left over
//   - [Client.Call]: call a route that has no method
//
// Shared packages: apierr has the errors, odata has lists and changes, and auth has credentials. Any
// azcore.TokenCredential works too. For tests, use package simulator, an in-memory simulator of the service,
// or package recording, a transport that records and replays.
//
// # Which setting works with which update
//
// "Windows 11" and "Windows 10" are feature updates to these versions, "Expedited" are expedited quality
// updates. "By rule" are quality updates that a rule of an update policy approves. "Driver" are drivers that
// an update policy approves:
//
//	what                            Windows 11  Windows 10  Expedited  By rule   Driver
//	a deployment of its own         yes         yes         yes        no        no
//	a manual approval               yes         yes         no         no        yes
//	a rule that approves            no          no          no         yes       yes
//	a start                         yes         yes         rejected   no        yes
//	a gradual rollout               yes         yes         rejected   no        no
//	monitoring of rollbacks         yes         yes         rejected   no        rejected
//	a fallback for ineligible ones  yes         rejected    rejected   no        rejected
//	disregarding likely issues      yes         no          no         no        no
//	an offer as optional            yes         yes         no         no        no
//	expediting                      rejected    rejected    yes        no        rejected
//	a readiness test                rejected    rejected    yes        no        rejected
//	days until a restart            no          no          yes        no        no
//	hotpatches                      no          no          no         yes       no
//	recommended drivers only        no          no          no         no        yes
//	devices that are not enrolled   no          no          yes        yes       no
//
// "Rejected" is an error, from this SDK or from the service. "No" means that the setting is not documented
// to work: the SDK sends it, and the service can ignore it.
//
// Some cells need more words:
//
//   - Safeguard holds keep a feature update from devices with a known issue. On Windows 11 they also keep it
//     from devices on which an issue is likely; only these holds can be disregarded.
//   - Expediting needs a catalog entry with IsExpeditable, and starts immediately.
//   - A rule says how many days later the offer starts. Settings that do not fit are not rejected, because
//     the rule approves later, without a request. Hotpatches come from rules for monthly security updates.
//   - Gradual rollouts of drivers are unclear: the overview of the service lists rollouts for feature
//     updates only, but an example has one in an update policy for drivers.
//   - Feature and quality updates are in the catalog, drivers in the applicable content of an audience. Only
//     a feature update can have a last day on which it can be deployed.
//   - Policies of package policies have rings instead of these settings.
//
// # What rings can do
//
// The columns are the three kinds of policies of package policies, with their rings:
//
//	what                           Quality   Feature  Driver
//	a manual approval              yes       yes      yes
//	a rule that approves           yes       no       yes
//	a deferral of 30 days          yes       yes      yes
//	a deferral of 60 days          rejected  yes      yes
//	offers in parts                no        yes      no
//	hotpatches                     yes       no       no
//	a pause                        yes       yes      yes
//	devices that are not enrolled  yes       no       no
//
// "No" means that the SDK has no method for it, because it is not documented. For devices that are not
// enrolled, "no" means that they are offered nothing, which is inferred from update policies. The
// documentation has the fewest details for rules for drivers, and for the limits of rings for feature
// updates and drivers.
//
// # Permissions, licenses, and devices
//
// Reads need the Microsoft Graph permission WindowsUpdates.Read.All or WindowsUpdates.ReadWrite.All. Changes
// need WindowsUpdates.ReadWrite.All. Both exist as application and as delegated permissions, and need
// administrator consent. A signed-in user also needs a directory role: Intune Administrator or Windows
// Update Deployment Administrator.
//
// The tenant needs a license with Windows Autopatch, such as Windows E3 or E5, Microsoft 365 Business
// Premium, or Education A3 or A5.
//
// A device must be joined or hybrid joined to Microsoft Entra, and run Windows 10, version 1709, or later,
// Pro, Enterprise, or Education. It must get its updates from Windows Update. For feature updates and
// drivers, enroll it in the category; then it receives only the updates of that category that you deploy.
// Expediting needs Update Health Tools on older builds.
//
// # Clouds
//
// A tenant is in one cloud; create the credential and the client for that cloud. See [Options] and package
// cloud. The API is in the public cloud and not in the one in China. Sources disagree about the US Government
// clouds.
//
// # How a call works
//
// A call sends a request, and retries it if a retry is safe and can help:
//
//   - Reads, changes of members, PATCH, and DELETE are retried after 408, 429, 500, 502, 503, 504, and
//     broken connections. After 409 and 423 they are retried if the response has Retry-After.
//   - Creates are retried after 429, and if the request cannot have reached the service.
//   - A 404 for an object that the client has created in the last two minutes is retried: the service can
//     take seconds to find it. This includes creates below the object. The client remembers the last 64 IDs.
//     Any other 404 is returned immediately.
//   - A call whose token is rejected with status 401 is sent again with a new token. If the service requests
//     claims, each call requests a token for them. If it does not, the client requests a new token at most
//     once in 30 seconds.
//
// A token is replaced five minutes before it expires, or at the time that the credential sets. While the old
// token is valid, only one call waits for the new one. If the credential fails, the client uses the old
// token and asks the credential again after 30 seconds. A token that is for another service or cloud is not
// sent.
//
// The delay between attempts is that of Retry-After, or a random one that grows. The context of the call
// limits all attempts and delays. Input that the SDK knows to be invalid is not sent. A call that would
// reach more devices than [Limits] allow is not sent either; its error has the number of devices and the
// effect on them. The default transport uses the proxy variables HTTPS_PROXY and NO_PROXY; the client reads
// nothing else from the environment.
//
// # Changes take effect later
//
// The service accepts nearly all changes first and applies them later. Most take seconds or minutes; changes
// of members have been observed to take hours. Methods for such changes return an error only. To wait for the
// effect, call one of these:
//
//	deployments.Client.WaitForState, WaitForDeletion, Watch  state of a deployment
//	audience.Client.WaitForMembers, Sync                     members of an audience
//	audience.DeviceClient.WaitForEnrollment                  enrollment
//
// Offers follow the schedule of the deployment, and devices scan for updates on their own schedule.
//
// # What the API does not have
//
//   - A completed state. A deployment offers its update as long as it exists.
//   - Installation progress, except for drivers: see [Client.Reports]. For other updates, compare the builds
//     of the device profiles there. Or see Windows Update for Business reports; [Client.Tenant] can connect
//     a Log Analytics workspace.
//   - Names of deployments, audiences, groups, and update policies. If you need names, store them with the
//     IDs.
//   - Rollback. An update stays on the devices that have installed it.
//   - Stability. It is a beta. Before v1 a minor version of this module can change its API too; see
//     CHANGELOG.md.
//
// # Errors
//
// The error of a failed call is or wraps an [apierr.Error]. It has operation, status, code, message, and
// request ID on one line, and no token, header, query, or body. Use errors.As to get it, since errors such
// as audience.EditError and deployments.WaitError wrap it. Use errors.Is with a sentinel error of package
// apierr, such as [apierr.ErrNotFound], to decide what to do.
//
// # Troubleshooting
//
// Status 403: permission, role, and license are one status to the service. The Advice of the error says
// which of them to check, and [Client.Check] lists what the token has. A token from the Azure CLI never has
// the permission. Consent takes effect in the next token: create a new credential and client, or call
// [Client.DropToken] if the credential keeps no tokens.
//
// Status 401: the service rejected the token, and a new one if the credential has one. The Advice says
// whether to sign in again, or to check Conditional Access policies; the sign-in log of Microsoft Entra
// names the policy.
//
// Nothing is offered: [troubleshoot.Client.Explain] takes a deployment and a device. It checks enrollment,
// membership, exclusion, state, schedule, rollout, and other deployments, and lists what the service does not
// report.
//
// A change was accepted and has no effect: wait for it with the methods above. If an audience does not
// change for hours and the service returns 404 for its members, Intune probably owns it: the service accepts
// changes to such an audience and drops them. Sync reports both, as NoEffect and Unlisted. If Resume does
// not resume a deployment, a monitoring rule may have paused it: see PausedByMonitoring of the deployment.
// The error of the wait is [deployments.ErrPausedByMonitoring] then, and SetMonitoringRules or
// ClearMonitoringRules ends the pause.
//
// A device is not enrolled: WaitForEnrollment reports each device with its registration errors.
// MissingTrustType and invalidAzureADJoin are about the join to Microsoft Entra, the others about the device
// ID. A device of another tenant, or one that does not exist, stays unknown or pending until the context
// ends. A device that Windows Autopilot provisions can be enrolled when that has finished, typically after a
// day.
//
// A device is enrolled and is offered no feature update: no policy is assigned to it if its state is
// enrolled and not enrolledWithPolicy. Add it to the audience of a deployment, and see what Explain says a
// day later.
//
// Device IDs are wrong: use the deviceId property of the device in Microsoft Entra, not its object ID. Both
// are GUIDs, so they are often confused. The service accepts the enrollment of a wrong ID. WaitForEnrollment
// reports invalidAzureADDeviceId, or never ends. Reports().ResolveNames finds IDs by name.
//
// An audience has no members: this is normal right after a change; use WaitForMembers. A group can be listed
// as its devices. An audience that Intune owns is always listed as empty.
//
// [apierr.ErrUnknownOutcome]: a change was sent and the response was lost. You can resend changes of members.
// For a create, check first: use CreateOnce, or [deployments.Client.FindCreated] afterwards.
//
// [apierr.ErrThrottled]: the service throttled all attempts, or asked for a longer delay than
// [RetryOptions].MaxRetryAfter or the context allows. RetryAfter of the error has the delay. Use one client
// for the whole program, so that its calls wait together. Larger chunks need fewer requests. After a
// throttle the client sends ten requests a second, and fewer if it is throttled again. A minute without
// throttling ends this; see [RetryOptions].
//
// The response is an HTML page: a proxy or a sign-in page is between the program and the service.
// Options.Logger logs the path and status of each attempt, and [Client.Check] reports the endpoint.
//
// TROUBLESHOOTING.md in the repository is about problems outside the SDK: keys in a TPM, GitHub Actions,
// proxies, and why devices get no drivers.
//
// A call is slow: spans and metrics show each attempt and how long the service throttled the client. See
// Options.TracerProvider, Options.MeterProvider, and OBSERVABILITY.md.
//
// # Conventions
//
// These hold for all packages of the module:
//
//   - Kinds and values that the SDK does not recognize are preserved. Unknown properties are in Extra.
//   - Nil and empty slices both mean none, unless a field says otherwise.
//   - Times are in UTC.
//   - IDs are case-insensitive. Device IDs are Microsoft Entra device IDs (the deviceId property).
//   - Nil options and the zero options are the defaults.
//   - Clients are small values. They are safe for concurrent use and need not be closed. They have no
//     goroutines, except while a credential is asked for a token.
//
// Create one [Client] for a program and keep it: it has the token, the connections, and the state of
// throttling. You can share inputs between calls as long as you do not change them.
package updates

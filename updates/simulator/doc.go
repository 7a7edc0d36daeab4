// Package simulator simulates the Windows updates API of Microsoft Graph beta in memory. Use it to
// run tests and examples without a tenant.
//
// A simulator is one tenant. It is an [http.RoundTripper], with a credential to go with it:
//
//	service := simulator.New(nil)
//	client, err := updates.NewClient(service.Credential(), &updates.Options{
//		Transport: service.Transport(),
//	})
//
// It is also an [http.Handler], for programs that need a port. Any client of Microsoft Graph can
// use it: the package imports no other package of this module and parses JSON separately.
//
// # Built-in catalog
//
// The catalog of a new simulator has feature updates from Windows 11, version 26H2, back to Windows 10,
// version 22H2. Its quality updates are from August 2025 to September 2026, with hotpatches, previews, and
// out-of-band updates. Windows 11, version 21H2, has not been deployable since 2024; the others are
// deployable until 2030 or later. Most builds and article numbers are those of Windows. Those of version
// 26H1 and of the hotpatches of August and September 2026 can differ. IDs and severities are made up, so
// find entries by version. [Server.AddEntry] adds entries. The catalog does not depend on the time: it lists
// all entries, even with a later release date.
//
// There are 17 products. Their builds are those of the catalog's entries; older products have none.
// There are three known issues: one resolved, one mitigated, one active. [Server.AddKnownIssue] adds
// issues.
//
// # Devices and Microsoft
//
// A test plays the part of the devices and of Microsoft by calling methods:
//
//	service.Advance(7 * 24 * time.Hour)                  // a week passes
//	offers := service.Offers(deploymentID)               // which devices have been offered what
//	err := service.ReportRollback(deploymentID, devices...)
//	err = service.ReportIneligible(deploymentID, devices...)
//	err = service.OutdateContent(entryID)
//	err = service.FailRegistration(deviceID, "missingTrustType")
//	err = service.PutGroup(groupID, devices...)          // a Microsoft Entra group
//	ringOffers := service.RingOffers(ringID)             // what a ring has offered, and when
//	err = service.RemoveWorkspace("reports")             // connections to it fail
//	driver := service.AddDriver("Contoso", "Firmware", "1.2.3")
//	err = service.MakeApplicable(driver, []string{"Microsoft"}, devices...)
//	id, err := service.PutProfile(simulator.Profile{DeviceID: device, Name: "PC-1", Build: "10.0.26200.7171"})
//	err = service.Install(device, entryID)               // its build changes
//	err = service.Uninstall(device, entryID)             // it goes back
//	err = service.ReportDriver(driver, device, "cancelled", "")
//
// With [Options].InstallWithin devices install automatically what they are offered.
//
// /catalog/entries does not list drivers. A driver is in the applicable content of an audience if
// a member of the audience needs it and is enrolled. Only such devices are offered the driver.
// [Server.MakeNotApplicable] ends that, as installing the driver would.
//
// A method that names an unknown object returns an error and changes nothing; a method that lists
// the offers of an unknown object returns nil. [Server.Requests] is the log of received requests,
// and [Server.Alerts] lists what monitoring rules raised.
//
// # What is simulated
//
//   - The catalog; deployments with schedules, rollouts, monitoring, and states; deployment
//     audiences; devices, groups, and enrollment.
//   - Applicable content with its devices; update policies with rules and approvals, and the
//     deployments that approvals create. These are listed like all others and keep their audience
//     from being deleted. They are archived when the approval is revoked or deleted, or its policy
//     is deleted.
//   - Policies for quality, feature, and driver updates with rules, approvals, rings, and applicable
//     catalogs; products and known issues; connections to workspaces; settings of the tenant.
//   - The data area: device profiles, policy assignments, reports of drivers with the status on each
//     device, and summaries of what is applicable.
//   - Both ways to write a key, short and qualified names of actions and functions. Arguments of functions
//     are in place, or @name with the value in the query.
//   - $filter with isof, eq, ne, gt, ge, lt, le, in, and, or, not, contains, startswith, endswith,
//     any, and casts; $orderby, $select, $top, $skip, $count; $expand with options in parentheses;
//     paging by @odata.nextLink. The $ is optional. Other options with a $ are rejected with status
//     400, and so is a property of a derived type without its cast.
//   - Validation of schedules, monitoring rules, and expedite settings. Unknown properties of a
//     body are ignored, as the service does: a misspelled devicesPerOffer offers the update to all
//     devices immediately.
//   - Accepted writes (202), which take effect after [Options].Lag. New objects can return 404 for the time
//     [Options].NewObjectLag.
//
// # Quirks and failures
//
// By default the simulator follows the documentation. To test against known quirks and failures of
// the service, turn them on. Neither changes what the simulator holds:
//
//	service.SetQuirks(simulator.Quirks{EmptyAudienceIs404: true, NullItems: true})
//	err := service.SetOwnedByIntune(audienceID)
//
// [Quirks] change the form of lists, responses, and values from now on; the documentation of each quirk
// names its source. A [Failure] happens to the next requests or to a share of them, on all routes or some:
//
//	service.FailNext(2, simulator.Throttle().RetryAfter(10*time.Second))
//	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/deployments"})
//	service.FailNext(1, simulator.Status(503), simulator.Match{Path: "/deployments/{}/audience"})
//	service.FailRandomly(0.05, simulator.HTML(502), 1)
//
// [Break], [BreakBody], and [Hang] leave the caller without a complete response; the others are
// error responses. With [Failure.AfterEffect] the request takes effect nevertheless. A failed
// request is in the log.
//
// # Differences from the service
//
// The simulator is based on documentation and on published observations; no test compares it with the
// service. It tests the logic of a program. Only a test with the tenant shows whether the tenant is set up
// for the program.
//
// Not simulated:
//   - licenses and permissions: every token has those that it needs;
//   - safeguard holds: settings for them are stored and have no effect;
//   - the choice between several deployments for one device;
//   - throttling, unless a test asks for it with [Throttle];
//   - everything on devices except installing, and what a test reports, for example with
//     [Server.ReportRollback].
//
// Simpler than the service: an accepted write takes effect immediately, where the service takes seconds to
// hours; [Options.Lag] delays it. Paused states have their reasons; errors are JSON and say what is wrong;
// each response has one form. Quirks and failures make it less simple.
//
// Stricter than the service: query options, filters, and values that are not documented are
// rejected, where the service may accept them. If the simulator rejects a request, check the
// documentation.
//
// Made up: catalog IDs, error messages, and the order in which devices are offered an update.
// Compare codes and states in tests, and find entries by version.
//
// # Undocumented behavior
//
// The documentation leaves these questions open, and the simulator decides them as follows.
//
//   - Rollouts. Windows of the length durationBetweenOffers begin at the start of the schedule or, without
//     one, with the first device. Each window has one batch. A batch does not grow to make up for a pause. A
//     rollout with an end divides its devices over the windows before it. These are the devices that are in
//     the audience at the first offer. The order of devices comes from a hash of their IDs and of
//     [Options].Seed.
//   - Monitoring. The percentage is the share of devices that reported a rollback among those that
//     were offered the content. Ineligible devices are offered the fallback immediately, and never
//     the content. A threshold with the signal ineligible is rejected.
//   - State. A deployment is faulted when the deployableUntilDateTime of its content has passed, as
//     with outdated content. The state has its reason, unless it is offering, as in live responses.
//   - PATCH of a deployment replaces whole parts of the settings; null clears a part. Content and
//     audience are rejected with 400, computed properties are ignored. An archived deployment
//     accepts only the state archived.
//   - Creating. An unknown catalog entry is 404, an unknown audience 400, an entry of another type
//     than the request says 400. The audience that was created for a deployment is deleted with it,
//     unless something else uses it. Durations are in whole days.
//   - Applicable content is in the order of the catalog, its devices are in the order of their IDs.
//     The devices of an entry that no device needs are an empty list; an unknown entry is 404. Only
//     drivers depend on applicability; other content is offered to all devices of the audience.
//   - Update policies. A policy without an audience gets one, as a deployment does. That audience is
//     deleted with the last object that uses it. Devices of the audience are enrolledWithPolicy in
//     autoEnrollmentUpdateCategories immediately, and remain so when they leave it. Unenrolling
//     removes a device from the audience, so that it is not enrolled again. complianceChanges in the
//     body create nothing. A PATCH accepts rules, which all count as new, and settings, part by part
//     as for a deployment; autoEnrollmentUpdateCategories are ignored.
//   - Rules of update policies are evaluated after every change. New content is content added to
//     the catalog after the rule; for drivers also what was applicable before.
//     remediationUpdateFilter selects recovery updates. Content that the policy has approved before
//     is not approved again: manually, by another rule, or by an approval that was revoked or
//     deleted. Without durationBeforeDeploymentStart, and with PT0S, the deployment starts immediately.
//     The lastEvaluatedDateTime is when the rule last approved something.
//   - Approvals of update policies. Each creates one deployment. The settings of the approval are merged
//     over those of the policy, property by property, but monitoring and expedite as a whole. A change of
//     the policy or the approval replaces the settings of the deployment. A change must name exactly one
//     property, and a revoked approval cannot be changed or revoked again: both are 400. Settings that do
//     not fit the content are rejected, except when a rule approves it.
//   - Audiences. Members are in the order in which they were added, groups as groups. A request adds first
//     and removes then. An unknown group is 400. Unenrolling removes a device from members, but not from
//     exclusions or groups. If a group has the device, a policy that enrolls its audience enrolls the device
//     again.
//   - Devices. An ID that is not a GUID, and the GUID of zeros, name no device. Requests with such an
//     ID are accepted, and it is listed with the registration error invalidAzureADDeviceId, but it is
//     never enrolled and is offered nothing. A category in which a device was never enrolled is
//     notEnrolled without a date. Other registration errors do not prevent anything.
//   - Deleting an audience that is in use is 409, never 400. A POST of unknown length is 411.
//   - Expediting. An expedited deployment with a schedule follows its schedule.
//   - Policies and rings. A rule approves an update its deferral after the release; the earliest of
//     several rules counts, and a manual approval approves it immediately. A ring begins to offer the
//     update its own deferral after that. No rule approves a suspended update; of several approvals
//     of one update the latest change counts. Approvals by rules are not listed.
//   - Kinds of policies. A policy approves updates of its kind, and its rules and rings are of that
//     kind; others are rejected. A policy of the abstract type is for drivers if it has such a rule,
//     otherwise for quality updates. No rule approves feature updates. A rule approves drivers that a
//     vendor recommends for a device of the policy. Deferrals are 0 to 30 days for quality updates,
//     and of any length for others.
//   - Offers of rings. Quality and feature updates are cumulative: a ring offers the newest update that is
//     due, and never an older one than before. Recovery updates and drivers are independent. An update that
//     became due during a pause is offered at its end. Updates that were released before the policy was
//     created are offered too. Quality updates need no enrollment, the others do. A ring for feature updates
//     divides its devices into as many parts as its duration has intervals, rounded up. Without a duration
//     or an interval it has one part. Each part is offered the update an interval after the one before. Such
//     a ring makes the enrollment of its devices enrolledWithPolicy. A ring for quality updates offers
//     hotpatches unless it says otherwise, as hotpatches are on by default.
//   - The data area. The ring of a policy assigns its devices to the policy; an update policy assigns
//     none. The profile of an assignment is the one that was added last. A report of a driver exists
//     if a device of a driver policy needs the driver or has a status of it. The status is that of the
//     first ring: deferred, ready, or on hold before the offer; cancelled if the driver is suspended
//     after it. Without automatic installation an offer remains ready. Routes accept the query options
//     that are documented for them or for a similar route.
//   - Builds. A quality update applies to a device whose profile has an older build of the same version,
//     a feature update if its version is newer. Windows 11, version 26H1, is not an update of others,
//     and no feature update applies to it. The builds of Windows Server 2025 are those of version
//     24H2. Such updates are applicable content, too. Devices are offered updates that do not apply to
//     them, and do not install them.
//   - Microsoft Entra groups. A group that [Server.PutGroup] does not know has no devices and is
//     accepted. The applicable content and catalogs of a policy are what [Server.MakeApplicable] said of
//     its devices, for updates of the policy's kind.
//   - Products. Products that are found by an update have its builds only, and the known issues that
//     its articles caused or resolved. The end of service is that of any edition, if it is not past.
//     No result is an empty list. An issue is active while it has no resolvedDateTime.
//   - Connections. Names are compared case-insensitively. Missing keys are answered like wrong ones.
//   - Settings of apps. Creating settings that exist is 409; the ID of an app cannot be changed.
//   - Failures. The code of an error other than 429 is the name of its status.
//
// # Conventions
//
// A simulator needs no Close and starts no goroutines. Its methods, handler, and transport are safe
// for concurrent use, and two simulators share nothing, not even tokens. Times are in UTC. The clock
// is time.Now, or begins at [Options].Start; within testing/synctest, where it starts in the year 2000,
// it moves with the test. Elsewhere [Server.Advance] moves it. Device IDs are Microsoft Entra device IDs.
package simulator

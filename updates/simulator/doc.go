// Package simulator is the Windows updates service of Microsoft Graph beta, in
// memory: what a test or an example talks to instead of a tenant.
//
// It is an [http.RoundTripper] for the client under test, with a credential that
// goes with it:
//
//	service := simulator.New(nil)
//	client, err := updates.NewClient(service.Credential(), &updates.Options{
//		Transport: service.Transport(),
//	})
//
// It is an [http.Handler] too, for programs that want a port. Any other client of
// Microsoft Graph can use it as well; this package knows nothing of the rest of
// the module and reads JSON by itself.
//
// A new simulator has a catalog: the feature updates from Windows 11, version
// 25H2, back to Windows 10, version 22H2, and quality updates of some months.
// Windows 11, version 21H2, can no longer be deployed since 2024; the others can
// until 2030 and longer. Look entries up by their version, as ids are made up;
// [Server.AddEntry] adds more. There are the products that belong to it, whose
// builds are those of the catalog's entries, and three known issues: one is
// resolved, one mitigated, one active. [Server.AddKnownIssue] adds more.
//
// # Playing the other side
//
// A test plays the devices and Microsoft by calling methods:
//
//	service.Advance(7 * 24 * time.Hour)                  // a week passes
//	offers := service.Offers(deploymentID)               // who has been offered what
//	err := service.ReportRollback(deploymentID, devices...)
//	err = service.ReportIneligible(deploymentID, devices...)
//	err = service.OutdateContent(entryID)
//	err = service.FailRegistration(deviceID, "missingTrustType")
//	err = service.PutGroup(groupID, devices...)          // a group of Microsoft Entra
//	ringOffers := service.RingOffers(ringID)             // what a ring has offered, and when
//	err = service.RemoveWorkspace("reports")               // no connection to it is possible
//	driver := service.AddDriver("Contoso", "Firmware", "1.2.3")
//	err = service.MakeApplicable(driver, []string{"Microsoft"}, devices...)
//
// A driver is not listed by /catalog/entries. A caller finds it in the applicable
// content of an audience that has a device as a member that needs it and is
// enrolled, and nobody else is offered it. [Server.MakeNotApplicable] ends that,
// as installing it would.
//
// Methods that name something that is not there return an error and change
// nothing; a list of something that is not there is nil. [Server.Requests] is the
// log of what the client sent and [Server.Alerts] what monitoring rules raised.
//
// # What is simulated
//
//   - the catalog, deployments with their schedules, rollouts, monitoring and
//     states, deployment audiences, devices, groups and enrollment;
//   - applicable content with its devices, update policies with their rules and
//     approvals, and the deployments that approvals make. These are listed like all
//     others, keep their audience from being deleted, and are archived when their
//     approval is revoked or deleted, or its policy is deleted;
//   - quality update policies with their rules, approvals and rings, products and
//     known issues, connections to workspaces, settings of the tenant;
//   - both ways to write a key, short and qualified names of actions and functions,
//     arguments of functions in their place and as @name with the value in the query;
//   - $filter with isof, eq, ne, gt, ge, lt, le, in, and, or, not, contains,
//     startswith, endswith, any and casts; $orderby, $select, $top, $skip, $count,
//     $expand with options in parentheses; paging by @odata.nextLink. The $ may be left out.
//     Other options with a $ are refused with status 400, and so is a property of a
//     derived type without its cast;
//   - the checks of schedules, monitoring rules and expedite settings. Members of a
//     body that the service does not know are ignored, as the service does: a
//     misspelt devicesPerOffer gives a rollout to all at once;
//   - writes that are accepted (202) and show after [Options.Lag].
//
// # When the service behaves badly
//
// The simulator is well-behaved; the service is not always. Two kinds of switches
// make it as difficult as that, and neither changes what it holds:
//
//	service.Behave(simulator.Quirks{EmptyAudienceIs404: true, Nulls: true})
//	err := service.SetOwnedByIntune(audienceID)
//
// [Quirks] are habits: how lists, answers and values look from now on, each with
// its source. Failures happen to requests, the next ones or a share of all,
// and to all routes or to some:
//
//	service.FailNext(2, simulator.Throttle().RetryAfter(10*time.Second))
//	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/deployments"})
//	service.FailNext(1, simulator.Status(503), simulator.Match{Path: "/deployments/{}/audience"})
//	service.FailRandomly(0.05, simulator.HTML(502), 1)
//
// [Break], [BreakBody] and [Hang] leave the caller without a whole answer, the
// others are errors. [Failure.AfterEffect] lets the request take effect all the
// same. A request that fails is in the log.
//
// # How it differs from the service
//
// It was made from what is written about the service, and from what people saw it do.
// No test compares the two. A program that passes here has its logic tested; that a
// tenant is set up for it, only the tenant tells.
//
// What is not here: licences and permissions, since every token has those that it
// needs; safeguards, which are stored and have no effect; the choice between several
// deployments for one device; throttling, unless it is asked for with [Throttle]; and
// everything on the devices but what a test says of them with [Server.ReportRollback]
// and its like.
//
// What is easier here: an accepted write shows at once, where the service takes seconds
// to hours ([Options.Lag] makes it wait); a state has its reasons; errors are JSON and
// say what is wrong; each answer has one form. [Quirks] and failures take that away.
//
// What is stricter here: query options, filters and values that the documentation does
// not have are refused, where the service may be more patient. A refusal by the
// simulator is a reason to look into the documentation, and not yet a proof.
//
// What is made up: the ids of the catalog, texts of errors, and the order in which
// devices are offered an update. Compare codes and states in tests, and look entries up.
//
// What the documentation leaves open, the simulator decides as follows:
//
//   - Rollouts. Windows of the length durationBetweenOffers begin at the start of
//     the schedule or, without one, with the first device. One batch belongs to each
//     window. What a pause kept back is not made up for by a larger batch. A rollout
//     with an end divides its devices over the windows that are left before it; they
//     are those that are there when the first offer is made. The order of devices
//     comes from a hash of their ids.
//   - Monitoring. The percentage is that of devices that reported a rollback among
//     those that were offered the content. Ineligible devices are not offered the
//     content, and the fallback at once. A threshold beside ineligible is refused.
//   - State. Content whose deployableUntilDateTime has passed faults its
//     deployments, as outdated content does. The current reason is always there,
//     though the service often sends none.
//   - PATCH of a deployment replaces whole parts of the settings; null clears one. To
//     send content or audience is refused with 400, members that the service computes
//     are ignored. An archived deployment takes nothing but archived again.
//   - Creating. An unknown catalog entry is 404, an unknown audience 400, an entry of
//     another type than it is sent with 400. The audience made for a deployment goes
//     with it, unless something else uses it. A duration must be written in whole days.
//   - Applicable content. It is listed in the order of the catalog, its devices in
//     that of their ids. Devices of an entry that is in the catalog and that nobody
//     needs are an empty list, the entry itself is 404. Only drivers go by what is
//     applicable, other content is offered to all devices of the audience.
//   - Update policies. One without an audience gets one, as a deployment does. The
//     audience that is made goes with the last thing that uses it. Devices of the
//     audience become enrolledWithPolicy in autoEnrollmentUpdateCategories as soon
//     as they are in it, and stay so when they leave it; unenrolling takes a device
//     out of the audience, so that it is not enrolled again. complianceChanges
//     make nothing. A PATCH takes rules, which all are new then, and settings, part
//     by part as that of a deployment; autoEnrollmentUpdateCategories are ignored.
//   - Rules. They are evaluated whenever something changes. New content is what is
//     added to the catalog after the rule; to a rule for drivers, also what was
//     applicable before. remediationUpdateFilter selects recovery updates. What
//     was approved in a policy before, by hand, by another rule, or by an approval
//     that was revoked or deleted, is not approved again. Without
//     durationBeforeDeploymentStart the deployment starts at once.
//   - Approvals. One makes one deployment. Its settings are those of the policy with
//     those of the approval over them, member by member, monitoring and expedite as
//     a whole; a change of either replaces what the deployment had. A change must
//     name one property, and what is revoked cannot be changed, not even revoked
//     again: all that is 400. Settings that do not go with the content are refused,
//     but not where a rule approves.
//   - Audiences. Members are listed as they were added, groups as groups. A request
//     adds first and removes then. A group that does not exist is 400. Unenrolling
//     takes a device out of members, not out of exclusions and groups; of a policy
//     that enrolls, it stays a member through its group and is enrolled again.
//   - Devices. An id need not be a GUID. A category that a device was never enrolled
//     in is notEnrolled without a date. Registration errors hinder nothing.
//   - Deleting an audience that is in use is 409, never 400. A POST whose length is
//     not known is 411.
//   - Expediting. A deployment that is expedited keeps to its schedule if it was
//     given one.
//   - Rules and rings. A rule approves an update its deferral after the release, the
//     earliest of several rules decides, and an approval by hand approves it at
//     once. A ring begins to offer it its own deferral after that. An update that is
//     suspended is approved by no rule; of several approvals of one update the one
//     changed last decides. Approvals by rules are not listed. Quality updates are
//     cumulative: what a ring offers is the newest of those that are due, and to no
//     device an older one than before; recovery updates are for themselves. What
//     became due in a pause is offered at its end. Updates that were released before
//     the policy was made are offered too. No enrollment is needed.
//   - Groups of Microsoft Entra. One that [Server.PutGroup] does not know has no
//     devices and is not refused. What the policy's devices need is what
//     [Server.MakeApplicable] said of them, drivers and feature updates left out.
//   - Products. Found by an update, they come with its builds alone, and with the
//     known issues that came or went with its articles. An end of service is that of
//     any edition, from now on. Nothing that is found is an empty list. An issue is
//     active as long as it has no resolvedDateTime.
//   - Connections. Names are compared without case. What is missing in a request is
//     answered like wrong keys.
//   - Settings. Making those of an app that has some is 409; its id cannot be changed.
//   - Failures. Of an error other than 429 the code is the name of its status.
//
// # Lifetime and concurrency
//
// A simulator lives as long as it is referenced: nothing has to be closed, and it
// starts no goroutines. All methods, handler and transport may be used by several
// goroutines. Its time is time.Now, so within testing/synctest, where it begins in
// the year 2000, it moves with the test; elsewhere [Server.Advance] moves it. Two
// simulators share nothing, not even tokens.
package simulator

// Package policies manages policies that offer updates in rings of Microsoft Entra groups.
//
// The service has two kinds of policies. Use package policies for quality updates, feature
// updates, and drivers in rings of Microsoft Entra groups. Use package updatepolicies for
// updates that need a start time or a gradual rollout; their devices are in an audience. A
// single feature update or expedited quality update needs no policy: use package deployments.
//
//	what                   package policies                 package updatepolicies
//	drivers                by rule or approval              by rule or approval
//	quality updates        by rule or approval              by rule
//	repairs of Windows     by rule                          by rule
//	feature updates        by approval                      by approval
//	offered to             rings of Microsoft Entra groups  an audience
//	waves                  the deferral of each ring        start and rollout
//	steps in a wave        feature updates: every n days    rollout
//	withdrawing an update  suspend, until it is approved    revoke, which is final
//	hotpatches             in the ring                      in the settings
//	a name                 yes                              no
//
// # Rules, rings, and approvals
//
// The rules of a policy approve updates a number of days after their release. Its rings
// say who gets the updates, and how many days later than that:
//
//	policy, err := client.Policies().Create(ctx, policies.QualityPolicy("Monthly").
//		Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)))
//
//	pilot := policies.QualityRing("Pilot").Including(groupID)
//	ring, err := client.Policies().CreateRing(ctx, policy.ID, pilot)
//
// To offer one update that no rule approves, call [Client.Approve]. To stop one update,
// whether a rule approved it or not, call [Client.Suspend]. To stop all updates of a
// ring, call [Client.PauseRing]. [Client.ListApplicableCatalogs] lists the updates that are
// applicable to the devices of the rings; [Client.AllMatches] yields them with their devices.
//
// # Feature updates and drivers
//
// A policy and its rings are for one kind of updates. For feature updates there are no
// rules: approve each by its catalog entry. A ring can offer it to one part of its devices
// after another:
//
//	policy, err := client.Policies().Create(ctx, policies.FeaturePolicy("Windows 11, version 25H2"))
//	broad := policies.FeatureRing("Broad").Including(groupID).DeferredBy(14).OfferingEvery(7).OfferingFor(28)
//	ring, err := client.Policies().CreateRing(ctx, policy.ID, broad)
//	approval, err := client.Policies().Approve(ctx, policy.ID, entryID)
//
// For drivers, use [DriverPolicy], [DriverDeferredBy], and [DriverRing]. A maximum deferral is documented
// for quality updates only. Enroll the devices in the category of the updates with
// audience.DeviceClient.Enroll; that rings require it is inferred from update policies.
//
// # Scripts that run again
//
// [Client.EnsurePolicy] and [Client.EnsureRing] find a policy or ring by its display name,
// and create it or change only what differs:
//
//	policy, err := client.Policies().EnsurePolicy(ctx, policies.FeaturePolicy("Windows 11, version 25H2"))
//	ring, err := client.Policies().EnsureRing(ctx, policy.ID, broad)
//	fmt.Println(ring.Outcome, ring.Differences)
//
// # Hotpatches
//
// Hotpatches are monthly security updates that need no restart. They are for devices with
// Windows 11, version 24H2 or later, and virtualization-based security. Since May 2026,
// devices in no quality update policy get them by default, and the setting of a policy
// takes precedence. A ring that says nothing leaves hotpatches to the service. To decide,
// use [QualityRingSpec.OfferingHotpatches] or [QualityRingSpec.WithholdingHotpatches]:
//
//	policies.QualityRing("Pilot").Including(groupID).OfferingHotpatches()
//
// # What happens later
//
// Policies, rings, and approvals exist when the call returns. Their effects come later: a rule approves an
// update after its release, and devices scan for updates on their own schedule. No call reports that; see
// the reports of the service. It can take half a minute until a ring can name a new Microsoft Entra group.
//
// # Lost responses
//
// A create is never sent again if it might have succeeded; the error is then
// apierr.ErrUnknownOutcome. A change is sent again. If the service rejects the resent
// change with 400 or 409, the SDK reads the object until the change has taken effect. If
// that never happens, the error is the rejection and also apierr.ErrUnknownOutcome.
//
// # What cannot be undone
//
//   - An update stays on the devices that have installed it.
//   - An approval cannot be deleted, only suspended.
//   - Deleting a policy is final.
//
// # Conventions
//
// Kinds and values that the SDK does not recognize are preserved; unknown properties are in Extra. If a
// known property cannot be read, it is in Extra too, its field is zero, and the method Unread names it. Nil
// and empty lists mean none, times are in UTC, and IDs are case-insensitive. Nil options are the defaults.
// Clients are safe for concurrent use. Errors are those of package apierr.
//
// # JSON
//
// All values marshal to JSON and unmarshal from it without loss. The properties have the names of the
// service, except for the group assignments in the spec and the update of a ring: these are
// "includedGroupIds" and "excludedGroupIds". Rules, rings, specs, and updates have their kind in "type";
// [UnmarshalRing] and [Rules] read each kind. Properties that the service added are in "extra". To unmarshal
// any other unknown property is an error, because it would be lost. In an update, null removes a value, and
// a value that is kept is omitted. The service itself uses another form.
package policies

// Package policies approves updates, one by one or by rule, with the two kinds of
// policies that the service has.
//
// # Which kind to use
//
// An update policy ([UpdatePolicy], by updates.Client.UpdatePolicies) approves
// updates for an audience, whose devices and groups package audience keeps. Each
// approval becomes a deployment with a schedule and settings. Drivers are offered in
// no other way.
//
// A quality update policy ([Policy], by updates.Client.Policies) is the
// newer kind. It approves quality and recovery updates for its rings, which are made
// of Microsoft Entra groups and get an update each so many days later:
//
//	what                    update policy      quality update policy
//	drivers                 yes                no
//	quality updates         by rule            by rule and by hand
//	repairs of Windows      by rule            by rule
//	feature updates         by hand            no
//	offered to              an audience        rings of Microsoft Entra groups
//	waves                   start and rollout  the deferral of each ring
//	to take an update back  revoke, for good   suspend, until it is approved again
//	hotpatches              in the settings    in the ring
//	a name                  no                 yes
//
// A feature update or an expedited quality update needs no policy: deploy it, with
// package deployments.
//
// # Update policies
//
// What an update policy approves is offered to its audience. Its rules approve what is
// published from then on:
//
//	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID).
//		EnrollingIn(audience.Driver).
//		Approving(updatepolicies.DriversAfter(7)).
//		With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 1))))
//
// Without rules a policy approves nothing by itself. By hand it is done with
// [UpdatePolicyClient.Approve]:
//
//	approval, err := client.UpdatePolicies().Approve(ctx, policy.ID, updatepolicies.ForDriver(entryID).
//		With(deployments.Settings{}.StartingAt(monday)))
//
// The settings of an approval win over those of its policy, setting by setting. An
// update can have several approvals in one policy, which then fight.
// [UpdatePolicyClient.States] tells for each update which approval decides, and which
// ones to delete.
//
// Drivers are not in the catalog. Those that the devices of an audience need are its
// applicable content: audience.Client.Matches. The devices must be enrolled in
// [audience.Driver]; EnrollingIn lets the policy do that.
//
// # Quality update policies
//
// The rules of a quality update policy approve updates some days after their release,
// and its rings say who gets them, and how many days later than that:
//
//	policy, err := client.Policies().Create(ctx, policies.Spec{DisplayName: "Monthly"}.
//		Approving(policies.QualityAfterRelease(3, catalog.Security, catalog.Monthly)))
//
//	pilot := policies.RingSpec{DisplayName: "Pilot"}.Including(groupID)
//	ring, err := client.Policies().CreateRing(ctx, policy.ID, pilot)
//
// [Client.Approve] offers one update that no rule approves,
// [Client.SuspendEntry] stops one, whether a rule approved it or not, and
// [Client.PauseRing] stops all updates of a ring.
// [Client.Matches] yields what the devices of the rings need.
//
// # Hotpatches
//
// Hotpatches are monthly security updates that need no restart, for devices that can
// take them: Windows 11, version 24H2 or later, with virtualization-based security. An
// update policy offers them when a rule of it approves monthly security updates and
// its settings say so:
//
//	updatepolicies.ForAudience(audienceID).
//		EnrollingIn(audience.Quality).
//		Approving(updatepolicies.QualityAfter(7, catalog.Security, catalog.Monthly)).
//		With(deployments.Settings{}.OfferingHotpatches())
//
// A ring offers them when it was made so:
//
//	policies.RingSpec{DisplayName: "Pilot"}.Including(groupID).WithHotpatch()
//
// # What happens later
//
// Policies, rings and approvals exist when the call returns. What follows from them
// does not: rules approve when an update is published or, for drivers, when a device
// needs it; the deployment of an approval is made a little later and starts at its
// start; devices are enrolled, and asked to update, in their own time. None of this is
// reported by a call: look at [UpdatePolicyClient.States], at the deployments of
// [UpdatePolicyClient.GetApproval], or at the reports of the service. A Microsoft Entra
// group that is new may take half a minute until a ring can name it.
//
// The answer to a create can be lost, so that nobody knows whether it made something.
// [UpdatePolicyClient.CreateOnce] and [UpdatePolicyClient.ApproveOnce] find out, and
// make one and no more. A lost change is settled by reading.
//
// # What cannot be undone
//
//   - What a device has installed stays installed. Nothing here removes an update.
//   - An approval that is revoked stays so; to go on, approve the update again.
//   - The audience of an update policy cannot be replaced, only its members can; and
//     what a rule has approved stays approved when the rule goes.
//   - Rules of an update policy may refuse to be changed; see
//     [UpdatePolicyClient.Update].
//   - An approval in a quality update policy cannot be deleted, only suspended.
//   - Revoking or deleting an approval archives its deployments, and an archived
//     deployment cannot be revived. It still keeps its audience from being deleted. The
//     order that works: approvals, their deployments, the policy, the audience.
//   - Deleting a policy is final. Update policies have no name either: a program that
//     needs one keeps it together with the id.
//
// # JSON
//
// All values marshal to JSON and unmarshal from it without loss. Members have the
// service's names, save where a field stands for something that the service wraps: in a
// spec "audienceId" is for its audience and "entryId" for its content, in the spec and
// the update of a ring "includedGroupIds" and "excludedGroupIds" are for its group
// assignments; and an [EntryState] is none of the service's. Rules and filters have
// their kind in "type"; an unknown kind reads as [UnknownRule], [UnknownFilter] or
// [UnknownRule]. Members that this version does not know are in "extra".
// In an update null removes, and what is kept is left out. It is not the form in which
// the service itself is written to.
//
// The clients of this package come from updates.Client and may be used by many
// goroutines. Errors are those of package apierr.
package policies

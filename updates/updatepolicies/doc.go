// Package updatepolicies manages update policies, which approve updates for an audience.
//
// The service has two kinds of policies. Use package policies for quality updates, feature
// updates, and drivers in rings of Microsoft Entra groups. Use package updatepolicies for
// updates that need a start time or a gradual rollout; their devices are in an audience. A
// single feature update or expedited quality update needs no policy: use package deployments.
//
// Package policies compares the two kinds in a table.
//
// # Rules and approvals
//
// The rules of a policy approve updates that are published from now on. The service offers
// them to the audience of the policy:
//
//	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID).
//		EnrollingIn(audience.CategoryDriver).
//		Approving(updatepolicies.DriversStartingAfter(7)).
//		With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 1))))
//
// Without rules, a policy approves nothing automatically. To approve one update, call
// [Client.Approve]:
//
//	approval, err := client.UpdatePolicies().Approve(ctx, policy.ID, updatepolicies.ForDriver(entryID).
//		With(deployments.Settings{}.StartingAt(monday)))
//
// Each approval becomes a deployment. The settings of the approval take precedence over those of the policy,
// setting by setting. An update can have several approvals in one policy, which then conflict.
// [Client.EntryStates] reports for each update which approval decides, and which approvals to delete.
//
// Drivers are not in the catalog. The drivers that the devices of an audience need are its
// applicable content; see audience.Client.AllMatches. The devices must be enrolled in
// [audience.CategoryDriver]. EnrollingIn lets the policy enroll them.
//
// # Hotpatches
//
// Hotpatches are monthly security updates that need no restart. They are for devices with
// Windows 11, version 24H2 or later, and virtualization-based security. An update policy
// offers hotpatches if a rule approves monthly security updates and the settings say so:
//
//	updatepolicies.ForAudience(audienceID).
//		EnrollingIn(audience.CategoryQuality).
//		Approving(updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly)).
//		With(deployments.Settings{}.OfferingHotpatches())
//
// # What happens later
//
// Policies and approvals exist when the call returns. Their effects come later: a rule
// approves an update when it is published, or a driver when a device needs it. The
// deployment of an approval is created a little later and begins at its start. Devices are
// enrolled, and scan for updates, on their own schedule. No call reports that. See
// [Client.EntryStates], the deployments of [Client.GetApproval], or the reports of the service.
//
// # Lost responses
//
// A create is never sent again if it might have succeeded; the error is then
// apierr.ErrUnknownOutcome. To find what was created, use [Client.CreateOnce] and
// [Client.ApproveOnce]. A change is sent again. If the service rejects the resent change
// with 400 or 409, the SDK reads the object until the change has taken effect. If that
// never happens, the error is the rejection and also apierr.ErrUnknownOutcome.
//
// # What cannot be undone
//
//   - An update stays on the devices that have installed it.
//   - A revoked approval stays revoked. To continue, approve the update again.
//   - The audience of a policy cannot be replaced, only its members can.
//   - What a rule has approved stays approved when the rule is removed.
//   - The service may reject changes of rules; see [Client.Update].
//   - Revoking or deleting an approval archives its deployments, which is final. An
//     archived deployment still keeps its audience from being deleted. Delete in this
//     order: approvals, their deployments, the policy, the audience.
//   - Deleting a policy is final. Policies have no name: a program that needs a name
//     keeps it together with the ID.
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
// service, with two exceptions: in a spec, "audienceId" is the audience and "entryId" the content.
// [EntryState] is a type of the SDK only. Rules and filters have their kind in "type"; an unknown kind is an
// [UnknownRule] or [UnknownFilter]. Properties that the service added are in "extra". To unmarshal any other
// unknown property is an error, because it would be lost. In an update, null removes a value, and a value
// that is kept is omitted. The service itself uses another form.
package updatepolicies

// Package policies approves updates for audiences, one by one or by rule.
//
// # Update policies
//
// An [UpdatePolicy] binds an audience to settings. What it approves is offered to
// the audience: the service makes a deployment for each approval. Its rules approve
// what is published from then on:
//
//	policy, err := client.UpdatePolicies().Create(ctx, policies.ForAudience(audienceID).
//		EnrollingIn(audience.Driver).
//		Approving(policies.DriversAfter(7)).
//		With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 1))))
//
// Without rules a policy approves nothing by itself. By hand it is done with
// [UpdatePolicyClient.Approve]:
//
//	approval, err := client.UpdatePolicies().Approve(ctx, policy.ID, policies.ForDriver(entryID).
//		With(deployments.Settings{}.StartingAt(monday)))
//
// The settings of an approval win over those of its policy, setting by setting.
//
// An approval that is revoked stays so; to go on, approve again. An update can have
// several approvals in one policy, which then fight. [UpdatePolicyClient.States]
// tells for each update which approval decides, and which ones to delete.
//
// Update policies have no name. A program that needs one keeps it together with the
// id.
//
// # Drivers
//
// Drivers are not in the catalog. Those that the devices of an audience need are its
// applicable content, which package audience lists. The devices must be enrolled in
// [audience.Driver].
//
// # Hotpatches
//
// Hotpatches are monthly security updates that need no restart. A policy offers
// them when it approves monthly security updates and its settings say so:
//
//	policies.ForAudience(audienceID).
//		EnrollingIn(audience.Quality).
//		Approving(policies.QualityAfter(7, catalog.Security, catalog.Monthly)).
//		With(deployments.Settings{}.OfferingHotpatches())
//
// # Removing a policy
//
// Revoking or deleting an approval archives its deployments, and an archived
// deployment still keeps its audience from being deleted. The order that works:
// approvals, their deployments, the policy, the audience.
//
// # JSON
//
// All values marshal to JSON with the service's names of their members, and
// unmarshal from it without loss. Rules and filters have their kind in "type"; an
// unknown kind reads as [UnknownRule] or [UnknownFilter]. Members that this version
// does not know are in "extra". In an update null removes, and what is kept is left
// out. It is not the form in which the service itself is written to.
//
// The clients of this package come from updates.Client and may be used by many
// goroutines. Errors are those of package apierr.
package policies

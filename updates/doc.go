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
//   - [Client.Deployments]: offers of updates, with schedule, rollout and
//     monitoring (package deployments)
//   - [Client.Audiences]: who updates are offered to (package audience)
//   - [Client.Devices]: devices and their enrolment (package audience)
//   - [Client.Call]: any other route
//   - package apierr: errors; package odata: lists and changes
//   - package auth: credentials; any azcore.TokenCredential serves as well
//   - package simulator: the service in memory, for tests and trials
//
// # Permissions
//
// Reading needs the Microsoft Graph permission WindowsUpdates.Read.All or
// WindowsUpdates.ReadWrite.All, everything else WindowsUpdates.ReadWrite.All, as
// application permission or for a signed-in user, with an administrator's consent.
// A signed-in user also needs a directory role: Intune Administrator or Windows
// Update Deployment Administrator. The tenant needs a licence with Windows
// Autopatch, such as Windows E3 or E5, Microsoft 365 Business Premium, or
// Education A3 or A5. When a call is refused with 403 the error's Advice says
// which of the three to look at.
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
// Nearly all changes are accepted first and applied later, usually within seconds
// or minutes; their methods return an error only, and say so.
//
// Input that the service would refuse is refused before anything is sent.
//
// # Concurrency
//
// A client may be used by many goroutines at once, and has no goroutines of its
// own. Inputs may be shared between calls as long as nobody changes them.
package updates

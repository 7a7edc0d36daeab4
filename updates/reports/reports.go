// Package reports reads what the service reports: devices by name and build, assignments of policies,
// progress of drivers, and which updates apply to which devices. It changes nothing.
//
// Find the builds that your devices have:
//
//	for p, err := range client.Reports().ListProfiles(nil).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(p.Name, p.Model, p.Build)
//	}
//
// # Devices by name
//
// All other packages take Microsoft Entra device IDs. [Client.ResolveNames] finds the IDs of names:
//
//	found, err := client.Reports().ResolveNames(ctx, "DESKTOP-1234", "LAPTOP-7")
//	if err != nil {
//		return err
//	}
//	ids, err := found.ForMembers()
//
// Names change and are not unique. Resolve them when you use them, and store the IDs.
//
// # Lists
//
// The service documents the options $count, $filter, $orderby, $select, and $top for device profiles and for
// applicability with its devices. For policy assignments, drivers, and statuses of drivers the same options
// are inferred. The lists reject [odata.Query].Skip, and Expand except for the device profile of a policy
// assignment, with apierr.ErrInvalid. Which properties can be filtered and sorted is not documented: compare
// client-side, unless you have tried a filter.
//
// # Availability
//
// The service has these reports in the public cloud and in US Government L4 and L5, and only in the beta
// version.
//
// # Conventions
//
// Values that the SDK does not recognize are preserved, and unknown properties are in Extra. If a known
// property cannot be read, it is in Extra too, its field is zero, and the method Unread names it. Times are
// in UTC, and IDs are case-insensitive. Clients are safe for concurrent use. Errors are those of package
// apierr.
//
// # JSON
//
// All values marshal to JSON and unmarshal from it without loss. The properties have the names of the
// service. Properties that the service added are in "extra". To unmarshal any other unknown property is an
// error.
package reports

import "github.com/winupdates/winupdates-go/internal/call"

// Client reads reports. Get it from updates.Client.Reports; the zero Client returns an error from every call.
type Client struct {
	call *call.Client
}

// reportOp is an operation on what has one ID.
func reportOp(name, param, id string) call.Op {
	return call.Op{Name: name, Kind: call.Read, IDs: []call.ID{{Param: param, Value: id}}}
}

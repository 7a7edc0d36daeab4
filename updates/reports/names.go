package reports

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// ResolveNames finds the devices that have these names, by their profiles. It reads the list of profiles
// once, however many names there are. Without names it sends nothing.
//
// A name matches the whole name of a profile. Case and white space around it do not matter. A domain is not
// removed, and there are no prefixes or wildcards. The empty name, "#", and a GUID are rejected with
// apierr.ErrInvalid before anything is sent. A name that is given twice is in the result once.
//
// Use [Resolution.ForMembers] for devices that are to get updates, and [Resolution.ForExclusions] for
// devices that must not. They return an error if a name does not lead to a device, or to several. For names
// that several devices have, ResolveNames also reads the enrollment of these devices, one request for each.
// For more than 100 of them it reads the list of all devices instead.
//
// A missing name means that the service has no profile with the name. The device does not report to the
// service, or does not report its name (see [Profile.HasName]), or has another name. The device can exist
// nevertheless. To search Microsoft Entra, use GET /devices?$filter=displayName eq 'NAME' of Microsoft
// Graph, which needs the permission Device.Read.All; the device ID is the property deviceId.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /data/deviceProfiles
//graph:op GET /updatableAssets/{id}
//graph:op GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatedata-list-deviceprofiles?view=graph-rest-beta
func (c Client) ResolveNames(ctx context.Context, names ...string) (_ *Resolution, err error) {
	const op = "reports.ResolveNames"
	defer c.call.Span(&ctx, op)(&err)
	if err := checkNames(names); err != nil {
		return nil, call.Invalid(op, err)
	}
	found, known := newResolution(names)
	if len(found.Names) == 0 {
		return found, nil
	}
	for profile, err := range call.ListLimited(c.call, call.Op{Name: op}, nil, nil, fetchProfiles, call.All(readProfile)).All(ctx) {
		if err != nil {
			return nil, err
		}
		found.add(profile, known)
	}
	if err := c.readCandidates(ctx, op, found); err != nil {
		return nil, err
	}
	return found, nil
}

// checkNames returns all problems.
func checkNames(names []string) error {
	problems := make([]error, len(names))
	for i, name := range names {
		problems[i] = checkName(fmt.Sprintf("names[%d]", i), name)
	}
	return errors.Join(problems...)
}

func checkName(field, name string) error {
	folded := fold(name)
	if folded == "" || folded == "#" {
		return &apierr.FieldError{Field: field, Value: strconv.Quote(name), Rule: "must be the name of a device"}
	}
	if _, err := uuid.Parse(folded); err == nil {
		return &apierr.FieldError{
			Field: field, Value: strconv.Quote(name),
			Rule: "must be the name of a device, not an ID",
		}
	}
	return nil
}

// fold is what names have in common that are the same.
func fold(name string) string { return wire.Fold(strings.TrimSpace(name)) }

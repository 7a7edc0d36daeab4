package reports

import (
	"context"
	"errors"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// mostReads is the number of devices that are read by ID. For more, a list of all devices takes fewer
// requests.
const mostReads = 100

// readCandidates reads the devices of ambiguous names.
func (c Client) readCandidates(ctx context.Context, op string, found *Resolution) error {
	candidates := found.ambiguous()
	if len(candidates) > mostReads {
		return c.listDevices(ctx, op, candidates)
	}
	for _, candidate := range candidates {
		if candidate.DeviceID == "" { // there is nothing to ask for
			continue
		}
		if err := c.readDevice(ctx, op, candidate); err != nil {
			return err
		}
	}
	return nil
}

// ambiguous are the candidates of ambiguous names.
func (r *Resolution) ambiguous() []*Candidate {
	var list []*Candidate
	for _, name := range r.Names {
		if len(name.Candidates) < 2 {
			continue
		}
		for i := range name.Candidates {
			list = append(list, &name.Candidates[i])
		}
	}
	return list
}

// readDevice leaves out a device that the service does not manage.
func (c Client) readDevice(ctx context.Context, op string, candidate *Candidate) error {
	device, err := audience.Internal.ReadDevice(ctx, c.call, op, candidate.DeviceID)
	if err == nil {
		candidate.Device = device
		return nil
	}
	if errors.Is(err, apierr.ErrNotFound) {
		return nil
	}
	return err
}

// listDevices is readDevice for many candidates.
func (c Client) listDevices(ctx context.Context, op string, candidates []*Candidate) error {
	byID := make(map[string][]*Candidate, len(candidates)) // a device can have two names
	for _, one := range candidates {
		id := wire.Fold(one.DeviceID)
		byID[id] = append(byID[id], one)
	}
	for device, err := range audience.Internal.ListDevices(c.call, op).All(ctx) {
		if err != nil {
			return err
		}
		for _, one := range byID[wire.Fold(device.ID)] {
			if one.DeviceID != "" {
				one.Device = device
			}
		}
	}
	return nil
}

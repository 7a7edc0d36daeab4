package audience

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// MissingMember is a desired member that the service does not list, with the known
// reasons. A missing enrollment is not a reason: a device can be a member without being
// enrolled.
type MissingMember struct {
	Member
	// Errors are the registration errors of the device. They are read for the first 20
	// missing devices.
	Errors []RegistrationError `json:"errors,omitzero"`
	// Excluded is whether the device is also an exclusion. That alone does not keep it from
	// being a member.
	Excluded bool `json:"excluded,omitempty"`
	// IsGroup is whether the ID is that of a group, although it was listed as a device.
	IsGroup bool `json:"isGroup,omitempty"`
	// Unregistered is whether the service was asked for the device and does not know it.
	Unregistered bool `json:"unregistered,omitempty"`
}

// String returns the ID with the known reasons.
func (m MissingMember) String() string {
	var reasons []string
	if m.IsGroup {
		reasons = append(reasons, "the ID of a group")
	}
	if m.Unregistered {
		reasons = append(reasons, "not registered")
	}
	if m.Excluded {
		reasons = append(reasons, "excluded")
	}
	for _, e := range m.Errors {
		reasons = append(reasons, wire.Known(e.Extra, "reason", string(e.Reason)))
	}
	if len(reasons) == 0 {
		return words(m.Member)
	}
	return fmt.Sprintf("%s (%s)", words(m.Member), wire.Line(", ", reasons...))
}

// firstMissing is the beginning of a list, for display.
func firstMissing(list []MissingMember) string {
	var texts []string
	for _, m := range list[:min(fewWords, len(list))] {
		texts = append(texts, m.String())
	}
	if len(list) > fewWords {
		texts = append(texts, "…")
	}
	return ": " + strings.Join(texts, ", ")
}

// keepReasons lists the members that are missing now, with the reasons that were found
// before.
func keepReasons(missing []Member, before []MissingMember) []MissingMember {
	if len(missing) == 0 {
		return nil
	}
	known := map[Member]MissingMember{}
	for _, m := range before {
		if m.IsGroup || m.Unregistered || m.Excluded || len(m.Errors) > 0 {
			known[m.Member] = m
		}
	}
	list := make([]MissingMember, len(missing))
	for i, m := range missing {
		list[i] = known[m]
		list[i].Member = m
	}
	return list
}

// mostReasons is the number of devices that are read by ID.
const mostReasons = 20

// findReasons reads why devices are missing. It stops at the first error, because there
// is another one to report. Reasons that were found before stay.
func (c Client) findReasons(ctx context.Context, op string, of Ref, missing []MissingMember) {
	t := &target{isUnwanted: never}
	for _, m := range missing {
		t.add(m.Member)
	}
	t.groups = nil
	t.sort()
	if _, err := c.poll(ctx, op, of, exclusionsOf, t); err == nil {
		for i := range missing {
			missing[i].Excluded = t.devices.IsMarked(missing[i].ID)
		}
	}
	for i := range missing[:min(mostReasons, len(missing))] {
		if m := &missing[i]; m.Kind == KindDevice && !c.findReason(ctx, op, m) {
			return
		}
	}
}

// findReason reports whether the service returned an answer.
func (c Client) findReason(ctx context.Context, op string, m *MissingMember) bool {
	asset, err := getAsset[Asset](ctx, c.call, deviceOp(op, call.Read, m.ID), "device or group")
	m.Unregistered = errors.Is(err, apierr.ErrNotFound)
	switch asset := asset.(type) {
	case *Device:
		m.Errors = asset.Errors
	case *Group:
		m.IsGroup = true
	}
	return err == nil || m.Unregistered
}

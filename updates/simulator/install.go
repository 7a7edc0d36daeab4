package simulator

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// installation is an update that was installed on a device.
type installation struct {
	entry  *entry
	before string // the build before it
}

// Install makes a device install an update now, offered or not. The osBuild of its profiles changes, or
// the device no longer needs the driver.
//
// A device installs the hotpatch of an update if three conditions hold: its hotpatchReadiness is ready, it
// has the baseline or a later hotpatch, and no ring withholds hotpatches. A feature update keeps the
// revision if it has the same core, otherwise the device gets the newest revision.
//
// Install returns an error, and changes nothing, if the entry does not exist, or is a driver that the device
// does not need. The same holds for another update that applies to no build in the profiles of the device.
func (s *Server) Install(deviceID, entryID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	e, ok := s.entries.get(entryID)
	if !ok {
		return invalid("catalog entry %q does not exist", entryID)
	}
	if !s.install(deviceID, e, s.hotpatches(deviceID), s.now()) {
		return s.whyNot(deviceID, e)
	}
	s.settle()
	return nil
}

// whyNot says why an entry does not apply to a device.
func (s *Server) whyNot(deviceID string, e *entry) error {
	builds := []string{}
	for _, p := range s.profilesOf[deviceID] {
		if p.Build != "" {
			builds = append(builds, p.Build)
		}
	}
	const applies = "catalog entry %q does not apply to "
	switch {
	case e.kind() == driverType:
		return invalid(applies+"device %q, because it does not need the driver; see MakeApplicable", e.id(), deviceID)
	case len(builds) == 0:
		return invalid(applies+"device %q, because it has no profile with a build; add one with PutProfile", e.id(), deviceID)
	}
	return invalid(applies+"build %s of device %q", e.id(), strings.Join(builds, " and "), deviceID)
}

// Uninstall returns a device to the build before an update, without later updates, or to the state in which
// it needs the driver again. It returns an error, and changes nothing, if the device did not install the
// update in the simulator.
func (s *Server) Uninstall(deviceID, entryID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	e, ok := s.entries.get(entryID)
	if !ok {
		return invalid("catalog entry %q does not exist", entryID)
	}
	if !s.uninstall(deviceID, e) {
		return invalid("catalog entry %q is not installed on device %q", entryID, deviceID)
	}
	s.disturb()
	s.settle()
	return nil
}

// install reports whether the entry applied to the device.
func (s *Server) install(deviceID string, e *entry, hotpatch bool, at time.Time) bool {
	if e.kind() == driverType {
		return e.installDriver(deviceID)
	}
	applied := false
	for _, p := range s.profilesOf[deviceID] {
		b, ok := parseBuild(p.Build)
		if !ok || !s.applies(e, b) {
			continue
		}
		p.installed = append(p.installed, installation{e, p.Build})
		p.Build = s.built(e, b, hotpatch && p.HotpatchReadiness == "ready", at).String()
		applied = true
	}
	if applied {
		e.matches.remove(deviceID)
	}
	return applied
}

func (s *Server) uninstall(deviceID string, e *entry) bool {
	if e.kind() == driverType {
		return e.uninstallDriver(deviceID)
	}
	found := false
	for _, p := range s.profilesOf[deviceID] {
		i := slices.IndexFunc(p.installed, func(done installation) bool { return done.entry == e })
		if i < 0 {
			continue
		}
		p.Build, p.installed = p.installed[i].before, p.installed[:i]
		found = true
	}
	return found
}

// hotpatches reports whether a device is offered hotpatches. They are on by default for devices in no
// ring for quality updates.
func (s *Server) hotpatches(deviceID string) bool {
	for _, p := range s.policies.all() {
		for _, r := range p.rings.all() {
			if p.kind.ring == qualityRingType && slices.Contains(s.ringDevices(r), deviceID) {
				return r.hotpatch
			}
		}
	}
	return true
}

// plannedInstall is what a device will install automatically.
type plannedInstall struct {
	at       time.Time
	deviceID string
	entry    *entry
	hotpatch bool
}

// planInstall plans what follows from an offer, at a time that depends on the seed.
func (s *Server) planInstall(deviceID string, e *entry, hotpatch bool, offered time.Time) {
	if s.installWithin > 0 {
		s.installs = append(s.installs, plannedInstall{offered.Add(s.installDelay(deviceID, e)), deviceID, e, hotpatch})
	}
}

// installDelay is the time from an offer until a device has installed the update, at most the time that
// the options give.
func (s *Server) installDelay(deviceID string, e *entry) time.Duration {
	place := s.shuffled(deviceID + "/" + e.id())
	share := float64(int(place[0])<<8+int(place[1])+1) / (1 << 16)
	return time.Duration(share * float64(s.installWithin))
}

// installOffered installs what is planned until a time, in order of time.
func (s *Server) installOffered(to time.Time) {
	slices.SortStableFunc(s.installs, func(a, b plannedInstall) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.deviceID, b.deviceID))
	})
	for len(s.installs) > 0 && !s.installs[0].at.After(to) {
		next := s.installs[0]
		s.installs = s.installs[1:]
		s.install(next.deviceID, next.entry, next.hotpatch, next.at)
	}
}

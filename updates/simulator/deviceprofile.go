package simulator

import (
	"slices"
)

const deviceProfileType = "deviceProfile"

func deviceProfileTypes() types {
	return types{
		deviceProfileType: {Base: "entity", Properties: "azureAdDeviceId text, deviceModel text, deviceName text, " +
			"hotpatchReadiness text, osBuild text, osStatus text"},
	}
}

func addDeviceProfileRoutes(add func(string, methods)) {
	add("data/deviceProfiles", methods{"GET": accepting(listOptions, (*Server).listProfiles)})
	add("data/deviceProfiles/{}", methods{"GET": accepting(oneOptions, (*Server).getProfile)})
}

// Profile is what the service knows of a device. An empty Model, Build, Status, or HotpatchReadiness is
// sent as null.
type Profile struct {
	// ID identifies the profile; it is not the device ID. If it is empty, [Server.PutProfile] makes one.
	ID string
	// DeviceID is the Microsoft Entra device ID. Several profiles can have the same.
	DeviceID string
	// Name is the name of the device. Several devices can have the same. The service probably sends ""
	// or "#" if the device does not report its name.
	Name string
	// Unnamed sends null as the name.
	Unnamed bool
	// Model is the hardware model.
	Model string
	// Build is the installed build, such as 10.0.26200.7171. [Server.Install] changes it.
	Build string
	// Status is the osStatus. No value is documented.
	Status string
	// HotpatchReadiness is ready or notReady; other values are preserved. Devices that are ready install
	// hotpatches.
	HotpatchReadiness string
}

// profile is a profile with the updates that were installed.
type profile struct {
	Profile
	installed []installation // oldest first
}

// PutProfile adds the profile of a device, or replaces the one with the same ID, and returns its ID. The
// device need not exist otherwise. PutProfile returns an error if the device ID is not a GUID.
func (s *Server) PutProfile(p Profile) (string, error) {
	if err := checkDeviceIDs([]string{p.DeviceID}); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if p.ID == "" {
		p.ID = newID()
	}
	s.dropProfile(p.ID)
	added := &profile{Profile: p}
	s.profiles.put(p.ID, added)
	s.profilesOf[p.DeviceID] = append([]*profile{added}, s.profilesOf[p.DeviceID]...)
	s.disturb()
	s.settle()
	return p.ID, nil
}

// RemoveProfile removes a profile. It returns an error if the profile does not exist.
func (s *Server) RemoveProfile(profileID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if !s.profiles.has(profileID) {
		return invalid("device profile %q does not exist", profileID)
	}
	s.dropProfile(profileID)
	s.profiles.remove(profileID)
	return nil
}

// dropProfile removes a profile from those of its device.
func (s *Server) dropProfile(profileID string) {
	if p, ok := s.profiles.get(profileID); ok {
		same := func(other *profile) bool { return other == p }
		s.profilesOf[p.DeviceID] = slices.DeleteFunc(s.profilesOf[p.DeviceID], same)
	}
}

// SampleProfiles returns profiles of devices for [Server.PutProfile]: devices with several versions of
// Windows 11, one with Windows 10, and a server. The build of Windows Server 2025 is a build of
// Windows 11, version 24H2, too. Two devices have the same name, and three have none that could be used.
func SampleProfiles() []Profile {
	return []Profile{
		sampleProfile(1, "CONTOSO-01", "Surface Laptop 7", "10.0.26200.8737", "ready"),
		sampleProfile(2, "CONTOSO-02", "Surface Laptop 7", "10.0.26200.8655", "ready"),
		sampleProfile(3, "CONTOSO-03", "ThinkPad X1 Carbon Gen 12", "10.0.26100.8655", "notReady"),
		sampleProfile(4, "CONTOSO-04", "Latitude 7455", "10.0.28000.2113", "notReady"),
		sampleProfile(5, "CONTOSO-05", "OptiPlex 7010", "10.0.19045.6456", "notReady"),
		sampleProfile(6, "CONTOSO-DC1", "PowerEdge R660", "10.0.26100.32995", "ready"),
		sampleProfile(7, "CONTOSO-07", "Surface Pro 11", "10.0.26200.8246", "ready"),
		sampleProfile(8, "CONTOSO-07", "Surface Pro 11", "10.0.22631.6199", "notReady"),
		sampleProfile(9, "", "EliteBook 840 G11", "10.0.26200.8655", "ready"),
		sampleProfile(10, "#", "EliteBook 840 G11", "10.0.26100.8655", "ready"),
		unnamed(sampleProfile(11, "", "", "", "")),
	}
}

func sampleProfile(n int, name, model, build, readiness string) Profile {
	const digits = "0123456789ab"
	last := "00000000-0000-4000-8000-0000000000" + "d" + digits[n:n+1]
	return Profile{
		ID: "e" + last[1:], DeviceID: last,
		Name: name, Model: model, Build: build, HotpatchReadiness: readiness,
	}
}

func unnamed(p Profile) Profile {
	p.Unnamed = true
	return p
}

func (s *Server) listProfiles(c *call) (reply, error) {
	return c.page(deviceProfileType, "data/deviceProfiles", s.profiles.len(), func(i int) object {
		return s.profiles.at(i).object()
	})
}

func (s *Server) getProfile(c *call) (reply, error) {
	p, err := s.profiles.find(c.ids[0], deviceProfileType)
	if err != nil {
		return reply{}, err
	}
	return c.one(deviceProfileType, "data/deviceProfiles/$entity", p.object())
}

// object renders a profile as it is sent.
func (p *profile) object() object {
	o := object{
		"@odata.type":       "#" + namespace + deviceProfileType,
		"id":                p.ID,
		"azureAdDeviceId":   p.DeviceID,
		"deviceName":        p.Name,
		"deviceModel":       orNone(p.Model),
		"osBuild":           orNone(p.Build),
		"osStatus":          orNone(p.Status),
		"hotpatchReadiness": orNone(p.HotpatchReadiness),
	}
	if p.Unnamed {
		o["deviceName"] = nil
	}
	return o
}

// orNone turns an empty text into nil, which is written as null.
func orNone(text string) any {
	if text == "" {
		return nil
	}
	return text
}

package simulator

import (
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func enrollmentTypes() types {
	const information = "updateCategoryEnrollmentInformation"
	return types{
		"updateManagementEnrollment": {
			Properties: "driver " + information + ", feature " + information + ", quality " + information,
		},
		information:                      {Properties: "enrollmentState text, lastModifiedDateTime time"},
		"updatableAssetError":            {Abstract: true},
		"azureADDeviceRegistrationError": {Base: "updatableAssetError", Properties: "reason text"},
	}
}

func addEnrollmentRoutes(add func(string, methods)) {
	add("updatableAssets/op:enrollAssets", methods{"POST": (*Server).enrollAssets})
	add("updatableAssets/op:unenrollAssets", methods{"POST": (*Server).unenrollAssets})
	add("updatableAssets/op:enrollAssetsById", methods{"POST": (*Server).enrollAssetsByID})
	add("updatableAssets/op:unenrollAssetsById", methods{"POST": (*Server).unenrollAssetsByID})
}

// FailRegistration adds a registration error to a device, such as invalidGlobalDeviceId,
// invalidAzureADDeviceId, missingTrustType, or invalidAzureADJoin; other reasons are preserved.
//
// The device need not exist yet. The error does not affect enrollment. It is deleted with the device.
// FailRegistration returns an error if an argument is empty.
func (s *Server) FailRegistration(deviceID, reason string) error {
	if deviceID == "" || reason == "" {
		return invalid("device ID and reason must not be empty")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if reasons, _ := s.failures.get(deviceID); !slices.Contains(reasons, reason) {
		s.failures.put(deviceID, append(reasons, reason))
	}
	return nil
}

func (s *Server) enrollAssets(c *call) (reply, error) {
	return s.changeEnrollment(c, typedReferences, "assets", s.enroll)
}

func (s *Server) enrollAssetsByID(c *call) (reply, error) {
	return s.changeEnrollment(c, untypedReferences, "ids", s.enroll)
}

func (s *Server) unenrollAssets(c *call) (reply, error) {
	return s.changeEnrollment(c, typedReferences, "assets", s.unenroll)
}

func (s *Server) unenrollAssetsByID(c *call) (reply, error) {
	return s.changeEnrollment(c, untypedReferences, "ids", s.unenroll)
}

func (s *Server) changeEnrollment(
	c *call, read readReferences, name string, change func(id, category string, at time.Time),
) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	category := in.Word("updateCategory", "feature", "quality", "driver")
	if category == nil {
		in.Reject(odata.BadParameter("updateCategory"))
	}
	devices := s.devicesIn(in, read, name)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	for _, d := range devices {
		change(d.id, *category, c.received)
	}
	return accepted(), nil
}

// enroll starts an enrollment, which takes effect after the lag unless another change of the device
// replaces it. A device that cannot exist gets a record only.
func (s *Server) enroll(id, category string, at time.Time) {
	d := s.device(id)
	if state := d.in(category).state; d.impossible || d.isEnrolled(category) || state == enrolling {
		return
	}
	e := &enrollment{enrolling, at}
	d.enrollments[category] = e
	s.after(func(at time.Time) { *e = enrollment{enrolled, at} })
}

// unenroll ends an enrollment after the lag. The device then leaves the audiences of deployments of
// that category, and of update policies that enroll in it.
func (s *Server) unenroll(id, category string, at time.Time) {
	d, ok := s.assets.get(id)
	if !ok || d.in(category).state == notEnrolled || d.in(category).state == unenrolling {
		return
	}
	e := &enrollment{unenrolling, at}
	d.enrollments[category] = e
	s.after(func(at time.Time) {
		if d.in(category) == e {
			*e = enrollment{notEnrolled, at}
			s.leaveAudiences(id, category)
		}
	})
}

func (s *Server) leaveAudiences(deviceID, category string) {
	for _, d := range s.deployments.all() {
		if d.content.kind() == category+"UpdateCatalogEntry" {
			d.audience.members.remove(deviceID)
		}
	}
	s.leavePolicies(deviceID, category)
}

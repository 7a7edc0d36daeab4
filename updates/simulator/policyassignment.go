package simulator

import "github.com/winupdates/winupdates-go/updates/simulator/internal/odata"

const policyAssignmentType = "policyAssignment"

func policyAssignmentTypes() types {
	return types{
		policyAssignmentType: {
			Base:       "entity",
			Properties: "azureAdDeviceId text, deviceProfile deviceProfile, policyId text, policyName text",
			Expandable: []odata.Expandable{{Path: "deviceProfile"}},
		},
	}
}

func addPolicyAssignmentRoutes(add func(string, methods)) {
	const assignments = "data/policyAssignments"
	add(assignments, methods{"GET": accepting(withExpand(listOptions), (*Server).listAssignments)})
	add(assignments+"/{}", methods{"GET": accepting(withExpand(oneOptions), (*Server).getAssignment)})
	add(assignments+"/{}/deviceProfile", methods{"GET": accepting(oneOptions, (*Server).getProfileOfAssignment)})
}

// policyAssignment assigns a device to a policy, by a ring of the policy.
type policyAssignment struct {
	deviceID string
	policy   *ringPolicy
}

// id is the same for the same device and policy.
func (a policyAssignment) id() string { return idFrom("assignment", a.policy.id, a.deviceID) }

// assignments are those of all policies with rings, in their order.
func (s *Server) assignments() []policyAssignment {
	var found []policyAssignment
	for _, p := range s.policies.all() {
		for _, d := range s.policyDevices(p) {
			found = append(found, policyAssignment{d.id, p})
		}
	}
	return found
}

func (s *Server) listAssignments(c *call) (reply, error) {
	found := s.assignments()
	return c.page(policyAssignmentType, "data/policyAssignments", len(found), func(i int) object {
		return s.assignment(found[i])
	})
}

func (s *Server) getAssignment(c *call) (reply, error) {
	a, err := s.assignmentOf(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(policyAssignmentType, "data/policyAssignments/$entity", s.assignment(a))
}

// assignmentOf finds the assignment that a path names.
func (s *Server) assignmentOf(c *call) (policyAssignment, error) {
	for _, a := range s.assignments() {
		if a.id() == c.ids[0] {
			return a, nil
		}
	}
	return policyAssignment{}, odata.NotFound(policyAssignmentType)
}

// getProfileOfAssignment answers with the profile that was added last, if a device has several.
func (s *Server) getProfileOfAssignment(c *call) (reply, error) {
	a, err := s.assignmentOf(c)
	if err != nil {
		return reply{}, err
	}
	profiles := s.profilesOf[a.deviceID]
	if len(profiles) == 0 {
		return reply{}, odata.NotFound(deviceProfileType)
	}
	context := "data/policyAssignments('" + a.id() + "')/deviceProfile/$entity"
	return c.one(deviceProfileType, context, profiles[0].object())
}

// assignment renders an assignment as it is sent.
func (s *Server) assignment(a policyAssignment) object {
	o := object{
		"@odata.type":     "#" + namespace + policyAssignmentType,
		"id":              a.id(),
		"azureAdDeviceId": a.deviceID,
		"policyId":        a.policy.id,
		"policyName":      a.policy.name,
		"deviceProfile":   nil,
	}
	if profiles := s.profilesOf[a.deviceID]; len(profiles) > 0 {
		o["deviceProfile"] = profiles[0].object()
	}
	return o
}

package simulator

import "slices"

// PutGroup sets the devices of a Microsoft Entra group; a group that was never set has none. It is not
// an updatableAssetGroup. PutGroup returns an error, and changes nothing, if the group ID is
// empty or a device ID is not a GUID.
func (s *Server) PutGroup(groupID string, deviceIDs ...string) error {
	if groupID == "" {
		return invalid("group ID must not be empty")
	}
	if err := checkDeviceIDs(deviceIDs); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	s.entraGroups.put(groupID, slices.Clone(deviceIDs))
	s.disturb()
	s.settle()
	return nil
}

// ringDevices returns the devices of the included groups without those of the excluded ones, in the
// order of the groups.
func (s *Server) ringDevices(r *ring) []string {
	listed := &orderedMap[bool]{}
	for _, id := range r.included {
		devices, _ := s.entraGroups.get(id)
		for _, device := range devices {
			listed.put(device, true)
		}
	}
	for _, id := range r.excluded {
		devices, _ := s.entraGroups.get(id)
		listed.remove(devices...)
	}
	return listed.ids
}

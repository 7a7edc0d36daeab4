package simulator

// audience is a set of assets that updates are offered to.
type audience struct {
	id         string
	members    *orderedMap[*asset]
	exclusions *orderedMap[*asset]
	populated  bool // there was an asset in it once
	implicit   bool // it was made for what uses it
	ofIntune   bool // by SetOwnedByIntune
}

// newAudience makes an audience.
func (s *Server) newAudience() *audience {
	a := &audience{id: newID(), members: &orderedMap[*asset]{}, exclusions: &orderedMap[*asset]{}}
	s.audiences.put(a.id, a)
	s.noteCreated(a.id)
	return a
}

func (a *audience) object() object {
	return object{"id": a.id, "applicableContent": []any{}}
}

// devices returns the devices of the members, direct or through groups, without those of the
// exclusions and without devices that cannot exist.
func (a *audience) devices() []*asset {
	seen := map[*asset]bool{}
	for _, excluded := range a.exclusions.all() {
		for d := range excluded.devices {
			seen[d] = true
		}
	}
	var devices []*asset
	for _, member := range a.members.all() {
		for d := range member.devices {
			if !seen[d] && !d.impossible {
				seen[d] = true
				devices = append(devices, d)
			}
		}
	}
	return devices
}

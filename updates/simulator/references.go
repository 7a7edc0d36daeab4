package simulator

import (
	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// reference names an asset in a body.
type reference struct {
	id      string
	isGroup bool
}

// typedReferences reads a list of assets with their types.
func typedReferences(in *odata.Body, name string) []reference {
	var found []reference
	for _, item := range in.Children(name) {
		id := item.Text("id")
		kind := item.Kind()
		if id == nil || *id == "" || kind != deviceType && kind != groupType {
			in.Reject(odata.BadParameter(name))
			return nil
		}
		found = append(found, reference{*id, kind == groupType})
	}
	return found
}

// untypedReferences reads a list of IDs, which all have the type in memberEntityType.
func untypedReferences(in *odata.Body, name string) []reference {
	ids := in.Texts(name)
	kind := in.Text("memberEntityType")
	if kind == nil || shortType(*kind) != deviceType && shortType(*kind) != groupType {
		in.Reject(odata.BadParameter("memberEntityType"))
		return nil
	}
	var found []reference
	for _, id := range ids {
		if id == "" {
			in.Reject(odata.BadParameter(name))
		}
		found = append(found, reference{id, shortType(*kind) == groupType})
	}
	return found
}

func idsOf(references []reference) []string {
	ids := make([]string, len(references))
	for i, r := range references {
		ids[i] = r.id
	}
	return ids
}

// check rejects references to unknown groups, and IDs of another type.
func (s *Server) check(in *odata.Body, references []reference) {
	for _, r := range references {
		a, ok := s.assets.get(r.id)
		if r.isGroup && !ok {
			in.Reject(odata.BadRequest("The updatable asset group '" + r.id + "' does not exist."))
		}
		if ok && a.isGroup() != r.isGroup {
			in.Reject(odata.BadRequest("The updatable asset '" + r.id + "' is of another type."))
		}
	}
}

// devicesOnly rejects groups.
func devicesOnly(in *odata.Body, references []reference) {
	for _, r := range references {
		if r.isGroup {
			in.Reject(odata.BadRequest("Only devices of type azureADDevice are allowed here."))
		}
	}
}

// readReferences is one of the two ways to name assets.
type readReferences func(in *odata.Body, name string) []reference

// devicesIn reads the devices that a body names.
func (s *Server) devicesIn(in *odata.Body, read readReferences, name string) []reference {
	devices := read(in, name)
	devicesOnly(in, devices)
	s.check(in, devices)
	return devices
}

// addTo adds assets to a set. A group that was deleted in the meantime is ignored, a device gets a
// record.
func (s *Server) addTo(set *orderedMap[*asset], references []reference) {
	for _, r := range references {
		if a, ok := s.assets.get(r.id); ok {
			set.put(r.id, a)
		} else if !r.isGroup {
			set.put(r.id, s.device(r.id))
		}
	}
}

func removeFrom(set *orderedMap[*asset], references []reference) { set.remove(idsOf(references)...) }

package audience

import (
	"iter"
	"slices"

	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// memberSet has each member once, in few bytes. Call sort after the last add.
type memberSet struct {
	devices idset.Set
	groups  []string
}

func newMemberSet(members []Member) memberSet {
	var s memberSet
	for _, m := range members {
		s.add(m)
	}
	s.sort()
	return s
}

func (s *memberSet) add(m Member) {
	switch {
	case m.Kind == KindDevice:
		s.devices.Add(m.ID)
	case !wire.HasID(s.groups, m.ID):
		s.groups = append(s.groups, m.ID)
	}
}

func (s *memberSet) sort() { s.devices.Sort() }

func (s *memberSet) len() int { return s.devices.Len() + len(s.groups) }

func (s *memberSet) has(m Member) bool {
	if m.Kind == KindDevice {
		return s.devices.Has(m.ID)
	}
	return wire.HasID(s.groups, m.ID)
}

// all yields devices before groups.
func (s *memberSet) all() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for id := range s.devices.All() {
			if !yield(Member{KindDevice, id}) {
				return
			}
		}
		for _, id := range s.groups {
			if !yield(Member{KindGroup, id}) {
				return
			}
		}
	}
}

// list returns the members in the order of [compareMembers].
func (s *memberSet) list() []Member { return sorted(slices.Collect(s.all())) }

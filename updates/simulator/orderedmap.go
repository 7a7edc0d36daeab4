package simulator

import (
	"slices"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// orderedMap keeps values by ID, in the order in which they were added. The zero value is empty.
type orderedMap[T any] struct {
	ids  []string
	byID map[string]T
}

func (s *orderedMap[T]) len() int { return len(s.ids) }

func (s *orderedMap[T]) at(i int) T { return s.byID[s.ids[i]] }

// all returns a copy of the values, in their order.
func (s *orderedMap[T]) all() []T {
	things := make([]T, 0, s.len())
	for i := range s.len() {
		things = append(things, s.at(i))
	}
	return things
}

func (s *orderedMap[T]) get(id string) (T, bool) {
	thing, ok := s.byID[id]
	return thing, ok
}

// find returns the value with an ID, or what the service answers for a resource that does not exist.
func (s *orderedMap[T]) find(id, resource string) (T, error) {
	thing, ok := s.byID[id]
	if !ok {
		return thing, odata.NotFound(resource)
	}
	return thing, nil
}

func (s *orderedMap[T]) has(id string) bool {
	_, ok := s.byID[id]
	return ok
}

// put adds a value, or replaces the one with the same ID in its place.
func (s *orderedMap[T]) put(id string, thing T) {
	if s.byID == nil {
		s.byID = map[string]T{}
	}
	if !s.has(id) {
		s.ids = append(s.ids, id)
	}
	s.byID[id] = thing
}

// remove ignores unknown IDs.
func (s *orderedMap[T]) remove(ids ...string) {
	before := len(s.byID)
	for _, id := range ids {
		delete(s.byID, id)
	}
	if len(s.byID) < before {
		s.ids = slices.DeleteFunc(s.ids, func(id string) bool { return !s.has(id) })
	}
}

package simulator

import "slices"

// orderedMap keeps things under their ids, in the order in which they came. The zero
// orderedMap is empty.
type orderedMap[T any] struct {
	ids  []string
	byID map[string]T
}

func (s *orderedMap[T]) len() int { return len(s.ids) }

func (s *orderedMap[T]) at(i int) T { return s.byID[s.ids[i]] }

// all are the things in their order, in a list that stays when things are removed.
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

func (s *orderedMap[T]) has(id string) bool {
	_, ok := s.byID[id]
	return ok
}

// put adds a thing, or replaces the one of the same id at its place.
func (s *orderedMap[T]) put(id string, thing T) {
	if s.byID == nil {
		s.byID = map[string]T{}
	}
	if !s.has(id) {
		s.ids = append(s.ids, id)
	}
	s.byID[id] = thing
}

// remove leaves out ids that are absent.
func (s *orderedMap[T]) remove(ids ...string) {
	before := len(s.byID)
	for _, id := range ids {
		delete(s.byID, id)
	}
	if len(s.byID) < before {
		s.ids = slices.DeleteFunc(s.ids, func(id string) bool { return !s.has(id) })
	}
}

package idset

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
)

// Seen finds the duplicates of a list of case-insensitive IDs. Each ID is parsed once, and a GUID takes 16
// bytes in a hash table of positions: a map costs as much as the rest of sending a list.
type Seen struct {
	guids []uuid.UUID
	table []uint32            // 0 is free, others are positions in guids, from 1
	texts map[string]struct{} // IDs that are not GUIDs, in lower case
}

// seeds make hashes of each run different.
var seeds = [2]uint64{rand.Uint64(), rand.Uint64()}

// hash mixes both halves of a GUID by one multiplication. GUIDs are random, or count upward.
func hash(guid uuid.UUID) uint64 {
	high, low := bits.Mul64(binary.LittleEndian.Uint64(guid[:8])^seeds[0], binary.LittleEndian.Uint64(guid[8:])^seeds[1])
	return high ^ low
}

// NewSeen returns an empty Seen. n is about how many IDs it gets.
func NewSeen(n int) *Seen {
	return &Seen{guids: make([]uuid.UUID, 0, n), table: make([]uint32, 2<<bits.Len(uint(n)))}
}

// Add adds an ID. isNew is whether it was not added before. isGUID is whether it is a GUID in the form
// with hyphens, other than the one of zeros.
func (s *Seen) Add(text string) (isNew, isGUID bool) {
	if guid, ok := parseGUID(text); ok {
		return s.addGUID(guid), guid != uuid.Nil
	}
	if s.texts == nil {
		s.texts = map[string]struct{}{}
	}
	before := len(s.texts)
	s.texts[strings.ToLower(text)] = struct{}{}
	return len(s.texts) > before, false
}

func (s *Seen) addGUID(guid uuid.UUID) (isNew bool) {
	at := s.find(guid)
	if s.table[at] != 0 {
		return false
	}
	s.guids = append(s.guids, guid)
	s.table[at] = uint32(len(s.guids))
	if 2*len(s.guids) >= len(s.table) {
		s.grow()
	}
	return true
}

// find returns the place of a GUID in the table, or the free place for it: the first one from its hash on.
func (s *Seen) find(guid uuid.UUID) uint64 {
	mask := uint64(len(s.table) - 1)
	at := hash(guid) & mask
	for s.table[at] != 0 && s.guids[s.table[at]-1] != guid {
		at = (at + 1) & mask
	}
	return at
}

// grow doubles the table, so that at most half of it is taken.
func (s *Seen) grow() {
	s.table = make([]uint32, 2*len(s.table))
	for i, guid := range s.guids {
		s.table[s.find(guid)] = uint32(i + 1)
	}
}

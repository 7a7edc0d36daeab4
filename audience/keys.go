package audience

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// keys is a set of ids, compared without case, each of which can be marked as seen.
// Ids are GUIDs as a rule: those take 17 bytes each, so that a million of them is no
// burden. All others are kept as they are written. Add first, then call sort, then
// ask.
type keys struct {
	guids []uuid.UUID         // in order and once each, after sort
	seen  []bool              // of guids
	texts map[string]*spelled // by lower case
}

// spelled is an id that is not a GUID in lower case.
type spelled struct {
	text string
	seen bool
}

func (k *keys) add(text string) {
	if guid, ok := parseGUID(text); ok && !strings.ContainsAny(text, "ABCDEF") {
		k.guids = append(k.guids, guid)
		return
	}
	if k.texts == nil {
		k.texts = map[string]*spelled{}
	}
	k.texts[strings.ToLower(text)] = &spelled{text: text}
}

func (k *keys) sort() {
	slices.SortFunc(k.guids, compareGUIDs)
	k.guids = slices.Compact(k.guids)
	k.seen = make([]bool, len(k.guids))
}

func (k *keys) len() int { return len(k.guids) + len(k.texts) }

// seenOf is the mark of an id; nil where the set does not have it.
func (k *keys) seenOf(text string) *bool {
	if guid, ok := parseGUID(text); ok {
		if i, found := slices.BinarySearchFunc(k.guids, guid, compareGUIDs); found {
			return &k.seen[i]
		}
	}
	if len(k.texts) == 0 {
		return nil
	}
	if one, found := k.texts[strings.ToLower(text)]; found {
		return &one.seen
	}
	return nil
}

func (k *keys) has(text string) bool { return k.seenOf(text) != nil }

// saw reports whether the set has an id that is marked.
func (k *keys) saw(text string) bool {
	seen := k.seenOf(text)
	return seen != nil && *seen
}

// mark marks an id and reports whether the set has it.
func (k *keys) mark(text string) bool {
	seen := k.seenOf(text)
	if seen != nil {
		*seen = true
	}
	return seen != nil
}

// forget takes all marks away.
func (k *keys) forget() {
	clear(k.seen)
	for _, one := range k.texts {
		one.seen = false
	}
}

// unseen yields the ids that are not marked: GUIDs first, in order.
func (k *keys) unseen() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i, guid := range k.guids {
			if !k.seen[i] && !yield(guid.String()) {
				return
			}
		}
		for _, one := range k.texts {
			if !one.seen && !yield(one.text) {
				return
			}
		}
	}
}

// canonical is the one way to write a GUID; what is none stays as it is.
func canonical(text string) string {
	if _, ok := parseGUID(text); ok {
		return strings.ToLower(text)
	}
	return text
}

// parseGUID reads the form with hyphens and no other.
func parseGUID(text string) (uuid.UUID, bool) {
	if len(text) != 36 {
		return uuid.UUID{}, false
	}
	guid, err := uuid.Parse(text)
	return guid, err == nil
}

func compareGUIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

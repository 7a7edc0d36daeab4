package audience

import "slices"

// changeKind is one of the lists of an edit, in the order in which they are sent.
type changeKind int

const (
	addExclusions changeKind = iota
	removeMembers
	addMembers
	removeExclusions
)

func (s changeKind) String() string {
	return [...]string{"AddExclusions", "RemoveMembers", "AddMembers", "RemoveExclusions"}[s]
}

// list is the field of an edit that a kind of change names.
func (e *Edit) list(s changeKind) *[]Member {
	return [...]*[]Member{&e.AddExclusions, &e.RemoveMembers, &e.AddMembers, &e.RemoveExclusions}[s]
}

// part is the part of an edit between two positions in the order of sending. It shares
// the lists of the edit.
func (e Edit) part(from, to int) Edit {
	var part Edit
	for s := addExclusions; s <= removeExclusions; s++ {
		list := *e.list(s)
		if begin, end := min(from, len(list)), min(to, len(list)); begin < end {
			*part.list(s) = list[begin:end:end]
		}
		from, to = max(0, from-len(list)), max(0, to-len(list))
	}
	return part
}

// unique checks the assets, and returns an edit with each asset once in each list.
func (e Edit) unique() (Edit, error) {
	for s := addExclusions; s <= removeExclusions; s++ {
		list, err := unique(s, *e.list(s))
		if err != nil {
			return e, err
		}
		*e.list(s) = list
	}
	return e, nil
}

// copied is an edit with lists of its own.
func (e Edit) copied() Edit {
	for s := addExclusions; s <= removeExclusions; s++ {
		*e.list(s) = slices.Clone(*e.list(s))
	}
	return e
}

// with returns the assets of both edits.
func (e Edit) with(more Edit) Edit {
	for s := addExclusions; s <= removeExclusions; s++ {
		*e.list(s) = slices.Concat(*e.list(s), *more.list(s))
	}
	return e
}

// kind is that of the first asset.
func (e Edit) kind() Kind {
	for s := addExclusions; s <= removeExclusions; s++ {
		if list := *e.list(s); len(list) > 0 {
			return list[0].Kind
		}
	}
	return ""
}

// isOf reports whether all assets are of one kind.
func (e Edit) isOf(kind Kind) bool {
	for s := addExclusions; s <= removeExclusions; s++ {
		if slices.ContainsFunc(*e.list(s), func(m Member) bool { return m.Kind != kind }) {
			return false
		}
	}
	return true
}

package audience

import "fmt"

// step is one asset of an edit and what is done to it.
type step struct {
	side   side
	member Member
}

// side is one of the lists of an edit, in the order in which they are sent.
type side int

const (
	addExclusions side = iota
	removeMembers
	addMembers
	removeExclusions
)

func (s side) String() string {
	return [...]string{"AddExclusions", "RemoveMembers", "AddMembers", "RemoveExclusions"}[s]
}

// list is the field of an edit that a side names.
func (e *Edit) list(s side) *[]Member {
	return [...]*[]Member{&e.AddExclusions, &e.RemoveMembers, &e.AddMembers, &e.RemoveExclusions}[s]
}

func (e Edit) steps() []step {
	steps := make([]step, 0, e.Len())
	for s := addExclusions; s <= removeExclusions; s++ {
		for _, m := range *e.list(s) {
			steps = append(steps, step{s, m})
		}
	}
	return steps
}

func editOf(steps []step) Edit {
	var e Edit
	for i, s := range steps {
		list := e.list(s.side)
		if *list == nil {
			*list = make([]Member, 0, len(steps)-i) // enough for the last side, and for most edits the only one
		}
		*list = append(*list, s.member)
	}
	return e
}

// check names only the step that it refuses: to name all takes longer than to send
// them.
func check(steps []step) error {
	var position [removeExclusions + 1]int
	for _, s := range steps {
		if s.member.check("") != nil {
			return s.member.check(fmt.Sprintf("%v[%d]", s.side, position[s.side]))
		}
		position[s.side]++
	}
	return nil
}

package kjson

import "github.com/microsoft/kiota-abstractions-go/serialization"

// hook is what to call for the objects in a node, unless a node further inside
// has its own.
type hook struct {
	of            *node
	before, after serialization.ParsableAction
}

// GetOnBeforeAssignFieldValues returns what is called with an object before its
// members are read, set for this node or the nearest one around it.
func (n *node) GetOnBeforeAssignFieldValues() serialization.ParsableAction {
	return n.hook().before
}

// SetOnBeforeAssignFieldValues sets what is called with each object in this node
// before its members are read; nil for nothing.
func (n *node) SetOnBeforeAssignFieldValues(action serialization.ParsableAction) error {
	n.ownHook().before = action
	return nil
}

// GetOnAfterAssignFieldValues returns what is called with an object after its
// members were read, set for this node or the nearest one around it.
func (n *node) GetOnAfterAssignFieldValues() serialization.ParsableAction {
	return n.hook().after
}

// SetOnAfterAssignFieldValues sets what is called with each object in this node
// after its members were read; nil for nothing.
func (n *node) SetOnAfterAssignFieldValues(action serialization.ParsableAction) error {
	n.ownHook().after = action
	return nil
}

// hook is the one of the innermost node around n that has one.
func (n *node) hook() hook {
	var nearest hook
	for _, h := range n.doc.hooks {
		if h.of.contains(n) && (nearest.of == nil || nearest.of.contains(h.of)) {
			nearest = h
		}
	}
	return nearest
}

// ownHook is the one of n itself; a new one starts as the one it had so far.
func (n *node) ownHook() *hook {
	hooks := n.doc.hooks
	for i := range hooks {
		if hooks[i].of == n {
			return &hooks[i]
		}
	}
	inherited := n.hook()
	n.doc.hooks = append(hooks, hook{n, inherited.before, inherited.after})
	return &n.doc.hooks[len(hooks)]
}

// contains also says yes to n itself.
func (n *node) contains(other *node) bool {
	return n.first <= other.first && other.first <= n.next
}

package kjson

import (
	"errors"
	"fmt"
	"strconv"
)

// problem is an error with its path in a document, such as `value[3].releaseDateTime: "soon" is not a
// time`.
type problem struct {
	at   *node  // until the document is free
	path string // empty for the root
	err  error
}

func (p *problem) Error() string {
	if p.at != nil {
		return (&problem{nil, p.at.path(), p.err}).Error()
	}
	if p.path == "" {
		return p.err.Error()
	}
	return p.path + ": " + p.err.Error()
}

func (p *problem) Unwrap() error { return p.err }

// placed gives an error its path. Most errors need none, as the property is kept.
func placed(err error) error {
	if p, ok := errors.AsType[*problem](err); ok && p.at != nil {
		p.path, p.at = p.at.path(), nil
	}
	return err
}

// within puts the name of a property, or the index of an item in brackets, before the path of an
// error.
func within(segment string, err error) error {
	if err == nil || segment == "" {
		return err
	}
	if p, ok := errors.AsType[*problem](err); ok {
		return &problem{nil, join(segment, p.path), p.err}
	}
	return &problem{nil, segment, err}
}

func join(path, segment string) string {
	if path == "" || segment == "" || segment[0] == '[' {
		return path + segment
	}
	return path + "." + segment
}

// problem is an error about this node.
func (n *node) problem(format string, args ...any) error {
	return &problem{n, "", fmt.Errorf(format, args...)}
}

// wrong is the error for a value of another kind than the expected one.
func (n *node) wrong(due kind) error {
	return n.problem("%s instead of %s", n.kind(), due)
}

// because is an error of a caller's function about this node. An error that has a path is unchanged.
func (n *node) because(err error) error {
	if _, placed := errors.AsType[*problem](err); placed {
		return err
	}
	return &problem{n, "", err}
}

// path is the path from the root to this node. It is searched from the root, since only errors need
// it.
func (n *node) path() string {
	path := ""
	for at := &n.doc.nodes[0]; at != n; {
		index := 0
		for child := range at.children() {
			if child.contains(n) {
				path = join(path, child.segment(at, index))
				at = child
				break
			}
			index++
		}
	}
	return path
}

func (n *node) segment(parent *node, index int) string {
	if parent.is(array) {
		return "[" + strconv.Itoa(index) + "]"
	}
	return string(n.key()) // one that a model has
}

const maxExcerpt = 16

// excerpt returns the beginning of a string in plain ASCII: enough to recognize it, too little to
// reveal a secret.
func excerpt(s string) string {
	for i := range s {
		if i >= maxExcerpt {
			return strconv.QuoteToASCII(s[:i] + "...")
		}
	}
	return strconv.QuoteToASCII(s)
}

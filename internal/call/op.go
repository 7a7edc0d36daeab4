package call

import (
	"errors"
	"strings"
	"sync/atomic"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Kind says what an operation does to the service, which decides how it is retried and what a
// lost response means.
type Kind int

// The kinds of operations.
const (
	Read   Kind = iota // changes nothing
	Set                // an action that adds to or removes from a set: repeating it is harmless
	Update             // PATCH
	Delete             // DELETE
	Create             // makes something: repeating it makes another
)

// Op is one operation of an area.
type Op struct {
	Name string // accessor and method of the client, such as "deployments.Get"
	Kind Kind
	IDs  []ID // ids that become segments of the path

	Single bool // the result is the only one of its kind and may have no id

	// MayBeMissing is an operation whose 404 has a meaning, also for a new object.
	MayBeMissing bool

	accepts bool // the answer's body does not matter
	link    bool // the address is sent as it came
	further bool // the address is a next link, which can expire

	warned *atomic.Bool // whether the list has warned of unread properties; nil for other operations
}

// ID is an id and the parameter it came in.
type ID struct {
	Param, Value string
}

func (o Op) check() error {
	errs := make([]error, 0, len(o.IDs))
	for _, id := range o.IDs {
		errs = append(errs, CheckID(id.Param, id.Value))
	}
	return errors.Join(errs...)
}

// CheckID rejects an ID that would vanish from a path, or name another route.
func CheckID(param, id string) error {
	switch trimmed := strings.TrimSpace(id); {
	case trimmed == "":
		return &apierr.FieldError{Field: param, Rule: "must not be empty"}
	case trimmed == "." || trimmed == "..", trimmed != id:
		return &apierr.FieldError{Field: param, Value: `"` + id + `"`, Rule: "must be an ID of the service"}
	}
	return nil
}

// Invalid is the error of an operation whose input was rejected before sending.
func Invalid(op string, err error) error {
	if err == nil {
		return nil
	}
	return &apierr.Error{Op: op, Err: err}
}

// Named makes op the only operation that an error names. The error of a call in it keeps what
// is known of its response. The type of err stays where it names op already.
func Named(op string, err error) error {
	inner, ok := errors.AsType[*apierr.Error](err)
	if !ok {
		return Invalid(op, err)
	}
	if text := err.Error(); strings.HasPrefix(text, op+": ") && strings.Count(text, op+": ") == 1 {
		return err
	}
	outer := *inner
	outer.Op = op
	if !errors.Is(inner, err) { // err is more than inner
		outer.Err = err
	}
	return &outer
}

// Unnamed is the text of an error without the operations that it names.
func Unnamed(err error) string { return (&apierr.Error{Err: err}).Error() }

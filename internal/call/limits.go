package call

import (
	"math"
	"strconv"

	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// NoLimit is a limit that no number of devices reaches.
const NoLimit = math.MaxInt

// Limits are the most devices that one call may reach. Every field has a number; [NoLimit]
// is none.
type Limits struct {
	Additions       int
	Enrollments     int
	Unenrollments   int
	ImmediateOffers int
	Protected       idset.Set // sorted
}

// Limits returns the limits of a client. The client that dry runs have has the same.
func (c *Client) Limits() *Limits {
	if c == nil { // which cannot send anything
		return &Limits{NoLimit, NoLimit, NoLimit, NoLimit, idset.Set{}}
	}
	return &c.config.Limits
}

// CheckProtected returns an error if the value of a field is a protected ID.
func (l *Limits) CheckProtected(field, id string) error {
	if l.Protected.Len() == 0 || !l.Protected.Has(id) {
		return nil
	}
	return &apierr.ProtectedError{Field: field, ID: id}
}

// CheckExpecting rejects a negative number of devices to expect.
func CheckExpecting(field string, n int) error {
	if n < 0 {
		return &apierr.FieldError{Field: field, Value: strconv.Itoa(n), Rule: "must not be negative"}
	}
	return nil
}

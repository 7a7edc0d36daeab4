package audience

import (
	"cmp"
	"strconv"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// DefaultChunk is the number of assets that are sent in one request. The service
// documents no maximum; Microsoft's own sample sends this many.
const DefaultChunk = 200

// checkChunk returns the size that a field of options requests; 0 is the default.
func checkChunk(field string, size int) (int, error) {
	if size < 0 {
		return 0, &apierr.FieldError{Field: field, Value: strconv.Itoa(size), Rule: "must not be negative"}
	}
	return cmp.Or(size, DefaultChunk), nil
}

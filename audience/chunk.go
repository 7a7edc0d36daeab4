package audience

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// DefaultChunk is the number of assets that are sent in one request. The service
// documents no maximum; Microsoft's own sample sends this many.
const DefaultChunk = 200

// checkChunk returns the size that a field of options asks for, which is 0 for the
// default.
func checkChunk(field string, size int) (int, error) {
	if size < 0 {
		return 0, &apierr.FieldError{Field: field, Value: strconv.Itoa(size), Rule: "must not be negative"}
	}
	return cmp.Or(size, DefaultChunk), nil
}

// inChunks sends a list piece by piece until one fails. It returns how many items
// were sent before that, and how many were in the piece that failed.
func inChunks[T any](list []T, size int, send func([]T) error) (done, failed int, err error) {
	for chunk := range slices.Chunk(list, size) {
		if err := send(chunk); err != nil {
			return done, len(chunk), err
		}
		done += len(chunk)
	}
	return done, 0, nil
}

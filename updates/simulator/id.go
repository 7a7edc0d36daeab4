package simulator

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
)

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, says its documentation
	return b
}

// newID makes a random GUID.
func newID() string { return asGUID(randomBytes(16)) }

// idFrom makes the GUID of what other IDs name together.
func idFrom(ids ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(ids, "/")))
	return asGUID(sum[:])
}

// asGUID changes the bytes that say how the GUID was made.
func asGUID(b []byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

package recording

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"regexp"
	"strings"
)

// longestName leaves room for directories on systems that bound whole paths.
const longestName = 100

// unportable are the characters that file names do not have on every system.
var unportable = regexp.MustCompile(`[^A-Za-z0-9_.+=,@~-]`)

// fileName is the name of a test as a file's. A subtest's has a "." where the test's name has
// a "/". A part of its hash is added if the name had to be cut or changed otherwise, or if
// another subtest would have the same.
func fileName(test string) string {
	name := unportable.ReplaceAllString(strings.ReplaceAll(test, "/", "."), "_")
	if name != strings.ReplaceAll(test, "/", ".") || len(name) > longestName || isAmbiguous(test) {
		sum := sha256.Sum256([]byte(test))
		name = name[:min(len(name), longestName)] + "~" + hex.EncodeToString(sum[:4])
	}
	return name + ".txtar"
}

// isAmbiguous is whether the name of a subtest has a "." of its own, or capitals,
// which some systems do not tell from other letters.
func isAmbiguous(test string) bool {
	_, subtest, _ := strings.Cut(test, "/")
	return strings.Contains(test, ".") || subtest != strings.ToLower(subtest)
}

// commandFor is how a person records a test again. Without -count=1 the go command shows
// the cached result of a test that was recorded a moment ago, and nothing is written.
func commandFor(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + pattern(part) + "$"
	}
	return "record it with: " + EnvVar + "='^" + pattern(test) + "$' go test -count=1 -run '" + strings.Join(parts, "/") + "' ."
}

// pattern matches a name, and can be quoted for a shell.
func pattern(name string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(name), "'", ".")
}

// shown is a path as messages have it on every system.
func shown(file string) string { return filepath.ToSlash(file) }

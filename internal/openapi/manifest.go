package openapi

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Manifest is the path of the manifest in the module.
const Manifest = "internal/openapi/generated.sum"

const (
	description = "internal/openapi/windowsupdates.yaml"
	generated   = "internal/graph"
	regenerate  = "run go generate in internal/openapi"
)

// Sum returns the manifest of a module: one line for the description and one for each generated file,
// sorted by path, in the format of sha256sum. The error names the file that cannot be read.
func Sum(module fs.FS) (string, error) {
	sums, err := hash(module)
	if err != nil {
		return "", err
	}
	var lines strings.Builder
	for _, path := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&lines, "%s  %s\n", sums[path], path)
	}
	return lines.String(), nil
}

// Check compares a module with its manifest. It returns one sentence for each difference, with the
// command that removes it. The error names the file that cannot be read.
func Check(module fs.FS) ([]string, error) {
	manifest, err := fs.ReadFile(module, Manifest)
	if err != nil {
		return nil, fmt.Errorf("read the manifest (%s): %w", regenerate, err)
	}
	want, err := parse(string(manifest))
	if err != nil {
		return nil, err
	}
	got, err := hash(module)
	if err != nil {
		return nil, err
	}
	return compare(want, got), nil
}

// compare explains how the hashes of the files differ from the manifest.
func compare(want, got map[string]string) []string {
	paths := maps.Clone(want)
	maps.Copy(paths, got)
	var differences []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if want[path] != got[path] {
			differences = append(differences, explain(path, want[path], got[path]))
		}
	}
	return differences
}

func explain(path, want, got string) string {
	switch {
	case want == "":
		return fmt.Sprintf("%s is not in the manifest: remove it, or %s", path, regenerate)
	case got == "":
		return fmt.Sprintf("%s is missing: %s", path, regenerate)
	case path == description:
		return fmt.Sprintf("%s changed after the code was generated: %s", path, regenerate)
	default:
		return fmt.Sprintf("%s was edited: change the description instead and %s", path, regenerate)
	}
}

// hash returns the sums of the description and of the generated files by path.
func hash(module fs.FS) (map[string]string, error) {
	sums := map[string]string{}
	for _, root := range []string{description, generated} {
		err := fs.WalkDir(module, root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(module, path)
			sums[path] = fmt.Sprintf("%x", sha256.Sum256(content))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("hash %s: %w", root, err)
		}
	}
	return sums, nil
}

func parse(manifest string) (map[string]string, error) {
	sums := map[string]string{}
	for line := range strings.Lines(manifest) {
		sum, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			return nil, fmt.Errorf("%s: %q is not a sum and a path: %s", Manifest, line, regenerate)
		}
		sums[path] = sum
	}
	return sums, nil
}

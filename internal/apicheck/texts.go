package apicheck

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// readTexts returns the text files of the module by path, without generated
// code and what .gitignore names.
func readTexts(module fs.FS) (map[string]string, error) {
	ignore, err := fs.ReadFile(module, ".gitignore")
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	err = fs.WalkDir(module, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case isIgnored(string(ignore), entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case isIgnored(string(ignore), entry.Name()) || entry.IsDir():
			return skipGenerated(file)
		}
		content, err := fs.ReadFile(module, file)
		if !bytes.Contains(content, []byte{0}) {
			texts[file] = string(content)
		}
		return err
	})
	return texts, err
}

func skipGenerated(file string) error {
	if file == "internal/graph" {
		return fs.SkipDir
	}
	return nil
}

// isIgnored reports whether a file or folder of that name is none of ours: what
// .gitignore, which has plain patterns only, says, and git's own folder.
func isIgnored(gitignore, name string) bool {
	for line := range strings.SplitSeq(gitignore, "\n") {
		pattern := strings.Trim(strings.TrimSpace(line), "/")
		if matched, err := path.Match(pattern, name); err == nil && matched {
			return true
		}
	}
	return name == ".git"
}

// machineTraces are hosts of package registries and roots of absolute paths.
// Each begins with plain text, which makes it fast, and does not match itself.
var machineTraces = []*regexp.Regexp{
	regexp.MustCompile(`proxy\.golang\.org`),
	regexp.MustCompile(`sum\.golang\.org`),
	regexp.MustCompile(`goproxy\.(io|cn)`),
	regexp.MustCompile(`registry\.npmjs\.org`),
	regexp.MustCompile(`pypi\.org`),
	regexp.MustCompile(`nuget\.org`),
	regexp.MustCompile(`jfrog\.io`),
	regexp.MustCompile(`/home/\w`),
	regexp.MustCompile(`/Users/\w`),
	regexp.MustCompile(`/root/\w`),
	regexp.MustCompile(`/tmp/\w`),
	regexp.MustCompile(`:\\+Users\\`),
}

// traces lists names of a developer's machine in a text. Tests may have temporary files.
func traces(file, text string) []string {
	var findings []string
	for _, trace := range machineTraces {
		for _, at := range trace.FindAllStringIndex(text, -1) {
			found := text[at[0]:at[1]]
			if isInsidePath(text, at[0]) || strings.HasPrefix(found, "/tmp/") && strings.HasSuffix(file, "_test.go") {
				continue
			}
			line := 1 + strings.Count(text[:at[0]], "\n")
			findings = append(findings, fmt.Sprintf("%s:%d: names %s", file, line, found))
		}
	}
	return findings
}

// isInsidePath reports whether a slash continues an address or a longer path.
func isInsidePath(text string, at int) bool {
	return text[at] == '/' && at > 0 && isPathByte(text[at-1])
}

func isPathByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || strings.IndexByte("_./-})]*~", b) >= 0
}

// strays lists the entries of the top folder that the design has no place for.
// Dot files may lie there.
func strays(entries []fs.DirEntry, gitignore string) []string {
	folders := []string{"updates", "catalog", "deployments", "audience", "auth", "examples", "internal"}
	files := []string{
		"go.mod", "go.sum", "LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "MIGRATING.md", "OBSERVABILITY.md", "TROUBLESHOOTING.md",
	}
	var findings []string
	for _, entry := range entries {
		name, allowed := entry.Name(), files
		if entry.IsDir() {
			allowed = folders
		}
		if !strings.HasPrefix(name, ".") && !isIgnored(gitignore, name) && !slices.Contains(allowed, name) {
			findings = append(findings, name+" has no place in the top folder")
		}
	}
	return findings
}

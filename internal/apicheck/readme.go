package apicheck

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// block is a fenced block of a Markdown text, or an indented line.
type block struct {
	line     int    // of the opening fence
	language string // after the fence; "indented" without one
	file     string // the file, or file#region, that a comment before the block names
	text     string
}

// naming is a comment such as <!-- file: examples/deploy/main.go -->. It names the
// file of the block after it, or a region of one: examples/deploy/main.go#settings.
var naming = regexp.MustCompile(`^<!-- file: (\S+) -->$`)

// blocks reads the blocks of a text.
func blocks(markdown string) []block {
	var all []block
	var open *block
	file, number := "", 0
	for line := range strings.Lines(markdown) {
		number++
		trimmed := strings.TrimSpace(line)
		fence, isFence := strings.CutPrefix(trimmed, "```")
		switch {
		case open != nil && isFence:
			all, open, file = append(all, *open), nil, ""
		case open != nil:
			open.text += line
		case isFence:
			open = &block{line: number, language: fence, file: file}
		case strings.HasPrefix(line, "    "):
			all = append(all, block{line: number, language: "indented", text: line})
		case trimmed != "":
			file = named(trimmed)
		}
	}
	return all
}

// named is the file that a line names; empty when it is no such comment.
func named(line string) string {
	match := naming.FindStringSubmatch(line)
	if match == nil {
		return ""
	}
	return match[1]
}

// unbuilt lists the Go blocks of a named text that equal neither a built file of the module
// nor a region of one.
func unbuilt(name, markdown string, module fs.FS, built []string) []string {
	var findings []string
	for _, b := range blocks(markdown) {
		if b.language != "go" {
			continue
		}
		if problem := b.problem(module, built); problem != "" {
			findings = append(findings, fmt.Sprintf("%s:%d: %s", name, b.line, problem))
		}
	}
	return findings
}

func (b block) problem(module fs.FS, built []string) string {
	if b.file == "" {
		return "no line <!-- file: path/to/file.go --> before the block"
	}
	file, name, isPart := strings.Cut(b.file, "#")
	content, err := fs.ReadFile(module, file)
	text := string(content)
	if isPart {
		text = region(text, name)
	}
	switch {
	case err != nil:
		return err.Error()
	case text == "":
		return "there is nothing in " + b.file
	case text != b.text:
		return "the block differs from " + b.file
	case !slices.Contains(built, file):
		return file + " is in no package that builds"
	}
	return ""
}

// region is what stands in a text between two lines of comment, "// region NAME" and
// "// endregion", without their indent; empty when it is not there.
func region(text, name string) string {
	begin := regexp.MustCompile(`(?m)^(\t*)// region ` + regexp.QuoteMeta(name) + "\n")
	at := begin.FindStringSubmatchIndex(text)
	if at == nil {
		return ""
	}
	indent := "\n" + text[at[2]:at[3]]
	inside, _, ended := strings.Cut(text[at[1]-1:], indent+"// endregion\n")
	if !ended {
		return ""
	}
	return strings.TrimPrefix(strings.ReplaceAll(inside, indent, "\n")+"\n", "\n")
}

// builtFiles are the paths of all files of our packages, tests included. Packages that
// do not build have none.
func builtFiles(all []*packages.Package) []string {
	var files []string
	for _, p := range all {
		for _, file := range p.GoFiles {
			if len(p.Errors) == 0 && strings.HasPrefix(p.PkgPath, modulePath+"/") {
				folder := strings.TrimSuffix(short(p.PkgPath), "_test")
				files = append(files, path.Join(folder, filepath.Base(file)))
			}
		}
	}
	return files
}

// unrun lists the commands for a checkout that a README lacks, and those that
// it tells people to run and the script does not.
func unrun(readme, script string) []string {
	var findings []string
	run, told := commands(script), told(readme)
	for _, command := range []string{"go test ./...", "go run ./examples/deploy"} {
		if !slices.Contains(told, command) {
			findings = append(findings, "README.md does not say: "+command)
		}
	}
	for _, command := range told {
		if !slices.Contains(run, command) {
			findings = append(findings, ".ci/run does not run: "+command)
		}
	}
	return findings
}

// told are the commands on the module itself in the shell blocks and the
// indented lines of a text.
func told(markdown string) []string {
	isOnModule := regexp.MustCompile(`^go (run|test|build|vet) .*\./`).MatchString
	var all []string
	for _, b := range blocks(markdown) {
		if slices.Contains([]string{"indented", "sh", "shell", "bash", "console"}, b.language) {
			all = append(all, commands(b.text)...)
		}
	}
	return slices.DeleteFunc(all, func(command string) bool { return !isOnModule(command) })
}

// commands are the lines of a script without prompt, redirection and comment.
func commands(script string) []string {
	var all []string
	for line := range strings.Lines(script) {
		line, _, _ = strings.Cut(line, " #")
		line, _, _ = strings.Cut(line, " >")
		all = append(all, strings.TrimPrefix(strings.TrimSpace(line), "$ "))
	}
	return all
}

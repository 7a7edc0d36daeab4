package apicheck

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

func TestPagesShowFilesThatAreBuilt(t *testing.T) {
	t.Parallel()
	built := builtFiles(ourPackages(t))
	for _, page := range []string{"README.md", "TROUBLESHOOTING.md"} {
		report(t, unbuilt(page, readOurs(t, page), os.DirFS(top), built))
	}
}

func TestREADMETellsWhatCIRuns(t *testing.T) {
	t.Parallel()
	report(t, unrun(readOurs(t, "README.md"), readOurs(t, ".ci/run")))
}

func TestGoBlocksAreComparedWithBuiltFiles(t *testing.T) {
	t.Parallel()
	const program = "package main\n\nfunc main() {}\n"
	cases := map[string]struct{ markdown, want string }{
		"equal":          {"Text\n\n<!-- file: examples/a/main.go -->\n```go\n" + program + "```\nText\n", ""},
		"empty line":     {"<!-- file: examples/a/main.go -->\n\n```go\n" + program + "```\n", ""},
		"other language": {"```json\n{}\n```\n", ""},
		"no comment":     {"```go\n" + program + "```\n", "README.md:1: no line <!-- file: path/to/file.go -->"},
		"text between":   {"<!-- file: examples/a/main.go -->\nText\n```go\n" + program + "```\n", "README.md:3: no line"},
		"comment used up": {
			"<!-- file: examples/a/main.go -->\n```go\n" + program + "```\n```go\n" + program + "```\n",
			"README.md:7: no line",
		},
		"one byte more": {
			"<!-- file: examples/a/main.go -->\n```go\n" + program + "\n```\n",
			"README.md:2: the block differs from examples/a/main.go",
		},
		"part of the file":  {"<!-- file: examples/a/main.go -->\n```go\nfunc main() {}\n```\n", "README.md:2: the block differs"},
		"no such file":      {"<!-- file: examples/b/main.go -->\n```go\n" + program + "```\n", "README.md:2: open examples/b/main.go"},
		"not built":         {"<!-- file: docs/main.go -->\n```go\n" + program + "```\n", "README.md:2: docs/main.go is in no package"},
		"outside of module": {"<!-- file: ../main.go -->\n```go\n" + program + "```\n", "README.md:2: open ../main.go"},
	}
	module := fstest.MapFS{
		"examples/a/main.go": {Data: []byte(program)},
		"docs/main.go":       {Data: []byte(program)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := strings.Join(unbuilt("README.md", c.markdown, module, []string{"examples/a/main.go"}), "\n")
			require.Equal(t, c.want == "", findings == "", findings)
			require.Contains(t, findings, c.want)
		})
	}
}

func TestGoBlocksAreComparedWithRegions(t *testing.T) {
	t.Parallel()
	const program = `package main

// region all
func main() {
	// region deploy
	d := 1
	if d > 0 {
		// region one
		d++

		// endregion
	}
	// endregion
	// region open
	// region empty
	// endregion
}
`
	cases := map[string]struct{ region, text, want string }{
		"dedented":      {"deploy", "d := 1\nif d > 0 {\n\t// region one\n\td++\n\n\t// endregion\n}\n", ""},
		"inner":         {"one", "d++\n\n", ""},
		"other text":    {"one", "d--\n\n", "README.md:2: the block differs from examples/a/main.go#one"},
		"indented":      {"one", "\t\td++\n\n", "README.md:2: the block differs"},
		"other region":  {"two", "d++\n\n", "README.md:2: there is nothing in examples/a/main.go#two"},
		"part of name":  {"deplo", "d := 1\n", "README.md:2: there is nothing"},
		"not ended":     {"all", "func main() {\n", "README.md:2: there is nothing"},
		"empty":         {"empty", "", "README.md:2: there is nothing"},
		"without name":  {"", program, "README.md:2: there is nothing"},
		"the next ends": {"open", "// region empty\n", ""},
	}
	module := fstest.MapFS{"examples/a/main.go": {Data: []byte(program)}}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			markdown := "<!-- file: examples/a/main.go#" + c.region + " -->\n```go\n" + c.text + "```\n"
			findings := strings.Join(unbuilt("README.md", markdown, module, []string{"examples/a/main.go"}), "\n")
			require.Equal(t, c.want == "", findings == "", findings)
			require.Contains(t, findings, c.want)
		})
	}
}

func TestFilesOfBrokenAndForeignPackagesAreNotBuilt(t *testing.T) {
	t.Parallel()
	of := func(importPath, file string, errors ...packages.Error) *packages.Package {
		return &packages.Package{PkgPath: importPath, GoFiles: []string{file}, Errors: errors}
	}
	require.Equal(t, []string{"examples/a/main.go", "examples/a/main_test.go"}, builtFiles([]*packages.Package{
		of(modulePath+"/examples/b", "main.go", packages.Error{Msg: "broken"}),
		of(modulePath+"/examples/a", "main.go"),
		of(modulePath+"/examples/a_test", "main_test.go"),
		of("fmt", "print.go"),
	}))
}

func TestCommandsAreComparedWithTheScript(t *testing.T) {
	t.Parallel()
	const both = "```sh\ngo run ./examples/deploy\ngo test ./...\n```\n"
	cases := map[string]struct {
		readme, script string
		want           []string
	}{
		"both":   {readme: both, script: "go run ./examples/deploy >/dev/null\n\tgo test ./...\n"},
		"prompt": {readme: strings.ReplaceAll(both, "go ", "$ go "), script: "go run ./examples/deploy\ngo test ./...\n"},
		"indented": {
			readme: "Run\n\n    go run ./examples/deploy\n\nand\n\n    go test ./...\n",
			script: "go run ./examples/deploy\ngo test ./...\n",
		},
		"not run, either": {
			readme: "    go run ./examples/deploy\n    go test ./...\n", script: "go test ./...\n",
			want: []string{".ci/run does not run: go run ./examples/deploy"},
		},
		"remark": {
			readme: "```sh\ngo run ./examples/deploy # ten seconds\ngo test ./...\n```\n",
			script: "go run ./examples/deploy\ngo test ./...\n",
		},
		"other commands": {readme: both + "```sh\ngo get " + modulePath + "\n```\n", script: "go run ./examples/deploy\ngo test ./...\n"},
		"not told": {
			readme: "```sh\ngo test ./...\n```\n", script: "go test ./...\n",
			want: []string{"README.md does not say: go run ./examples/deploy"},
		},
		"told in prose": {
			readme: "go run ./examples/deploy\n```sh\ngo test ./...\n```\n", script: "go test ./...\n",
			want: []string{"README.md does not say: go run ./examples/deploy"},
		},
		"not run": {readme: both, script: "go run ./examples/deploy\n", want: []string{".ci/run does not run: go test ./..."}},
		"run otherwise": {
			readme: both, script: "go run ./examples/deploy\ngo test -race ./...\n",
			want: []string{".ci/run does not run: go test ./..."},
		},
		"commented out": {
			readme: both, script: "go run ./examples/deploy\n# go test ./...\n",
			want: []string{".ci/run does not run: go test ./..."},
		},
		"a third": {
			readme: both + "```sh\ngo run ./examples/watch\n```\n",
			script: "go run ./examples/deploy\ngo test ./...\n",
			want:   []string{".ci/run does not run: go run ./examples/watch"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, unrun(c.readme, c.script))
		})
	}
}

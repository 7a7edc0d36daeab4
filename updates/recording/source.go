package recording

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// source is what the author of a test wrote: the literals in the Go files of the package. Readers of the
// recording can read the source too.
type source struct {
	texts map[string]bool // literals (true), and what stands in them between quotes and slashes
	names map[string]bool // identifiers and texts in lower case
}

// has is whether a text is a literal, or a part of one that stands between quotes or
// slashes. Texts that are put together, or come from somewhere else, are neither.
func (s *source) has(text string) bool {
	if s == nil {
		return false
	}
	_, ok := s.texts[text]
	return ok
}

// isLiteral is whether a text is a whole literal.
func (s *source) isLiteral(text string) bool { return s != nil && s.texts[text] }

// hasName is whether a name of a property is in the source, as encoding/json compares
// it with those of fields.
func (s *source) hasName(name string) bool { return s != nil && s.names[strings.ToLower(name)] }

// sources are those that have been read: tests of a package share theirs.
var sources sync.Map

// readSource reads the Go files of a directory. Without one there is nothing in the source.
func readSource(directory string) (*source, error) {
	if directory == "" {
		return &source{}, nil
	}
	directory, err := filepath.Abs(directory)
	if err != nil {
		return nil, fmt.Errorf("recording: read the source of the test: %w", err)
	}
	scan := sync.OnceValues(func() (*source, error) { return scanDirectory(directory) })
	first, _ := sources.LoadOrStore(directory, scan)
	return first.(func() (*source, error))()
}

func scanDirectory(directory string) (*source, error) {
	files, err := filepath.Glob(filepath.Join(directory, "*.go"))
	if err != nil {
		return nil, fmt.Errorf("recording: read the source of the test: %w", err)
	}
	s := &source{texts: map[string]bool{}, names: map[string]bool{}}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("recording: read the source of the test: %w", err)
		}
		s.scan(code)
	}
	return s, nil
}

// scan adds what is in a file. A file that is not valid Go adds nothing.
func (s *source) scan(code []byte) {
	files := token.NewFileSet()
	var tokens scanner.Scanner
	tokens.Init(files.AddFile("", files.Base(), len(code)), code, func(token.Position, string) {}, 0)
	for {
		switch _, tok, text := tokens.Scan(); tok {
		case token.EOF:
			return
		case token.IDENT:
			s.names[strings.ToLower(text)] = true
		case token.INT, token.FLOAT:
			s.texts[strings.ReplaceAll(text, "_", "")] = true
		case token.STRING:
			if value, err := strconv.Unquote(text); err == nil {
				s.add(value)
			}
		}
	}
}

// Parts of literals: what stands between quotes, in a URL, and around the verbs of fmt.
var (
	quoted     = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	odataText  = regexp.MustCompile(`'((?:[^']|'')*)'`)
	separators = regexp.MustCompile(`[/?&=#]+`)
	port       = regexp.MustCompile(`:\d+$`)
	verbs      = regexp.MustCompile(`%[-+# 0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[a-zA-Z]`)
	numbers    = regexp.MustCompile(`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`)
	wordForm   = regexp.MustCompile(`[\pL_@$][\pL\pN_@$.-]*`)
)

// add adds a literal and its parts.
func (s *source) add(literal string) {
	parts := append([]string{literal, strings.TrimRight(literal, "\n")}, numbers.FindAllString(literal, -1)...)
	for _, match := range quoted.FindAllString(literal, -1) {
		if text, ok := readText([]byte(match)); ok {
			parts = append(parts, text)
		}
	}
	for _, match := range odataText.FindAllStringSubmatch(literal, -1) {
		parts = append(parts, strings.ReplaceAll(match[1], "''", "'"))
	}
	parts = split(split(split(parts, separators), port), verbs)
	for _, part := range parts {
		for _, text := range []string{part, unescape(part, false), unescape(part, true)} {
			if !s.has(text) {
				s.texts[text] = false
			}
		}
	}
	s.texts[literal] = true
	for _, word := range wordForm.FindAllString(literal, -1) {
		s.names[strings.ToLower(word)] = true
	}
}

// split adds to texts what stands between what a pattern finds in them.
func split(texts []string, pattern *regexp.Regexp) []string {
	all := slices.Clone(texts)
	for _, text := range texts {
		all = append(all, pattern.Split(text, -1)...)
	}
	return all
}

// testDirectory is the directory of the package whose test is running: that of the file
// of tests that has called. Without one, as in a program, it is empty. Built with
// -trimpath, a binary does not know where its files are; tests run in the directory
// of their package, so they are looked for there.
func testDirectory() (string, error) {
	file := callingTest()
	if file == "" {
		return "", nil
	}
	for _, directory := range []string{filepath.Dir(file), "."} {
		if _, err := os.Stat(filepath.Join(directory, filepath.Base(file))); err == nil {
			return directory, nil
		}
	}
	return "", errors.New("recording: the source of the test is not in the working directory; " +
		"open the recorder before the directory changes")
}

// callingTest is the file of the innermost caller that is in a file of tests.
func callingTest() string {
	calls := make([]uintptr, 256)
	frames := runtime.CallersFrames(calls[:runtime.Callers(1, calls)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.File, "_test.go") {
			return frame.File
		}
		if !more {
			return ""
		}
	}
}

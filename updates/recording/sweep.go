package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Check reports what a recording must not have, in one file or in all recordings below a directory.
// Recordings are the files with the extension .txtar in a directory with the name "recordings", or below
// one. Check finds what the secret check of [Recorder.Close] finds. The exceptions are values that are not
// in the file: those of [Recorder.Secret], and those that fakes have replaced. In testdata/recordings of a
// package with Go files, it also finds every value that the recorder would not keep. A file that cannot be
// replayed is an error, and so is a directory without a recording. The errors name file, line, and kind,
// and never the value.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	if !info.IsDir() {
		return checkFile(path)
	}
	files, err := recordingsBelow(path)
	errs := []error{err}
	for _, file := range files {
		errs = append(errs, checkFile(file))
	}
	if err == nil && len(files) == 0 {
		errs = append(errs, fmt.Errorf(`recording: below %s there is no recording to check: `+
			`no .txtar file in a directory with the name "recordings"`, shown(path)))
	}
	return errors.Join(errs...)
}

// recordingsBelow lists the recordings below a directory, which may itself be one of recordings.
func recordingsBelow(folder string) ([]string, error) {
	top, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	var files []string
	err = filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && isRecording(filepath.Base(top), folder, file) {
			files = append(files, file)
		}
		return err
	})
	return files, err
}

// isRecording is whether a file is in a directory of recordings, at any depth below the directory that is
// checked; top is its name.
func isRecording(top, folder, file string) bool {
	below, err := filepath.Rel(folder, filepath.Dir(file))
	folders := append(strings.Split(shown(below), "/"), top)
	return err == nil && filepath.Ext(file) == ".txtar" && slices.Contains(folders, "recordings")
}

func checkFile(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	saved, err := parse(content)
	if err != nil {
		return fmt.Errorf("recording: %s: %w", shown(file), err)
	}
	directory := packageOf(file)
	written, err := readSource(directory)
	if err != nil {
		return err
	}
	r := newStoredRedactor(saved, written)
	again := *saved
	again.exchanges = r.redactAll(liveOf(saved))
	errs := (&secretCheck{catalog: r.catalog, names: saved.secrets}).check(content)
	if directory != "" {
		errs = slices.Concat(errs, r.errs, differences(saved.format(), again.format()))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("recording: %s:\n%w", shown(file), err)
	}
	return nil
}

// packageOf is the directory of the package whose recording a file is, or empty.
func packageOf(file string) string {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	directory, _, ok := strings.Cut(filepath.ToSlash(absolute), "/testdata/recordings/")
	directory = filepath.FromSlash(directory)
	files, err := filepath.Glob(filepath.Join(directory, "*.go"))
	if !ok || err != nil || len(files) == 0 {
		return ""
	}
	return directory
}

// newStoredRedactor redacts what is redacted, which changes nothing.
func newStoredRedactor(saved *archive, written *source) *redactor {
	s := &settings{source: written, texts: saved.secrets}
	for _, path := range saved.kept {
		s.kept = append(s.kept, strings.Split(path, "/"))
	}
	r := newRedactor(s, newSecrets(nil))
	r.stored = true
	return r
}

// liveOf is the exchanges of a file as if they had been recorded.
func liveOf(saved *archive) []*liveExchange {
	var live []*liveExchange
	for _, e := range saved.exchanges {
		u, err := parseStored(e.url)
		if err != nil {
			u = &url.URL{}
		}
		live = append(live, &liveExchange{
			method: e.method, url: u, sentHeader: e.request.header, sent: e.request.body,
			status: e.status, gotHeader: e.response.header, got: e.response.body,
		})
	}
	return live
}

// mostLines bounds how many lines of a file are named.
const mostLines = 5

// differences names the lines that would be others if they were recorded today.
func differences(before, after []byte) []error {
	var errs []error
	changed := strings.Split(string(after), "\n")
	for i, line := range strings.Split(string(before), "\n") {
		if len(errs) < mostLines && (i >= len(changed) || line != changed[i]) {
			errs = append(errs, fmt.Errorf("line %d has a value that the recorder would not keep", i+1))
		}
	}
	return errs
}

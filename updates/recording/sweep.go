package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Check looks for secrets in a recording, or in all recordings below a folder: the
// files that end in .txtar and lie in a folder with the name "recordings" or below
// one. It finds what [Recorder.Close] refuses, save for what it does not know: the
// values of [Recorder.Secret], and what fakes stand for. Files that cannot be
// replayed, and a folder without any recording, are errors too. The errors name
// file, line and kind, and never what the file says.
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
			`no .txtar file in a folder with the name "recordings"`, shown(path)))
	}
	return errors.Join(errs...)
}

// recordingsBelow lists the recordings in a folder, which may itself be one of
// recordings.
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

// isRecording is whether a file lies in a folder of recordings, at any depth, from
// the folder that is checked downwards; top is that folder's name.
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
	if err := errors.Join(inspect(content, allowedIn(saved), nil)...); err != nil {
		return fmt.Errorf("recording: %s:\n%w", shown(file), err)
	}
	return nil
}

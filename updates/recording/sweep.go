package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Check looks for secrets in a recording, or in all recordings below a folder: the
// files that end in .txtar and lie in folders with the name "recordings". It finds
// what [Recorder.Close] refuses, save for the values of [Recorder.Secret], which it
// does not know. Files that cannot be replayed are errors too. The errors name
// file, line and kind, and never the secret.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	if !info.IsDir() {
		return checkFile(path)
	}
	var errs []error
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && isRecording(file) {
			errs = append(errs, checkFile(file))
		}
		return err
	})
	return errors.Join(append(errs, err)...)
}

func isRecording(file string) bool {
	return filepath.Ext(file) == ".txtar" && filepath.Base(filepath.Dir(file)) == "recordings"
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
	if err := errors.Join(inspect(content, catalogIDs(saved), nil)...); err != nil {
		return fmt.Errorf("recording: %s:\n%w", shown(file), err)
	}
	return nil
}

package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// save writes a file unless it is not what it was when the recorder began. A lock keeps
// others from writing between the comparison and the replacement.
func save(file string, before fs.FileInfo, text []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	unlock, err := lock(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if hasChanged(before, stateOf(file)) {
		return errors.New("it was changed while this recorder recorded; a file is for one recorder")
	}
	if other, _, err := nameInOtherCase(file); err != nil || other != "" {
		return errors.Join(err, fmt.Errorf("%s differs from it in case only, which some systems do not tell apart: "+
			"rename one of the tests, or delete that file", shown(other)))
	}
	return write(file, text)
}

// lock keeps other recorders from writing a file.
func lock(file string) (unlock func() error, err error) {
	name := filepath.Join(filepath.Dir(file), ".recording-"+filepath.Base(file)+".lock")
	held, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("another recorder is writing it; if none is, delete %s", shown(name))
	}
	if err != nil {
		return nil, err
	}
	return func() error { return errors.Join(held.Close(), os.Remove(name)) }, nil
}

// write replaces a file in one step, so that there is never half of it.
func write(file string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".recording-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(0o644), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// stateOf is what tells whether a file has been changed; nil where there is none.
func stateOf(file string) fs.FileInfo {
	info, err := os.Stat(file)
	if err != nil {
		return nil
	}
	return info
}

// hasChanged compares two states of a file. Writing replaces it, so that it is
// another one then, however short the time was.
func hasChanged(before, now fs.FileInfo) bool {
	if before == nil || now == nil {
		return now != nil
	}
	return !os.SameFile(before, now) || !before.ModTime().Equal(now.ModTime()) || before.Size() != now.Size()
}

// nameInOtherCase returns a file whose name is that of another one but for its case, and
// whether that one is there too. Some systems open the one for the other.
func nameInOtherCase(file string) (other string, exact bool, err error) {
	directory, name := filepath.Split(file)
	entries, err := os.ReadDir(filepath.Clean(directory))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	for _, entry := range entries {
		switch {
		case entry.Name() == name:
			exact = true
		case strings.EqualFold(entry.Name(), name):
			other = filepath.Join(directory, entry.Name())
		}
	}
	return other, exact, err
}
